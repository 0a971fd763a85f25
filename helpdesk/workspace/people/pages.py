"""« Personne »: all that the agent's services know of who asks; and, for national supervisors, who has looked."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from helpdesk.db import utc_now
from helpdesk.errors import NotFound
from helpdesk.people import sight
from helpdesk.workspace import times, words
from helpdesk.workspace.auth import login_required, signed_in_agent
from helpdesk.workspace.fields import number_in
from helpdesk.workspace.shown import LANGUAGES
from helpdesk.workspace.ticket_page import not_there

bp = Blueprint("people", __name__, url_prefix="/agent/personnes")
bp.register_error_handler(NotFound, not_there)

_COLUMNS = ("sujet", "canal", "recue", "echeance", "etat", "etablissement")


@bp.get("/<id:person_id>")
@login_required
def show(person_id: int) -> ResponseReturnValue:
    """One person, reached from a ticket; the look is noted."""
    agent, now = signed_in_agent(), utc_now()
    return render_template(
        "workspace/people/page.html",
        page=sight.look_at(agent, person_id, request.args.get("demande", ""), now),
        languages=LANGUAGES,
        columns=_COLUMNS,
        now=now,
        words=words,
        times=times,
    )


@bp.get("/regards")
@login_required
def looks() -> ResponseReturnValue:
    """Who has looked at whom, the latest first; by `personne` at one person, by `avant` further back."""
    person_id, before = _number("personne"), _number("avant")
    found = sight.looks(signed_in_agent(), person_id=person_id, before=before)
    return render_template(
        "workspace/people/looks.html",
        looks=found,
        person_id=person_id,
        before=before,
        older=found[-1].id if len(found) == sight.LOOKS_AT_MOST else None,
        words=words,
    )


@bp.app_template_global()
def sees_looks() -> bool:
    """Whether the list of looks is for who is signed in."""
    return sight.sees_looks(signed_in_agent())


def _number(name: str) -> int | None:
    """A number from the address, if one is there; what is no number is as if it were not said."""
    return number_in(request.args.get(name)) or None
