"""Answers proposed while a request is typed, and the links of answers found: both are counted on their way."""

from flask import Blueprint, abort, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from helpdesk.db import db, utc_now
from helpdesk.errors import HelpdeskError
from helpdesk.knowledge.deflection import noting
from helpdesk.knowledge.deflection.traces import contact_hash, is_control
from helpdesk.knowledge.ranking import Answer
from helpdesk.knowledge.readers.visits import visitor
from helpdesk.knowledge.search import present_synonyms, search
from helpdesk.languages import typeset
from helpdesk.limits import network_of
from helpdesk.pages import parts
from helpdesk.people.phones import read_phone
from helpdesk.text import one_line
from helpdesk.vocabulary import Audience, Place, Readers

bp = Blueprint("asking", __name__)
PROPOSED = 3
READ_AT_MOST = 2000  # characters of what is typed
_SHORTEST = 12
_LONGEST_TOKEN = 32
_PROGRAMS = ("bot", "crawl", "spider", "preview", "curl", "python-")


def this_visitor() -> str:
    """The hash of the day of who asks."""
    browser = request.headers.get("User-Agent", "")[:300]
    return visitor(parts().settings.secret_key, utc_now().date(), network_of(request.remote_addr), browser)


def note_search(query: str, found: Answer) -> str:
    """Count a search of a reader; returns the token of what it found, empty where nothing is counted."""
    browser = request.headers.get("User-Agent", "").casefold()
    fetched_ahead = "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    if request.method != "GET" or fetched_ahead or any(name in browser for name in _PROGRAMS):
        return ""
    if not found.hits:
        noting.missed(query, present_synonyms().fillers, this_visitor(), utc_now())
        return ""
    token = noting.new_token()
    slugs = [hit.slug for hit in found.hits]
    noting.propose(token, Place.SEARCH, slugs, visitor=this_visitor(), now=utc_now())
    return token


@bp.get("/recherche/vers/<token>/<slug>")
def follow(token: str, slug: str) -> ResponseReturnValue:
    """Count that an answer was opened, and go to its page: that stays the same for all readers, so it is kept."""
    noting.opened(token[:_LONGEST_TOKEN], slug, utc_now())
    return redirect(url_for("knowledge.article", slug=slug), 302)


@bp.post("/demande/reponses")
def propose() -> ResponseReturnValue:
    """Answers to what is typed in the form, as JSON: `id`, and `answers` with question, passage and address. What is
    typed is read and not kept. Never an error page: a form whose proposals fail is the form without them.
    """
    _only_from_here()
    network = network_of(request.remote_addr)
    if not parts().limits.allow(parts().settings.proposal_limit, "proposals", network, lasting=False):
        return jsonify(id="", answers=[]), 429
    text = one_line(request.form.get("text", ""), READ_AT_MOST)
    try:
        found = search(text, _readers(), PROPOSED) if len(text) >= _SHORTEST else None
    except (SQLAlchemyError, HelpdeskError):
        db.session.rollback()
        return jsonify(id="", answers=[]), 503
    token = request.form.get("proposals", "")[:_LONGEST_TOKEN]
    if not found or not found.hits:
        return jsonify(id=token, answers=[])
    return jsonify(_noted(token or noting.new_token(), found))


@bp.post("/demande/reponses/<token>")
def settle(token: str) -> ResponseReturnValue:
    """The visitor says that an answer was enough. What is not known is not counted; the answer is the same."""
    _only_from_here()
    noting.solved(token[:_LONGEST_TOKEN], utc_now())
    return "", 204


def _noted(token: str, found: Answer) -> dict[str, object]:
    """What is shown; nothing to those whose requests tell what would have happened without."""
    who, now, settings = this_visitor(), utc_now(), parts().settings
    control = is_control(who, settings.control_percent)
    slugs = [hit.slug for hit in found.hits]
    noting.propose(token, Place.FORM, slugs, visitor=who, contact=_contact(), control=control, now=now)
    shown = () if control else found.hits
    answers = [
        {
            "question": str(typeset(hit.question)),
            "passage": "".join(piece.text for piece in hit.passage),
            "address": url_for(".follow", token=token, slug=hit.slug),
        }
        for hit in shown
    ]
    return {"id": token, "answers": answers}


def _contact() -> str:
    """Of the address in the form, else of the number there."""
    phone = read_phone(request.form.get("phone", "")[:40])
    given = request.form.get("email", "")[:254].strip() or (phone.e164 if phone else "")
    return contact_hash(parts().settings.secret_key, utc_now().date(), given)


def _readers() -> tuple[Readers, ...]:
    return tuple(Readers) if request.form.get("profile") == Audience.ENSEIGNANT else (Readers.FAMILIES,)


def _only_from_here() -> None:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)
