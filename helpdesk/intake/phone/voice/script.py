"""The call as a script: what was asked last, and what was typed or said, give what is asked next.

At every question 8 says that somebody is in danger, 9 changes the language, 0 goes back and * repeats. Silence and
answers that fit nothing lead to a message after the tone, and no call can go in rings: after LONGEST answers it comes
to its end.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from helpdesk.intake.phone.voice.hearing import Heard
from helpdesk.intake.phone.voice.menu import Menu
from helpdesk.intake.phone.voice.states import Ending, Step

LONGEST = 18  # answers, after which only a message is asked for
LANGUAGES = ("fr", "en")
_BEFORE = {
    Step.CONFIRM: Step.PLACE, Step.TOPIC: Step.PLACE, Step.HELPED: Step.TOPIC, Step.CHOICE: Step.TOPIC,
    Step.CONSENT: Step.CHOICE, Step.NUMBER: Step.CHOICE, Step.SLOT: Step.CHOICE,
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where the school is: `typed` is a département or a postal code, `academy` the code of its académie."""

    typed: str
    academy: str


@dataclass(frozen=True)
class Talk:
    """All that the script remembers. `remark` is said before the question is asked again, or first.

    `code_for` is the reference of the ticket whose call code was typed; `slots` are what was offered, as pairs of
    moments in UTC; `number` was typed by a caller whose own is withheld; `read`: an answer was read and did not help;
    `refused`: no recording.
    """

    step: Step = Step.PLACE
    language: str = LANGUAGES[0]
    remark: str = "welcome"
    misses: int = 0
    answers: int = 0
    typed: str = ""
    academy: str = ""
    topic: str = ""
    code_for: str = ""
    slots: tuple[tuple[str, str], ...] = ()
    slot: int = -1
    number: str = ""
    read: bool = False
    refused: bool = False
    ending: Ending | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "Talk":
        if not told:
            return cls(step=Step.END, ending=Ending.SILENT)  # erased with its ticket
        ending = told["ending"]
        return cls(
            **{
                **told,
                "step": Step(told["step"]),
                "ending": Ending(ending) if ending else None,
                "slots": tuple((start, end) for start, end in told["slots"]),
            }
        )

    @property
    def told_something(self) -> bool:
        """Whether the caller said anything that an agent could use."""
        return bool(self.topic or self.academy or self.code_for)

    @property
    def past_menu(self) -> bool:
        """Whether whoever hangs up now is owed a call."""
        return bool(self.topic or self.code_for) or self.step not in (Step.PLACE, Step.CONFIRM, Step.TOPIC)


@dataclass(frozen=True)
class World:
    """What the script asks of the outside. `number` is the caller's, empty where it is withheld."""

    menu: Menu
    number: str
    place_of: Callable[[str], Place | None]
    place_named: Callable[[str], Place | None]
    ticket_of: Callable[[str], str]
    has_answer: Callable[[Talk], bool]
    slots: Callable[[Talk], Sequence[tuple[datetime, datetime]]]
    read_number: Callable[[str], str]


def advance(talk: Talk, heard: Heard, world: World) -> Talk:
    """What comes after this answer. A call that has ended stays as it is."""
    if talk.step is Step.END:
        return talk
    talk = replace(talk, answers=talk.answers + 1, remark="")
    if talk.step is Step.RECORD:
        return _recorded(talk, heard, world)
    if heard.key == "8" or heard.says(world.menu.danger):
        return _end(talk, Ending.DANGER)
    if talk.answers >= LONGEST and talk.step is not Step.CONSENT:
        return _ask(talk, Step.CONSENT, "too-long")
    if talk.answers < LONGEST and (moved := _command(talk, heard)) is not None:
        return moved
    return _ANSWERS[talk.step](talk, heard, world)


def _command(talk: Talk, heard: Heard) -> Talk | None:
    if heard.key == "9":
        other = LANGUAGES[(LANGUAGES.index(talk.language) + 1) % len(LANGUAGES)]
        welcome = "welcome" if talk.step is Step.PLACE and talk.answers == 1 else ""
        return replace(talk, language=other, remark=welcome)
    if heard.key == "*":
        return talk
    if heard.key == "0":
        before = Step.PLACE if talk.code_for and talk.step is Step.CHOICE else _BEFORE.get(talk.step, talk.step)
        return _ask(replace(talk, code_for="") if before is Step.PLACE else talk, before)
    return None


def _place(talk: Talk, heard: Heard, world: World) -> Talk:
    if reference := world.ticket_of(heard.figures):
        return _ask(replace(talk, code_for=reference), Step.CHOICE, "code")
    place = world.place_of(heard.figures) or (world.place_named(heard.words) if heard.words else None)
    if place is None:
        return _missed(talk, heard, world)
    return _ask(replace(talk, typed=place.typed, academy=place.academy), Step.CONFIRM)


