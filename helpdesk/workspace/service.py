"""« Mon service »: how it shares its work out, who is away, when it is closed. For its supervisors."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from helpdesk.db import utc_now
from helpdesk.errors import NotAllowed, NotFound
from helpdesk.forms import Button, Form
from helpdesk.tickets import closings, handing, sharing
from helpdesk.tickets.placing import today_in
from helpdesk.vocabulary import Assignment
from helpdesk.workspace import times, words
from helpdesk.workspace.auth import login_required, signed_in_agent, signed_in_sight
from helpdesk.workspace.service_forms import AbsenceForm, ClosingForm, HandingForm, SharingForm
from helpdesk.workspace.ticket_forms import by_academy

bp = Blueprint("service", __name__, url_prefix="/agent/service")


@bp.app_template_global()
def supervises() -> bool:
    """Whether the menu shows the supervisors' pages to who is signed in."""
    return bool(signed_in_sight().supervised)


@bp.get("")
@login_required
def choose() -> ResponseReturnValue:
    """The services of which the agent is a supervisor; a single one at once."""
    services = sharing.supervised_services(signed_in_agent())
    if not services:
        raise NotFound("Cette page est pour les superviseurs.")
    if len(services) == 1:
        return redirect(url_for(".show", service_slug=services[0].slug))
    return render_template("workspace/service/choose.html", services=services, words=words)


@bp.get("/<service_slug>")
@login_required
def show(service_slug: str) -> ResponseReturnValue:
    """Sharing, absences, closings."""
    return _page(service_slug)


@bp.post("/<service_slug>/repartition")
@login_required
def share(service_slug: str) -> ResponseReturnValue:
    """Change how tickets find their agent."""
    form = SharingForm()
    if not form.validate():
        return _page(service_slug, 422, sharing_form=form)
    mode = Assignment(form.assignment.data)
    sharing.set_sharing(signed_in_agent(), service_slug, mode, form.taking_part())
    return _back(service_slug, _("Répartition enregistrée."))


@bp.post("/<service_slug>/absences")
@login_required
def add_absence(service_slug: str) -> ResponseReturnValue:
    """Note an absence; if it has begun and leaves tickets behind, these are shown next."""
    form = AbsenceForm()
    if not form.validate():
        return _page(service_slug, 422, absence_form=form)
    agent, member_id, now = signed_in_agent(), int(form.said("member")), utc_now()
    first, last = form["first"].data, form["last"].data
    try:
        sharing.add_absence(agent, service_slug, member_id, first, last, now=now, **form.plan())
    except NotAllowed as error:
        return _page(service_slug, 409, absence_form=form, problem=str(error))
    if any(form.plan().values()):
        count = handing.start_absence(agent, service_slug, member_id, now)
        return _back(service_slug, f"{_('Absence notée.')} {_handed(count) if count else ''}".strip())
    begun = first <= today_in(sharing.supervised_service(agent, service_slug), now)
    if begun and sharing.left_with(agent, service_slug, member_id)[1].count:
        flash(_("Absence notée. Voici les demandes qui attendaient cette personne."))
        return redirect(url_for(".left", service_slug=service_slug, agent_id=member_id), 303)
    return _back(service_slug, _("Absence notée."))


@bp.post("/<service_slug>/absences/<id:absence_id>/retirer")
@login_required
def remove_absence(service_slug: str, absence_id: int) -> ResponseReturnValue:
    """Forget an absence."""
    form = Button()
    if not form.validate():
        return _page(service_slug, 422, button=form)
    count = handing.end_absence(signed_in_agent(), service_slug, absence_id, utc_now())
    back = ngettext("%(num)s demande lui revient.", "%(num)s demandes lui reviennent.", count) if count else ""
    return _back(service_slug, f"{_('Absence retirée.')} {back}".strip())


@bp.get("/<service_slug>/agents/<id:agent_id>/demandes")
@login_required
def left(service_slug: str, agent_id: int) -> ResponseReturnValue:
    """What waits for a member's answer, and to whom it can be handed on."""
    return _left(service_slug, agent_id)


@bp.post("/<service_slug>/agents/<id:agent_id>/demandes")
@login_required
def hand_on(service_slug: str, agent_id: int) -> ResponseReturnValue:
    """Hand on what was ticked, or all of it."""
    form = HandingForm()
    agent = signed_in_agent()
    if not form.validate():
        try:
            return _left(service_slug, agent_id, 422, form=form)
        except NotFound:  # the member has left the service while the page was open
            return _page(service_slug, 422, button=form)
    if not form.all.data and not form.chosen.data:
        return _left(service_slug, agent_id, 422, form=form, problem=_("Cochez au moins une demande."))
    chosen = None if form.all.data else form.chosen.data
    try:
        count = handing.hand_on(agent, service_slug, agent_id, form.to_whom(), chosen, utc_now())
    except NotAllowed as error:
        return _left(service_slug, agent_id, 409, form=form, problem=str(error))
    return _back(service_slug, _handed(count))


