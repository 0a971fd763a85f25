"""The search on other sites: a page made for a frame, a script that puts it there, and how to do it."""

import base64
import hashlib
from functools import lru_cache

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from helpdesk.knowledge.deflection.asking import note_search
from helpdesk.knowledge.readers.kept import may_be_kept
from helpdesk.knowledge.search import search
from helpdesk.knowledge.views import LONGEST_QUERY
from helpdesk.pages import CONTENT_SECURITY_POLICY, parts
from helpdesk.places import static_dir
from helpdesk.text import one_line

bp = Blueprint("embeds", __name__)
_FRESH = 3600  # seconds


@bp.get("/integration")
@may_be_kept
def guide() -> str:
    """How a school puts the search on its own page."""
    return render_template("knowledge/integration.html", digest=script_digest())


@bp.get("/integration/recherche")
def framed() -> ResponseReturnValue:
    """Search as a frame of another site shows it: no cookie, and answers open outside the frame."""
    query = one_line(request.args.get("q", ""), LONGEST_QUERY)
    found = search(query) if query else None
    token = note_search(query, found) if found else ""
    response = make_response(render_template("knowledge/framed.html", query=query, found=found, token=token))
    others = f"frame-ancestors 'self' {parts().settings.embed_sites}"
    if parts().settings.embed_sites == "'none'":
        others = "frame-ancestors 'none'"
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", others)
    return response


@bp.get("/integration.js")
def script() -> Response:
    """Puts the frame where its tag stands. Other sites check it by its digest, so they must be able to read it."""
    response = Response(_script(), mimetype="text/javascript")
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = f"public, max-age={_FRESH}"
    return response


def script_digest() -> str:
    """Of the script, as `integrity` takes it."""
    return f"sha384-{base64.b64encode(hashlib.sha384(_script()).digest()).decode()}"


@lru_cache(maxsize=1)
def _script() -> bytes:
    return (static_dir() / "integration.js").read_bytes()
