"""The house keeps its order: floors, homes of outside libraries, size of files."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "helpdesk"

# Longest prefix wins. Folders mix floors on purpose: a room holds its thought, its verbs and its door.
FLOORS = {
    "helpdesk": 0,
    "helpdesk.errors": 0,
    "helpdesk.text": 0,
    "helpdesk.stems": 0,
    "helpdesk.languages": 0,
    "helpdesk.vocabulary": 0,
    "helpdesk.settings": 0,
    "helpdesk.places": 0,
    "helpdesk.privacy": 0,
    "helpdesk.worktime": 0,
    "helpdesk.calendars": 0,
    "helpdesk.intake": 0,
    "helpdesk.routing": 0,
    "helpdesk.tickets": 0,
    "helpdesk.people": 0,
    "helpdesk.knowledge": 0,
    "helpdesk.outbox": 0,
    "helpdesk.figures": 0,
    "helpdesk.figures.counting": 2,
    "helpdesk.figures.keeping": 2,
    "helpdesk.figures.looking": 2,
    "helpdesk.figures.opinions": 2,
    "helpdesk.figures.load": 2,
    "helpdesk.figures.asking": 4,
    "helpdesk.db": 1,
    "helpdesk.schema": 1,
    "helpdesk.files": 1,
    "helpdesk.models": 1,
    "helpdesk.migrations": 1,
    "helpdesk.people.persons": 2,
    "helpdesk.people.agents": 2,
    "helpdesk.people.rights": 2,
    "helpdesk.people.sight": 2,
    "helpdesk.outbox.post": 2,
    "helpdesk.outbox.undelivered": 2,
    "helpdesk.outbox.ways": 2,
    "helpdesk.outbox.reports": 2,
    "helpdesk.tickets.history": 2,
    "helpdesk.tickets.access": 2,
    "helpdesk.tickets.actions": 2,
    "helpdesk.tickets.canned": 2,
    "helpdesk.tickets.citing": 2,
    "helpdesk.tickets.drafts": 2,
    "helpdesk.tickets.holds": 2,
    "helpdesk.tickets.meanwhile": 2,
    "helpdesk.tickets.taking_back": 2,
    "helpdesk.tickets.waking": 2,
    "helpdesk.tickets.clocks": 2,
    "helpdesk.tickets.escalation": 2,
    "helpdesk.tickets.order.links": 2,
    "helpdesk.tickets.order.alike": 2,
    "helpdesk.tickets.order.tags": 2,
    "helpdesk.tickets.order.whose": 2,
    "helpdesk.tickets.order.withdrawing": 2,
    "helpdesk.tickets.order.merging": 2,
    "helpdesk.tickets.order.splitting": 2,
    "helpdesk.tickets.order.unwanted": 2,
    "helpdesk.tickets.bulk.orders": 2,
    "helpdesk.tickets.bulk.doing": 2,
    "helpdesk.tickets.bulk.undoing": 2,
    "helpdesk.tickets.incidents.sight": 2,
    "helpdesk.tickets.incidents.records": 2,
    "helpdesk.tickets.incidents.offers": 2,
    "helpdesk.tickets.incidents.joining": 2,
    "helpdesk.tickets.incidents.answering": 2,
    "helpdesk.tickets.incidents.watching": 2,
    "helpdesk.tickets.telling": 2,
    "helpdesk.tickets.glance": 2,
    "helpdesk.tickets.snoozing": 2,
    "helpdesk.tickets.calls.asking": 2,
    "helpdesk.tickets.calls.calling": 2,
    "helpdesk.tickets.calls.listing": 2,
    "helpdesk.tickets.calls.earlier": 2,
    "helpdesk.intake.by_hand": 2,
    "helpdesk.tickets.resending": 2,
    "helpdesk.tickets.erasing": 2,
    "helpdesk.tickets.retention": 2,
    "helpdesk.tickets.queries": 2,
    "helpdesk.tickets.queue": 2,
    "helpdesk.tickets.next_up": 2,
    "helpdesk.tickets.saved_views": 2,
    "helpdesk.tickets.search": 2,
    "helpdesk.tickets.search_index": 2,
    "helpdesk.tickets.ageing": 2,
    "helpdesk.tickets.placing": 2,
    "helpdesk.tickets.closings": 2,
    "helpdesk.tickets.sharing": 2,
    "helpdesk.tickets.handing": 2,
    "helpdesk.routing.assign": 2,
    "helpdesk.routing.directory": 2,
    "helpdesk.routing.school_search": 2,
    "helpdesk.routing.school_completion": 2,
    "helpdesk.routing.corrections": 2,
    "helpdesk.routing.school_change": 2,
    "helpdesk.routing.rulebooks": 2,
    "helpdesk.routing.in_force": 2,
    "helpdesk.routing.judge": 2,
    "helpdesk.routing.side_by_side": 2,
    "helpdesk.routing.replay": 2,
    "helpdesk.intake.opening": 2,
    "helpdesk.intake.receive": 2,
    "helpdesk.intake.ledger": 2,
    "helpdesk.intake.threads": 2,
    "helpdesk.intake.incoming": 2,
    "helpdesk.intake.cases": 3,
    "helpdesk.intake.mailroom": 3,
    "helpdesk.intake.mailbox": 3,
    "helpdesk.intake.maildir": 3,
    "helpdesk.intake.poll": 3,
    "helpdesk.intake.reconcile": 3,
    "helpdesk.knowledge.articles": 2,
    "helpdesk.knowledge.drafts": 2,
    "helpdesk.knowledge.editors": 2,
    "helpdesk.knowledge.entries": 2,
    "helpdesk.knowledge.fitness": 2,
    "helpdesk.knowledge.images": 2,
    "helpdesk.knowledge.imports": 2,
    "helpdesk.knowledge.moves": 2,
    "helpdesk.knowledge.proposals": 2,
    "helpdesk.knowledge.publishing": 2,
    "helpdesk.knowledge.reminders": 3,
    "helpdesk.knowledge.takeover": 2,
    "helpdesk.knowledge.search": 2,
    "helpdesk.outbox.mailer": 3,
    "helpdesk.outbox.texting": 3,
    "helpdesk.outbox.alarms": 3,
    "helpdesk.outbox.letters": 3,
    "helpdesk.outbox.deliver": 3,
    "helpdesk.outbox.dispatch": 3,
    "helpdesk.bench": 2,
    "helpdesk.limits": 3,
    "helpdesk.parts": 3,
    "helpdesk.duties": 3,
    "helpdesk.logs": 3,
    "helpdesk.pages": 4,
    "helpdesk.health": 4,
    "helpdesk.forms": 4,
    "helpdesk.intake.robots": 4,
    "helpdesk.intake.phone.gate": 4,
    "helpdesk.intake.phone.voice.calls": 2,
    "helpdesk.intake.phone.voice.health": 2,
    "helpdesk.intake.phone.voice.refused": 2,
    "helpdesk.intake.phone.voice.sources": 2,
    "helpdesk.intake.phone.voice.line": 3,
    "helpdesk.intake.phone.voice.prompts": 3,
    "helpdesk.intake.phone.voice.transcripts": 3,
    "helpdesk.intake.phone.voice.recordings": 3,
    "helpdesk.intake.phone.voice.webhooks": 4,
    "helpdesk.intake.phone.texts": 4,
    "helpdesk.intake.phone.pictures": 3,
    "helpdesk.intake.phone.fetching": 3,
    "helpdesk.intake.phone.text_messages": 2,
    "helpdesk.intake.web": 4,
    "helpdesk.intake.web_form": 4,
    "helpdesk.intake.web_schools": 4,
    "helpdesk.knowledge.readers.votes": 2,
    "helpdesk.knowledge.readers.banners": 2,
    "helpdesk.knowledge.readers.kept": 4,
    "helpdesk.knowledge.readers.telling": 4,
    "helpdesk.knowledge.readers.about": 4,
    "helpdesk.knowledge.readers.voting": 4,
    "helpdesk.knowledge.readers.showing": 2,
    "helpdesk.knowledge.readers.feeds": 4,
    "helpdesk.knowledge.readers.embeds": 4,
    "helpdesk.knowledge.readers.api": 4,
    "helpdesk.knowledge.deflection.noting": 2,
    "helpdesk.knowledge.deflection.rolling": 2,
    "helpdesk.knowledge.deflection.results": 2,
    "helpdesk.knowledge.deflection.asking": 4,
    "helpdesk.knowledge.words.in_force": 2,
    "helpdesk.knowledge.words.versions": 2,
    "helpdesk.knowledge.views": 4,
    "helpdesk.workspace": 4,
    "helpdesk.editing": 4,
    "helpdesk.demo": 4,
    "helpdesk.app": 5,
    "helpdesk.worker": 5,
    "helpdesk.wsgi": 5,
    "helpdesk.cli": 5,
}
COMMON = {
    "errors",
    "text",
    "stems",
    "languages",
    "vocabulary",
    "settings",
    "setting_list",
    "setting_values",
    "places",
    "privacy",
    "worktime",
    "calendars",
}
HOMES = {
    "imapclient": {"helpdesk.intake.mailbox"},
    "smtplib": {"helpdesk.outbox.mailer"},
    "flask_login": {"helpdesk.workspace.auth"},
    "argon2": {"helpdesk.workspace.auth"},
    "pypdf": {"helpdesk.knowledge.pdf"},
    "rq": {"helpdesk.outbox.dispatch", "helpdesk.worker"},
    "twilio": {"helpdesk.outbox.texting", "helpdesk.intake.phone.signatures"},
    "waitress": {"helpdesk.cli.site"},
    "os.environ": {"helpdesk.cli.application", "helpdesk.cli.database"},
}
PURE = {
    "flask",
    "flask_sqlalchemy",
    "sqlalchemy",
    "alembic",
    "flask_wtf",
    "flask_babel",
    "socket",
    "smtplib",
    "imapclient",
    "requests",
}


def modules() -> Iterator[tuple[str, Path, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        relative = path.relative_to(PACKAGE.parent).with_suffix("")
        name = ".".join(relative.parts).removesuffix(".__init__")
        yield name, path, ast.parse(path.read_text("utf-8"))


def imports(tree: ast.Module) -> Iterator[str]:
    """Every module that is imported anywhere in the file, functions included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            base = node.module or ""
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names if is_module(f"{base}.{alias.name}"))


