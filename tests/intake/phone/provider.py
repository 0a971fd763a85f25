"""A small provider on this machine: takes text messages, and has files that only the account may fetch."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

ACCOUNT, TOKEN = "AC" + "0" * 32, "secret-of-the-account"
SECRET = f"Basic {base64.b64encode(f'{ACCOUNT}:{TOKEN}'.encode()).decode()}"
PNG = b"\x89PNG\r\n\x1a\n one screen"


@dataclass
class Provider:
    """`answers` are what the next texts are told (status, body); without one they are taken. `files` are bytes by path,
    or the address to which the path leads.
    """

    url: str = ""
    texts: list[dict[str, str]] = field(default_factory=list)
    answers: list[tuple[int, str]] = field(default_factory=list)
    files: dict[str, bytes | str] = field(default_factory=dict)
    asked: list[tuple[str, str, bool]] = field(default_factory=list)  # method, path, with the secret

    def media(self, name: str = "ME1") -> str:
        """The path of a file of the account."""
        return f"/2010-04-01/Accounts/{ACCOUNT}/Messages/MM1/Media/{name}"


@contextmanager
def running() -> Iterator[Provider]:
    provider = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"provider": provider}))
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()


class Handler(BaseHTTPRequestHandler):
    """The provider's side of one request."""

    provider: Provider

    def do_POST(self) -> None:
        body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        if self.headers.get("Authorization") != SECRET or not self.path.endswith(f"/{ACCOUNT}/Messages.json"):
            self._answer(401, b"{}")
            return
        status, text = self.provider.answers.pop(0) if self.provider.answers else (201, "")
        if status == 201:
            self.provider.texts.append({name: values[0] for name, values in body.items()})
            text = json.dumps({"sid": f"SM{len(self.provider.texts):032x}", "status": "queued"})
        self._answer(status, text.encode())

    def do_GET(self) -> None:
        known = self._noted("GET")
        found = self.provider.files.get(self.path)
        if isinstance(found, str):
            self._answer(302, b"", found)
        elif found is None or not (known or self.path.startswith("/open/")):
            self._answer(404, b"")
        else:
            self._answer(200, found)

    def do_DELETE(self) -> None:
        self._noted("DELETE")
        self._answer(204 if self.provider.files.pop(self.path, None) is not None else 404, b"")

    def _noted(self, method: str) -> bool:
        known = self.headers.get("Authorization") == SECRET
        self.provider.asked.append((method, self.path, known))
        return known

    def _answer(self, status: int, body: bytes, location: str = "") -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name there)
        """Tests say what they see themselves."""
