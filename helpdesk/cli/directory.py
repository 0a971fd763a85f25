"""`helpdesk directory …`: taking over the ministry's directory of schools, and asking it."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from helpdesk.cli.application import application
from helpdesk.cli.commands import Commands
from helpdesk.db import db, utc_now
from helpdesk.errors import UnreadableDocument
from helpdesk.models import School
from helpdesk.pages import parts
from helpdesk.routing import directory
from helpdesk.routing.directory_changes import Changes, sentences
from helpdesk.routing.directory_file import LARGEST
from helpdesk.routing.geography import Geography
from helpdesk.routing.school_search import open_directory

_BAR = 30  # characters


def add_commands(commands: Commands) -> None:
    """Add `helpdesk directory …`."""
    actions = commands.add_parser("directory", help="l’annuaire des établissements").add_subparsers(
        required=True, metavar="ACTION"
    )
    take = actions.add_parser(
        "import",
        help="reprend un export CSV de l’annuaire de l’éducation",
        description="Tout ou rien. Code 1 si des lignes ont été refusées ; 2 si rien n’a été changé.",
    )
    take.add_argument("file", type=Path, metavar="FICHIER.csv")
    take.add_argument("--dry-run", action="store_true", help="montre ce qui changerait, sans rien enregistrer")
    take.add_argument("--json", action="store_true", help="imprime le compte rendu complet en JSON")
    take.add_argument(
        "--allow-closing", action="store_true", help="ferme les établissements absents du fichier, même nombreux"
    )
    take.set_defaults(run=_import)
    show = actions.add_parser("show", help="montre un établissement")
    show.add_argument("uai", metavar="UAI")
    show.set_defaults(run=_show)
    find = actions.add_parser("find", help="cherche comme le routage : « clg J. Moulin béziers »")
    find.add_argument("text", metavar="TEXTE")
    find.add_argument("--commune", default="")
    find.add_argument("--postal-code", default="", metavar="CODE")
    find.set_defaults(run=_find)


def _import(options: argparse.Namespace) -> int:
    raw = _bytes_of(options.file)
    with application().app_context():
        try:
            changes = directory.import_directory(
                raw,
                parts().routing.geography,
                utc_now(),
                allow_closing=options.allow_closing,
                dry_run=options.dry_run,
                progress=_progress(raw.count(b"\n")),
            )
        except directory.DoubtfulFile as error:
            _report(error.changes, options.json)
            raise
    _report(changes, options.json)
    if options.dry_run:
        print("Essai : rien n’est enregistré.", file=sys.stderr if options.json else sys.stdout)
    return 1 if changes.refused else 0


def _bytes_of(path: Path) -> bytes:
    """The file, no further than it may be long."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        raise UnreadableDocument(f"{path} ne peut pas être lu : {error.strerror or error}.") from error
    if len(raw) > LARGEST:
        raise UnreadableDocument(f"{path} est trop gros ({LARGEST // 1_000_000} Mo au plus).")
    return raw


def _progress(lines: int) -> Callable[[int], None]:
    """A bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty() or not lines:
        return lambda _done: None

    def show(done: int) -> None:
        full = min(_BAR, _BAR * done // lines)
        print(f"\r  {'█' * full}{'·' * (_BAR - full)} {min(100, 100 * done // lines):3} %", end="", file=sys.stderr)
        if done + 1_000 >= lines:
            print("\r" + " " * (_BAR + 10) + "\r", end="", file=sys.stderr, flush=True)

    return show


def _report(changes: Changes, as_json: bool) -> None:
    if as_json:
        print(json.dumps(changes.to_json(), ensure_ascii=False, indent=2))
        return
    for sentence in sentences(changes):
        print(sentence)


def _show(options: argparse.Namespace) -> int:
    with application().app_context():
        _print(directory.entry(options.uai), parts().routing.geography)
    return 0


def _print(school: School, geography: Geography) -> None:
    academy = geography.academies.get(school.academy)
    told = {
        "Code UAI": school.uai,
        "Nom": school.name,
        "Type": ", ".join(filter(None, (school.kind, {"prive": "privé"}.get(school.sector, school.sector)))),
        "Adresse": ", ".join(school.address.split("\n")),
        "Commune": f"{school.postal_code} {school.commune} ({school.department})".strip(),
        "Académie": academy.name if academy else school.academy,
        "Courriel": school.email,
        "Téléphone": school.phone,
        "Ministère": school.ministry,
        "État": "ouvert" if school.open else "fermé",
    }
    for label, value in told.items():
        print(f"{label:<10} {value or '—'}")


def _find(options: argparse.Namespace) -> int:
    with application().app_context():
        listed = open_directory(db.session())
        if listed is None:
            raise UnreadableDocument("L’annuaire est vide : lancez « helpdesk directory import FICHIER.csv ».")
        found = listed.candidates(options.text, options.commune, options.postal_code)
    for school in found:
        print(f"{school.uai}  {school.name}, {school.postal_code} {school.commune}")
    if not found:
        print("Aucun établissement ne convient.")
    return 0 if found else 1
