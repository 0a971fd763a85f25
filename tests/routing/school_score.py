"""How many schools are found from what parents type: `python -m tests.routing.school_score [--show-held-out]`.

The directory is a made-up one of 68,000 schools (see schools_cases/README.md). Only the tuned half may be looked at
line by line; the held-out half is for measuring.
"""

import argparse
import csv
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from helpdesk import schema
from helpdesk.db import db, tune
from helpdesk.intake.message import SchoolHint
from helpdesk.places import communes_dir, config_dir
from helpdesk.routing.academy import choose_academy
from helpdesk.routing.clues.search import find
from helpdesk.routing.decision import school_told
from helpdesk.routing.directory import import_directory
from helpdesk.routing.geography import Geography, load_geography
from helpdesk.routing.school_search import DatabaseDirectory
from helpdesk.routing.schools import SchoolDirectory
from tests.routing.made_up_directory import FULL, write
from tests.routing.messages import a_message

CASES = Path(__file__).parent / "schools_cases"
NONE = "-"


@dataclass(frozen=True)
class Answer:
    """A case, the code that was found, and the académie that the whole message led to."""

    case: Mapping[str, str]
    found: str
    academy: str | None

    @property
    def right(self) -> bool:
        return self.found == self.case["uai"]

    @property
    def wrong_school(self) -> bool:
        """A school was named that is not the one: worse than none."""
        return not self.right and self.found != NONE


def answers(half: str, geography: Geography, directory: SchoolDirectory) -> list[Answer]:
    """All cases of a half, answered by the road of a real message."""
    with (CASES / f"{half}.tsv").open(encoding="utf-8", newline="") as file:
        return [answer(case, geography, directory) for case in csv.DictReader(file, delimiter="\t")]


def answer(case: Mapping[str, str], geography: Geography, directory: SchoolDirectory) -> Answer:
    hint = SchoolHint(case["name"], case["commune"], case["postal_code"])
    choice = choose_academy(find(a_message(case["text"], school=hint), geography, directory))
    return Answer(case, school_told(choice.clues) or NONE, choice.academy)


def report(name: str, found: Sequence[Answer]) -> list[str]:
    right = sum(answer.right for answer in found)
    wrong = sum(answer.wrong_school for answer in found)
    missed = len(found) - right - wrong
    return [f"{name}: {len(found)} cases, {right / len(found):.1%} right, {missed} not found, {wrong} wrong schools"]


def errors(found: Sequence[Answer]) -> list[str]:
    return [
        f"- {' | '.join(filter(None, list(answer.case.values())[:4]))}: expected {answer.case['uai']}, "
        f"found {answer.found}"
        for answer in found
        if not answer.right
    ]


@contextmanager
def made_up(schools: int, geography: Geography) -> Iterator[DatabaseDirectory]:
    """A directory of about that many schools in an SQLite file of its own; of the cases' schools alone for 0."""
    with tempfile.TemporaryDirectory(prefix="helpdesk-schools-") as folder:
        file = Path(folder) / "schools.csv"
        write(file, schools, geography)
        app = Flask("schools")
        app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{folder}/schools.sqlite"
        db.init_app(app)
        with app.app_context():
            engine = db.engine
            tune(engine)
            schema.upgrade(engine)
            import_directory(file.read_bytes(), geography, datetime.now(UTC))
            db.session.remove()
        with engine.connect() as connection:
            yield DatabaseDirectory(connection)
        engine.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schools", type=int, default=FULL)
    parser.add_argument("--show-held-out", action="store_true", help="show errors of the half kept apart as well")
    options = parser.parse_args()
    geography = load_geography(config_dir(), communes_dir())
    with made_up(options.schools, geography) as directory:
        for half in ("tuned", "held_out"):
            found = answers(half, geography, directory)
            lines = report(half, found)
            if half == "tuned" or options.show_held_out:
                lines += errors(found)
            sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
