"""Made-up tickets as rows of the tables, with their persons, messages, files, history and words for search."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from random import Random
from typing import Any

from helpdesk.bench.world import Said, Weighed, World, said
from helpdesk.tickets.references import ALPHABET, LENGTH, new_reference
from helpdesk.tickets.search_index import row_of
from helpdesk.tickets.search_terms import Document, Field, joined
from helpdesk.vocabulary import Audience, Channel, Direction, Lateness, Priority, Status

# The columns that are filled, in the order of the rows.
COLUMNS = {
    "person": ("id", "name", "created_at"),
    "address": ("id", "person_id", "kind", "value"),
    "ticket": (
        "id", "reference", "status", "priority", "topic", "audience", "channel", "language", "subject", "academy",
        "service_id", "assignee_id", "person_id", "sender_name", "sender_email", "sender_phone", "profile",
        "school_name", "school_commune", "school_postal_code", "school_uai", "received_at", "changed_at", "due_at",
        "answered_at", "answer_due_at", "solve_due_at", "clock_since", "paused_at", "lateness", "alarm_at",
        "solved_at", "closed_at", "archived_at", "rule", "clue_kinds", "routed_academy", "link_version", "version",
    ),
    "message": (
        "id", "ticket_id", "direction", "channel", "external_id", "agent_id", "service_id", "author_name", "text",
        "quoted", "at",
    ),
    "attachment": ("id", "message_id", "sha256", "name", "content_type", "size"),
    "event": ("id", "ticket_id", "kind", "agent_id", "data", "at"),
}  # fmt: skip
Rows = dict[str, list[tuple[Any, ...]]]

_PROVIDER = said("famille.example")
_CHANNELS = Weighed([Channel.WEB, Channel.EMAIL, Channel.PHONE, Channel.SMS], [55, 33, 10, 2])
_PRIORITIES = Weighed([Priority.NORMAL, Priority.URGENT, Priority.LOW], [88, 4, 8])
_LANGUAGES = Weighed(["fr", "en", "ar", "es", "tr"], [93, 3, 2, 1, 1])
_AUDIENCES = Weighed([Audience.RESPONSABLE, Audience.ELEVE, Audience.ENSEIGNANT, Audience.AUTRE], [80, 9, 8, 3])
_FRESH = 0.12  # the share of all tickets, the latest, of which most are still live
_ANSWER, _SOLVE = timedelta(days=2), timedelta(days=5)
_KEPT = timedelta(days=365)  # then closed tickets are archived
_SPREAD = 104_729 * 7_919  # prime to the alphabet's 19: no number comes twice


@dataclass
class Numbers:
    """The last id of each table that is in use."""

    last: dict[str, int]

    def next(self, name: str) -> int:
        self.last[name] += 1
        return self.last[name]


@dataclass(frozen=True)
class Team:
    """A service as far as tickets go, and its agents (id, name)."""

    id: int
    slug: str
    academy: str | None
    agents: Sequence[tuple[int, str]]


@dataclass
class Maker:
    """Makes tickets one after the other; the same from the same seed."""

    world: World
    teams: dict[str, Team]
    weights: Weighed
    numbers: Numbers
    random: Random
    now: datetime
    dialect: str
    total: int
    made: int = 0
    persons: list[tuple[int, Said, str, str]] = field(default_factory=list)
    decisions: dict[tuple[str, str], str] = field(default_factory=dict)

    def batches(self, moments: Sequence[datetime], size: int) -> Iterator[tuple[Rows, list[dict[str, Any]]]]:
        """Rows by table, and the words for search of those tickets; so many tickets at a time."""
        for start in range(0, len(moments), size):
            rows: Rows = {name: [] for name in COLUMNS}
            words = [self._ticket(rows, at) for at in moments[start : start + size]]
            yield rows, words

    def _ticket(self, rows: Rows, at: datetime) -> dict[str, Any]:
        random, number = self.random, self.numbers.next("ticket")
        team, topic = self.teams[self.weights.draw(random)], self.world.topics.draw(random)
        person, name, email, phone = self._person(rows, at)
        channel, subject = _CHANNELS.draw(random), random.choice(self.world.asked[topic])
        school, town = self._school(team)
        story = self._story(at, team)
        reference = self._reference(number)
        self.made += 1
        rows["ticket"].append((
            number, reference, story.status, list(Priority).index(Priority(_PRIORITIES.draw(random))), topic,
            _AUDIENCES.draw(random), channel, _LANGUAGES.draw(random), subject.text[:80], team.academy, team.id,
            story.agent[0] if story.agent else None, person, name.text, email, phone, Audience.RESPONSABLE,
            school.text, town.text, "", "", at, story.changed, story.due, story.answered, at + _ANSWER, at + _SOLVE,
            at if story.status in (Status.NEW, Status.OPEN) else None,
            None if story.status in (Status.NEW, Status.OPEN) else story.changed,
            Lateness.LATE if story.late else Lateness.ON_TIME,
            story.due if story.status in (Status.NEW, Status.OPEN) and not story.late else None,
            story.solved, story.closed, story.archived, "assistance", "commune,postal-code", team.academy, 0, 0,
        ))  # fmt: skip
        self._events(rows, number, team, topic, story, at)
        texts, files = self._messages(rows, number, team, channel, name, subject, story, at)
        about = [said(reference).stems, subject.stems]
        words: Document = {
            Field.WHO: joined(
                (name.stems, (*name.stems, str(person), *_PROVIDER.stems), (phone[1:],) if phone else ())
            ),
            Field.SCHOOL: joined((school.stems, town.stems)),
            Field.FILES: joined(files),
            Field.SAID: joined([*about, *texts]),
        }
        return row_of(self.dialect, number, words)

    def _reference(self, number: int) -> str:
        drawn = number * _SPREAD
        digits = iter([ALPHABET[drawn // len(ALPHABET) ** place % len(ALPHABET)] for place in range(LENGTH - 1)])
        return new_reference(lambda _: next(digits))

    def _person(self, rows: Rows, at: datetime) -> tuple[int, Said, str, str]:
        """Somebody new or, one time in four, somebody who wrote not long ago."""
        if len(self.persons) > 100 and self.random.random() < 0.25:
            return self.random.choice(self.persons)
        first, surname = self.random.choice(self.world.first_names), self.random.choice(self.world.surnames)
        number = self.numbers.next("person")
        name = Said(f"{first.text} {surname.text}", first.stems + surname.stems)
        email, phone = f"{first.text}.{surname.text}.{number}@{_PROVIDER.text}".lower(), f"+3363998{number % 10_000:04}"
        person = (number, name, email, phone if self.random.random() < 0.4 else "")
        self.persons = [*self.persons[-300:], person] if len(self.persons) > 600 else [*self.persons, person]
        rows["person"].append((number, name.text, at))
        rows["address"].append((self.numbers.next("address"), number, "email", email))
        return person

    def _school(self, team: Team) -> tuple[Said, Said]:
        town = self.random.choice(self.world.towns)
        of_town = self.world.surnames[(team.id * 37) % 3_900 + self.random.randrange(60)]
        return Said(f"Collège {of_town.text}", ("colleg", *of_town.stems)), town

    def _story(self, at: datetime, team: Team) -> "Story":
        random = self.random
        fresh = self.made > self.total * (1 - _FRESH)
        live = random.random() < (0.9 if fresh else 0.06)
        agent = random.choice(team.agents) if team.agents else None
        answered = min(at + _ANSWER * random.random() * 1.3, self.now)
        if not live:
            solved = min(answered + _SOLVE * random.random(), self.now)
            closed = solved + timedelta(days=7) if solved + timedelta(days=7) < self.now else None
            archived = closed + _KEPT if closed and closed + _KEPT < self.now else None
            status = Status.CLOSED if closed else Status.SOLVED
            changed = archived or closed or solved
            return Story(status, agent, changed, at + _SOLVE, answered, solved, closed, archived)
        kind = random.random()
        if kind < 0.4:
            return Story(Status.WAITING, agent, answered, at + _SOLVE, answered)
        due = self.now + timedelta(hours=random.gauss(20, 30))
        if kind < 0.75:
            return Story(Status.NEW, None, at, due, late=due < self.now)
        return Story(Status.OPEN, agent, min(at + timedelta(hours=3), self.now), due, late=due < self.now)

    def _messages(
        self, rows: Rows, ticket: int, team: Team, channel: str, name: Said, first: Said, story: "Story", at: datetime
    ) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
        """Adds the messages and files; returns the stems of both."""
        random, world = self.random, self.world
        agent_id, agent_name = story.agent or (None, "")
        texts: list[tuple[str, ...]] = []
        files: list[tuple[str, ...]] = []

        def say(direction: Direction, parts: Sequence[Said], moment: datetime) -> int:
            number = self.numbers.next("message")
            ours = direction is not Direction.IN
            way = Channel.EMAIL if direction is Direction.OUT else Channel.AGENT if ours else channel
            rows["message"].append((
                number, ticket, direction, way, None if direction is Direction.NOTE else f"bench-{number}",
                agent_id if ours else None, team.id if ours else None, agent_name if ours else name.text,
                "\n\n".join(part.text for part in parts), "", moment,
            ))  # fmt: skip
            texts.append(tuple(chain.from_iterable(part.stems for part in parts)))
            return number

        asked = say(Direction.IN, [first, *random.sample(world.later, random.randint(1, 4))], at)
        if random.random() < 0.12:
            file = random.choice(world.files)
            kind = "image/png" if file.text.endswith("png") else "application/pdf"
            digest = f"{random.getrandbits(256):064x}"
            rows["attachment"].append((self.numbers.next("attachment"), asked, digest, file.text, kind, 48_000))
            files.append(file.stems)
        if story.agent and random.random() < 0.15:
            say(Direction.NOTE, [random.choice(world.notes)], at + timedelta(hours=1))
        if story.answered:
            say(Direction.OUT, random.sample(world.answers, random.randint(1, 3)), story.answered)
            if random.random() < 0.3:
                say(Direction.IN, random.sample(world.later, 2), story.answered + timedelta(hours=2))
                say(Direction.OUT, [random.choice(world.answers)], story.answered + timedelta(hours=5))
        return texts, files

    def _events(self, rows: Rows, ticket: int, team: Team, topic: str, story: "Story", at: datetime) -> None:
        agent = story.agent[0] if story.agent else None

        def add(kind: str, moment: datetime, data: str = "{}", by: int | None = None) -> None:
            rows["event"].append((self.numbers.next("event"), ticket, kind, by, data, moment))

        add("received", at, '{"channel": "web"}')
        add("routed", at, self._decision(team, topic))
        if agent:
            add("taken", at + timedelta(hours=1), by=agent)
        if story.answered:
            add("replied", story.answered, by=agent)
        if story.solved:
            add("solved", story.solved, by=agent)
        if story.closed:
            add("closed", story.closed)
        if story.archived:
            add("archived", story.archived)

    def _decision(self, team: Team, topic: str) -> str:
        """As routing leaves one, with two clues."""
        key = (team.slug, topic)
        if key not in self.decisions:
            clue = {
                "kind": "commune",
                "value": "Lyonnet",
                "academies": [team.academy],
                "strength": 3,
                "words": "Lyonnet",
            }
            clue |= {"field": "school.commune", "start": 0, "end": 7}
            code = {**clue, "kind": "postal-code", "value": "69000", "words": "69000", "field": "school.postal_code"}
            decision = {
                "academy": team.academy, "topic": topic, "audience": "responsable", "priority": "normal",
                "service": team.slug, "rule": "assistance", "because": "une question sur EduConnect",
                "clues": [clue, code] if team.academy else [], "academy_reason": "strong", "facts": {"topic": topic},
                "words": {"topic": ["code", "compte"]},
            }  # fmt: skip
            self.decisions[key] = json.dumps(decision, ensure_ascii=False)
        return self.decisions[key]


@dataclass(frozen=True, slots=True)
class Story:
    """What became of a ticket."""

    status: Status
    agent: tuple[int, str] | None
    changed: datetime
    due: datetime
    answered: datetime | None = None
    solved: datetime | None = None
    closed: datetime | None = None
    archived: datetime | None = None
    late: bool = False
