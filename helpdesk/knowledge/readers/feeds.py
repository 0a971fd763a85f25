"""What changed lately, as a page and as Atom feeds: for families, for schools, for one section."""

from collections.abc import Collection, Sequence
from datetime import datetime
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue

from helpdesk.errors import NotFound
from helpdesk.knowledge.articles import published_sections
from helpdesk.knowledge.markup import as_html
from helpdesk.knowledge.readers.kept import may_be_kept
from helpdesk.knowledge.readers.showing import changed_last
from helpdesk.knowledge.views import FOR_FAMILIES, FOR_SCHOOLS, questions_of_the_page
from helpdesk.models import Article
from helpdesk.pages import parts
from helpdesk.vocabulary import Readers

bp = Blueprint("feeds", __name__, url_prefix="/questions")
bp.context_processor(questions_of_the_page)
NAME = "Assistance ÉduConnect"
_BEGUN = "2026-11-24"  # of the names that entries have in feeds; it never changes (RFC 4151)


@bp.get("/nouveautes")
@may_be_kept
def recent() -> str:
    """Answers of all readers, the latest change first."""
    return render_template("knowledge/recent.html", articles=changed_last(tuple(Readers)))


@bp.get("/flux.xml")
@may_be_kept
def families() -> Response:
    """Answers to families."""
    return _feed(f"{NAME} : réponses aux familles", url_for(".families"), FOR_FAMILIES)


@bp.get("/etablissements/flux.xml")
@may_be_kept
def schools() -> Response:
    """Answers to schools and their staff."""
    return _feed(f"{NAME} : réponses aux établissements", url_for(".schools"), FOR_SCHOOLS)


@bp.get("/rubriques/<slug>/flux.xml")
@may_be_kept
def section(slug: str) -> ResponseReturnValue:
    """Answers of one section, whoever they are for."""
    found = next((each for each in published_sections() if each.slug == slug), None)
    if found is None:
        raise NotFound("Cette rubrique n’existe pas, ou n’a plus de réponse publiée.")
    return _feed(f"{NAME} : {found.title}", url_for(".section", slug=slug), tuple(Readers), slug)


def _feed(title: str, address: str, readers: Collection[Readers], section: str = "") -> Response:
    articles = changed_last(readers, section=section)
    base = parts().settings.public_base_url
    latest = max((article.changed_at for article in articles), default=datetime.fromisoformat(f"{_BEGUN}T00:00:00Z"))
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr">',
        f"<title>{escape(title)}</title>",
        f"<id>{escape(base + address)}</id>",
        f"<updated>{_moment(latest)}</updated>",
        f"<author><name>{NAME}</name></author>",
        f'<link rel="self" type="application/atom+xml" href={quoteattr(base + address)}/>',
        f'<link rel="alternate" type="text/html" href={quoteattr(base + url_for("knowledge.questions"))}/>',
        *_entries(articles, base),
        "</feed>\n",
    ]
    return Response("\n".join(lines), mimetype="application/atom+xml")


def _entries(articles: Sequence[Article], base: str) -> list[str]:
    host = urlsplit(base).hostname
    return [
        f"<entry><id>tag:{host},{_BEGUN}:fiche-{each.id}</id><title>{escape(each.question)}</title>"
        f"<published>{_moment(each.created_at)}</published><updated>{_moment(each.changed_at)}</updated>"
        f"<link href={quoteattr(base + url_for('knowledge.article', slug=each.slug))}/>"
        f"<category term={quoteattr(each.section.slug)} label={quoteattr(each.section.title)}/>"
        f'<content type="html" xml:base={quoteattr(base + "/")}>{escape(str(as_html(each.answer)))}</content></entry>'
        for each in articles
    ]


def _moment(at: datetime) -> str:
    return at.replace(microsecond=0).isoformat().replace("+00:00", "Z")
