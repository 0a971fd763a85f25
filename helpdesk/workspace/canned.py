"""« Modèles »: the model answers of a service, or of all, kept by supervisors."""

import re

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField, StringField, TextAreaField, ValidationError

from helpdesk.db import utc_now
from helpdesk.errors import Changed, NotAllowed
from helpdesk.forms import AtMost, Button, Form, Needed, tidy
from helpdesk.models import CannedAnswer, Service
from helpdesk.tickets import canned, canned_text
from helpdesk.workspace import words
from helpdesk.workspace.auth import login_required, signed_in_agent
from helpdesk.workspace.fields import number_in
from helpdesk.workspace.ticket_forms import MAX_TEXT

bp = Blueprint("canned", __name__, url_prefix="/agent/modeles")


class CannedForm(Form):
    """A model answer. `revision` is that of the page."""

    owner = SelectField(_("Pour qui ?"), validate_choice=False, id="pour")
    key = StringField(
        _("Raccourci"), [Needed(_("Il manque le raccourci.")), AtMost(40)], filters=[tidy], id="raccourci"
    )
    title = StringField(_("Titre"), [Needed(_("Il manque le titre.")), AtMost(200)], filters=[tidy], id="titre")
    text = TextAreaField(
        _("Texte"), [Needed(_("Il manque le texte.")), AtMost(MAX_TEXT)], filters=[tidy], id="texte-du-modele"
    )
    revision = HiddenField()

    def validate_key(self, field: StringField) -> None:
        """One word, so that it is typed and found fast."""
        if not re.fullmatch(r"[\w-]+", field.data or ""):
            raise ValidationError(str(_("En un mot : lettres, chiffres et tirets. Exemple : code-sms")))

    def validate_text(self, field: TextAreaField) -> None:
        """Every field must exist, or each answer made from it would have a gap that nobody can fill."""
        unknown = canned_text.unknown_in(field.data or "", canned.is_article)
        if unknown:
            names = ", ".join(f"{{{name}}}" for name in unknown)
            told = ngettext(
                "Ce champ n’existe pas : %(names)s.",
                "Ces champs n’existent pas : %(names)s.",
                len(unknown),
                names=names,
            )
            raise ValidationError(told)


@bp.get("")
@login_required
def index() -> str:
    """All that the agent may change."""
    found = canned.editable(signed_in_agent())
    return render_template("workspace/canned/index.html", models=found, button=Button(formdata=None), words=words)


@bp.get("/nouveau")
@login_required
def new() -> ResponseReturnValue:
    """An empty form."""
    return _page(CannedForm(formdata=None, owner=request.args.get("pour", "")))


@bp.post("/nouveau")
@login_required
def add() -> ResponseReturnValue:
    """Keep a new one."""
    return _save(None)


@bp.get("/<id:canned_id>")
@login_required
def edit(canned_id: int) -> ResponseReturnValue:
    """One of them, to be changed."""
    found = canned.one(signed_in_agent(), canned_id)
    owner = found.service.slug if found.service else ""
    return _page(CannedForm(formdata=None, obj=found, owner=owner), found)


@bp.post("/<id:canned_id>")
@login_required
def change(canned_id: int) -> ResponseReturnValue:
    """Keep the changes."""
    return _save(canned_id)


@bp.post("/<id:canned_id>/<any(archive, reprise):verb>")
@login_required
def archive(canned_id: int, verb: str) -> ResponseReturnValue:
    """Take it out of use, or back into it."""
    form, agent = Button(), signed_in_agent()
    found = canned.one(agent, canned_id)
    if not form.validate():
        return _page(CannedForm(formdata=None, obj=found), found, 422)
    try:
        canned.set_archived(agent, canned_id, verb == "archive", utc_now())
    except NotAllowed as error:
        return _page(CannedForm(formdata=None, obj=found), found, 409, str(error))
    flash(gettext("Modèle archivé.") if verb == "archive" else gettext("Modèle repris."))
    return redirect(url_for(".index"), 303)


def _save(canned_id: int | None) -> ResponseReturnValue:
    """Of two who change the same one, the second sees what the first wrote beside what they wrote themselves."""
    form, agent = CannedForm(), signed_in_agent()
    found = canned.one(agent, canned_id) if canned_id is not None else None
    owners = canned.owners(agent)
    if not form.validate():
        return _page(form, found, 422)
    said = {name: form.said(name) for name in ("key", "title", "text")}
    owner = form.said("owner") if found is None or len(owners) > 1 else _slug(found.service)
    try:
        revision = number_in(form.revision.data)
        canned.save(agent, canned_id, owner, said, revision=revision, now=utc_now())
    except NotAllowed as error:
        return _page(form, found, 409, str(error))
    except Changed as error:
        found = canned.one(agent, canned_id or 0)
        form.revision.data = str(found.revision)
        return _page(form, found, 409, str(error), other=found.text)
    flash(gettext("Modèle enregistré."))
    return redirect(url_for(".index"), 303)


def _page(
    form: CannedForm, found: CannedAnswer | None = None, status: int = 200, problem: str = "", other: str = ""
) -> ResponseReturnValue:
    html = render_template(
        "workspace/canned/edit.html",
        form=form,
        model=found,
        owners=[
            (_slug(each), words.service_in_short(each) if each else "") for each in canned.owners(signed_in_agent())
        ],
        fields_known=canned_text.FIELDS,
        problem=problem,
        other=other,
    )
    return html, status


def _slug(service: Service | None) -> str:
    return service.slug if service else ""
