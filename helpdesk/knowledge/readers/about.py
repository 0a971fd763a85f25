"""Pages about the site itself: its plan, the declarations that the law asks for, and what robots read."""

from datetime import timedelta
from xml.sax.saxutils import escape

from flask import Blueprint, Response, render_template, url_for

from helpdesk.db import utc_now
from helpdesk.knowledge.articles import published_sections
from helpdesk.knowledge.readers.kept import may_be_kept
from helpdesk.knowledge.views import questions_of_the_page
from helpdesk.languages import LANGUAGES
from helpdesk.pages import parts

bp = Blueprint("about", __name__)
bp.context_processor(questions_of_the_page)

# Addresses that robots may list, beside the answers themselves.
OPEN_PAGES = (
    "knowledge.home",
    "knowledge.questions",
    "knowledge.schools",
    "feeds.recent",
    "embeds.guide",
    "about.site_map",
    "about.accessibility",
    "about.legal_notice",
    "about.personal_data",
    "intake.request_form",
)
CLOSED = ("/suivi/", "/recherche", "/avis/", "/agent/", "/demo/")


@bp.get("/plan-du-site")
@may_be_kept
def site_map() -> str:
    """Every page there is."""
    return render_template("legal/site_map.html", sections=published_sections())


@bp.get("/accessibilite")
@may_be_kept
def accessibility() -> str:
    """The declaration that the law asks for."""
    return render_template("legal/accessibility.html")


@bp.get("/mentions-legales")
@may_be_kept
def legal_notice() -> str:
    """Who publishes the site."""
    return render_template("legal/notice.html")


@bp.get("/donnees-personnelles")
@may_be_kept
def personal_data() -> str:
    """What is done with what people tell, their rights, and cookies."""
    return render_template("legal/personal_data.html")


@bp.get("/sitemap.xml")
@may_be_kept
def sitemap() -> Response:
    """The addresses that search engines may list."""
    base = parts().settings.public_base_url
    pages = [f"{base}{url_for(name)}" for name in OPEN_PAGES]
    rows = [f"<url><loc>{escape(page)}</loc></url>" for page in pages]
    for section in published_sections():
        for each in section.articles:
            address = escape(f"{base}{url_for('knowledge.article', slug=each.slug)}")
            rows.append(f"<url><loc>{address}</loc><lastmod>{each.changed_at.date().isoformat()}</lastmod></url>")
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return Response("\n".join([head, *rows, "</urlset>\n"]), mimetype="application/xml")


@bp.get("/robots.txt")
def robots() -> Response:
    """Requests, searches and agents' pages are no one's to list."""
    prefixes = ("", *(f"/{code}" for code in LANGUAGES[1:]))
    lines = [f"Disallow: {prefix}{room}" for prefix in prefixes for room in CLOSED]
    return _plain(["User-agent: *", *lines, f"Sitemap: {parts().settings.public_base_url}/sitemap.xml"])


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
