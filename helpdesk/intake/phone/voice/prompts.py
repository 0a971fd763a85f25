"""What a call says at the point where it stands: the facts that its words need, and the provider's XML around them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from helpdesk.db import db
from helpdesk.intake.phone.voice import twiml
from helpdesk.intake.phone.voice.hearing import Heard
from helpdesk.intake.phone.voice.script import LANGUAGES, Talk
from helpdesk.intake.phone.voice.sources import spoken_answer
from helpdesk.intake.phone.voice.states import Step
from helpdesk.intake.phone.voice.wording import say_moment, say_slots
from helpdesk.knowledge.readers.banners import banners_for
from helpdesk.models import Call, Outgoing
from helpdesk.outbox.post import ACKNOWLEDGEMENT
from helpdesk.parts import Parts
from helpdesk.routing.services import of_academy
from helpdesk.tickets.references import spell
from helpdesk.vocabulary import Channel
from helpdesk.worktime import next_opening

ADDRESS = "/telephone/appel"  # of all questions; `webhooks` answers there
RECORDINGS = "/telephone/enregistrement"
_PARIS = "Europe/Paris"
_ONE_KEY = frozenset((Step.CONFIRM, Step.TOPIC, Step.HELPED, Step.CHOICE, Step.CONSENT, Step.SLOT))
_CONSENT_WAIT = 3  # seconds; who says nothing there goes on


def prompt(parts: Parts, call: Call, now: datetime) -> str:
    """The question that the call asks now, or its last words."""
    talk, menu = Talk.from_json(call.talk), parts.script.menu
    voice = twiml.Voice(talk.language, menu.voices.get(talk.language, ""))
    if call.ended_at is not None and talk.ending is None:
        return twiml.hang_up((), voice)  # over before it began
    said = _facts(parts, call, talk, now)
    lines = _lines(parts, talk, said)
    action = f"{ADDRESS}/{call.turn}"
    if talk.step is Step.END:
        return twiml.hang_up(lines, voice)
    if talk.step is Step.RECORD:
        return twiml.record(
            lines,
            voice,
            action,
            told_to=RECORDINGS,
            longest=menu.record_seconds,
            silence=menu.record_silence,
        )
    wait = _CONSENT_WAIT if talk.step is Step.CONSENT else menu.wait
    return twiml.ask(lines, voice, action, wait=wait, keys=1 if talk.step in _ONE_KEY else None)


def apology(parts: Parts, language: str = LANGUAGES[0]) -> str:
    """What is said when nothing can be kept."""
    voice = twiml.Voice(language, parts.script.menu.voices.get(language, ""))
    return twiml.hang_up(parts.script.wording.lines(language, "failed", {}), voice)


def text_for_agents(parts: Parts, talk: Talk, heard: Heard, now: datetime) -> str:
    """What the ticket says of the call."""
    topic = parts.script.menu.topic(talk.topic)
    zone = _zone(parts, talk)
    slots = say_slots(talk.slots, now, zone, LANGUAGES[0])
    return parts.script.wording.for_agents(
        {
            "ending": talk.ending,
            "slot": slots[talk.slot] if 0 <= talk.slot < len(slots) else None,
            "recorded": bool(heard.recording),
            "seconds": heard.seconds,
            "refused": talk.refused,
            "topic": topic.says if topic else "",
            "unsaid": parts.script.menu.unsaid,
            "place": talk.typed,
            "academy": _academy(parts, talk),
            "answered": talk.read,
        }
    )


def _lines(parts: Parts, talk: Talk, said: dict[str, Any]) -> list[str]:
    say = parts.script.wording.lines
    lines = say(talk.language, "welcome" if talk.remark == "welcome" else "remark", said)
    return [*lines, *say(talk.language, talk.step, said)]


def _facts(parts: Parts, call: Call, talk: Talk, now: datetime) -> dict[str, Any]:
    """All that templates may say; only what this point needs is looked up."""
    slots = say_slots(talk.slots, now, _zone(parts, talk), talk.language)
    facts: dict[str, Any] = {
        "remark": talk.remark,
        "ending": talk.ending,
        "academy": _academy(parts, talk),
        "topics": [topic.labels[talk.language] for topic in parts.script.menu.topics],
        "slots": slots,
        "slot": slots[talk.slot] if 0 <= talk.slot < len(slots) else None,
        "call_back": bool(call.number or talk.number),
        "banners": [],
        "opening": "",
        "answer": "",
    }
    if talk.remark == "welcome":
        facts |= {"banners": _banners(talk, None, now), "opening": _opening(parts, talk, now)}
    elif talk.remark == "place-known":
        told = _banners(talk, None, now)
        facts["banners"] = [banner for banner in _banners(talk, talk.academy, now) if banner not in told]
    if talk.step is Step.HELPED and (topic := parts.script.menu.topic(talk.topic)):
        facts["answer"] = spoken_answer(topic.topics, talk.language)
    return facts | _reference(call, talk)


def _reference(call: Call, talk: Talk) -> dict[str, Any]:
    """The number of the ticket, but for who only typed a code: that would tell it to anybody."""
    ticket = call.ticket if talk.step is Step.END else None
    if ticket is None or ticket.reference == talk.code_for:
        return {"reference": "", "spelled": "", "texted": False}
    text = select(Outgoing.id).where(
        Outgoing.ticket_id == ticket.id, Outgoing.kind == ACKNOWLEDGEMENT, Outgoing.channel == Channel.SMS
    )
    texted = db.session.scalar(text.limit(1)) is not None
    return {"reference": ticket.reference, "spelled": spell(ticket.reference), "texted": texted}


def _banners(talk: Talk, academy: str | None, now: datetime) -> Sequence[str]:
    shown = banners_for(academy, None, now).shown
    return [one_sentence(each.text if talk.language == LANGUAGES[0] else each.english) for each in shown]


def one_sentence(text: str) -> str:
    """A text of several lines, said in one go."""
    return " ".join(text.split())


def _opening(parts: Parts, talk: Talk, now: datetime) -> str:
    """When offices open next, in words; empty while they are open, or if they never do."""
    try:
        opening = next_opening(now, parts.calendar.calendar(None, _PARIS))
    except ValueError:
        return ""
    return "" if opening <= now else say_moment(opening, now, _PARIS, talk.language)


def _zone(parts: Parts, talk: Talk) -> str:
    academy = parts.routing.geography.academies.get(talk.academy)
    return academy.timezone if academy else _PARIS


def _academy(parts: Parts, talk: Talk) -> str:
    academy = parts.routing.geography.academies.get(talk.academy)
    if academy is None:
        return ""
    return of_academy(academy.name) if talk.language == LANGUAGES[0] else f"académie of {academy.name}"
