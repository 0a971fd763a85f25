"""Makes the table of commune names from the npm package `@etalab/decoupage-administratif` (MIT, data of the State).

    python -m helpdesk.routing.communes_build [node_modules] [folder of the table]

Run once when the software is set up; the table is not kept with the sources. Two heads, then one line per name:

    name <tab> name as shown <tab> risk <tab> département:inhabitants:article:short …
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from spellchecker import SpellChecker

from helpdesk.routing.clues.first_names import FIRST_NAMES
from helpdesk.routing.clues.lists import words
from helpdesk.routing.communes import FILE, POSTAL_CODES, TOWN_FROM, TOWNS, Candidate, Risk, bare_key, name_key
from helpdesk.text import fold

SOURCE = Path("@etalab/decoupage-administratif/data/communes.json")
HERE = Path(__file__).parent

_NO_SCHOOLS = frozenset({"984", "989"})
_OLD_COMMUNE = 200  # inhabitants supposed of a commune that merged: its own count is not published
_SHORTENED_FROM = 4_000
_LINKS = frozenset({"sur", "en", "de", "du", "d", "la", "le", "les", "l", "saint", "sainte", "et"})
_MEANT_FROM = 2_000  # inhabitants from which a commune counts among those that a shortened name may mean
_TOWN = 7_000
_SHORT_NAME_FROM = 4_000
# Occurrences in the frequency list of pyspellchecker (film subtitles, no proper names).
_COMMON_WORD = 2_000
_SHORTENED_WORD = 300
_WORD = 10
# Towns whose name is a word that the list does not know, or a firm, a person, another place.
_RISKY = words(
    """
    aix albert apt auch bar brive bron carros cognac contact dax die digne dole eu foix gap gien grasse guise ham
    laval lens loos lourdes lure mende menton mer montaigu nancy nay nice orange pau prades romans rue salon sens
    tours vannes vienne vire vitre
    """
)
# Towns whose name is in the list of words and hardly ever used as one.
_PLAIN = words(
    """
    agen albi ales angers arles bordeaux calais cannes colombes hyeres lille limoges pantin paris rennes saintes
    sarcelles sete valence versailles
    """
)


def build(source: Path, target: Path) -> int:
    """Write the table; the number of names in it. OSError or ValueError when the source is not what it should be."""
    communes = [c for c in json.loads(source.read_text("utf-8")) if c["departement"] not in _NO_SCHOOLS]
    named = _by_key(communes)
    words = _word_counts()
    postal_codes = sorted({code for commune in communes for code in commune.get("codesPostaux", ())})
    towns = [key for key in sorted(named) if any(c.population >= TOWN_FROM and not c.short for _, c in named[key])]
    lines = [f"{POSTAL_CODES}\t{' '.join(postal_codes)}", f"{TOWNS}\t{'|'.join(towns)}"]
    for key in sorted(named):
        candidates = sorted(named[key], key=lambda item: -item[1].population)
        shown = candidates[0][0]
        risk = _risk(key, [candidate for _, candidate in candidates], words)
        described = " ".join(
            f"{c.department}:{c.population}:{c.article}:{'short' if c.short else ''}" for _, c in candidates
        )
        lines.append(f"{key}\t{shown}\t{int(risk)}\t{described}")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join(lines) + "\n", "utf-8")
    return len(named)


def _by_key(communes: Iterable[Mapping[str, Any]]) -> dict[str, list[tuple[str, Candidate]]]:
    named: dict[str, list[tuple[str, Candidate]]] = defaultdict(list)
    today = [c for c in communes if c["type"] == "commune-actuelle"]
    old = [c for c in communes if c["type"] in ("commune-deleguee", "commune-associee")]
    for commune in today:
        candidate = _candidate(commune, commune.get("population") or 0)
        named[bare_key(commune["nom"])].append((commune["nom"], candidate))
    for commune in old:
        if not any(c.department == commune["departement"] for _, c in named[bare_key(commune["nom"])]):
            named[bare_key(commune["nom"])].append((commune["nom"], _candidate(commune, _OLD_COMMUNE)))
    _add_without_ligatures(named)
    _add_without_middle(named)
    _add_shortened(named)
    _add_squashed(named)
    return named


def _candidate(commune: Mapping[str, Any], population: int) -> Candidate:
    name = commune["nom"]
    article = name_key(name).removesuffix(bare_key(name)).strip()
    return Candidate(commune["departement"], population, article)


def _add_without_ligatures(named: dict[str, list[tuple[str, Candidate]]]) -> None:
    """Text folded in place keeps one letter of « œ »: « Nœux » is read as "noux"."""
    for candidates in list(named.values()):
        for name, candidate in candidates:
            if "œ" in name:
                named[bare_key(name.replace("œ", "o"))].append((name, candidate))


def _add_without_middle(named: dict[str, list[tuple[str, Candidate]]]) -> None:
    """« Cosne-sur-Loire » for Cosne-Cours-sur-Loire, two communes that became one."""
    for full, candidates in list(named.items()):
        words = full.split(" ")
        if "sur" in words[2:] and words[0] not in ("saint", "sainte") and words[1] not in _LINKS:
            shorter = " ".join([words[0], *words[words.index("sur") :]])
            if shorter not in named:
                named[shorter].extend(candidates)


def _add_shortened(named: dict[str, list[tuple[str, Candidate]]]) -> None:
    """« Boulogne », « Saint-Germain »: the first words of larger names. They add to communes of just that name."""
    shortened: dict[str, list[tuple[str, Candidate]]] = defaultdict(list)
    for full, candidates in named.items():
        words = full.split(" ")
        size = 2 if words[0] in ("saint", "sainte") else 1
        short = " ".join(words[:size])
        if len(words) <= size or len(short) < 3:
            continue
        for name, candidate in candidates:
            if candidate.population >= _MEANT_FROM:
                meant = Candidate(candidate.department, candidate.population, candidate.article, short=True)
                shortened[short].append((name, meant))
    for short, candidates in shortened.items():
        if short in named or any(candidate.population >= _SHORTENED_FROM for _, candidate in candidates):
            named[short].extend(candidates)


def _add_squashed(named: dict[str, list[tuple[str, Candidate]]]) -> None:
    """« clermontferrand », « lhay les roses »: words run together."""
    squashed: dict[str, list[tuple[str, Candidate]]] = defaultdict(list)
    for full, candidates in named.items():
        for name, candidate in candidates:
            if candidate.short:
                continue
            plain = Candidate(candidate.department, candidate.population)
            if " " in full and candidate.population >= TOWN_FROM:
                squashed[full.replace(" ", "")].append((name, plain))
            if candidate.article == "l" and candidate.population >= _MEANT_FROM:
                squashed["l" + full].append((name, plain))
            elif candidate.article and candidate.population >= TOWN_FROM:
                squashed[candidate.article + full.replace(" ", "")].append((name, plain))
    for run_together, candidates in squashed.items():
        if run_together not in named:
            named[run_together].extend(candidates)


def _word_counts() -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for word, count in SpellChecker(language="fr", distance=1).word_frequency.dictionary.items():
        counts[fold(word)] += count
    return counts


def _risk(name: str, candidates: Sequence[Candidate], words: Mapping[str, int]) -> Risk:
    parts = name.split(" ")
    count = min(words.get(part, 0) for part in parts)
    largest = max((c.population for c in candidates if not c.short), default=0)
    best_known = max(c.population for c in candidates)
    if name in _PLAIN or name in _RISKY:
        return Risk.NONE if name in _PLAIN else Risk.WORD
    if len(parts) > 1:
        everyday = count >= _COMMON_WORD and parts[0] not in ("saint", "sainte") and largest < _TOWN
        return Risk.WORD if everyday else Risk.NONE
    if largest < _TOWN and (name in FIRST_NAMES or count >= _COMMON_WORD):
        return Risk.COMMON
    if len(name) <= 3 and largest < _SHORT_NAME_FROM and best_known < _TOWN:
        return Risk.COMMON
    if count >= _SHORTENED_WORD and not largest:
        return Risk.COMMON
    return Risk.WORD if name in FIRST_NAMES or count >= _WORD else Risk.NONE


def main(arguments: list[str]) -> int:
    modules = Path(arguments[0]) if arguments else HERE.parent.parent / "node_modules"
    folder = Path(arguments[1]) if len(arguments) > 1 else HERE / "data"
    try:
        count = build(modules / SOURCE, folder / FILE)
    except (OSError, ValueError, KeyError) as error:
        sys.stderr.write(f"The table of communes was not made: {error}\n")
        return 1
    sys.stdout.write(f"{folder / FILE}: {count} names\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
