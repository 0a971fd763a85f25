"""How every part of the site fares, for administrators."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from helpdesk.errors import NotFound
from helpdesk.health import look
from helpdesk.workspace.auth import login_required, signed_in_agent

bp = Blueprint("health", __name__, url_prefix="/agent/sante")


@bp.get("")
@login_required
def show() -> ResponseReturnValue:
    """What is wrong first, then what runs, then what is off."""
    if not signed_in_agent().is_admin:
        raise NotFound("Cette page n’existe pas.")
    order = ("wrong", "on", "off")
    return render_template("workspace/health.html", results=sorted(look(), key=lambda each: order.index(each.state)))