def is_module(name: str) -> bool:
    path = PACKAGE.parent.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


def floor(name: str) -> int:
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        if ".".join(parts[:length]) in FLOORS:
            return FLOORS[".".join(parts[:length])]
    raise AssertionError(f"{name} stands on no floor")


def room(name: str) -> str:
    return name.split(".")[1] if name.count(".") else name


ALL = list(modules())


@pytest.mark.parametrize(("name", "tree"), [(name, tree) for name, _, tree in ALL], ids=[name for name, _, _ in ALL])
def test_imports_only_go_down(name: str, tree: ast.Module) -> None:
    ours = [imported for imported in imports(tree) if imported.split(".")[0] == "helpdesk"]

    upward = [imported for imported in ours if floor(imported) > floor(name)]

    assert upward == []


@pytest.mark.parametrize(("name", "tree"), [(name, tree) for name, _, tree in ALL], ids=[name for name, _, _ in ALL])
def test_thought_knows_no_framework_and_no_other_room(name: str, tree: ast.Module) -> None:
    if floor(name) > 0:
        return
    for imported in imports(tree):
        assert imported.split(".")[0] not in PURE
        if imported.startswith("helpdesk.") and imported != "helpdesk.intake.message":
            assert room(imported) in COMMON | {room(name)}, f"{name} leans on {imported}"


