"""Pages that are the same for every reader, kept by each process once they are made.

A page is kept for one edition: before each answer the process asks the database for the number of all editions
together, so that what is published is seen at once everywhere. What no edition tells (figures that drift) may be a
minute old; a page that will change by itself at a known moment (a banner begins or ends) says so with `keep_until`.
"""

import gzip
import hashlib
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from threading import Lock
from typing import Any, ParamSpec

from flask import current_app, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]
P = ParamSpec("P")

LONGEST = 60.0  # seconds
MOST = 500  # pages in each process, with both their forms some ten megabytes
_VARY = "Accept-Encoding, Cookie"
_MARK = "helpdesk.kept_until"  # only on pages that may be kept
_ENDS = "helpdesk.ends"
_EDITIONS = "SELECT coalesce(sum(number), 0) FROM edition"


def may_be_kept(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """For views that read nothing of the request but its path and its language. Who has a session is left alone: a
    cookie would travel along.
    """

    @wraps(view)
    def kept(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        response = make_response(view(*args, **kwargs))
        if response.status_code == 200 and current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
            request.environ[_MARK] = min(time.time() + LONGEST, request.environ.get(_ENDS, math.inf))
            # Browsers may keep it too, and ask each time whether it is still right: that costs them no page.
            response.headers["Cache-Control"] = "public, no-cache"
        return response

    return kept


def keep_until(moment: datetime) -> None:
    """The page that is being made will be another one from then on. Alone it lets no page be kept."""
    request.environ[_ENDS] = min(moment.timestamp(), request.environ.get(_ENDS, math.inf))


@dataclass(frozen=True)
class Page:
    """What is sent, and for how long it is right: at this edition, until this moment."""

    edition: int
    until: float
    headers: list[tuple[str, str]]
    etag: str
    plain: bytes
    packed: bytes

    def answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """The page, packed where the browser can unpack it; nothing where it has the page already."""
        packs = "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "")
        tag = f'"{self.etag}-gz"' if packs else f'"{self.etag}"'
        headers = [*self.headers, ("ETag", tag)]
        if self.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response("304 NOT MODIFIED", headers)
            return []
        body = self.packed if packs else self.plain
        headers.append(("Content-Length", str(len(body))))
        if packs:
            headers.append(("Content-Encoding", "gzip"))
        start_response("200 OK", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


class KeptPages:
    """Around the application: answers what is kept, keeps what may be."""

    def __init__(self, wsgi: Wsgi, engine: Engine, session_cookie: str) -> None:
        self._wsgi = wsgi
        self._engine = engine
        self._cookie = f"{session_cookie}="
        self._pages: OrderedDict[tuple[str, str], Page] = OrderedDict()
        self._lock = Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not self._is_for_all(environ):
            return self._wsgi(environ, start_response)
        key = (environ.get("SCRIPT_NAME", ""), environ.get("PATH_INFO", ""))
        page = self._pages.get(key)
        try:
            edition = self._edition()
        except SQLAlchemyError:
            # Nothing can be published now: what is kept is the best there is.
            return page.answer(environ, start_response) if page else self._wsgi(environ, start_response)
        if page and page.edition == edition and time.time() < page.until:
            return page.answer(environ, start_response)
        return self._make(key, edition, environ, start_response)

    def _is_for_all(self, environ: dict[str, Any]) -> bool:
        alike = environ["REQUEST_METHOD"] in ("GET", "HEAD") and not environ.get("QUERY_STRING")
        return alike and self._cookie not in environ.get("HTTP_COOKIE", "")

    def _edition(self) -> int:
        with self._engine.connect() as connection:
            return int(connection.exec_driver_sql(_EDITIONS).scalar_one())

    def _make(
        self, key: tuple[str, str], edition: int, environ: dict[str, Any], start_response: Any
    ) -> Iterable[bytes]:
        """The application's own answer, whole. The edition was read before it, so the page can only be newer."""
        inside = environ | {"REQUEST_METHOD": "GET"}
        started: list[Any] = []
        written = self._wsgi(inside, lambda *begun: started.extend(begun))
        try:
            body = b"".join(written)
        finally:
            getattr(written, "close", lambda: None)()
        status, headers = started[0], started[1]
        if _MARK not in inside or any(name == "Set-Cookie" for name, _ in headers):
            start_response(status, headers)
            return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
        page = Page(
            edition,
            inside[_MARK],
            # Who has a cookie of ours gets a page of their own.
            [*(each for each in headers if each[0] not in ("Content-Length", "Vary")), ("Vary", _VARY)],
            hashlib.sha256(body).hexdigest()[:32],
            body,
            gzip.compress(body, 6, mtime=0),
        )
        with self._lock:
            self._pages[key] = page
            self._pages.move_to_end(key)
            while len(self._pages) > MOST:
                self._pages.popitem(last=False)
        return page.answer(environ, start_response)
