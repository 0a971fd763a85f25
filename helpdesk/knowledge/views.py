"""What readers see: questions and answers, search, and the pages about the site itself."""

from datetime import timedelta
from typing import Any
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_datetime

from helpdesk.db import utc_now
from helpdesk.knowledge.articles import (
    article_by_slug,
    is_behind,
    published_sections,
    translated_questions,
    translation_of,
)
from helpdesk.knowledge.images import image_by_name
from helpdesk.knowledge.markup import as_html
from helpdesk.knowledge.passage import plain
from helpdesk.knowledge.search import search as find
from helpdesk.languages import LANGUAGES, typeset
from helpdesk.pages import language, parts
from helpdesk.text import one_line
from helpdesk.vocabulary import Readers

bp = Blueprint("knowledge", __name__)
bp.add_app_template_filter(typeset)

FOR_FAMILIES = (Readers.FAMILIES,)
FOR_SCHOOLS = (Readers.SCHOOLS, Readers.STAFF)
PARIS = ZoneInfo("Europe/Paris")
LONGEST_QUERY = 300
# Addresses that robots may list, beside the answers themselves.
OPEN_PAGES = ("home", "questions", "schools", "site_map", "accessibility", "legal_notice", "personal_data")


@bp.context_processor
def questions_of_the_page() -> dict[str, Any]:
    """`titles`: id of an article → its question in the page's language, where that is not French."""
    return {"titles": translated_questions(language()) if language() != LANGUAGES[0] else {}}


@bp.after_request
def may_be_kept(response: Response) -> Response:
    """Every visitor gets the same page, so it may be kept for a minute; unless a session cookie would travel along."""
    is_own = current_app.config["SESSION_COOKIE_NAME"] in request.cookies
    if response.status_code != 200 or is_own or request.endpoint in ("knowledge.search", "knowledge.image"):
        return response
    response.cache_control.public = True
    response.cache_control.max_age = 60
    response.add_etag()
    response.make_conditional(request)
    return response


@bp.get("/")
def home() -> str:
    """Search, the answers to families, the way to people."""
    return render_template("knowledge/home.html", sections=published_sections(FOR_FAMILIES))


@bp.get("/questions")
def questions() -> str:
    """All answers to families."""
    return render_template("knowledge/questions.html", sections=published_sections(FOR_FAMILIES))


@bp.get("/questions/etablissements")
def schools() -> str:
    """All answers to schools and their staff."""
    return render_template("knowledge/schools.html", sections=published_sections(FOR_SCHOOLS))


@bp.get("/questions/<slug>")
def article(slug: str) -> ResponseReturnValue:
    """One answer. A former address leads on to the present one."""
    found = article_by_slug(slug)
    if found.slug != slug:
        return redirect(url_for(".article", slug=found.slug), 301)
    readers = FOR_FAMILIES if found.readers in FOR_FAMILIES else FOR_SCHOOLS
    related = [
        other
        for section in published_sections(readers)
        if section.slug == found.section.slug
        for other in section.articles
        if other.id != found.id
    ]
    translation = translation_of(found, language()) if language() != LANGUAGES[0] else None
    text = translation or found
    answer = as_html(text.answer, request.script_root, french=translation is None)
    return render_template(
        "knowledge/article.html",
        article=found,
        text=text,
        text_language=language() if translation else LANGUAGES[0],
        behind=translation is not None and is_behind(found, translation),
        answer=answer,
        summary=one_line(plain(text.answer), 160),
        changed=format_datetime(found.changed_at.astimezone(PARIS).replace(tzinfo=None), "d MMMM y", rebase=False),
        related=related,
        structured=_structured(text.question, answer, language() if translation else LANGUAGES[0]),
    )


@bp.get("/questions/images/<name>")
def image(name: str) -> Response:
    """An image of an answer, of the type its bytes have. The name changes with the image."""
    picture = image_by_name(name)
    response = Response(parts().files.read(picture.sha256), mimetype=picture.content_type)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@bp.get("/recherche")
def search() -> str:
    """What answers the words in `q`, and a word when nothing does."""
    query = one_line(request.args.get("q", ""), LONGEST_QUERY)
    return render_template("knowledge/search.html", query=query, found=find(query) if query else None)


@bp.get("/plan-du-site")
def site_map() -> str:
    """Every page there is."""
    return render_template("legal/site_map.html", sections=published_sections())


@bp.get("/accessibilite")
def accessibility() -> str:
    """The declaration that the law asks for."""
    return render_template("legal/accessibility.html")


@bp.get("/mentions-legales")
def legal_notice() -> str:
    """Who publishes the site."""
    return render_template("legal/notice.html")


@bp.get("/donnees-personnelles")
def personal_data() -> str:
    """What is done with what people tell, their rights, and cookies."""
    return render_template("legal/personal_data.html")


@bp.get("/sitemap.xml")
def sitemap() -> Response:
    """The addresses that search engines may list."""
    base = parts().settings.public_base_url
    pages = [f"{base}{url_for(f'.{name}')}" for name in OPEN_PAGES] + [f"{base}{url_for('intake.request_form')}"]
    rows = [f"<url><loc>{escape(page)}</loc></url>" for page in pages]
    for section in published_sections():
        for each in section.articles:
            address = escape(f"{base}{url_for('.article', slug=each.slug)}")
            rows.append(f"<url><loc>{address}</loc><lastmod>{each.changed_at.date().isoformat()}</lastmod></url>")
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return Response("\n".join([head, *rows, "</urlset>\n"]), mimetype="application/xml")


@bp.get("/robots.txt")
def robots() -> Response:
    """Requests, searches and agents' pages are no one's to list."""
    lines = ["User-agent: *", "Disallow: /suivi/", "Disallow: /recherche", "Disallow: /agent/", "Disallow: /demo/"]
    return _plain([*lines, f"Sitemap: {parts().settings.public_base_url}/sitemap.xml"])


@bp.get("/.well-known/security.txt")
def security_txt() -> Response:
    """Where to report a flaw (RFC 9116)."""
    base = parts().settings.public_base_url
    expires = utc_now().replace(microsecond=0, second=0, minute=0, hour=0) + timedelta(days=180)
    return _plain(
        [
            f"Contact: {base}{url_for('intake.request_form')}",
            f"Expires: {expires.isoformat().replace('+00:00', 'Z')}",
            "Preferred-Languages: fr, en",
            f"Canonical: {base}/.well-known/security.txt",
        ]
    )


def _plain(lines: list[str]) -> Response:
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


def _structured(question: str, answer: str, in_language: str) -> dict[str, Any]:
    """The answer as search engines read it (schema.org)."""
    return {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "inLanguage": in_language,
        "mainEntity": [
            {
                "@type": "Question",
                "name": question,
                "acceptedAnswer": {"@type": "Answer", "text": answer},
            }
        ],
    }
