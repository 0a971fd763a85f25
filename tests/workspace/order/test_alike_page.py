"""A request that may be another one told twice, on its page."""

import pytest
from flask.testing import FlaskClient

from helpdesk.intake.message import Sender
from helpdesk.vocabulary import Channel
from tests.application import Desk, post
from tests.workspace.pages import main_of, page_of


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def test_the_page_proposes_it_and_one_button_links_the_two(desk: Desk, signed_in: FlaskClient) -> None:
    text = "Je ne reçois pas le code par SMS."
    call = desk.ticket(text, channel=Channel.PHONE, sender=Sender(phone="+33639980111"))
    form = desk.ticket(text, sender=Sender("Lou Inventé", "lou@famille.example", "+33639980111"))

    page = main_of(signed_in.get(page_of(call)))
    fields = {"relation": "duplicate", "other": form.reference}
    answer = post(signed_in, f"{page_of(call)}/liens", fields, page_of(call))

    assert "Peut-être la même demande" in page
    after = main_of(signed_in.get(answer.location))
    assert "Peut-être la même demande" not in after
    assert "Doublon de" in after
    assert len(desk.read(call.reference).messages) == 1, "nothing is merged"
