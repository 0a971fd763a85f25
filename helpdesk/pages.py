"""What every page shares: the parts, the language, the headers, and one way to show an error."""

import secrets
from datetime import datetime
from functools import lru_cache
from typing import Any, cast
from zoneinfo import ZoneInfo

import structlog
from babel.support import NullTranslations
from flask import Flask, Request, Response, abort, current_app, g, has_request_context, render_template, request
from flask_babel import Babel, Domain, format_datetime, get_locale, gettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup, escape
from sqlalchemy import exc
from werkzeug.datastructures import ImmutableMultiDict, iter_multi_items
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Map

from helpdesk.db import Unavailable, db
from helpdesk.errors import Changed, HelpdeskError, IllegalMove, NotAllowed, NotFound
from helpdesk.files import StorageFull
from helpdesk.languages import LANGUAGES, catalogue
from helpdesk.parts import Parts
from helpdesk.places import static_dir, translations_dir

log = structlog.get_logger()

# No inline script or style anywhere; `data:` pictures are the small icons inside the design system's stylesheet.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
STATUS_OF_ERROR: dict[type[HelpdeskError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    IllegalMove: 409,
    Changed: 409,
    Unavailable: 503,
    StorageFull: 503,
}


def parts_of(app: Flask) -> Parts:
    """The parts that were plugged into an application."""
    return cast(Parts, app.extensions["helpdesk"])


def parts() -> Parts:
    """The parts of the running application."""
    return parts_of(current_app)


def language() -> str:
    """Of the page: told by the address (`/en/…`), French otherwise."""
    if not has_request_context():
        return LANGUAGES[0]
    prefix = request.environ.get("SCRIPT_NAME", "").rpartition("/")[2]
    return prefix if prefix in LANGUAGES[1:] else LANGUAGES[0]


def in_other_language(code: str) -> str:
    """The address of this page in another language."""
    prefix = "" if code == LANGUAGES[0] else f"/{code}"
    return f"{prefix}{request.path}"


def asset(path: str) -> str:
    """Address of a static file; changes with the file, so that browsers may keep it for ever."""
    return f"/static/{path}?v={current_app.config['ASSET_VERSION']}"


def moment(value: datetime, timezone: str = "Europe/Paris", form: str = "d MMMM y 'à' HH:mm") -> str:
    """A moment as people say it, in the zone of the service concerned."""
    if language() != LANGUAGES[0]:
        form = "d MMMM y HH:mm"
    return format_datetime(value.astimezone(ZoneInfo(timezone)).replace(tzinfo=None), form, rebase=False)


def paragraphs(text: str) -> Markup:
    """Plain text from people as HTML: paragraphs and line breaks, everything else escaped."""
    blocks = [block for block in text.split("\n\n") if block.strip()]
    return Markup("").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(escape(line) for line in block.split("\n"))) for block in blocks
    )


_TRANSLATIONS = translations_dir()


class Catalogues(Domain):
    """Where Flask-Babel finds the words of the page's language: with the mails', so that both say the same."""

    def get_translations(self) -> NullTranslations:
        return catalogue(language(), _TRANSLATIONS)  # asked for each word of a page


def said(text: str, /, **values: Any) -> Markup:
    """A text of a template in the page's language. Flask-Babel's own way asks a dozen things for each of the three
    hundred texts of a page.
    """
    if not values:
        return _whole(language(), text)
    return _marked(language(), text) % values


@lru_cache(maxsize=10_000)
def _marked(code: str, text: str) -> Markup:
    return Markup(catalogue(code, _TRANSLATIONS).gettext(text))  # noqa: S704 (texts of ours; values are escaped)


@lru_cache(maxsize=10_000)
def _whole(code: str, text: str) -> Markup:
    return _marked(code, text) % {}


class Said(ImmutableMultiDict[str, Any]):
    """What an address or a form says. Nobody types a NUL, and PostgreSQL refuses to be asked for one."""

    def __init__(self, said: Any = None) -> None:
        pairs = iter_multi_items(said) if said else ()
        super().__init__([(name, text.replace("\x00", "") if isinstance(text, str) else text) for name, text in pairs])


