"""« Synonymes »: the words of search for editors, tried on a question before they are published."""

from dataclasses import fields
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import StringField, TextAreaField

from helpdesk.db import db, utc_now
from helpdesk.editing.entries import not_found
from helpdesk.errors import Changed, ConfigError, IllegalMove, NotFound
from helpdesk.forms import AtMost, tidy
from helpdesk.knowledge.editors import may_review
from helpdesk.knowledge.words import versions
from helpdesk.knowledge.words.lists import Lists, as_lists, as_toml, changes
from helpdesk.workspace.auth import login_required, signed_in_agent
from helpdesk.workspace.fields import SeenForm

bp = Blueprint("faq_words", __name__, url_prefix="/agent/fiches/synonymes")
bp.register_error_handler(NotFound, not_found)
TITLES = {
    "groups": "Synonymes",
    "near": "Mots proches",
    "short": "Abréviations",
    "fillers": "Mots vides",
    "common": "Mots courants",
    "foreign": "Hors sujet",
}


class WordsForm(SeenForm):
    """The lists, and a question to try them on."""

    groups = TextAreaField(TITLES["groups"], id="synonymes")
    near = TextAreaField(TITLES["near"], id="proches")
    short = TextAreaField(TITLES["short"], id="abreviations")
    fillers = TextAreaField(TITLES["fillers"], id="mots-vides")
    common = TextAreaField(TITLES["common"], id="mots-courants")
    foreign = TextAreaField(TITLES["foreign"], id="hors-sujet")
    query = StringField(lazy_gettext("Question à essayer"), [AtMost(300)], filters=[tidy], id="question")
    comment = StringField(lazy_gettext("Pourquoi ce changement ?"), [AtMost(300)], filters=[tidy], id="motif")

    def take(self, lists: Lists, number: int) -> "WordsForm":
        """Show what is in force."""
        for each in fields(Lists):
            self[each.name].data = getattr(lists, each.name)
        self["over"].data = number
        return self

    def lists(self) -> Lists:
        """What was typed."""
        return Lists(**{each.name: self[each.name].data or "" for each in fields(Lists)})


@bp.get("")
@login_required
def show() -> ResponseReturnValue:
    """The words in force, to be changed."""
    return _page(_form())


@bp.post("")
@login_required
def write() -> ResponseReturnValue:
    """With `try`, show what would change; else publish."""
    agent, form = signed_in_agent(), WordsForm()
    _text, number = versions.present_text(agent)
    if not form.validate():
        return _page(form, 422)
    try:
        text = as_toml(form.lists())
        if "try" in request.form:
            return _page(form, trial=versions.try_out(agent, text, form.said("query")), changed=_changed(form))
        published = versions.publish(agent, text, form.said("comment"), over=form.seen("over"), now=utc_now())
    except ConfigError as error:
        db.session.rollback()
        return _page(form, 422, problems=error.problems)
    except Changed as error:
        form["over"].data = number
        return _page(form, 409, problems=[str(error)], changed=_changed(form))
    except IllegalMove as error:
        return _page(form, 409, problems=[str(error)])
    flash(_("Version %(number)s publiée : la recherche s’en sert partout, dès maintenant.", number=published))
    return redirect(url_for(".show"), 303)


@bp.get("/<id:number>")
@login_required
def version(number: int) -> ResponseReturnValue:
    """What one version changed."""
    found, before = versions.version(signed_in_agent(), number)
    changed = changes(as_lists(before), as_lists(found.text))
    return render_template("editing/words_version.html", version=found, changed=changed, titles=TITLES)


@bp.post("/<id:number>/reprise")
@login_required
def go_back(number: int) -> ResponseReturnValue:
    """Publish a former version again."""
    agent, form = signed_in_agent(), SeenForm()
    versions.version(agent, number)
    if not form.validate():
        return _page(_form(), 422, problems=[form.problems()[0][1]])
    try:
        published = versions.go_back(agent, number, over=form.seen("over"), now=utc_now())
    except ConfigError as error:
        db.session.rollback()
        return _page(_form(), 409, problems=error.problems)
    except (Changed, IllegalMove) as error:
        return _page(_form(), 409, problems=[str(error)])
    flash(_("La version %(number)s est reprise, sous le numéro %(new)s.", number=number, new=published))
    return redirect(url_for(".show"), 303)


def _form() -> WordsForm:
    text, number = versions.present_text(signed_in_agent())
    return WordsForm(formdata=None).take(as_lists(text), number)


def _changed(form: WordsForm) -> dict[str, tuple[list[str], list[str]]]:
    text, _number = versions.present_text(signed_in_agent())
    return changes(as_lists(text), form.lists())


def _page(form: WordsForm, status: int = 200, **told: Any) -> ResponseReturnValue:
    agent = signed_in_agent()
    _text, number = versions.present_text(agent)
    html = render_template(
        "editing/words.html",
        form=form,
        button=SeenForm(formdata=None, over=number),
        number=number,
        history=versions.history(agent),
        may_review=may_review(agent),
        titles=TITLES,
        **told,
    )
    return html, status
