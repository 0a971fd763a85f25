"""The application: parts plugged in, rooms opened. Importing this file does nothing."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import cache
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from helpdesk import pages
from helpdesk.db import db, tune
from helpdesk.demo.telephone import bp as demo_telephone
from helpdesk.demo.texts import bp as demo_texts
from helpdesk.demo.views import bp as demo_pages
from helpdesk.editing.banners import bp as banner_pages
from helpdesk.editing.drafts import bp as faq_draft_pages
from helpdesk.editing.entries import bp as faq_pages
from helpdesk.editing.imports import bp as faq_import_pages
from helpdesk.editing.measures import bp as faq_measure_pages
from helpdesk.editing.proposals import bp as faq_proposal_pages
from helpdesk.editing.synonyms import bp as faq_words_pages
from helpdesk.editing.writing import bp as faq_writing_pages
from helpdesk.figures.asking import bp as opinion_pages
from helpdesk.intake.phone.texts import bp as text_messages
from helpdesk.intake.phone.voice.telling import call_code
from helpdesk.intake.phone.voice.webhooks import bp as voice_calls
from helpdesk.intake.web import bp as intake_pages
from helpdesk.intake.web_schools import bp as school_proposals
from helpdesk.knowledge.deflection.asking import bp as asking_pages
from helpdesk.knowledge.readers import telling
from helpdesk.knowledge.readers.about import bp as about_pages
from helpdesk.knowledge.readers.api import bp as api_pages
from helpdesk.knowledge.readers.embeds import bp as embed_pages
from helpdesk.knowledge.readers.feeds import bp as feed_pages
from helpdesk.knowledge.readers.kept import KeptPages
from helpdesk.knowledge.readers.telling import bp as banners_of_place
from helpdesk.knowledge.readers.voting import bp as voting_pages
from helpdesk.knowledge.views import bp as knowledge_pages
from helpdesk.languages import LANGUAGES
from helpdesk.outbox import ways
from helpdesk.parts import Parts
from helpdesk.places import static_dir, templates_dir
from helpdesk.settings import Settings
from helpdesk.tickets import clocks, search_index
from helpdesk.workspace import auth
from helpdesk.workspace.accuracy import bp as accuracy_pages
from helpdesk.workspace.answering import bp as answering_pages
from helpdesk.workspace.calls.by_hand import bp as by_hand_pages
from helpdesk.workspace.calls.call_backs import bp as call_back_pages
from helpdesk.workspace.canned import bp as canned_pages
from helpdesk.workspace.figures.load import bp as load_pages
from helpdesk.workspace.figures.pages import bp as figure_pages
from helpdesk.workspace.finding import bp as finding_pages
from helpdesk.workspace.health import bp as health_page
from helpdesk.workspace.incidents.answer import bp as incident_answer_pages
from helpdesk.workspace.incidents.joining import bp as joining_pages
from helpdesk.workspace.incidents.pages import bp as incident_pages
from helpdesk.workspace.mails import bp as mail_pages
from helpdesk.workspace.order.bulk import bp as bulk_pages
from helpdesk.workspace.order.links import bp as link_pages
from helpdesk.workspace.order.merging import bp as merge_pages
from helpdesk.workspace.order.splitting import bp as split_pages
from helpdesk.workspace.order.tags import bp as tag_pages
from helpdesk.workspace.people.pages import bp as person_pages
from helpdesk.workspace.people.school import bp as school_pages
from helpdesk.workspace.people.who import bp as who_pages
from helpdesk.workspace.queue import bp as queue_pages
from helpdesk.workspace.rules import bp as rules_pages
from helpdesk.workspace.rules_draft import bp as rules_draft_pages
from helpdesk.workspace.rules_edit import bp as rules_edit_pages
from helpdesk.workspace.service import bp as service_pages
from helpdesk.workspace.ticket import bp as ticket_pages
from helpdesk.workspace.told import bp as told_pages

PUBLIC = (
    knowledge_pages,
    asking_pages,
    feed_pages,
    embed_pages,
    api_pages,
    about_pages,
    voting_pages,
    banners_of_place,
    intake_pages,
    opinion_pages,
    school_proposals,
    text_messages,
    voice_calls,
)
FOR_AGENTS = (
    auth.bp,
    queue_pages,
    finding_pages,
    bulk_pages,
    ticket_pages,
    answering_pages,
    link_pages,
    tag_pages,
    merge_pages,
    person_pages,
    school_pages,
    who_pages,
    split_pages,
    joining_pages,
    told_pages,
    incident_pages,
    incident_answer_pages,
    call_back_pages,
    by_hand_pages,
    canned_pages,
    rules_pages,
    rules_draft_pages,
    rules_edit_pages,
    service_pages,
    accuracy_pages,
    figure_pages,
    load_pages,
    mail_pages,
    health_page,
    faq_pages,
    faq_draft_pages,
    faq_writing_pages,
    faq_import_pages,
    faq_proposal_pages,
    faq_measure_pages,
    faq_words_pages,
    banner_pages,
)
YEAR = 31_536_000  # seconds
STATIC_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
}


def create_app(parts: Parts) -> Flask:
    """The site. The schema must be up to date (`helpdesk db upgrade`)."""
    settings = parts.settings
    app = Flask("helpdesk", template_folder=str(templates_dir()), static_folder=None)
    app.config.update(_flask_settings(settings))
    app.extensions["helpdesk"] = parts
    app.extensions[clocks.BOOK] = parts.calendar
    app.jinja_env.globals["call_code"] = lambda ticket: call_code(settings, ticket.id)
    app.extensions[ways.TEXTS] = parts.texter is not None
    db.init_app(app)
    search_index.follow(db.session)
    with app.app_context():
        tune(db.engine)
    pages.prepare(app)
    auth.prepare(app)
    telling.prepare(app)
    for blueprint in (*PUBLIC, *FOR_AGENTS):
        app.register_blueprint(blueprint)
    if settings.demo:
        app.register_blueprint(demo_pages)
        if not settings.twilio_account_sid:
            app.register_blueprint(demo_telephone)
            app.register_blueprint(demo_texts)
    _wrap(app, settings)
    return app


def _flask_settings(settings: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SECRET_KEY_FALLBACKS": list(settings.secret_key_fallbacks),
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        # What people wrote is a parameter: errors of the database go to the log without.
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "hide_parameters": True,
            "max_overflow": max(10, settings.threads),
            # A server that was restarted is met by the ping and not by somebody's page.
            "pool_pre_ping": settings.database_url.startswith("postgresql"),
        },
        "MAX_CONTENT_LENGTH": (settings.upload_mb + 1) * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 500_000,
        "SESSION_COOKIE_NAME": "helpdesk",
        "SESSION_COOKIE_PATH": "/",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.https,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=settings.session_hours),
        # The token lives as long as its session: a parent may take a day over the form.
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": LANGUAGES[0],
    }


def _wrap(app: Flask, settings: Settings) -> None:
    """Static files first, then pages that are kept, then the language of the address, then the proxies' word on who is
    asking.
    """
    with app.app_context():
        kept = KeptPages(app.wsgi_app, db.engine, app.config["SESSION_COOKIE_NAME"])
    static = WhiteNoise(kept)
    static.files = _static_files()
    wsgi: Any = LanguagePrefix(static)
    if settings.proxy_hops:
        hops = settings.proxy_hops
        wsgi = ProxyFix(wsgi, x_for=hops, x_proto=hops, x_host=hops)
    app.wsgi_app = wsgi  # type: ignore[method-assign]  # the way Flask documents to wrap an application


def _say_more(headers: Any, _path: str, _url: str) -> None:
    """A picture that is opened by itself runs nothing either."""
    for name, value in STATIC_HEADERS.items():
        headers[name] = value


@cache
def _static_files() -> dict[str, Any]:
    """What is served below /static/, as WhiteNoise keeps it. Over a thousand files are looked at, once a process."""
    shelf = WhiteNoise(
        None,
        root=str(static_dir()),
        prefix="static/",
        max_age=YEAR,
        allow_all_origins=False,
        add_headers_function=_say_more,
    )
    return shelf.files


class LanguagePrefix:
    """`/en/…` is the same site in English: the prefix moves to SCRIPT_NAME, so that every link keeps it by itself."""

    def __init__(self, wsgi: Callable[..., Iterable[bytes]]) -> None:
        self._wsgi = wsgi

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        for code in LANGUAGES[1:]:
            if path == f"/{code}" or path.startswith(f"/{code}/"):
                environ["SCRIPT_NAME"] = f"{environ.get('SCRIPT_NAME', '')}/{code}"
                environ["PATH_INFO"] = path[len(code) + 1 :] or "/"
                break
        return self._wsgi(environ, start_response)
