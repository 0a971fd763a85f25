"""Editors change the words of search: tried before they are published, in force everywhere at once, and taken back."""

import pytest
from flask.testing import FlaskClient

from helpdesk.db import db
from helpdesk.errors import Changed, IllegalMove, NotFound
from helpdesk.knowledge.search import search
from helpdesk.knowledge.words import versions
from helpdesk.knowledge.words.in_force import file_text
from helpdesk.knowledge.words.lists import Lists, as_lists, as_toml
from helpdesk.models import Agent
from tests.application import MONDAY, Desk, later, post, token_in

pytestmark = pytest.mark.usefixtures("faq")
PAGE = "/agent/fiches/synonymes"
UNHEARD = "mon zinzolin est neuf"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


HEARD = "zinzolin = numéro"


def with_a_line(line: str) -> str:
    """The words of the file, and one more line: a word that stands for another, or a group."""
    lists, name = as_lists(file_text()), "near" if "=" in line else "groups"
    return as_toml(Lists(**(vars(lists) | {name: f"{getattr(lists, name)}\n{line}"})))


def fields(client: FlaskClient, **changed: str) -> dict[str, str]:
    """What the page's form holds, with changes."""
    db.session.rollback()
    lists = vars(as_lists(file_text()))
    return {"csrf_token": token_in(client.get(PAGE).text), "over": "0", **lists, **changed}


def test_a_published_word_is_found_at_once_and_a_return_forgets_it(reviewer: Agent) -> None:
    assert not search(UNHEARD).answered

    published = versions.publish(reviewer, with_a_line(HEARD), "essai", over=0, now=MONDAY)
    heard = search(UNHEARD).nearest
    back = versions.go_back(reviewer, 1, over=published, now=later(hours=1))

    assert (published, back) == (2, 3)
    assert [hit.slug for hit in heard] == ["telephone"]
    assert not search(UNHEARD).nearest
    assert [one.number for one in versions.history(reviewer)] == [3, 2, 1]


def test_editors_try_and_do_not_publish_and_others_see_nothing(editor: Agent, desk: Desk) -> None:
    trial = versions.try_out(editor, with_a_line(HEARD), UNHEARD)

    assert [hit.slug for hit in trial.before.nearest] == []
    assert [hit.slug for hit in trial.after.nearest] == ["telephone"]
    assert (trial.measured_after.found, trial.measured_after.questions) == (1, 1)
    with pytest.raises(NotFound):
        versions.publish(editor, with_a_line(HEARD), "", over=0, now=MONDAY)
    with pytest.raises(NotFound):
        versions.try_out(desk.agent(name="Autre Essai"), with_a_line(HEARD), "numéro")
    assert versions.history(editor) == []


def test_the_second_of_two_editors_sees_that_the_first_was_quicker(reviewer: Agent) -> None:
    versions.publish(reviewer, with_a_line("zinzolin, violet"), "", over=0, now=MONDAY)

    with pytest.raises(Changed):
        versions.publish(reviewer, with_a_line("amarante, rouge"), "", over=0, now=MONDAY)
    with pytest.raises(IllegalMove):
        versions.publish(reviewer, with_a_line("zinzolin, violet"), "", over=2, now=MONDAY)


class TestThePage:
    def test_a_change_is_tried_then_published(self, desk: Desk, reviewer: Agent) -> None:
        client = desk.sign_in(reviewer)
        typed = {"near": f"{as_lists(file_text()).near}\n{HEARD}", "query": UNHEARD}

        tried = client.post(PAGE, data=fields(client, **typed, **{"try": "1"}))
        done = client.post(PAGE, data=fields(client, **typed, comment="Vu dans les recherches"))

        assert "Essai : rien n’est publié" in tried.text.replace("\u00a0", " ")
        assert done.status_code == 303
        assert "Vu dans les recherches" in client.get(PAGE).text
        assert HEARD in client.get(f"{PAGE}/2").text
        back = post(client, f"{PAGE}/1/reprise", {"over": "2"}, page=PAGE)
        assert back.status_code == 303
        again = post(client, f"{PAGE}/1/reprise", {"over": "2"}, page=PAGE)
        assert again.status_code == 409  # the second click of a double one

    def test_what_is_refused_stays_and_it_takes_a_token_and_a_right(self, desk: Desk, reviewer: Agent) -> None:
        client = desk.sign_in(reviewer)

        answer = client.post(PAGE, data=fields(client, near="zinzolin sans signe"))

        assert answer.status_code == 422
        assert "zinzolin sans signe" in answer.text
        assert "[proches], ligne 1" in answer.text
        assert client.post(PAGE, data={"groups": "x, y"}).status_code == 422
        assert client.get(f"{PAGE}/99").status_code == 404
        assert desk.sign_in(desk.agent(name="Autre Essai")).get(PAGE).status_code == 404
