"""From a message to its decision: who writes, about what, how urgent, which académie, which service, and why.

    IncomingMessage → reading → words found → audience → topic → priority ┐
                    → clues → académie ───────────────────────────────────┴→ facts → first rule → Decision

Pure: the day and the moment are given. The decision keeps the facts and the rule, so that it can be told and worked
out again after the rules have changed.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from helpdesk.intake.message import IncomingMessage
from helpdesk.routing.academy import choose_academy
from helpdesk.routing.clues.search import find
from helpdesk.routing.deadlines import Deadline, near_deadline
from helpdesk.routing.decision import AcademyChoice, Decision
from helpdesk.routing.geography import Geography
from helpdesk.routing.hits import Hit
from helpdesk.routing.likeness import features
from helpdesk.routing.reading import Reading, read
from helpdesk.routing.rulebook import OTHERWISE, Rulebook
from helpdesk.routing.rules import DAYS, RULE, SAID, first_rule
from helpdesk.routing.schools import SchoolDirectory
from helpdesk.routing.topics import POINTS, Guess, Score, choose_audience, choose_topic, scores
from helpdesk.vocabulary import Audience, Priority
from helpdesk.worktime import public_holidays

NATIONAL_ZONE = "Europe/Paris"
_NATIONAL = "FR"  # territory of the holidays kept everywhere
_SATURDAY = 5
NO_SCHOOL = "no-school"  # academy_reason: publicity, bounces, press: no child's school is concerned


def decide(
    incoming: IncomingMessage,
    rulebook: Rulebook,
    geography: Geography,
    *,
    today: date,
    now: datetime | None = None,
    directory: SchoolDirectory | None = None,
) -> Decision:
    """Decide on one message. Never raises, whatever was written.

    `today` is the day in Paris, against which « demain » is read. `now`, aware, is only needed by rules with hours or
    days: without it none of them holds.
    """
    reading = read(incoming.subject, incoming.text)
    hits = _hits(reading, rulebook)
    likeness = rulebook.likeness.of(features(rulebook.lexicon.tokens(reading.words)))
    audience = _audience(incoming, reading, hits, likeness, rulebook)
    topic = choose_topic(
        rulebook.lists.topics, scores("topic", hits), likeness, Audience(audience.slug), OTHERWISE
    )
    deadline = _deadline(topic, reading, hits, today)
    priority = _priority(topic, deadline, hits, reading, rulebook)
    choice = _academy(incoming, topic, geography, directory)
    facts = {
        "topic": topic.slug,
        "audience": audience.slug,
        "priority": priority.slug,
        "channel": incoming.channel.value,
        "level": incoming.school.level.value if incoming.school.level else "",
        "sector": _sector(hits),
        "academy": choice.academy or "",
        "academy_name": geography.academies[choice.academy].name if choice.academy else "",
        "topic_label": rulebook.label_of(topic.slug),
        "deadline": deadline.day.isoformat() if deadline else "",
        SAID: "\n".join(sorted({hit.key.name for hit in hits if hit.key.kind == "rule"})),
        **_moment(now, choice.academy, geography),
    }
    rule = first_rule(rulebook.rules, facts)
    service = rule.slug_for(facts)
    return Decision(
        academy=choice.academy,
        topic=topic.slug,
        audience=Audience(audience.slug),
        priority=Priority(priority.slug),
        service=service,
        rule=rule.name,
        because=rule.because,
        clues=choice.clues,
        academy_reason=choice.reason,
        facts={**facts, RULE: rule.to_json(), "service_title": rulebook.service(service).title},
        words={
            "topic": topic.score.words,
            "audience": audience.score.words,
            "priority": priority.score.words,
            "rule": tuple(dict.fromkeys(hit.words for hit in hits if hit.key[:2] == ("rule", rule.name))),
        },
    )


def _hits(reading: Reading, rulebook: Rulebook) -> list[Hit]:
    """Expressions of what was written; of the signature those on functions; and alarming ones wherever they stand."""
    hits = [hit for hit in rulebook.lexicon.find(reading.words) if hit.key.column != "signature"]
    alarming = {topic.slug for topic in rulebook.lists.topics if topic.priority is Priority.URGENT}
    shift = len(reading.words.split())  # bits beyond those of the words, so that no hit covers another's
    for aside in (reading.signature, reading.shown):
        if not aside:
            continue
        shift += len(reading.words)
        hits += [
            replace(hit, covered=hit.covered << shift)
            for hit in rulebook.lexicon.find(aside)
            if hit.key.name in alarming or (hit.key.column == "signature" and aside is reading.signature)
        ]
    return hits


def _audience(
    incoming: IncomingMessage, reading: Reading, hits: list[Hit], likeness: Mapping[str, float], rulebook: Rulebook
) -> Guess:
    """Who writes. A parent, where nothing tells: most are. Nobody, where not a word was written."""
    return choose_audience(
        scores("audience", hits),
        incoming.profile,
        incoming.sender.email.casefold(),
        rulebook.lists.senders,
        {topic.audience: likeness.get(topic.slug, 0) for topic in rulebook.lists.topics if topic.audience},
        otherwise=incoming.profile or (Audience.RESPONSABLE if reading else Audience.AUTRE),
    )


def _deadline(topic: Guess, reading: Reading, hits: list[Hit], today: date) -> Deadline | None:
    """The near limit of a public procedure: « bourse », « inscription »… must be spoken of."""
    if topic.slug == OTHERWISE or not any(hit.key.column == "procedures" for hit in hits):
        return None
    limits = [hit for hit in hits if hit.key.column == "limits"]
    return near_deadline(reading.words, limits, today, _works_on)


def _priority(
    topic: Guess, deadline: Deadline | None, hits: list[Hit], reading: Reading, rulebook: Rulebook
) -> Guess:
    own = next((one.priority for one in rulebook.lists.topics if one.slug == topic.slug), None)
    if own is Priority.URGENT:
        return Guess(Priority.URGENT.value, topic.score)
    if topic.score.urgent:
        return Guess(Priority.URGENT.value, Score(words=topic.score.urgent))
    if deadline:
        return Guess(Priority.URGENT.value, Score(words=(deadline.words,)))
    found = scores("priority", hits)
    low, normal = (found.get(priority.value, Score()) for priority in (Priority.LOW, Priority.NORMAL))
    if own is Priority.LOW:
        low = Score(low.points + POINTS["strong"], low.words)
    if low.points > normal.points or not reading:
        return Guess(Priority.LOW.value, low)
    return Guess(Priority.NORMAL.value, normal)


def _academy(
    incoming: IncomingMessage, topic: Guess, geography: Geography, directory: SchoolDirectory | None
) -> AcademyChoice:
    if topic.slug == OTHERWISE and topic.score.nowhere:
        return AcademyChoice(None, (), NO_SCHOOL)
    return choose_academy(find(incoming, geography, directory))


def _sector(hits: list[Hit]) -> str:
    found = scores("sector", hits)
    return max(found, key=lambda sector: found[sector].points, default="")


def _moment(now: datetime | None, academy: str | None, geography: Geography) -> dict[str, str]:
    """Day and time where the school is, in Paris if that is not known."""
    if now is None:
        return {"day": "", "time": ""}
    here = now.astimezone(ZoneInfo(geography.academies[academy].timezone if academy else NATIONAL_ZONE))
    return {"day": DAYS[here.weekday()], "time": f"{here:%H:%M}"}


def _works_on(day: date) -> bool:
    """Whether the administration works on that day, in most of France."""
    return day.weekday() < _SATURDAY and day not in public_holidays(_NATIONAL, day.year)
