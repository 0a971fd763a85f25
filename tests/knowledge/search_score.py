"""How well search answers: `python -m tests.knowledge.search_score [DOCUMENT]`.

Sets of queries as parents, pupils and schools write them. Search is tuned on some; those held out are never looked at,
only their figures are printed. Each query names the entries that answer it, or none when the FAQ says nothing about it.
"""

import json
import sys
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz

from helpdesk.knowledge.index import Index
from helpdesk.knowledge.ranking import Answer, rank
from helpdesk.knowledge.reviewed import parse
from helpdesk.knowledge.search import entries_of, load_synonyms
from helpdesk.places import config_dir
from helpdesk.text import fold

QUERIES = Path(__file__).parent / "queries"
TUNED = ("tuned", "tuning_3")
SETS = (*TUNED, "held_out", "held_out_2", "held_out_3")
_LIKE_ENOUGH = 60


@dataclass(frozen=True)
class Query:
    """`expect` are the names of the entries that answer it, empty when nothing should."""

    id: str
    style: str
    query: str
    expect: tuple[str, ...]


@dataclass(frozen=True)
class Score:
    """Shares from 0 to 1. Ranks are of queries with an answer; `says_nothing` is right, `wrongly_nothing` wrong."""

    first: float
    first_three: float
    mean_reciprocal_rank: float
    wrongly_nothing: float
    says_nothing: float
    same_without_accents: float


def load(name: str) -> list[Query]:
    rows = [json.loads(line) for line in (QUERIES / f"{name}.jsonl").read_text("utf-8").splitlines()]
    return [Query(row["id"], row["style"], row["query"], tuple(row["expect"])) for row in rows]


def index_of(document: Path) -> Index:
    return Index(entries_of(parse(document.read_text("utf-8"))), load_synonyms(config_dir()))


def slugs(index: Index) -> dict[str, str]:
    """The entry that each name of the queries stands for, as it is published now."""
    names: dict[str, str] = tomllib.loads((QUERIES / "entries.toml").read_text("utf-8"))
    likest: dict[str, str] = {}
    for name, question in names.items():
        best = max(index.entries, key=lambda entry: fuzz.token_set_ratio(fold(entry.question), fold(question)))
        if fuzz.token_set_ratio(fold(best.question), fold(question)) < _LIKE_ENOUGH or best.slug in likest.values():
            raise LookupError(f"no entry of its own for « {question} »: tell it in {QUERIES / 'entries.toml'}")
        likest[name] = best.slug
    return likest


def score(index: Index, queries: Sequence[Query]) -> Score:
    slug_of = slugs(index)
    answers = {query: rank(query.query, index) for query in queries}
    places = [_place(answers[query], query, slug_of) for query in queries if query.expect]
    nothing = [not answers[query].answered for query in queries if not query.expect]
    return Score(
        first=_share(place == 1 for place in places),
        first_three=_share(place is not None and place <= 3 for place in places),
        mean_reciprocal_rank=sum(1 / place for place in places if place) / len(places),
        wrongly_nothing=_share(not answers[query].answered for query in queries if query.expect),
        says_nothing=_share(iter(nothing)),
        same_without_accents=_share(
            _first_three(answers[query]) == _unaccented_three(query, index) for query in queries
        ),
    )


def _place(answer: Answer, query: Query, slug_of: Mapping[str, str]) -> int | None:
    wanted = {slug_of[name] for name in query.expect}
    return next((place for place, hit in enumerate(answer.nearest, start=1) if hit.slug in wanted), None)


def _first_three(answer: Answer) -> list[str]:
    return [hit.slug for hit in answer.nearest[:3]]


def _unaccented_three(query: Query, index: Index) -> list[str]:
    return _first_three(rank(without_accents(query.query), index))


def without_accents(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


def _share(truths: Iterator[bool]) -> float:
    counted = list(truths)
    return sum(counted) / len(counted)


def main() -> None:
    document = Path(sys.argv[1]) if len(sys.argv) > 1 else config_dir() / "faq" / "educonnect.md"
    index = index_of(document)
    for name in SETS:
        queries = load(name)
        unanswerable = sum(not query.expect for query in queries)
        sys.stdout.write(f"{name}: {len(queries)} queries, {unanswerable} of them with no answer in the FAQ\n")
        for figure, value in vars(score(index, queries)).items():
            sys.stdout.write(f"  {figure:<22} {value:6.1%}\n")
        if name in TUNED:
            sys.stdout.writelines(_misses(index, queries))


def _misses(index: Index, queries: Sequence[Query]) -> Iterator[str]:
    slug_of = slugs(index)
    for query in queries:
        answer = rank(query.query, index)
        if answer.answered != bool(query.expect) or (query.expect and _place(answer, query, slug_of) != 1):
            best = [(hit.slug, hit.score, hit.coverage) for hit in answer.nearest[:3]]
            wanted = query.expect or "nothing"
            yield f"    {query.id} {query.query!r} wants {wanted}, certain {answer.certainty}, nearest {best}\n"


if __name__ == "__main__":
    main()