@pytest.mark.parametrize("library", sorted(HOMES))
def test_an_outside_library_has_one_home(library: str) -> None:
    found = {
        name
        for name, path, tree in ALL
        if any(imported.split(".")[0] == library for imported in imports(tree))
        or (library == "os.environ" and "os.environ" in path.read_text("utf-8"))
    }

    assert found <= HOMES[library]


@pytest.mark.parametrize(("name", "path"), [(name, path) for name, path, _ in ALL], ids=[name for name, _, _ in ALL])
def test_a_file_has_one_job(name: str, path: Path) -> None:
    assert "/migrations/" in str(path) or len(path.read_text("utf-8").splitlines()) <= 300


def test_a_file_of_tests_has_one_subject() -> None:
    lengths = {str(path): len(path.read_text("utf-8").splitlines()) for path in Path(__file__).parent.rglob("*.py")}

    assert {path: length for path, length in lengths.items() if length > 320} == {}


@pytest.mark.parametrize(("name", "path", "tree"), ALL, ids=[name for name, _, _ in ALL])
def test_a_file_says_what_it_is_for(name: str, path: Path, tree: ast.Module) -> None:
    assert ast.get_docstring(tree), f"{name} has no docstring"
    if path.name == "__init__.py" and name != "helpdesk.models":
        assert len(tree.body) == 1, f"{name} is more than a docstring"
