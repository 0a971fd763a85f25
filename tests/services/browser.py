"""A real Chromium, and what every page must stand: no request off this machine, no script or style that CSP refuses.

The program comes from CHROMIUM, else from PATH.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import playwright
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from scripts.assets import MODULES, node

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No other name is even looked up.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
_LOCAL_SCHEMES = {"data", "blob", "about"}
# The rules that a public service in France owes: WCAG 2.1 A and AA, which RGAA 4 tests, and axe's own good practice.
_AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


@contextmanager
def running() -> Iterator[Browser]:
    """Start the browser, end it afterwards. Skips the test where there is none."""
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        pytest.skip("no Chromium here: install the system's package chromium, or name the program in CHROMIUM")
    _lend_node()
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=_OPTIONS)
        try:
            yield browser
        finally:
            browser.close()


def _lend_node() -> None:
    """Playwright's own Node.js wants libatomic, which a bare Debian lacks; the one that fetches axe-core does not."""
    own, ours = Path(playwright.__file__).parent / "driver" / "node", node()
    if ours and subprocess.run([own, "--version"], capture_output=True, check=False).returncode != 0:
        os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(ours))


@contextmanager
def visiting(browser: Browser, **options: Any) -> Iterator[Page]:
    """A page of a fresh visitor. At its end, everything it did wrong on the way fails the test."""
    context = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", **options)
    faults: list[str] = []
    _watch(context, faults)
    try:
        yield context.new_page()
    finally:
        context.close()
    assert not faults, "\n".join(faults)


def _watch(context: BrowserContext, faults: list[str]) -> None:
    def on_request(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in _LOCAL_SCHEMES and address.hostname not in {"127.0.0.1", "localhost"}:
            faults.append(f"request off this machine: {request.url}")

    def on_console(message: ConsoleMessage) -> None:
        if "content security policy" in message.text.lower():
            faults.append(f"refused by the content security policy: {message.text}")

    context.on("request", on_request)
    context.on("console", on_console)
    context.on("weberror", lambda error: faults.append(f"script error: {error.error}"))


def axe(page: Page) -> list[str]:
    """What axe-core finds inaccessible on the page, one line each: rule, what it means, where."""
    source = MODULES / "axe-core" / "axe.min.js"
    if not source.exists():
        pytest.skip("no axe-core here: run `make test`, which fetches it")
    with _scripted(page) as readable:
        readable.evaluate(source.read_text(encoding="utf-8"))
        found = readable.evaluate("rules => axe.run(document, {runOnly: rules})", _AXE_RULES)
    return [f"{rule['id']}: {rule['help']} ({_places(rule['nodes'])})" for rule in found["violations"]]


@contextmanager
def _scripted(page: Page) -> Iterator[Page]:
    """The page, or its copy where axe can run: timers stand still in a browser without scripts, and axe waits on them.

    The copy shows what such a visitor sees: the same document, its scripts taken out and its noscript parts unwrapped.
    """
    if not page.evaluate("matchMedia('(scripting: none)').matches"):
        yield page
        return
    document = re.sub(r"(?is)<script\b.*?</script>|</?noscript\b[^>]*>", "", page.content())
    assert page.context.browser
    with visiting(page.context.browser, viewport=page.viewport_size) as copy:
        copy.route(page.url, lambda route: route.fulfill(body=document, content_type="text/html; charset=utf-8"))
        copy.goto(page.url)
        yield copy


def _places(nodes: list[dict[str, Any]]) -> str:
    return ", ".join(str(node["target"][0]) for node in nodes[:5])


def narrow(page: Page) -> None:
    """The width that a page must fit without scrolling sideways: 320 CSS pixels, a small phone or a zoom of 400 %."""
    page.set_viewport_size({"width": 320, "height": 640})


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def dark(page: Page) -> None:
    """Ask for dark colours, as the visitor's system would."""
    page.emulate_media(color_scheme="dark")
