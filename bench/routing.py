"""Decisions a second on one core, beside the bare minimum of the same run: `python bench/routing.py`.

The bare minimum reads the JSON and folds the text, which no router can avoid. Rounds alternate, so that another
process on the machine slows both.
"""

import gc
import json
import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from helpdesk.places import communes_dir, config_dir
from helpdesk.routing.decide import decide
from helpdesk.routing.geography import load_geography
from helpdesk.routing.requests import request_from_json
from helpdesk.routing.rulebook import load_rulebook
from helpdesk.text import fold

CASES = Path(__file__).resolve().parent.parent / "tests" / "routing" / "cases" / "tuned.jsonl"
ROUNDS = 9
TODAY = date(2026, 11, 24)


def rate(work: Callable[[str], object], lines: list[str]) -> float:
    """Lines done in a second of processor time."""
    begin = time.process_time()
    for line in lines:
        work(line)
    return len(lines) / (time.process_time() - begin)


def told(name: str, rates: list[float]) -> str:
    low, middle, high = min(rates), statistics.median(rates), max(rates)
    return f"{name:22} {middle:10,.0f} /s   ({low:,.0f} to {high:,.0f})"


def main() -> None:
    begin = time.perf_counter()
    rulebook = load_rulebook(config_dir())
    loaded = time.perf_counter() - begin
    geography = load_geography(config_dir(), communes_dir())
    lines = CASES.read_text("utf-8").splitlines()

    def whole(line: str) -> object:
        return decide(request_from_json(json.loads(line)), rulebook, geography, today=TODAY)

    def bare(line: str) -> object:
        return fold(json.loads(line)["text"])

    rate(whole, lines)  # words met once are remembered, as in a process that has run for a while
    gc.collect()
    rounds = [(rate(whole, lines), rate(bare, lines)) for _ in range(ROUNDS)]
    print(f"rulebook read in {loaded:.2f} s; {len(lines)} requests, {ROUNDS} rounds, median (lowest to highest)")
    print(told("whole decision", [pair[0] for pair in rounds]))
    print(told("JSON and folding only", [pair[1] for pair in rounds]))
    for size in (10_000, 1_000_000):
        text = (" ".join(json.loads(line)["text"] for line in lines) * (size // 40_000 + 1))[:size]
        line = json.dumps({"text": text})
        begin = time.process_time()
        whole(line)
        print(f"one text of {size:,} characters: {(time.process_time() - begin) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
