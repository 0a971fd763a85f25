"""What readers see: questions and answers, and search."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, redirect, render_template, request, url_for
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
from helpdesk.knowledge.deflection.asking import note_search
from helpdesk.knowledge.images import image_by_name
from helpdesk.knowledge.markup import as_html
from helpdesk.knowledge.passage import plain
from helpdesk.knowledge.readers.kept import may_be_kept
from helpdesk.knowledge.readers.showing import most_asked
from helpdesk.knowledge.readers.telling import about_topics
from helpdesk.knowledge.readers.visits import Shown, token_of
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


@bp.context_processor
def questions_of_the_page() -> dict[str, Any]:
    """`titles`: id of an article → its question in the page's language, where that is not French."""
    return {"titles": translated_questions(language()) if language() != LANGUAGES[0] else {}}


@bp.get("/")
@may_be_kept
def home() -> str:
    """Search, what is asked most, the answers to families, the way to people."""
    asked = most_asked(FOR_FAMILIES, utc_now())
    return render_template("knowledge/home.html", sections=published_sections(FOR_FAMILIES), asked=asked)


@bp.get("/questions")
@may_be_kept
def questions() -> str:
    """All answers to families."""
    return render_template("knowledge/questions.html", sections=published_sections(FOR_FAMILIES))


@bp.get("/questions/etablissements")
@may_be_kept
def schools() -> str:
    """All answers to schools and their staff."""
    return render_template("knowledge/schools.html", sections=published_sections(FOR_SCHOOLS))


@bp.get("/questions/<slug>")
@may_be_kept
def article(slug: str) -> ResponseReturnValue:
    """One answer. A former address leads on to the present one."""
    found = article_by_slug(slug)
    if found.slug != slug:
        return redirect(url_for(".article", slug=found.slug), 301)
    about_topics(found.topics.split())
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
    text_language = language() if translation else LANGUAGES[0]
    return render_template(
        "knowledge/article.html",
        article=found,
        text=text,
        text_language=text_language,
        token=token_of(parts().settings.secret_key, Shown(found.id, text.number, text_language)),
        behind=translation is not None and is_behind(found, translation),
        answer=answer,
        summary=one_line(plain(text.answer), 160),
        changed=format_datetime(found.changed_at.astimezone(PARIS).replace(tzinfo=None), "d MMMM y", rebase=False),
        related=related,
        address=f"{parts().settings.public_base_url}{url_for('.article', slug=found.slug)}",
        structured=_structured(text.question, answer, text_language),
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
    found = find(query) if query else None
    token = note_search(query, found) if found else ""
    return render_template("knowledge/search.html", query=query, found=found, token=token)


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
