"""The académie found for requests in parents' own words: `academies/*.txt`."""

from pathlib import Path

import pytest

from helpdesk.routing.geography import Geography
from tests.routing.messages import choice

TRIAGE = "--"
FILES = sorted((Path(__file__).parent / "academies").glob("*.txt"))
REQUESTS = [
    pytest.param(line[:2], line[3:].replace("⏎", "\n"), id=f"{file.stem}:{number}")
    for file in FILES
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
    if not line.startswith("#")
]


@pytest.mark.parametrize(("code", "text"), REQUESTS)
def test_the_academie_is_the_one_a_careful_agent_would_name(code: str, text: str, france: Geography) -> None:
    found = choice(france, text)

    assert (found.academy or TRIAGE) == code, found
