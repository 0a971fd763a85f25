"""How long a search takes among 20,000 entries, beside the least that could be done: one FTS5 query on the same text.

    python -m bench.search [--entries 20000] [--rounds 3] [--databases]

With --databases the same entries are stored in SQLite and in PostgreSQL too, and every query is asked of both.

Entries are drawn with a fixed seed from the words of the field and 12,000 made-up ones, spread as words are in prose.
"""

import argparse
import itertools
import json
import random
import resource
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import create_engine, insert

from helpdesk import schema
from helpdesk.db import tune
from helpdesk.knowledge.index import Entry, Index
from helpdesk.knowledge.ranking import rank
from helpdesk.knowledge.search import published_entries
from helpdesk.knowledge.synonyms import Synonyms
from helpdesk.knowledge.wordlists import read_synonyms
from helpdesk.models import Article, Section
from helpdesk.places import config_dir
from helpdesk.stems import stem, words
from tests.services import postgresql

_QUERIES = Path(__file__).resolve().parent.parent / "tests" / "knowledge" / "queries" / "tuned.jsonl"
_FIELD = (
    "compte mot passe identifiant élève enfant responsable établissement téléphone connexion activer modifier numéro "
    "académie notifier enseignant personnel assistance ressource groupe adresse secrétariat courrier mail page ticket "
    "plusieurs autre problème changement renouveler signaler perdre difficulté déployer communiquer parent collège"
)
_SYLLABLES = "ba be bi bo bru ca che cla da de di dou fa fi flo ga gri la le li lu ma mi mon na ni pa pe pla que ra re"


def made_up_words(draw: random.Random, wanted: int) -> list[str]:
    syllables = _SYLLABLES.split()
    found: dict[str, None] = {}
    while len(found) < wanted:
        found["".join(draw.choices(syllables, k=draw.randint(2, 4))) + draw.choice(["", "s", "r", "tion"])] = None
    return list(found)


def entries(count: int) -> list[Entry]:
    draw = random.Random(20_000)
    vocabulary = [*_FIELD.split(), *made_up_words(draw, 12_000)]
    weights = list(itertools.accumulate(1 / (rank + 20) for rank in range(len(vocabulary))))

    def text(length: int) -> str:
        return " ".join(draw.choices(vocabulary, cum_weights=weights, k=length))

    return [
        Entry(
            slug=f"fiche-{number:05}",
            section=text(3),
            question=f"{text(draw.randint(6, 14)).capitalize()} ?",
            answer=" ".join(f"{text(draw.randint(8, 20)).capitalize()}." for _ in range(draw.randint(2, 5))),
        )
        for number in range(count)
    ]


def queries() -> list[str]:
    lines = _QUERIES.read_text("utf-8").splitlines()
    return [json.loads(line)["query"] for line in lines]


def fts5(rows: list[Entry]) -> Callable[[str], object]:
    """The bare minimum: the database's own index, no synonyms, no spelling, no passage, no honest « nothing »."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE entry USING fts5(question, answer, section)")
    database.executemany(
        "INSERT INTO entry VALUES (?, ?, ?)",
        (tuple(_stems(text) for text in (row.question, row.answer, row.section)) for row in rows),
    )

    def search(query: str) -> object:
        match = " OR ".join(f'"{one}"' for one in dict.fromkeys(_stems(query).split()))
        if not match:
            return []
        return database.execute(
            "SELECT rowid FROM entry WHERE entry MATCH ? ORDER BY rank LIMIT 5", (match,)
        ).fetchall()

    return search


def _stems(text: str) -> str:
    return " ".join(stem(word.folded) for word in words(text))


def timings(search: Callable[[str], object], asked: list[str], rounds: int) -> Iterator[float]:
    """Milliseconds of each search, one after the other: of the processor, which a busy machine does not stretch."""
    for query in asked * rounds:
        started = time.process_time()
        search(query)
        yield (time.process_time() - started) * 1000


def same_ranking(rows: list[Entry], synonyms: Synonyms, asked: list[str]) -> int:
    """How many queries both databases answer alike, to the score and the passage."""
    with tempfile.TemporaryDirectory() as folder, postgresql.running() as server:
        urls = (f"sqlite:///{folder}/search.sqlite", server.url(server.create()))
        first, second = (Index(_stored(url, rows), synonyms) for url in urls)
        return sum(rank(query, first) == rank(query, second) for query in asked)


def _stored(url: str, rows: list[Entry]) -> list[Entry]:
    """The entries, after they went through a database."""
    engine = create_engine(url)
    tune(engine)
    schema.upgrade(engine)
    sections = {title: number for number, title in enumerate(sorted({row.section for row in rows}), start=1)}
    with engine.connect().execution_options(writes=True) as connection:
        titles = [{"id": n, "slug": f"s{n}", "title": title, "position": n} for title, n in sections.items()]
        connection.execute(insert(Section), titles)
        articles = [
            {
                "slug": row.slug,
                "section_id": sections[row.section],
                "readers": row.readers,
                "position": number,
                "question": row.question,
                "answer": row.answer,
            }
            for number, row in enumerate(rows)
        ]
        connection.execute(insert(Article), articles)
        connection.commit()
        found = published_entries(connection)
    engine.dispose()
    return found


def report(name: str, times: list[float]) -> None:
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    print(f"{name:<28} p50 {cuts[49]:7.2f} ms   p95 {cuts[94]:7.2f} ms   max {max(times):7.2f} ms   n {len(times)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--databases", action="store_true")
    arguments = parser.parse_args()

    rows = entries(arguments.entries)
    synonyms = read_synonyms((config_dir() / "synonyms.toml").read_text("utf-8"))
    asked = queries()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    index = Index(rows, synonyms)
    took = time.process_time() - started
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{len(rows)} entries, made ready in {took:.1f} s; the process grew by {grown:.0f} MB")
    bare = fts5(rows)
    report("search (first round cold)", list(timings(lambda query: rank(query, index), asked, arguments.rounds)))
    report("bare minimum (FTS5, OR)", list(timings(bare, asked, arguments.rounds)))
    nasty = [
        "a" * 10_000,
        "xqzw " * 2_000,
        _FIELD.replace(" ", " OR "),
        "plokjuh " + " ".join(f"zorglub{n}" for n in range(99)),
    ]
    report("search, hostile queries", list(timings(lambda query: rank(query, index), nasty, arguments.rounds)))
    if arguments.databases:
        print(f"SQLite and PostgreSQL rank alike: {same_ranking(rows, synonyms, asked)} of {len(asked)} queries")


if __name__ == "__main__":
    main()