@bp.post("/<service_slug>/fermetures")
@login_required
def close(service_slug: str) -> ResponseReturnValue:
    """Plan a closing; if it begins today, what waits is shown next."""
    form = ClosingForm()
    if not form.validate():
        return _page(service_slug, 422, closing_form=form)
    agent, now = signed_in_agent(), utc_now()
    first, last = form["first"].data, form["last"].data
    try:
        closings.plan(agent, service_slug, form.said("stand_in"), first, last, form.said("reason"), now=now)
    except NotAllowed as error:
        return _page(service_slug, 409, closing_form=form, problem=str(error))
    return _back(service_slug, _("Fermeture notée."))


@bp.post("/<service_slug>/fermetures/<id:closing_id>/fin")
@login_required
def open_again(service_slug: str, closing_id: int) -> ResponseReturnValue:
    """End a closing now, or give it up."""
    form = Button()
    if not form.validate():
        return _page(service_slug, 422, button=form)
    closings.end(signed_in_agent(), service_slug, closing_id, now=utc_now())
    return _back(service_slug, _("La fermeture est finie. Les demandes sans réponse reviennent dans le quart d’heure."))


@bp.get("/<service_slug>/fermetures/<id:closing_id>/demandes")
@login_required
def waiting(service_slug: str, closing_id: int) -> ResponseReturnValue:
    """What waits for an answer in the closed service, before it is lent."""
    closing, found = closings.waiting_at(signed_in_agent(), service_slug, closing_id, utc_now())
    return _preview("waiting", service=closing.service, closing=closing, waiting=found)


@bp.post("/<service_slug>/fermetures/<id:closing_id>/demandes")
@login_required
def lend(service_slug: str, closing_id: int) -> ResponseReturnValue:
    """Lend it to the stand-in."""
    form = Button()
    if not form.validate():
        return _page(service_slug, 422, button=form)
    count = closings.lend_waiting(signed_in_agent(), service_slug, closing_id, utc_now())
    return _back(service_slug, ngettext("%(num)s demande confiée.", "%(num)s demandes confiées.", count))


def _back(service_slug: str, done: str) -> ResponseReturnValue:
    flash(done)
    return redirect(url_for(".show", service_slug=service_slug), 303)


def _page(service_slug: str, status: int = 200, *, problem: str = "", **refused: Form) -> ResponseReturnValue:
    """The service's page; a refused form comes back as it was typed, the others are fresh."""
    agent, now = signed_in_agent(), utc_now()
    service = sharing.supervised_service(agent, service_slug)
    members = sharing.members(agent, service_slug, now)
    forms: dict[str, Form] = {
        "sharing_form": SharingForm(formdata=None, assignment=service.assignment),
        "absence_form": AbsenceForm(formdata=None),
        "closing_form": ClosingForm(formdata=None),
        "button": Button(formdata=None),
        **refused,
    }
    html = render_template(
        "workspace/service/page.html",
        service=service,
        members=members,
        waiting=sharing.waiting_count(agent, service_slug),
        closings=closings.closings_of(agent, service_slug, now),
        today=today_in(service, now),
        services=by_academy(sharing.other_services(agent, service_slug), service.academy),
        refused=next(iter(refused.values()), None),
        problem=problem,
        words=words,
        **forms,
    )
    return html, status


def _left(
    service_slug: str, agent_id: int, status: int = 200, *, form: HandingForm | None = None, problem: str = ""
) -> ResponseReturnValue:
    agent, now = signed_in_agent(), utc_now()
    member, found = sharing.left_with(agent, service_slug, agent_id)
    service = sharing.supervised_service(agent, service_slug)
    colleagues = [each for each in sharing.members(agent, service_slug, now) if each.agent.active]
    form = form or HandingForm(formdata=None)
    shown = {"service": service, "member": member, "waiting": found, "colleagues": colleagues, "problem": problem}
    return _preview("left", form=form, **shown), status


def _handed(count: int) -> str:
    if not count:
        return _("Aucune demande n’a changé de mains : elles avaient déjà changé.")
    return ngettext("%(num)s demande réattribuée.", "%(num)s demandes réattribuées.", count)


def _preview(name: str, **shown: object) -> str:
    """Tickets, and one button for all of them."""
    tools = {"button": Button(formdata=None), "now": utc_now(), "words": words, "times": times}
    return render_template(f"workspace/service/{name}.html", **tools, **shown)
