"""`helpdesk faq import` and `export`: the Q&A document, in whatever form, becomes the FAQ and comes out of it again."""

import argparse
import json
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from helpdesk.cli import faq_search
from helpdesk.cli.commands import Commands
from helpdesk.errors import HelpdeskError, UnreadableDocument
from helpdesk.knowledge import importer, lexicon, reviewed, takeover
from helpdesk.knowledge.differences import Change, Kind
from helpdesk.knowledge.document import Document
from helpdesk.knowledge.importer import LARGEST_FILE, Imported
from helpdesk.knowledge.imports import exported
from helpdesk.knowledge.plan import Verdict
from helpdesk.places import config_dir
from helpdesk.vocabulary import READERS_LABELS

_KINDS = {Kind.ADDED: "ajoutée", Kind.CHANGED: "modifiée", Kind.MOVED: "déplacée", Kind.GONE: "retirée"}


def add_commands(commands: Commands) -> None:
    """Add `helpdesk faq …`."""
    actions = commands.add_parser("faq", help="les questions et réponses").add_subparsers(
        required=True, metavar="ACTION"
    )
    take = actions.add_parser("import", help="lit un document de questions et réponses et le publie")
    take.add_argument("file", type=Path, metavar="FICHIER", help="texte, Markdown relu, DOCX, ODT, PPTX ou PDF")
    take.add_argument("--dry-run", action="store_true", help="montre ce qui serait lu et réparé, sans rien enregistrer")
    take.add_argument(
        "--edited",
        choices=("ask", "keep", "take"),
        default="ask",
        help="fiches modifiées sur le site et dans le document : les nommer sans y toucher (par défaut), garder celles "
        "du site, ou prendre celles du document",
    )
    form = take.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="imprime le document lu en JSON")
    form.add_argument("--markdown", action="store_true", help="imprime le document lu dans la forme à relire")
    take.set_defaults(run=_import)
    give = actions.add_parser("export", help="écrit la FAQ publiée dans la forme à relire (Markdown)")
    give.add_argument("file", type=Path, metavar="FICHIER", nargs="?", help="sans fichier : sur la sortie standard")
    give.set_defaults(run=_export)
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
        report = takeover.apply(
            imported.document, options.file.name, datetime.now(UTC), decided=_decided(options.edited, imported.document)
        )
    print(_sentence(report.changes), file=notes)
    for change in report.waiting:
        print(f"Modifiée ici et dans le document, laissée telle quelle : {change.slug}", file=notes)
    if report.waiting:
        print("Choisissez sur le site (Fiches, Importer), ou avec --edited keep ou take.", file=notes)
    return 1 if report.waiting else 0


def _decided(edited: str, document: Document) -> dict[str, bool]:
    """What is done with each entry that was changed on both sides; nothing where somebody has to look."""
    if edited == "ask":
        return {}
    return {step.slug: edited == "take" for step in takeover.look(document) if step.verdict is Verdict.ASK}


def _export(options: argparse.Namespace) -> int:
    # Read here, as above.
    from helpdesk.cli.application import application

    with application().app_context():
        text = reviewed.render(exported())
    if options.file is None:
        print(text, end="")
        return 0
    try:
        options.file.write_text(text, "utf-8")
    except OSError as error:
        raise HelpdeskError(f"{options.file} ne peut pas être écrit : {error.strerror or error}.") from error
    print(f"{options.file} : la FAQ publiée, à modifier puis à importer.")
    return 0


def _bytes_of(path: Path) -> bytes:
    """The file, no further than it may be long."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
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
