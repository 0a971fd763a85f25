"""The agent's queue."""

from flask import Blueprint, render_template, request

from helpdesk.db import utc_now
from helpdesk.tickets import queries
from helpdesk.tickets.queries import View
from helpdesk.workspace.auth import login_required, signed_in_agent

bp = Blueprint("queue", __name__, url_prefix="/agent")


@bp.get("/")
@login_required
def show() -> str:
    """One page of a view, most pressing first. View, service and place are in the address, so it can be kept."""
    agent = signed_in_agent()
    view = _view(request.args.get("vue", ""))
    service = request.args.get("service", "")
    page = queries.queue_page(agent, view, service, queries.read_key(request.args.get("apres", "")))
    return render_template(
        "workspace/queue.html",
        page=page,
        view=view,
        views=View,
        service=service,
        services=queries.own_services(agent),
        agent=agent,
        now=utc_now(),
    )


def _view(slug: str) -> View:
    return View(slug) if slug in set(View) else View.TODO