def _confirmed(talk: Talk, heard: Heard, world: World) -> Talk:
    if heard.key == "1":
        return _ask(talk, Step.TOPIC, "place-known")
    unknown = replace(talk, typed="", academy="")
    if heard.key == "2":
        return _ask(unknown, Step.PLACE)
    missed = _missed(talk, heard, world)
    return missed if missed.step is Step.CONFIRM else replace(missed, typed="", academy="")


def _topic(talk: Talk, heard: Heard, world: World) -> Talk:
    place = int(heard.key) if heard.key in set("1234567") else 0
    if not 1 <= place <= len(world.menu.topics):
        return _missed(talk, heard, world)
    talk = replace(talk, topic=world.menu.topics[place - 1].key, read=False)
    return _ask(talk, Step.HELPED if world.has_answer(talk) else Step.CHOICE)


def _helped(talk: Talk, heard: Heard, world: World) -> Talk:
    if heard.key == "1":
        return _end(talk, Ending.ANSWERED)
    return _ask(replace(talk, read=True), Step.CHOICE) if heard.key == "2" else _missed(talk, heard, world)


def _choice(talk: Talk, heard: Heard, world: World) -> Talk:
    if heard.key == "1":
        return _ask(replace(talk, refused=False), Step.CONSENT)
    return _call_back(talk, world) if heard.key == "2" else _missed(talk, heard, world)


def _consent(talk: Talk, heard: Heard, world: World) -> Talk:
    """Silence is going on to the tone, as was said."""
    if heard.key != "2":
        return _ask(talk, Step.RECORD)
    talk = replace(talk, refused=True)
    if talk.answers >= LONGEST:
        return _give_up(talk, world)
    return _call_back(talk, world)


def _recorded(talk: Talk, heard: Heard, world: World) -> Talk:
    if heard.recording:
        return _end(replace(talk, refused=False), Ending.MESSAGE)
    if talk.misses == 0:
        return replace(talk, misses=1, remark="nothing-said")
    return _give_up(talk, world)


def _number(talk: Talk, heard: Heard, world: World) -> Talk:
    number = world.read_number(heard.figures)
    if not number:
        return _missed(talk, heard, world)
    return _offer(replace(talk, number=number), world)


def _slot(talk: Talk, heard: Heard, world: World) -> Talk:
    choice = int(heard.key) - 1 if heard.key in set("1234567") else -1
    if 0 <= choice <= len(talk.slots):  # the last key is « as soon as possible »
        return _end(replace(talk, slot=choice if choice < len(talk.slots) else -1), Ending.CALL_BACK)
    missed = _missed(talk, heard, world)
    return missed if missed.step is Step.SLOT else _end(talk, Ending.CALL_BACK)


_ANSWERS: dict[Step, Callable[[Talk, Heard, World], Talk]] = {
    Step.PLACE: _place,
    Step.CONFIRM: _confirmed,
    Step.TOPIC: _topic,
    Step.HELPED: _helped,
    Step.CHOICE: _choice,
    Step.CONSENT: _consent,
    Step.NUMBER: _number,
    Step.SLOT: _slot,
}


def _missed(talk: Talk, heard: Heard, world: World) -> Talk:
    """Asked again, so many times; then a message is asked for."""
    remark = "not-understood" if heard.keys or heard.words else "nothing-heard"
    if talk.misses + 1 < world.menu.tries:
        return replace(talk, misses=talk.misses + 1, remark=remark)
    return _ask(talk, Step.CONSENT, "give-up")


def _call_back(talk: Talk, world: World) -> Talk:
    return _offer(talk, world) if world.number or talk.number else _ask(talk, Step.NUMBER)


def _offer(talk: Talk, world: World) -> Talk:
    slots = tuple((start.isoformat(), end.isoformat()) for start, end in world.slots(talk))
    return _ask(replace(talk, slots=slots, slot=-1), Step.SLOT)


def _give_up(talk: Talk, world: World) -> Talk:
    """No message: we call back who can be, keep what was told, and let go of who told nothing."""
    if world.number or talk.number:
        return _end(talk, Ending.CALL_BACK)
    return _end(talk, Ending.MESSAGE if talk.told_something else Ending.SILENT)


def _ask(talk: Talk, step: Step, remark: str = "") -> Talk:
    return replace(talk, step=step, misses=0, remark=remark)


def _end(talk: Talk, ending: Ending) -> Talk:
    return replace(talk, step=Step.END, ending=ending, remark="")
