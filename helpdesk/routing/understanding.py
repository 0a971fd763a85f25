"""What one message says, by its words and its likeness to examples: who writes, about what, and whether it presses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from helpdesk.calendars import public_holidays
from helpdesk.intake.message import IncomingMessage
from helpdesk.routing.deadlines import Deadline, near_deadline
from helpdesk.routing.hits import Hit
from helpdesk.routing.likeness import UNLIKELY, Likely, features
from helpdesk.routing.reading import Reading, read
from helpdesk.routing.rulebook import OTHERWISE, Rulebook
from helpdesk.routing.tokens import Token
from helpdesk.routing.topics import ENOUGH, NOTHING, POINTS, Guess, Score, choose_audience, choose_topic, scores
from helpdesk.vocabulary import Audience, Priority

_EVERYWHERE = "FR"  # the holidays kept in all of France
_SATURDAY = 5
_TELLING = tuple(column for column, points in POINTS.items() if points >= POINTS["words"])


@dataclass(frozen=True)
class Understanding:
    """Guesses with the words they rest on. `sector` is "public", "prive" or empty; `said` names the rules whose words
    the message holds, each with them.
    """

    audience: Guess
    topic: Guess
    priority: Guess
    deadline: Deadline | None
    sector: str
    said: Mapping[str, tuple[str, ...]]


def understand(incoming: IncomingMessage, rulebook: Rulebook, today: date) -> Understanding:
    """Read one message. `today`, the day in Paris, is what « demain » is read against."""
    reading, tokens, hits = _hits(incoming, rulebook)
    likeness = rulebook.likeness.of(features(tokens))
    found = scores(hits)
    audience = _audience(incoming, reading, found.get("audience", {}), likeness, rulebook)
    topic = choose_topic(rulebook.lists.topics, found.get("topic", {}), likeness, Audience(audience.slug), OTHERWISE)
    if topic.slug == OTHERWISE and _is_a_stranger(incoming, topic, audience, hits):
        audience = Guess(Audience.AUTRE.value, topic.words)
    deadline = _deadline(topic, reading, hits, today)
    return Understanding(
        audience=audience,
        topic=topic,
        priority=_priority(topic, deadline, found.get("priority", {}), reading, rulebook),
        deadline=deadline,
        sector=_sector(found.get("sector", {})),
        said=_said(hits),
    )


def said_for_rules(incoming: IncomingMessage, rulebook: Rulebook) -> dict[str, tuple[str, ...]]:
    """The rules whose words the message holds, each with them; nothing else is thought about."""
    _reading, _tokens, hits = _hits(incoming, rulebook)
    return _said(hits)


def _hits(incoming: IncomingMessage, rulebook: Rulebook) -> tuple[Reading, list[Token], list[Hit]]:
    """What is read of a message, its words, and every expression in them."""
    reading = read(incoming.subject, incoming.text)
    tokens, hits = _find(reading, rulebook)
    if reading.signature and not any(hit.key.kind == "topic" and hit.key.column in _TELLING for hit in hits):
        reading = reading.whole()  # « Merci d’avance » came first, and the trouble below it
        tokens, hits = _find(reading, rulebook)
    return reading, tokens, hits + _hits_beside(reading, rulebook, len(tokens))


def _find(reading: Reading, rulebook: Rulebook) -> tuple[list[Token], list[Hit]]:
    tokens = rulebook.lexicon.tokens(reading.words)
    return tokens, [hit for hit in rulebook.lexicon.find_in(tokens, reading.words) if hit.key.column != "signature"]


def _hits_beside(reading: Reading, rulebook: Rulebook, tokens: int) -> list[Hit]:
    """In the signature, expressions on functions; there and in what a forwarded mail shows, alarming ones."""
    alarming = {topic.slug for topic in rulebook.lists.topics if topic.priority is Priority.URGENT}
    hits: list[Hit] = []
    for aside in (reading.signature, reading.shown):
        found = rulebook.lexicon.find(aside) if aside else ()
        hits += [
            hit._replace(covered=hit.covered << tokens)  # beyond the bits of the tokens before
            for hit in found
            if hit.key.name in alarming or (hit.key.column == "signature" and aside is reading.signature)
        ]
        tokens += len(aside)
    return hits


def _audience(
    incoming: IncomingMessage,
    reading: Reading,
    found: Mapping[str, Score],
    likeness: Mapping[str, Likely],
    rulebook: Rulebook,
) -> Guess:
    """Who writes. A parent, where nothing tells: most are. Nobody, where not a word was written."""
    return choose_audience(
        found,
        incoming.profile,
        incoming.sender.email.casefold(),
        rulebook.lists.senders,
        {topic.audience: likeness.get(topic.slug, UNLIKELY).alike for topic in rulebook.lists.topics if topic.audience},
        otherwise=incoming.profile or (Audience.RESPONSABLE if reading else Audience.AUTRE),
    )


def _is_a_stranger(incoming: IncomingMessage, topic: Guess, audience: Guess, hits: list[Hit]) -> bool:
    """Off topic, and nobody's parent: publicity, bounces, press; or not a word of a family, nor of somebody stuck."""
    if incoming.profile is not None or audience.score.sure:
        return False
    ours = {("audience", Audience.RESPONSABLE.value), ("priority", Priority.NORMAL.value)}
    return topic.score.nowhere or not (audience.words or any(hit.key[:2] in ours for hit in hits))


