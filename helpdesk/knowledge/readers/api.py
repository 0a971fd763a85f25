"""The published FAQ as JSON, to read from any site: no key, no cookie. Fields stay what they are; new ones may come.

Times are UTC, in ISO 8601. Answers are HTML of ours, cleaned, and the same as plain text.
"""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from helpdesk.db import db
from helpdesk.errors import NotFound
from helpdesk.knowledge.articles import article_by_slug, published_sections
from helpdesk.knowledge.as_text import as_text
from helpdesk.knowledge.markup import as_html
from helpdesk.knowledge.readers.kept import may_be_kept
from helpdesk.knowledge.search import search
from helpdesk.limits import network_of
from helpdesk.models import Article
from helpdesk.pages import parts
from helpdesk.text import one_line

bp = Blueprint("api", __name__, url_prefix="/api")
PAGE = 500  # entries
_LONGEST_QUERY = 300
_FRESH = 300  # seconds that a search may be kept


@bp.after_request
def _for_all_sites(response: Response) -> Response:
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@bp.errorhandler(NotFound)
def not_found(error: NotFound) -> ResponseReturnValue:
    """In JSON, as everything here."""
    db.session.rollback()
    return jsonify(error=str(error)), 404


@bp.get("/fiches.json")
@may_be_kept
def entries() -> Response:
    """All published entries, 500 a page (`page`, from 1); `next` is the address of the following page, or null."""
    page = min(max(request.args.get("page", 1, type=int), 1), 10_000)
    every = [article for section in published_sections() for article in section.articles]
    shown = every[(page - 1) * PAGE : page * PAGE]
    more = _absolute(url_for(".entries", page=page + 1)) if len(every) > page * PAGE else None
    latest = db.session.scalar(select(func.max(Article.changed_at)).where(Article.published))
    return _conditional(
        jsonify(count=len(every), page=page, next=more, entries=[_entry(each) for each in shown]), latest
    )


@bp.get("/fiches/<slug>.json")
@may_be_kept
def entry(slug: str) -> ResponseReturnValue:
    """One entry; a former address leads on to the present one."""
    found = article_by_slug(slug)
    if found.slug != slug:
        return redirect(url_for(".entry", slug=found.slug), 301)
    return _conditional(jsonify(_entry(found)), found.changed_at)


@bp.get("/recherche.json")
def find() -> ResponseReturnValue:
    """Up to five entries that answer `q`, best first; `answered` is false, and the list empty, where none fits."""
    network = network_of(request.remote_addr)
    if not parts().limits.allow(parts().settings.search_limit, "search", network, lasting=False):
        return jsonify(error="Trop de recherches : réessayez dans une minute."), 429
    query = one_line(request.args.get("q", ""), _LONGEST_QUERY)
    found = search(query)
    results = [
        {
            "question": hit.question,
            "url": _address(hit.slug),
            "passage": "".join(piece.text for piece in hit.passage),
            "audience": hit.entry.readers.value,
        }
        for hit in found.hits
    ]
    answer = jsonify(query=query, answered=found.answered, suggestion=found.suggestion, results=results)
    answer.headers["Cache-Control"] = f"public, max-age={_FRESH}"
    return answer


def _entry(article: Article) -> dict[str, Any]:
    base = parts().settings.public_base_url
    return {
        "id": article.id,
        "slug": article.slug,
        "url": _address(article.slug),
        "question": article.question,
        "answer_html": str(as_html(article.answer, base)),
        "answer_text": as_text(article.answer, base),
        "section": {"slug": article.section.slug, "title": article.section.title},
        "audience": article.readers.value,
        "topics": article.topics.split(),
        "language": "fr",
        "version": article.number,
        "changed_at": article.changed_at.isoformat().replace("+00:00", "Z"),
    }


def _address(slug: str) -> str:
    return _absolute(url_for("knowledge.article", slug=slug))


def _absolute(path: str) -> str:
    return f"{parts().settings.public_base_url}{path}"


def _conditional(response: Response, changed: datetime | None) -> Response:
    """Pages that are kept have their ETag from there."""
    response.last_modified = changed
    if request.args:
        response.add_etag()
        response.headers["Cache-Control"] = "public, no-cache"
        response.make_conditional(request)
    return response
