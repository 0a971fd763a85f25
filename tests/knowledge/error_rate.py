"""Prints how many characters are wrong in damaged documents, as they come and after their repair.

    python -m tests.knowledge.error_rate [SEED …]

Wrong means: insertions, deletions and exchanges of one character that lead to the original, per character of it.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from helpdesk.knowledge import importer, lexicon
from helpdesk.knowledge.document import Document
from helpdesk.knowledge.lexicon import Lexicon
from helpdesk.places import config_dir
from tests.knowledge.damage import BARE, HALF, LIKE_THE_SCAN, damage

DOCUMENTS = Path(__file__).parent / "documents"
WEARS = {"as the scan": LIKE_THE_SCAN, "no accents": BARE, "half the accents": HALF}
TUNED = ("cantine", "transport", "bibliotheque", "loisirs", "ecole")
# Never looked at while the rules were written.
KEPT_APART = ("bourse",)
BY_HAND = ("loisirs", "ecole")


def words_of(document: Document) -> str:
    """Everything that a reader of the document sees, on one line."""
    pieces = []
    for section in document.sections:
        pieces.append(section.title)
        for each in section.questions:
            pieces += [each.question, each.answer]
    return " ".join(" ".join(pieces).split())


def rate(read: str, original: str) -> float:
    """Share of the original's characters that are wrong in what was read."""
    return Levenshtein.distance(read, original) / len(original)


def original(name: str, words: Lexicon) -> Document:
    """The clean document, read by the same reader; that the reading changes nothing is tested elsewhere."""
    return importer.read((DOCUMENTS / f"{name}.txt").read_bytes(), words).document


def cases(seeds: list[int]) -> Iterator[tuple[str, str, str]]:
    """(label, name of the original, damaged text)."""
    yield "the customer's scan", "educonnect.corrected", (config_dir() / "faq" / "educonnect.txt").read_text("utf-8")
    for name in BY_HAND:
        yield f"{name}, damaged by hand", name, (DOCUMENTS / f"{name}.damaged.txt").read_text("utf-8")
    for name in (*TUNED, *KEPT_APART):
        clean = (DOCUMENTS / f"{name}.txt").read_text("utf-8")
        for label, wear in WEARS.items():
            for seed in seeds:
                apart = ", kept apart" if name in KEPT_APART else ""
                yield f"{name}, {label}, seed {seed}{apart}", name, damage(clean, seed, wear)


def main(seeds: list[int]) -> None:
    """One line a document."""
    words = lexicon.load(config_dir() / "faq" / "words.txt")
    sys.stdout.write(f"{'document':56} {'entries':>8} {'raw':>7} {'repaired':>9}\n")
    for label, name, damaged in cases(seeds):
        expected = original(name, words)
        raw = " ".join(damaged.replace("\f", " ").split())
        read = importer.read_scan(damaged, words).document
        entries = f"{len(list(read.questions()))}/{len(list(expected.questions()))}"
        before, after = rate(raw, words_of(expected)), rate(words_of(read), words_of(expected))
        sys.stdout.write(f"{label:56} {entries:>8} {before:7.2%} {after:9.2%}\n")


if __name__ == "__main__":
    main([int(seed) for seed in sys.argv[1:]] or [1])
