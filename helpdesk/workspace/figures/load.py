"""« Charge » : how much work lies with each service, and in a service with each agent. For supervisors."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from helpdesk.db import utc_now
from helpdesk.figures import load
from helpdesk.workspace import words
from helpdesk.workspace.auth import login_required, signed_in_agent, signed_in_sight

bp = Blueprint("load", __name__, url_prefix="/agent/charge")


@bp.get("")
@login_required
def show() -> ResponseReturnValue:
    """Every service of the agent, what is late first; a single one at once."""
    rows = load.load_of_services(signed_in_agent(), utc_now())
    if len(rows) == 1:
        return redirect(url_for(".service", service_slug=rows[0].service.slug))
    total = sum((row.load for row in rows), load.Load())
    return render_template("workspace/figures/services.html", rows=rows, total=total, words=words)


@bp.get("/<service_slug>")
@login_required
def service(service_slug: str) -> ResponseReturnValue:
    """The agents of one service."""
    found, rows = load.load_of_agents(signed_in_agent(), service_slug, utc_now())
    total = sum((row.load for row in rows), load.Load())
    manages = found.id in signed_in_sight().supervised
    several = len(signed_in_sight().supervised) > 1 or signed_in_sight().national
    shown = {"rows": rows, "total": total, "manages": manages, "several": several}
    return render_template("workspace/figures/agents.html", service=found, words=words, **shown)
