"""The script as a machine: where each answer leads, and that no caller can be lost in it."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.intake.phone.voice.hearing import Heard, read_heard
from helpdesk.intake.phone.voice.loading import Script
from helpdesk.intake.phone.voice.script import Place, Talk, World, advance
from helpdesk.intake.phone.voice.states import Ending, Step
from tests.application import MONDAY

CODE, REFERENCE = "12345678", "EC-2222-2222"
PATHS = [(), ("69",), ("69", "1"), ("69", "1", "1"), ("69", "1", "1", "2"), ("69", "1", "1", "2", "1"),
         ("69", "1", "1", "2", "2")]  # fmt: skip


def world(script: Script, number: str = "+33639981234") -> World:
    """One département, one call code; every topic but the last has an answer."""
    return World(
        menu=script.menu,
        number=number,
        place_of=lambda figures: Place(figures, "10") if figures == "69" else None,
        place_named=lambda words: Place(words, "10") if words == "lyon" else None,
        ticket_of=lambda figures: REFERENCE if figures == CODE else "",
        has_answer=lambda talk: talk.topic != script.menu.topics[-1].key,
        slots=lambda _talk: [(MONDAY + timedelta(days=day), MONDAY + timedelta(days=day, hours=4)) for day in (1, 2)],
        read_number=lambda figures: "+33639985678" if figures == "0639985678" else "",
    )


def walk(script: Script, *keys: str, number: str = "+33639981234") -> Talk:
    talk = Talk()
    for each in keys:
        talk = advance(talk, Heard(each), world(script, number))
    return talk


@pytest.mark.parametrize("path", PATHS)
def test_danger_comes_first_everywhere(script: Script, path: tuple[str, ...]) -> None:
    assert walk(script, *path, "8").ending is Ending.DANGER
    said = advance(walk(script, *path), Heard(words="il est en danger"), world(script))
    assert said.ending is Ending.DANGER


@pytest.mark.parametrize("path", PATHS)
def test_star_repeats_and_nine_says_it_in_the_other_language(script: Script, path: tuple[str, ...]) -> None:
    before, again, other = walk(script, *path), walk(script, *path, "*"), walk(script, *path, "9")

    assert again.step is other.step is before.step
    assert (before.language, other.language) == ("fr", "en")
    assert again.misses == other.misses == 0


@pytest.mark.parametrize(
    ("path", "step"),
    [
        (("69", "0"), Step.PLACE), (("69", "1", "0"), Step.PLACE), (("69", "1", "1", "0"), Step.TOPIC),
        (("69", "1", "1", "2", "0"), Step.TOPIC), (("69", "1", "1", "2", "1", "0"), Step.CHOICE),
        (("69", "1", "1", "2", "2", "0"), Step.CHOICE), ((CODE, "0"), Step.PLACE),
    ],
)  # fmt: skip
def test_zero_goes_back(script: Script, path: tuple[str, ...], step: Step) -> None:
    assert walk(script, *path).step is step


@pytest.mark.parametrize("path", PATHS[:5])
@pytest.mark.parametrize("answer", ["", "77777"])
def test_three_times_nothing_leads_to_a_message(script: Script, path: tuple[str, ...], answer: str) -> None:
    talk = walk(script, *path, *[answer] * script.menu.tries)

    assert (talk.step, talk.remark) == (Step.CONSENT, "give-up")


def test_a_place_that_was_not_confirmed_is_not_believed(script: Script) -> None:
    assert walk(script, "69", "", "", "").academy == ""


def test_a_number_is_asked_of_who_has_none(script: Script) -> None:
    assert walk(script, "69", "1", "6", "2", number="").step is Step.NUMBER
    assert walk(script, "69", "1", "6", "2", "0639985678", "2", number="").number == "+33639985678"


@pytest.mark.parametrize("said", ["deux", "2", "euh le deux", "non", "no", "two"])
def test_a_key_may_be_said(said: str) -> None:
    assert read_heard({"SpeechResult": said}).key == "2"


@pytest.mark.parametrize("said", ["un ou deux", "douze", "", "je ne sais pas"])
def test_what_is_no_single_key_is_none(said: str) -> None:
    assert read_heard({"SpeechResult": said}).key == ""


@pytest.mark.parametrize(
    "form",
    [
        {"RecordingSid": "../../etc", "RecordingUrl": "https://api.twilio.com/x", "RecordingDuration": "3"},
        {"RecordingSid": "RE1", "RecordingUrl": "https://" + "x" * 5000, "RecordingDuration": "3"},
        {"Digits": "hangup", "RecordingDuration": "٣"},
        {"Digits": "\x00;--", "SpeechResult": "\ud83d" * 3},
    ],
)
def test_what_is_malformed_is_not_heard(form: dict[str, str]) -> None:
    assert read_heard(form) == Heard()


ANSWERS = st.one_of(
    st.sampled_from([Heard(key) for key in "0123456789*"]),
    st.sampled_from([Heard(), Heard("69"), Heard(CODE), Heard("0639985678"), Heard(words="lyon")]),
    st.builds(Heard, keys=st.text("0123456789*", max_size=40)),
    st.builds(Heard, words=st.text(max_size=30)),
    st.just(Heard(recording="RE1", seconds=9)),
)


@settings(max_examples=120)
@given(answers=st.lists(ANSWERS, min_size=25, max_size=25), withheld=st.booleans())
def test_every_call_ends_within_25_answers(script: Script, answers: list[Heard], withheld: bool) -> None:
    """In an answer, a ticket or a call back. Only who withholds the number and tells nothing at all leaves nothing."""
    around, talk, steps = world(script, "" if withheld else "+33639981234"), Talk(), 0
    while talk.step is not Step.END:
        before = talk
        # A recording comes only of what was recorded.
        heard = answers[steps] if talk.step is Step.RECORD else Heard(answers[steps].keys, answers[steps].words)
        talk, steps = advance(talk, heard, around), steps + 1
        assert steps < 25
        assert Talk.from_json(talk.to_json()) == talk

    assert talk.ending in (Ending.ANSWERED, Ending.MESSAGE, Ending.CALL_BACK, Ending.DANGER) or (
        withheld and talk.ending is Ending.SILENT and not before.told_something
    )
    if talk.ending is Ending.CALL_BACK:
        assert around.number or talk.number
    assert advance(talk, Heard("1"), around) == talk
