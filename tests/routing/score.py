"""How often routing finds what was expected: `python -m tests.routing.score`.

The requests it was tuned on show their errors; of those kept apart only figures are shown, unless `--show-held-out`.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from helpdesk.intake.message import IncomingMessage
from helpdesk.places import communes_dir, config_dir
from helpdesk.routing.decide import decide
from helpdesk.routing.decision import Decision
from helpdesk.routing.explain import sentence
from helpdesk.routing.geography import Geography, load_geography
from helpdesk.routing.requests import request_from_json
from helpdesk.routing.rulebook import load_rulebook

CASES = Path(__file__).parent / "cases"
TODAY = date(2026, 11, 24)
TUNED = ("tuned", "tuned_2", "tuning_3", "tuning_4", "tuning_5")
HELD_OUT = ("held_out_2", "held_out_3", "held_out_4", "held_out_5")
FIELDS = ("academy", "topic", "audience", "priority")


@dataclass(frozen=True)
class Answer:
    """One case with what was decided on it; neither is shown when a test fails, for some are not to be read."""

    case: dict[str, Any] = field(repr=False)
    decision: Decision = field(repr=False)

    def found(self, field: str) -> str | None:
        value: str | None = getattr(self.decision, field)
        return value

    def expected(self, field: str) -> str | None:
        value: str | None = self.case["expected"][field]
        return value

    def wrong(self) -> list[str]:
        return [field for field in FIELDS if self.found(field) != self.expected(field)]


def cases(path: Path) -> list[tuple[dict[str, Any], IncomingMessage]]:
    """The requests of a file, each with the message that it tells."""
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [(case, request_from_json(case)) for case in lines]


def answers(path: Path, geography: Geography) -> list[Answer]:
    """Decide on every case of a file, on the day for which its answers were written."""
    rulebook = load_rulebook(config_dir())
    return [Answer(case, decide(incoming, rulebook, geography, today=TODAY)) for case, incoming in cases(path)]


def accuracy(found: Sequence[Answer], field: str) -> float:
    return sum(answer.found(field) == answer.expected(field) for answer in found) / len(found)


def urgent_missed(found: Sequence[Answer]) -> int:
    return sum(a.expected("priority") == "urgent" != a.found("priority") for a in found)


def false_alarms(found: Sequence[Answer]) -> int:
    return sum(a.found("priority") == "urgent" != a.expected("priority") for a in found)


def wrong_academies(found: Sequence[Answer]) -> int:
    """Sent to an académie that is not the right one, the error that costs a family days."""
    return sum(a.found("academy") not in (None, a.expected("academy")) for a in found)


def report(name: str, found: Sequence[Answer]) -> list[str]:
    triage = Counter((a.expected("academy") is None, a.found("academy") is None) for a in found)
    topics = Counter(a.expected("topic") for a in found)
    right = Counter(a.expected("topic") for a in found if a.found("topic") == a.expected("topic"))
    return [
        f"{name}: {len(found)} requests",
        *(f"  {field:10} {accuracy(found, field):7.1%}" for field in FIELDS),
        f"  académie expected, triage found: {triage[False, True]}",
        f"  triage expected, académie found: {triage[True, False]}",
        f"  wrong académie in all: {wrong_academies(found)}",
        f"  urgent missed: {urgent_missed(found)}; false alarms: {false_alarms(found)}",
        "  by topic: " + ", ".join(f"{topic} {right[topic]}/{count}" for topic, count in topics.most_common()),
    ]


def errors(found: Sequence[Answer], most: int) -> list[str]:
    """The cases with most wrong fields, each with what was found and why."""
    lines = []
    for answer in sorted((a for a in found if a.wrong()), key=lambda a: -len(a.wrong()))[:most]:
        text = " ".join(answer.case["text"].split())
        lines.append(f"- {answer.case['id']}: {answer.case.get('subject') or ''} / {text}")
        lines += [f"    {f}: expected {answer.expected(f)}, found {answer.found(f)}" for f in answer.wrong()]
        lines.append(f"    {sentence(answer.decision)}")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worst", type=int, default=10, help="errors shown of the tuned requests")
    parser.add_argument("--show-held-out", action="store_true", help="show errors of those kept apart as well")
    options = parser.parse_args()
    geography = load_geography(config_dir(), communes_dir())
    for name in (*TUNED, *HELD_OUT):
        found = answers(CASES / f"{name}.jsonl", geography)
        lines = report(name, found)
        if name in TUNED or options.show_held_out:
            lines += errors(found, options.worst)
        sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
