"""The rules for those who may change them: what is in force, what was, and the way back. Drafts: `rules_draft`."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.db import db, utc_now
from helpdesk.errors import Changed, ConfigError, IllegalMove, NotFound
from helpdesk.forms import Button
from helpdesk.models import RulesVersion
from helpdesk.pages import parts
from helpdesk.routing import rulebooks
from helpdesk.routing.in_force import in_force, published_number
from helpdesk.routing.rule_words import Reader, RuleChange
from helpdesk.routing.rulebook import read_rules
from helpdesk.routing.rules import Rule
from helpdesk.workspace.auth import login_required, signed_in_agent, signed_in_sight
from helpdesk.workspace.fields import id_in
from helpdesk.workspace.rules_forms import PublishForm

bp = Blueprint("rules", __name__, url_prefix="/agent/regles")


@bp.app_template_global()
def may_change_rules() -> bool:
    """Whether the menu shows the rules to who is signed in."""
    return signed_in_sight().national or signed_in_agent().is_admin


@bp.get("")
@login_required
def show() -> ResponseReturnValue:
    """The rules in force, and what is being prepared."""
    return _present()


@bp.get("/historique")
@login_required
def history() -> ResponseReturnValue:
    """Every publication: when, who, why."""
    return render_template("workspace/rules/history.html", versions=rulebooks.publications(signed_in_agent()))


@bp.get("/versions/<id:number>")
@login_required
def version(number: int) -> ResponseReturnValue:
    """What was published under a number, how it differs from what it replaced, and the way back to it."""
    return _version(number)


@bp.post("/versions/<id:number>/retour")
@login_required
def go_back(number: int) -> ResponseReturnValue:
    """Put a former version in force again."""
    form, agent = PublishForm(), signed_in_agent()
    if not form.validate():
        return _version(number, 422, form=form)
    try:
        new = rulebooks.go_back(
            agent, number, form.said("comment"), over=form.seen("over"), routing=parts().routing, now=utc_now()
        )
    except (Changed, IllegalMove, ConfigError) as error:
        return _version(number, 409, form=form, problem=str(error))
    flash(_("Les règles de la version %(old)s sont de nouveau en vigueur (version %(new)s).", old=number, new=new))
    return redirect(url_for(".show"), 303)


@bp.post("/brouillons")
@login_required
def start() -> ResponseReturnValue:
    """A draft from what is in force, or from the version that the button names."""
    form = Button()
    if not form.validate():
        return _present(422, form=form)
    number = id_in(request.form.get("number"))
    draft_id = rulebooks.start_draft(signed_in_agent(), parts().routing, number, utc_now())
    return redirect(url_for("rules_draft.show", draft_id=draft_id), 303)


def not_found(error: NotFound) -> ResponseReturnValue:
    """In words, and without leaving the agents' pages."""
    db.session.rollback()
    return render_template("workspace/rules/not_found.html", text=str(error)), 404


bp.register_error_handler(NotFound, not_found)


def reader() -> Reader:
    """Says rules with the names of today."""
    routing = parts().routing
    return Reader(routing.rulebook, routing.geography.academies)


def rules_of(text: str) -> tuple[Rule, ...]:
    """The rules of a text, as far as it can be read."""
    return read_rules(parts().routing.rulebook, text)[0]


def _present(status: int = 200, form: Button | None = None) -> ResponseReturnValue:
    agent, held = signed_in_agent(), in_force(parts().routing)
    html = render_template(
        "workspace/rules/present.html",
        drafts=rulebooks.drafts(agent),
        held=held,
        version=rulebooks.publication(agent, held.number) if held.number else None,
        rules=held.routing.rulebook.rules,
        reader=reader(),
        form=form or Button(formdata=None),
    )
    return html, status


def _version(
    number: int, status: int = 200, *, form: PublishForm | None = None, problem: str = ""
) -> ResponseReturnValue:
    agent, latest = signed_in_agent(), published_number()
    version = rulebooks.publication(agent, number)
    former = rulebooks.publication(agent, number - 1) if number > 1 else None
    rules = rules_of(version.text)
    form = form or PublishForm(formdata=None)
    form["over"].data = latest  # what is in force is on the page now
    html = render_template(
        "workspace/rules/version.html",
        version=version,
        latest=latest,
        rules=rules,
        former=former,
        changes=reader().changes(rules_of(former.text), rules) if former else [],
        back=_back(version),
        reader=reader(),
        form=form,
        problem=problem,
    )
    return html, status


def _back(version: RulesVersion) -> list[RuleChange]:
    """What going back to that version would change in what is in force."""
    return reader().changes(in_force(parts().routing).routing.rulebook.rules, rules_of(version.text))