def _deadline(topic: Guess, reading: Reading, hits: list[Hit], today: date) -> Deadline | None:
    """The near limit of a public procedure: « bourse », « inscription »… must be spoken of."""
    if topic.slug == OTHERWISE or not any(hit.key.column == "procedures" for hit in hits):
        return None
    limits = [hit for hit in hits if hit.key.column == "limits"]
    return near_deadline(reading.words, limits, today, _works_on)


def _priority(
    topic: Guess, deadline: Deadline | None, found: Mapping[str, Score], reading: Reading, rulebook: Rulebook
) -> Guess:
    usual = next((one.priority for one in rulebook.lists.topics if one.slug == topic.slug), None)
    low, normal = (found.get(priority.value, NOTHING) for priority in (Priority.LOW, Priority.NORMAL))
    if usual is Priority.URGENT:
        return Guess(Priority.URGENT.value, topic.words)
    if topic.score.urgent or (topic.seems(Priority.URGENT) and low.points < ENOUGH):
        return Guess(Priority.URGENT.value, topic.score.urgent)
    if deadline:
        return Guess(Priority.URGENT.value, (deadline.words,))
    if not reading or topic.score.nowhere:
        return Guess(Priority.LOW.value, topic.words)
    if usual is Priority.LOW and topic.seems(Priority.LOW):
        return Guess(Priority.LOW.value, low.words or topic.words)
    points = low.points
    if usual is Priority.LOW and (topic.score.sure or low.hits or not normal.hits):  # else somebody may be stuck
        points += ENOUGH
    if usual is not Priority.NORMAL and points >= ENOUGH and points > normal.points:
        return Guess(Priority.LOW.value, low.words or topic.words)
    return Guess(Priority.NORMAL.value, normal.words)


def _sector(found: Mapping[str, Score]) -> str:
    return max(found, key=lambda sector: found[sector].points, default="")


def _said(hits: list[Hit]) -> dict[str, tuple[str, ...]]:
    said: dict[str, dict[str, None]] = {}
    for hit in hits:
        if hit.key.kind == "rule":
            said.setdefault(hit.key.name, {})[hit.words] = None
    return {name: tuple(words) for name, words in sorted(said.items())}


def _works_on(day: date) -> bool:
    """Whether the administration works on that day, in most of France."""
    return day.weekday() < _SATURDAY and day not in public_holidays(_EVERYWHERE, day.year)