class Asked(Request):
    """A request whose texts can be handed on. The provider of the telephone signs its words letter by letter, so they
    stay as they are; its rooms clean them.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.path.startswith("/telephone/"):
            self.parameter_storage_class = Said


class RowNumber(IntegerConverter):
    """The number of a row in an address, `<int:…>`, of a table that grows with the requests: a greater one than the
    database can be asked for names no page.
    """

    def __init__(self, url_map: Map, *args: Any, **options: Any) -> None:
        super().__init__(url_map, *args, **{"max": 2**63 - 1, **options})


class Id(IntegerConverter):
    """The same for the other tables, `<id:…>`: their columns of ids are half as wide."""

    def __init__(self, addresses: Map) -> None:
        super().__init__(addresses, max=2**31 - 1)


def prepare(app: Flask) -> None:
    """Give the application what every page shares."""
    app.request_class, app.url_map.converters["int"] = Asked, RowNumber
    app.url_map.converters["id"] = Id
    Babel(app, locale_selector=language).domain_instance = Catalogues()
    app.jinja_env.globals.update(_=said, gettext=said)
    app.config["ASSET_VERSION"] = _asset_version()
    app.jinja_env.globals.update(asset=asset, language=language, in_other_language=in_other_language)
    app.jinja_env.filters.update(moment=moment, paragraphs=paragraphs)
    app.jinja_env.add_extension("jinja2.ext.do")
    app.context_processor(lambda: {"settings": parts().settings, "locale": get_locale()})
    app.before_request(_name_request)
    app.after_request(_headers)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(HelpdeskError, _helpdesk_error)
    for kind in (exc.OperationalError, exc.InterfaceError, exc.TimeoutError):
        app.register_error_handler(kind, _database_away)
    app.register_error_handler(Exception, _unexpected)


def error_page(status: int, title: str, text: str) -> tuple[str, int]:
    """One page for everything that went wrong, in plain words, with a way on and, where that is our fault, with what
    somebody has written.
    """
    # Of all that a form holds only people's own words have spaces.
    fields = request.form.items(multi=True) if status >= 500 else ()
    typed = [value for name, value in fields if " " in value.strip() and name != "password"]
    return render_template("error.html", title=title, text=text, status=status, typed=typed), status


def _name_request() -> None:
    if "\x00" in request.path:
        abort(404)
    g.request_id = secrets.token_hex(6)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.request_id)


def _headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    # Follow-up links are secrets in the address: no other site may learn them.
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if parts().settings.https:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if response.status_code == 503:
        headers.setdefault("Retry-After", "60")
    if "Cache-Control" not in headers:
        headers["Cache-Control"] = "no-store"
    return response


def _http_error(error: HTTPException) -> tuple[str, int] | HTTPException:
    if error.code is None or error.code < 400:
        return error
    title, text = _HTTP_TEXTS.get(error.code, _HTTP_TEXTS[400 if error.code < 500 else 500])
    return error_page(error.code, str(title), str(text))


def _helpdesk_error(error: HelpdeskError) -> tuple[str, int]:
    db.session.rollback()
    status = next((code for kind, code in STATUS_OF_ERROR.items() if isinstance(error, kind)), 400)
    title, _text = _HTTP_TEXTS.get(status, _HTTP_TEXTS[400])
    return error_page(status, str(title), gettext(str(error)))


def _database_away(error: Exception) -> tuple[str, int]:
    """Reading finds no database; writing says so itself. One line a page: there may be thousands before it is back."""
    db.session.rollback()
    log.error("database does not answer", path_rule=str(request.url_rule), error=type(error).__name__)
    title, text = _HTTP_TEXTS[503]
    return error_page(503, str(title), str(text))


def _unexpected(error: Exception) -> tuple[str, int]:
    db.session.rollback()
    log.error("page failed", exc_info=error, path_rule=str(request.url_rule), error=type(error).__name__)
    title, text = _HTTP_TEXTS[500]
    return error_page(500, str(title), str(text))


_HTTP_TEXTS = {
    400: (
        _("Nous n’avons pas compris"),
        _("La page a reçu quelque chose d’inattendu. Revenez en arrière et réessayez."),
    ),
    403: (_("Ce n’est pas possible"), _("Vous n’avez pas le droit de faire cela.")),
    404: (_("Cette page n’existe pas"), _("Vérifiez l’adresse, ou cherchez votre réponse depuis l’accueil.")),
    405: (_("Ce n’est pas possible"), _("Cette adresse ne s’ouvre pas ainsi. Revenez en arrière et réessayez.")),
    409: (_("La demande a changé"), _("Quelqu’un vient de modifier la même demande. Ouvrez-la à nouveau.")),
    413: (_("C’est trop gros"), _("Les fichiers ou le texte dépassent la taille permise.")),
    429: (_("Trop de tentatives"), _("Attendez quelques minutes, puis réessayez.")),
    500: (_("Nous avons un problème"), _("L’erreur vient de nous. Réessayez dans quelques minutes.")),
    503: (_("Le service est interrompu"), _("Réessayez dans quelques minutes : rien n’a été enregistré.")),
}


def _asset_version() -> str:
    newest = max((path.stat().st_mtime for path in static_dir().rglob("*.[cj]s*")), default=0.0)
    return f"{int(newest):x}"
