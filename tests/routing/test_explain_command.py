"""`helpdesk routing explain`: one request a line in, one decision a line out."""

import json
from pathlib import Path
from typing import Any, Protocol

import pytest

from helpdesk.cli.main import main
from helpdesk.routing.geography import Geography


class Explain(Protocol):
    def __call__(self, *lines: str, today: str = ...) -> tuple[list[dict[str, Any]], int, str]: ...


@pytest.fixture
def explain(tmp_path: Path, france: Geography, capsys: pytest.CaptureFixture[str]) -> Explain:
    """Run the command on some lines; what it printed, its code and what it said of errors."""

    def run(*lines: str, today: str = "2026-11-24") -> tuple[list[dict[str, Any]], int, str]:
        file = tmp_path / "requests.jsonl"
        file.write_text("\n".join(lines), "utf-8", errors="surrogatepass")
        code = main(["routing", "explain", str(file), "--today", today])
        printed = capsys.readouterr()
        return [json.loads(line) for line in printed.out.splitlines()], code, printed.err

    return run


def test_each_line_gets_its_decision(explain: Explain) -> None:
    request = {
        "id": 7,
        "channel": "web",
        "profile": None,
        "subject": None,
        "text": "La demande de bourse ferme demain, le site refuse mon dossier",
        "school": {"name": "Lycée", "postal_code": "38000", "commune": None},
        "unheard_of": 1,
    }

    (answer,), code, _ = explain(json.dumps(request))

    assert code == 0
    assert {key: answer[key] for key in ("id", "academy", "topic", "audience", "priority", "service")} == {
        "id": 7,
        "academy": "08",
        "topic": "teleservices",
        "audience": "responsable",
        "priority": "urgent",
        "service": "scolarite-08",
    }
    assert "Académie de Grenoble" in answer["because"]
    assert answer["clues"]


def test_the_day_is_that_of_the_option(explain: Explain) -> None:
    request = json.dumps({"text": "Bourse : date limite le 26 novembre 2026"})

    (near,), _, _ = explain(request, today="2026-11-24")
    (far,), _, _ = explain(request, today="2026-11-02")

    assert (near["priority"], far["priority"]) == ("urgent", "normal")


def test_a_broken_line_is_told_by_its_number_and_the_others_go_on(explain: Explain) -> None:
    lines = [
        '{"text": "mot de passe perdu"}',
        "{",
        "",
        '{"text": "code non reçu"}',
        '{"channel": "fax", "text": "x"}',
        "[]",
    ]

    answers, code, said = explain(*lines)

    assert code == 1
    assert [answer.get("line") for answer in answers] == [None, 2, None, 5, 6]
    assert "« channel » : « fax » n’est pas l’un de web, email, phone, sms, agent" in said


@pytest.mark.parametrize(
    "line",
    [
        '{"text": 12}',
        '{"text": null}',
        '{"text": "a", "school": null, "profile": null, "phone": null}',
        '{"text": "\\u0000\\ud800"}',
    ],
)
def test_odd_values_are_no_error(explain: Explain, line: str) -> None:
    answers, code, _ = explain(line)

    assert code == 0
    assert len(answers) == 1


@pytest.mark.parametrize(
    "line",
    [
        "null",
        "1",
        '{"text": ["a"]}',
        '{"text": {"a": 1}}',
        '{"no": "text"}',
        '{"text": "a", "school": "b"}',
        "[" * 9999,
    ],
)
def test_what_is_no_request_is_an_error_of_its_line(explain: Explain, line: str) -> None:
    answers, code, _ = explain(line)

    assert code == 1
    assert answers[0]["line"] == 1
    assert answers[0]["error"]


def test_a_file_that_is_not_there_is_said_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["routing", "explain", "nowhere.jsonl"]) == 2
    assert "nowhere.jsonl" in capsys.readouterr().err
