"""Pictures of the pages for the documentation: `make screenshots` fills docs/screenshots with the demo's data."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from helpdesk.demo.seed import DEMO_PASSWORD, demo_agents
from scripts.steps import ROOT
from tests.services import browser as browsers
from tests.services import site

FOLDER = ROOT / "docs" / "screenshots"
WIDE = {"width": 1200, "height": 900}
PHONE = {"width": 390, "height": 844}


def public_pages(page: Page, address: str) -> None:
    """What parents see."""
    for name, path in {"home": "/", "questions": "/questions", "request": "/demande"}.items():
        page.goto(address + path)
        _keep(page, name)


def agents_pages(page: Page, address: str) -> None:
    """What the first demo agent sees, from signing in to a ticket."""
    page.goto(f"{address}/agent/connexion")
    page.locator("[name=email]").fill(demo_agents()[0][0])
    page.locator("[name=password]").fill(DEMO_PASSWORD)
    page.locator("main form [type=submit]").click()
    page.wait_for_url(f"{address}/agent/")
    _keep(page, "queue")
    page.locator("main a[href*='/agent/demandes/']").first.click()
    page.wait_for_url("**/agent/demandes/*")
    _keep(page, "ticket")


def _keep(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png", full_page=True)
    sys.stdout.write(f"docs/screenshots/{name}.png\n")


def main() -> None:
    """Start the site on data of its own, visit it as a parent on a phone and as an agent at a desk."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="helpdesk-screenshots-") as name:
        folder = Path(name)
        site.helpdesk(folder, "db", "upgrade")
        site.helpdesk(folder, "demo", "seed")
        with site.running(folder) as (_process, address), browsers.running() as browser:
            with browsers.visiting(browser, viewport=PHONE) as page:
                public_pages(page, address)
            with browsers.visiting(browser, viewport=WIDE) as page:
                agents_pages(page, address)


if __name__ == "__main__":
    main()
