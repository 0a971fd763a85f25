"""« Pour moi »: notes that name the agent, tickets she is told about, those she put aside, incidents that last."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import ValidationError

from helpdesk.db import utc_now
from helpdesk.errors import IllegalMove, NotFound
from helpdesk.forms import Button, Form, Needed
from helpdesk.models import Agent, Ticket
from helpdesk.tickets import snoozing, telling
from helpdesk.tickets.incidents import records
from helpdesk.tickets.incidents.states import IncidentState
from helpdesk.tickets.mentions import handle
from helpdesk.tickets.queries import ticket_of
from helpdesk.workspace import times, words
from helpdesk.workspace.auth import login_required, seen_at_a_glance, signed_in_agent
from helpdesk.workspace.fields import DayField
from helpdesk.workspace.ticket_page import back, not_there, render

bp = Blueprint("told", __name__, url_prefix="/agent")
bp.register_error_handler(NotFound, not_there)
LONGEST = timedelta(days=60)


class SnoozeForm(Form):
    """Until which day."""

    day = DayField(_("Jusqu’à quel jour ?"), [Needed(_("Choisissez un jour."))], id="pause")

    def validate_day(self, field: DayField) -> None:
        """To come, and not for ever."""
        today = utc_now().date()
        if field.data and not today < field.data <= today + LONGEST:
            raise ValidationError(str(_("Choisissez un jour à venir, dans les deux mois.")))


@bp.get("/pour-moi")
@login_required
def show() -> ResponseReturnValue:
    """What is new first, then what is kept."""
    agent, now = signed_in_agent(), utc_now()
    lasting = [each for each in records.incident_list(agent) if each.incident.state is not IncidentState.ENDED]
    html = render_template(
        "workspace/told/page.html",
        told=telling.told(agent),
        snoozed=snoozing.snoozed(agent, now),
        incidents=lasting,
        button=Button(formdata=None),
        now=now,
        words=words,
        times=times,
    )
    return html, 200


@bp.post("/demandes/<reference>/informer")
@login_required
def watch(reference: str) -> ResponseReturnValue:
    """Be told what happens on the ticket."""
    if not Button().validate():
        return render(reference, 422)
    telling.watch(signed_in_agent(), reference)
    flash(gettext("Vous serez informé : ce qui se passe sur cette demande paraît dans « Pour moi »."))
    return back(reference)


@bp.post("/demandes/<reference>/ne-plus-informer")
@login_required
def forget(reference: str) -> ResponseReturnValue:
    """Be told no more."""
    if not Button().validate():
        return render(reference, 422)
    telling.forget(signed_in_agent(), reference)
    flash(gettext("Vous n’êtes plus informé de cette demande."))
    return back(reference)


@bp.post("/demandes/<reference>/pause")
@login_required
def snooze(reference: str) -> ResponseReturnValue:
    """Put the ticket aside until the morning of a day, where its service works."""
    agent, form = signed_in_agent(), SnoozeForm()
    ticket = ticket_of(agent, reference)
    if not form.validate() or form.day.data is None:
        return render(reference, 422, snooze_form=form)
    until = datetime.combine(form.day.data, time(), ZoneInfo(ticket.service.timezone))
    try:
        late = snoozing.snooze(agent, reference, until, utc_now())
    except IllegalMove as error:
        return render(reference, 409, problem=str(error), snooze_form=form)
    flash(gettext("En pause jusqu’au %(day)s : elle quitte vos listes.", day=form.day.data.strftime("%d/%m/%Y")))
    if late:
        flash(gettext("Attention : elle sera en retard avant ce jour."))
    return back(reference)


@bp.post("/demandes/<reference>/reprise")
@login_required
def wake(reference: str) -> ResponseReturnValue:
    """Have it back now."""
    if not Button().validate():
        return render(reference, 422)
    snoozing.end(signed_in_agent(), reference)
    flash(gettext("La demande est de nouveau dans vos listes."))
    return redirect(url_for("ticket.show", reference=reference), 303)


@bp.app_template_global()
def tidings() -> str:
    """The name of the page in the menu, with how much is new."""
    news = seen_at_a_glance().news
    return gettext("Pour moi (%(count)s)", count=news) if news else gettext("Pour moi")


@bp.app_template_global()
def colleagues_on(ticket: Ticket) -> list[Agent]:
    """Whom a note can name."""
    return list(telling.colleagues(signed_in_agent(), ticket))


@bp.app_template_global()
def watchers_of(ticket: Ticket) -> list[Agent]:
    """Who is told about the ticket."""
    return list(telling.watchers(ticket))


@bp.app_template_global()
def asleep_until(ticket: Ticket) -> datetime | None:
    """Until when the agent has put it aside."""
    return snoozing.until(signed_in_agent(), ticket, utc_now())


@bp.app_template_global()
def empty_snooze_form() -> SnoozeForm:
    """The form of a ticket's page, where none was refused."""
    return SnoozeForm(formdata=None)


bp.add_app_template_global(handle)
