"""What readers say of the FAQ, for its editors."""

from datetime import timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from helpdesk.db import utc_now
from helpdesk.editing import words
from helpdesk.editing.entries import not_found
from helpdesk.errors import NotFound
from helpdesk.knowledge.readers.votes import opinions
from helpdesk.vocabulary import VOTE_REASON_LABELS
from helpdesk.workspace.auth import login_required, signed_in_agent

bp = Blueprint("faq_measures", __name__, url_prefix="/agent/fiches/mesures")
bp.register_error_handler(NotFound, not_found)
DAYS = 90


@bp.get("")
@login_required
def show() -> ResponseReturnValue:
    """The votes of the last months, entry by entry."""
    found = opinions(signed_in_agent(), utc_now() - timedelta(days=DAYS))
    return render_template("editing/measures.html", opinions=found, days=DAYS, reasons=VOTE_REASON_LABELS, words=words)
