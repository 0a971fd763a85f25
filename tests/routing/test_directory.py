"""Taking over the directory: what comes, changes and closes; what an extract may not do; all or nothing."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, func, select

from helpdesk import schema
from helpdesk.db import db, tune
from helpdesk.errors import NotFound, UnreadableDocument
from helpdesk.models import School, SchoolWord
from helpdesk.routing.directory import DoubtfulFile, entry, import_directory
from helpdesk.routing.directory_changes import Changes, sentences
from helpdesk.routing.geography import Geography
from helpdesk.routing.school_completion import complete
from helpdesk.routing.school_search import open_directory
from helpdesk.routing.uai import check_letter
from tests.application import MONDAY

HEADER = (
    "Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;Nom_commune;Code_postal;Code_departement;"
    "Mail;etat"
)
Import = Callable[..., Changes]


@pytest.fixture
def import_lines(database_url: str, france: Geography) -> Iterator[Import]:
    """Import a file of those lines under the official header."""
    app = Flask("directory")
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url
    db.init_app(app)

    def run(*lines: str, header: str = HEADER, hours: int = 0, **options: Any) -> Changes:
        raw = "\n".join((header, *lines)).encode()
        return import_directory(raw, france, MONDAY + timedelta(hours=hours), **options)

    with app.app_context():
        tune(db.engine)
        yield run
        db.session.remove()
        db.engine.dispose()


def school(
    digits: str = "0349001",
    name: str = "Collège Jean Moulin",
    kind: str = "Collège",
    commune: str = "Béziers",
    state: str = "OUVERT",
) -> str:
    uai = digits + check_letter(digits)
    return f"{uai};{name};{kind};{commune};{digits[1:3]}500;{digits[:3]};ce.{uai}@ecole.example;{state}"


def many(department: str, count: int, kind: str = "Collège") -> list[str]:
    return [school(f"{department}{number:04d}", f"{kind} Numéro {number}", kind) for number in range(1, count + 1)]


def listed() -> dict[str, bool]:
    """By code without letter, whether the school is open."""
    db.session.rollback()
    return {row.uai[:7]: row.open for row in db.session.execute(select(School.uai, School.open))}


def test_new_schools_are_added_with_the_words_that_find_them(import_lines: Import) -> None:
    changes = import_lines(school(), school("0349006", "École élémentaire Jules Ferry", "Ecole"))

    assert len(changes.added) == 2
    assert set(db.session.scalars(select(SchoolWord.word))) == {"jean", "moulin", "jules", "ferry"}


def test_the_same_file_again_changes_nothing(import_lines: Import) -> None:
    import_lines(school())

    again = import_lines(school(), hours=1)

    assert (again.unchanged, again.added, again.changed, again.closed()) == (1, [], [], [])
    assert db.session.scalars(select(School.changed_at)).all() == [MONDAY]


def test_a_renamed_school_is_found_under_its_new_name_alone(import_lines: Import) -> None:
    import_lines(school())

    changes = import_lines(school(name="Collège Lucie Aubrac"), hours=1)

    assert changes.to_json()["changed"][0]["fields"] == ["name", "name_key"]
    assert set(db.session.scalars(select(SchoolWord.word))) == {"lucie", "aubrac"}


def test_a_school_that_left_the_file_is_closed_and_kept(import_lines: Import) -> None:
    import_lines(*many("034", 3))

    changes = import_lines(*many("034", 2))

    assert [entry.row.name for entry in changes.absent] == ["Collège Numéro 3"]
    assert listed() == {"0340001": True, "0340002": True, "0340003": False}


def test_a_school_that_is_said_closed_closes_and_may_open_again(import_lines: Import) -> None:
    import_lines(school())

    closing = import_lines(school(state="FERME"))

    assert len(closing.said_closed) == 1
    assert listed() == {"0349001": False}
    import_lines(school())
    assert listed() == {"0349001": True}


@pytest.mark.parametrize(
    "extract",
    [
        pytest.param(many("034", 2), id="one département"),
        pytest.param(many("034", 2) + many("026", 2), id="collèges alone"),
    ],
)
def test_an_extract_closes_nothing_that_it_does_not_cover(extract: list[str], import_lines: Import) -> None:
    import_lines(*many("034", 2), *many("026", 2), *(school(f"026{n}", "École", "Ecole") for n in range(1000, 1003)))

    changes = import_lines(*extract)

    assert changes.closed() == []
    assert all(listed().values())


def test_a_file_that_misses_many_schools_is_doubted_until_it_is_said_to_be_right(import_lines: Import) -> None:
    import_lines(*many("034", 40))

    with pytest.raises(DoubtfulFile) as doubt:
        import_lines(*many("034", 20), school("0349001"))

    assert "20 établissements sur 40" in str(doubt.value)
    assert len(doubt.value.changes.absent) == 20
    assert listed() == {f"034{number:04d}": True for number in range(1, 41)}
    import_lines(*many("034", 20), allow_closing=True)
    assert sum(listed().values()) == 20


def test_a_refused_line_closes_nothing(import_lines: Import) -> None:
    import_lines(*many("034", 20))
    lines = many("034", 20)
    lines[7] = lines[7].replace("Collège Numéro 8", "")

    changes = import_lines(*lines)

    assert [(refused.line, refused.why) for refused in changes.refused] == [(9, "0340008Z : le nom manque")]
    assert all(listed().values())
    assert "  ligne 9 refusée : 0340008Z : le nom manque" in list(sentences(changes))


def test_a_file_with_many_wrong_lines_changes_nothing(import_lines: Import) -> None:
    import_lines(school())

    with pytest.raises(DoubtfulFile):
        import_lines(school(name="Collège Lucie Aubrac"), "cassé;;;;;;;", "cassé;;;;;;;")

    assert db.session.scalars(select(School.name)).all() == ["Collège Jean Moulin"]


def test_a_file_without_a_single_school_changes_nothing(import_lines: Import) -> None:
    import_lines(school())

    with pytest.raises(UnreadableDocument):
        import_lines("cassé;;;;;;;")

    assert listed() == {"0349001": True}


def test_a_dry_run_tells_all_and_changes_nothing(import_lines: Import) -> None:
    changes = import_lines(school(), dry_run=True)

    assert len(changes.added) == 1
    assert listed() == {}


def test_a_file_without_some_columns_leaves_what_it_does_not_tell(import_lines: Import) -> None:
    import_lines(school(state="FERME"))
    before = entry("0349001Z")
    known = (before.email, before.kind, before.postal_code, before.open)

    import_lines("0349001Z;Collège Lucie Aubrac;Béziers", header="UAI;Nom;Commune")

    db.session.rollback()
    after = entry("0349001Z")
    assert after.name == "Collège Lucie Aubrac"
    assert (after.email, after.kind, after.postal_code, after.open) == known


def test_a_school_listed_twice_is_one_school_open_if_either_is(import_lines: Import) -> None:
    changes = import_lines(school(state="FERME"), school())

    assert changes.repeated == 1
    assert listed() == {"0349001": True}


def test_schools_are_found_and_proposed_on_both_databases(import_lines: Import) -> None:
    import_lines(school(), school("0349002", "Collège Paul Riquet"), school("0349006", "École Jules Ferry", "Ecole"))
    directory = open_directory(db.session())
    assert directory is not None

    assert [found.name for found in directory.candidates("clg J. Moullin", "bezier", "")] == ["Collège Jean Moulin"]
    assert [found.name for found in directory.candidates("paul riqué béziers", "", "")] == ["Collège Paul Riquet"]
    assert directory.candidates("collège Jean Moulin", "", "") == ()  # one of part of the country
    assert [found.name for found in complete(db.session(), "ecole jules fer")] == ["École Jules Ferry"]
    assert [found.name for found in complete(db.session(), "riquet béz", "34")] == ["Collège Paul Riquet"]


def test_a_code_that_is_not_there_is_told(import_lines: Import) -> None:
    with pytest.raises(NotFound):
        entry("0349001Z")


def test_a_database_without_the_table_is_no_directory(empty_database_url: str) -> None:
    engine = create_engine(empty_database_url)
    tune(engine)

    with engine.connect() as connection:
        assert open_directory(connection) is None
        assert connection.scalar(select(func.now())) is not None  # and the connection can still be used
    engine.dispose()


def test_a_directory_without_a_school_is_none(empty_database_url: str) -> None:
    engine = create_engine(empty_database_url)
    tune(engine)
    schema.upgrade(engine)

    with engine.connect() as connection:
        assert open_directory(connection) is None
    engine.dispose()
