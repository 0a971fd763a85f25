"""How long the import of a whole directory takes, beside the least that could be done, and schools found a second.

    python -m bench.directory [--schools 68000] [--postgresql]

The bare minimum of the same run reads the same file with `csv` and writes its columns into one table without an index,
in one statement. Schools are made up (tests/routing/made_up_directory.py).
"""

import argparse
import csv
import io
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine, text

from helpdesk import schema
from helpdesk.db import db, tune
from helpdesk.places import communes_dir, config_dir
from helpdesk.routing.directory import import_directory
from helpdesk.routing.geography import Geography, load_geography
from helpdesk.routing.school_completion import complete
from helpdesk.routing.school_search import DatabaseDirectory
from tests.routing.made_up_directory import FULL, write
from tests.routing.school_score import CASES
from tests.services import postgresql

_TYPED = ("jean mou", "clg béziers", "lycée henri iv bez", "jules ferry massy", "collège de la fon", "lakan", "paris")
_ROUNDS = 5


@contextmanager
def database(on_postgresql: bool, folder: str) -> Iterator[str]:
    """The address of an empty database."""
    if not on_postgresql:
        yield f"sqlite:///{folder}/bench.sqlite"
        return
    with postgresql.running() as server:
        yield server.url(server.create())


def bare(raw: bytes, engine: Engine) -> float:
    """Seconds that reading and writing take at the very least."""
    begin = time.perf_counter()
    header, *rows = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";")
    names = [f"c{number}" for number in range(len(header))]
    with engine.connect().execution_options(writes=True) as connection:
        connection.execute(text(f"CREATE TABLE bare ({', '.join(f'{name} varchar' for name in names)})"))
        insert = text(f"INSERT INTO bare VALUES ({', '.join(f':{name}' for name in names)})")
        connection.execute(insert, [dict(zip(names, row, strict=True)) for row in rows])
        connection.commit()
    return time.perf_counter() - begin


def whole(raw: bytes, geography: Geography) -> float:
    begin = time.perf_counter()
    import_directory(raw, geography, datetime.now(UTC))
    return time.perf_counter() - begin


def milliseconds(name: str, times: list[float]) -> None:
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    rate = len(times) / sum(times)
    print(f"{name:<34} p50 {cuts[49] * 1000:6.2f} ms   p95 {cuts[94] * 1000:6.2f} ms   {rate:7,.0f} /s")


def matches(directory: DatabaseDirectory) -> Iterator[float]:
    with (CASES / "tuned.tsv").open(encoding="utf-8", newline="") as file:
        cases = [case for case in csv.DictReader(file, delimiter="\t") if not case["text"]]
    for case in cases * _ROUNDS:
        begin = time.perf_counter()
        directory.candidates(case["name"], case["commune"], case["postal_code"])
        yield time.perf_counter() - begin


def completions(engine: Engine) -> Iterator[float]:
    with engine.connect() as connection:
        for typed in _TYPED * _ROUNDS:
            begin = time.perf_counter()
            complete(connection, typed)
            yield time.perf_counter() - begin


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schools", type=int, default=FULL)
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL rather than SQLite")
    options = parser.parse_args()
    geography = load_geography(config_dir(), communes_dir())
    with tempfile.TemporaryDirectory(prefix="helpdesk-bench-") as folder:
        write(Path(folder) / "schools.csv", options.schools, geography)
        raw = (Path(folder) / "schools.csv").read_bytes()
        with database(options.postgresql, folder) as url:
            app = Flask("schools")
            app.config["SQLALCHEMY_DATABASE_URI"] = url
            db.init_app(app)
            with app.app_context():
                measure(raw, geography, options.schools)
                db.session.remove()
                db.engine.dispose()


def measure(raw: bytes, geography: Geography, schools: int) -> None:
    engine = db.engine
    tune(engine)
    schema.upgrade(engine)
    least, took = bare(raw, engine), whole(raw, geography)
    again = whole(raw, geography)
    print(f"{schools} schools on {engine.dialect.name}")
    print(f"import {took:5.1f} s ({schools / took:,.0f} rows/s), bare minimum {least:5.1f} s, ratio {took / least:.1f}")
    print(f"the same file again {again:5.1f} s")
    with engine.connect() as connection:
        milliseconds("what parents type → school", list(matches(DatabaseDirectory(connection))))
    milliseconds("proposals while typing", list(completions(engine)))


if __name__ == "__main__":
    main()
