"""`helpdesk faq import`: the Q&A document, scanned or reviewed, becomes the FAQ."""

import argparse
import json
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from helpdesk.cli import faq_search
from helpdesk.cli.commands import Commands
from helpdesk.errors import UnreadableDocument
from helpdesk.knowledge import importer, lexicon, reviewed, takeover
from helpdesk.knowledge.decoding import LARGEST
from helpdesk.knowledge.differences import Change, Kind
from helpdesk.knowledge.importer import Imported
from helpdesk.places import config_dir
from helpdesk.vocabulary import READERS_LABELS

_KINDS = {Kind.ADDED: "ajoutée", Kind.CHANGED: "modifiée", Kind.MOVED: "déplacée", Kind.GONE: "retirée"}


def add_commands(commands: Commands) -> None:
    """Add `helpdesk faq …`."""
    actions = commands.add_parser("faq", help="les questions et réponses").add_subparsers(
        required=True, metavar="ACTION"
    )
    take = actions.add_parser("import", help="lit un document de questions et réponses et le publie")
    take.add_argument("file", type=Path, metavar="FICHIER", help="texte scanné ou Markdown relu")
    take.add_argument("--dry-run", action="store_true", help="montre ce qui serait lu et réparé, sans rien enregistrer")
    form = take.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="imprime le document lu en JSON")
    form.add_argument("--markdown", action="store_true", help="imprime le document lu dans la forme à relire")
    take.set_defaults(run=_import)
    faq_search.add_commands(actions)


def _import(options: argparse.Namespace) -> int:
    imported = importer.read(_bytes_of(options.file), lexicon.load(config_dir() / "faq" / "words.txt"))
    if options.json:
        print(json.dumps(imported.document.as_json(), ensure_ascii=False, indent=2))
    elif options.markdown:
        print(reviewed.render(imported.document), end="")
    else:
        _show(imported)
    # What is printed for another program stands alone on standard output; the rest goes to people.
    notes = sys.stderr if options.json or options.markdown else sys.stdout
    if options.dry_run:
        print(f"Essai : rien n’est enregistré. {_counted(len(imported.repairs), 'réparation')}.", file=notes)
        return 0
    # Read here, for the sake of `faq search`, which starts without the pages.
    from helpdesk.cli.application import application

    with application().app_context():
        report = takeover.apply(imported.document, options.file.name, datetime.now(UTC))
    print(_sentence(report.changes), file=notes)
    return 0


def _bytes_of(path: Path) -> bytes:
    """The file, no further than it may be long."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise UnreadableDocument(f"{path} ne peut pas être lu : {error.strerror or error}.") from error


def _show(imported: Imported) -> None:
    """The outline of what was read, then each repair with its place."""
    for section in imported.document.sections:
        print(section.title)
        for each in section.questions:
            print(f"  - {each.question} [{READERS_LABELS[each.audience].lower()}]")
    readers = Counter(each.audience for each in imported.document.questions())
    shares = ", ".join(f"{label.lower()} : {readers[each]}" for each, label in READERS_LABELS.items())
    questions = _counted(readers.total(), "question")
    print(f"\n{_counted(len(imported.document.sections), 'rubrique')}, {questions} ({shares}).")
    if imported.repairs:
        print("\nRéparations :")
    for repair in imported.repairs:
        after = f"« {repair.after} »" if repair.after else "(laissé de côté)"
        print(f"  ligne {repair.line:>4}  « {repair.before} » → {after}  [{repair.rule}]")


def _sentence(changes: tuple[Change, ...]) -> str:
    found = Counter(change.kind for change in changes)
    parts = [f"{found[kind]} {word}{'s' if found[kind] > 1 else ''}" for kind, word in _KINDS.items() if found[kind]]
    return f"Questions : {', '.join(parts)}." if parts else "Rien n’a changé."


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'s' if number > 1 else ''}"
