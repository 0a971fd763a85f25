"""Attached files stay as long as a row points to them, and no longer."""

import os
from datetime import datetime, timedelta

import pytest
from sqlalchemy import String

from helpdesk.db import Base
from helpdesk.files import FileStore
from helpdesk.intake.message import IncomingFile
from helpdesk.tickets import actions
from helpdesk.tickets.retention import (
    due,
    purge,
    sweep_files,
)
from helpdesk.vocabulary import Role
from tests.application import MONDAY, Desk
from tests.tickets.periods import A_YEAR_ON, CLOSED, PERIODS, TWO_YEARS_ON


@pytest.fixture
def files(desk: Desk) -> FileStore:
    return desk.parts.files


def make_old(desk: Desk, digest: str) -> None:
    """Make the file one that was kept a month ago."""
    path = desk.parts.settings.data_dir / "files" / digest[:2] / digest
    os.utime(path, (0, 0))


def test_a_file_goes_with_the_last_row_that_points_to_it(desk: Desk, files: FileStore) -> None:
    agent = desk.agent(role=Role.SUPERVISOR)
    same = IncomingFile("capture.png", "image/png", b"\x89PNG\r\n\x1a\nthe same picture")
    first, second = desk.ticket(files=(same,)), desk.ticket(files=(same,))
    (digest,) = files.digests()
    make_old(desk, digest)
    actions.close(agent, first.reference, "doublon", now=CLOSED)
    purge(PERIODS, files, A_YEAR_ON)

    purge(PERIODS, files, TWO_YEARS_ON)
    assert list(files.digests()) == [digest]

    actions.close(agent, second.reference, "doublon", now=CLOSED)
    purge(PERIODS, files, A_YEAR_ON)
    assert purge(PERIODS, files, TWO_YEARS_ON)["files"] == 1
    assert list(files.digests()) == []


def test_a_file_whose_form_was_never_sent_goes_after_a_week(desk: Desk, files: FileStore) -> None:
    now = datetime.now(MONDAY.tzinfo)
    digest = files.keep(b"chosen, never sent")

    assert sweep_files(files, now + timedelta(days=6)) == 0
    assert due(PERIODS, files, now + timedelta(days=8))["files"] == 1
    assert list(files.digests()) == [digest]
    assert sweep_files(files, now + timedelta(days=8)) == 1


def test_a_file_that_is_kept_again_stays(desk: Desk, files: FileStore) -> None:
    digest = files.keep(b"the same bytes")
    make_old(desk, digest)

    files.keep(b"the same bytes")

    assert sweep_files(files, datetime.now(MONDAY.tzinfo)) == 0
    assert files.read(digest) == b"the same bytes"


def test_a_file_that_is_kept_while_it_is_swept_is_there_afterwards(desk: Desk, files: FileStore) -> None:
    digest = files.keep(b"the same bytes")
    make_old(desk, digest)

    def wanted(_some: object) -> set[str]:
        files.keep(b"the same bytes")  # another process, between the look at the rows and the removal
        return set()

    assert files.sweep(wanted, datetime.now(MONDAY.tzinfo) - timedelta(days=7)) == 0
    assert files.read(digest) == b"the same bytes"


def test_what_an_ended_process_left_half_written_goes_too(desk: Desk, files: FileStore) -> None:
    digest = files.keep(b"bytes")
    draft = desk.parts.settings.data_dir / "files" / digest[:2] / f"{digest}.0a1b2c3d"
    draft.write_bytes(b"byt")
    os.utime(draft, (0, 0))

    sweep_files(files, datetime.now(MONDAY.tzinfo))

    assert not draft.exists()


def test_every_column_that_can_hold_the_hash_of_a_file_is_looked_at() -> None:
    """A column of 64 characters is one, and called so, or is here because it holds something else."""
    something_else = {"fingerprint", "uid", "visitor", "contact", "sid"}
    long_enough = {
        column.name
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String) and column.type.length == 64
    }

    assert "sha256" in long_enough
    assert long_enough - something_else == {"sha256"}
