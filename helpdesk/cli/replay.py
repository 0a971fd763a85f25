"""`helpdesk routing replay`: which stored tickets would go elsewhere under a draft. Changes nothing, sends nothing."""

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from helpdesk.cli.application import application
from helpdesk.cli.commands import Commands
from helpdesk.errors import ConfigError
from helpdesk.pages import parts
from helpdesk.parts import load_routing
from helpdesk.places import config_dir
from helpdesk.routing import rulebooks, rules
from helpdesk.routing.again import DEPTHS
from helpdesk.routing.assign import Routing
from helpdesk.routing.decide import NATIONAL_ZONE
from helpdesk.routing.explain import sentence
from helpdesk.routing.in_force import present
from helpdesk.routing.judge import Change, Move
from helpdesk.routing.replay import Replay, other_rules

_PROCESSES = 4  # at most: each holds both configurations
_MAP = frozenset({"academies.csv", "territories.toml", "ent.toml"})


def add_command(actions: Commands) -> None:
    """Add it beside the other actions of `helpdesk routing`."""
    replay = actions.add_parser(
        "replay",
        help="dit quelles demandes enregistrées iraient ailleurs avec un brouillon de règles",
        description="Rejoue les demandes enregistrées avec d’autres règles et dit lesquelles iraient ailleurs, avec "
        "leurs raisons. Ne change rien, n’envoie rien.",
    )
    replay.add_argument(
        "--rules",
        required=True,
        metavar="BROUILLON",
        help="un fichier comme routing.toml, un dossier de fichiers changés de config/, ou le numéro d’un brouillon",
    )
    replay.add_argument(
        "--since", type=_moment, metavar="AAAA-MM-JJ", help="seulement les demandes reçues depuis ce jour (à Paris)"
    )
    replay.add_argument("--json", action="store_true", help="tout en un objet JSON")
    replay.add_argument(
        "--processes",
        type=int,
        default=min(len(os.sched_getaffinity(0)), _PROCESSES),
        metavar="N",
        help="processus qui se partagent le travail s’il y en a beaucoup (un par cœur, au plus quatre)",
    )
    replay.set_defaults(run=_replay)


def _replay(options: argparse.Namespace) -> int:
    with application().app_context():
        replay = Replay(change_to(options.rules, parts().routing))
        moves = replay.run(since=options.since, processes=options.processes)
        (_print_json if options.json else _print_text)(moves, replay)
    return 0


def change_to(draft: str, routing: Routing) -> Change:
    """From what is in force to a draft: a file, a folder, or the number of a stored one.

    Raises ConfigError for a draft that cannot be used, with file, rule and word.
    """
    path = Path(draft)
    if path.is_dir():
        return _other_files(path, routing)
    if draft.isascii() and draft.isdigit() and not path.exists():
        return other_rules(present(routing), rulebooks.text_of_draft(int(draft[:9])), f"brouillon {draft}")
    try:
        return other_rules(present(routing), path.read_text("utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([f"{path.name} : le fichier ne peut pas être lu ({error})"]) from error


def _other_files(folder: Path, routing: Routing) -> Change:
    """The present configuration with some files replaced; the rules in force go on if none of the files is theirs."""
    before, config = present(routing), config_dir()
    names = {path.name for path in folder.iterdir() if path.is_file()}
    problems = [f"{name} : ce fichier n’est pas de la configuration" for name in names if not (config / name).exists()]
    if not names & DEPTHS.keys():
        problems.append(f"{folder.name} : aucun fichier qui décide ({', '.join(DEPTHS)})")
    if problems:
        raise ConfigError(sorted(problems))
    changed = [name for name in names & DEPTHS.keys() if (folder / name).read_bytes() != (config / name).read_bytes()]
    with tempfile.TemporaryDirectory(prefix="helpdesk-replay-") as together:
        shutil.copytree(config, together, dirs_exist_ok=True)
        for name in names & DEPTHS.keys():
            shutil.copy(folder / name, together)
        after = load_routing(Path(together))
    if not _MAP.intersection(changed):  # one map: what it tells of a message is found once for both sides
        after = replace(after, geography=before.geography)
    if rules.FILE not in names:
        after = other_rules(after, before.rulebook.text, rules.FILE).after
    return Change(before, after, max((DEPTHS[name] for name in changed), default=DEPTHS[rules.FILE]))


def _print_text(moves: Iterable[Move], replay: Replay) -> None:
    for move in moves:
        print(f"{move.reference}  {move.before.service} → {move.after.service}{_mark(move)}")
        print(f"    avant : {sentence(move.before)}")
        print(f"    après : {sentence(move.after)}\n")
    print(f"{replay.read} demandes rejouées, {replay.moved} iraient ailleurs.")
    if replay.skipped:
        print(f"{replay.skipped} demandes n’ont pas de décision lisible et sont laissées de côté.")
    for (before, after), count in replay.matrix.most_common():
        print(f"{count:>8}  {before} → {after}")
    if replay.moved:
        print(f"Sans service, au tri national : {replay.lost}")
        print(f"Corrections d’agents réparées : {replay.repaired}, défaites : {replay.undone}")


def _mark(move: Move) -> str:
    marks = [(move.lost, "va au tri"), (move.repaired, "correction réparée"), (move.undone, "correction défaite")]
    told = ", ".join(words for holds, words in marks if holds)
    return f"  ({told})" if told else ""


def _print_json(moves: Iterable[Move], replay: Replay) -> None:
    """One object, written as it comes, so that a hundred thousand moves need no memory."""
    sys.stdout.write('{"moves": [')
    for number, move in enumerate(moves):
        sys.stdout.write((",\n" if number else "\n") + json.dumps(_told(move), ensure_ascii=False))
    figures = {name: getattr(replay, name) for name in ("read", "moved", "skipped", "lost", "repaired", "undone")}
    matrix = [{"from": pair[0], "to": pair[1], "count": count} for pair, count in replay.matrix.most_common()]
    sys.stdout.write("],\n" + json.dumps({**figures, "matrix": matrix}, ensure_ascii=False)[1:] + "\n")


def _told(move: Move) -> dict[str, Any]:
    sides = {
        side: {"service": decision.service, "rule": decision.rule, "because": sentence(decision)}
        for side, decision in (("before", move.before), ("after", move.after))
    }
    return {
        "reference": move.reference,
        "received_at": move.received_at.isoformat(),
        **sides,
        "lost": move.lost,
        "corrected": move.corrected,
        "repaired": move.repaired,
        "undone": move.undone,
    }


def _moment(text: str) -> datetime:
    """The beginning of a day in Paris."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=ZoneInfo(NATIONAL_ZONE))
    except ValueError:
        raise argparse.ArgumentTypeError(f"« {text} » n’est pas un jour (AAAA-MM-JJ)") from None
