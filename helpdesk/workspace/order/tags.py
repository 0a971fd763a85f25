"""« Étiquettes »: the list that supervisors keep, and the buttons on a ticket that put one on or take it off."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField

from helpdesk.db import utc_now
from helpdesk.errors import NotAllowed, NotFound
from helpdesk.forms import AtMost, Button, Form, Needed, tidy
from helpdesk.models import Tag, Ticket
from helpdesk.text import one_line
from helpdesk.tickets.order import tags
from helpdesk.workspace import words
from helpdesk.workspace.auth import login_required, signed_in_agent
from helpdesk.workspace.fields import id_in
from helpdesk.workspace.ticket_forms import ActForm
from helpdesk.workspace.ticket_page import back, not_there, render

bp = Blueprint("tags", __name__, url_prefix="/agent")

_ONE = "/etiquettes/<id:tag_id>"


class TagForm(Form):
    """A name, and for whom."""

    name = StringField(
        _("Nom"), [Needed(_("Il manque le nom.")), AtMost(tags.LONGEST)], filters=[tidy], id="nom-de-l-etiquette"
    )
    owner = SelectField(_("Pour qui ?"), validate_choice=False, id="pour")

    @property
    def spoken(self) -> str:
        """On one line, with single spaces."""
        return one_line(self.said("name"), tags.LONGEST)


@bp.get("/etiquettes")
@login_required
def index() -> ResponseReturnValue:
    """All that the agent keeps, and a form for one more."""
    return _page(TagForm(formdata=None))


@bp.post("/etiquettes")
@login_required
def add() -> ResponseReturnValue:
    """Keep a new one."""
    form = TagForm()
    tags.owners(signed_in_agent())
    if not form.validate():
        return _page(form, 422)
    try:
        tags.create(signed_in_agent(), form.said("owner"), form.spoken)
    except NotAllowed as error:
        return _page(form, 409, str(error))
    flash(gettext("L’étiquette « %(name)s » peut être mise sur les demandes.", name=form.spoken))
    return redirect(url_for(".index"), 303)


@bp.post(f"{_ONE}/nom")
@login_required
def rename(tag_id: int) -> ResponseReturnValue:
    """Call it otherwise."""
    form = TagForm()
    tags.owners(signed_in_agent())
    if not form.validate():
        return _page(TagForm(formdata=None), 422, " ".join(text for _id, text in form.problems()))
    try:
        tags.rename(signed_in_agent(), tag_id, form.spoken)
    except NotAllowed as error:
        return _page(TagForm(formdata=None), 409, str(error))
    flash(gettext("L’étiquette s’appelle « %(name)s ».", name=form.spoken))
    return redirect(url_for(".index"), 303)


@bp.post(f"{_ONE}/<any(archive, reprise):verb>")
@login_required
def archive(tag_id: int, verb: str) -> ResponseReturnValue:
    """Offer it no more, or again."""
    tags.owners(signed_in_agent())
    if not Button().validate():
        return _page(TagForm(formdata=None), 422)
    try:
        tags.set_archived(signed_in_agent(), tag_id, verb == "archive", utc_now())
    except NotAllowed as error:
        return _page(TagForm(formdata=None), 409, str(error))
    flash(gettext("Étiquette archivée.") if verb == "archive" else gettext("Étiquette reprise."))
    return redirect(url_for(".index"), 303)


@bp.post("/demandes/<reference>/etiquettes/<any(mettre, enlever):verb>")
@login_required
def change(reference: str, verb: str) -> ResponseReturnValue:
    """Put a tag on the ticket, or take it off."""
    form, agent = ActForm(), signed_in_agent()
    try:
        if not form.validate():
            return render(reference, 422, act_form=form)
        work = tags.add_tag if verb == "mettre" else tags.remove_tag
        work(agent, reference, id_in(request.form.get("tag")) or 0, utc_now())
    except NotAllowed as error:
        return render(reference, 409, problem=str(error))
    except NotFound as error:
        return not_there(error)
    return back(reference)


@bp.app_template_global("tags_on_ticket")
def _on_ticket(ticket: Ticket) -> list[Tag]:
    return list(tags.tags_on([ticket.id]).get(ticket.id, ()))


@bp.app_template_global("tags_for_ticket")
def _for_ticket(ticket: Ticket) -> list[Tag]:
    return list(tags.offered_on(ticket))


def _page(form: TagForm, status: int = 200, problem: str = "") -> ResponseReturnValue:
    agent = signed_in_agent()
    owners = [(each.slug, words.service_in_short(each)) if each else ("", "") for each in tags.owners(agent)]
    html = render_template(
        "workspace/order/tag_list.html",
        kept=tags.editable(agent),
        owners=owners,
        form=form,
        button=Button(formdata=None),
        problem=problem,
        words=words,
    )
    return html, status
