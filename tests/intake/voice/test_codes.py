"""Call codes: each ticket has one, and a slip of the finger finds none."""

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.intake.phone.voice.codes import code_of, number_of, show_code

TICKETS = st.integers(1, 10**9)


@given(ticket=TICKETS)
def test_a_code_leads_back_to_its_ticket(ticket: int) -> None:
    assert number_of(code_of(ticket)) == number_of(show_code(ticket)) == ticket


@given(ticket=TICKETS, place=st.integers(0, 30), more=st.integers(1, 9))
def test_every_wrong_figure_is_caught(ticket: int, place: int, more: int) -> None:
    code = code_of(ticket)
    place %= len(code)

    assert number_of(code[:place] + str((int(code[place]) + more) % 10) + code[place + 1 :]) is None


@given(ticket=TICKETS, place=st.integers(0, 30))
def test_every_swap_of_neighbours_is_caught(ticket: int, place: int) -> None:
    code = code_of(ticket)
    place %= len(code) - 1
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]

    assert swapped == code or number_of(swapped) is None


def test_ten_thousand_tickets_have_as_many_codes_of_eight_figures() -> None:
    codes = {code_of(ticket) for ticket in range(1, 10_001)}

    assert {len(code) for code in codes} == {8}
    assert len(codes) == 10_000


@given(text=st.text(max_size=40) | st.text("0123456789 ", max_size=40))
def test_anything_else_is_no_code(text: str) -> None:
    number = number_of(text)

    assert number is None or code_of(number) == "".join(text.split())
