"""`config/topics.toml` read into values: the topics, who may write, what presses, and the expressions of each."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from helpdesk.routing.expressions import Language, parse_expression, parse_member
from helpdesk.routing.hits import Key
from helpdesk.routing.problems import Problems, number, only_known, read_toml, table, tables, text, texts
from helpdesk.routing.spelling import plain
from helpdesk.routing.topics import POINTS, SENDER_POINTS, Topic
from helpdesk.vocabulary import Audience, Priority

_Member = TypeVar("_Member")
_FIELDS = {
    "topic": {"slug", "label", "first", "alike", "priority", "audience", "becomes"},
    "audience": {"slug", *SENDER_POINTS},
    "priority": {"slug"},
    "sector": {"slug"},
    "deadline": set(),
}
_LANGUAGE = ("links", "small", "denials", "denials_ahead", "before_plus", "breaks", "undone", "kept")


@dataclass(frozen=True)
class WordLists:
    """All that the file says. `senders` are patterns of addresses with the audience and the list they count for."""

    topics: tuple[Topic, ...] = ()
    language: Language = field(default_factory=Language)
    families: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    expressions: tuple[tuple[Key, str], ...] = ()
    senders: tuple[tuple[str, Audience, str], ...] = ()


def parse_word_lists(source: str, problems: Problems) -> WordLists:
    """Read the file, telling `problems` of every expression that could not be used."""
    document = read_toml(source, problems)
    only_known(document, {"language", "abbreviations", "families", *_FIELDS}, problems)
    language = _language(document, problems)
    families = _families(document, language, problems)
    expressions: list[tuple[Key, str]] = []
    for kind in _FIELDS:
        for entry in _entries(document, kind, problems):
            expressions += _expressions(kind, entry, families, language, problems)
    return WordLists(
        topics=_topics(document, problems),
        language=language,
        families=families,
        expressions=tuple(expressions),
        senders=tuple(_senders(document, problems)),
    )


def check_expression(
    expression: str, families: Mapping[str, Iterable[str]], language: Language, problems: Problems
) -> bool:
    """Whether `expression` can be looked for; if not, `problems` tells why."""
    return _can_be_read(lambda text: parse_expression(text, families, language), expression, problems)


def _can_be_read(read: Callable[[str], object], expression: str, problems: Problems) -> bool:
    try:
        read(expression)
    except ValueError as error:
        problems.add(str(error))
        return False
    return True


def _language(document: Mapping[str, Any], problems: Problems) -> Language:
    here = problems.at("[language]")
    entry = table(document, "language", problems)
    only_known(entry, _LANGUAGE, here)
    words = {key: frozenset(map(plain, text(entry, key, here).split())) for key in _LANGUAGE}
    abbreviations = {}
    for short, full in table(document, "abbreviations", problems).items():
        if isinstance(full, str) and full.split():
            abbreviations[short.casefold()] = tuple(map(plain, full.split()))
        else:
            problems.at("[abbreviations]").add(f"« {short} » doit être suivi d’un texte entre guillemets")
    return Language(abbreviations=abbreviations, **words)


def _families(document: Mapping[str, Any], language: Language, problems: Problems) -> dict[str, tuple[str, ...]]:
    entry = table(document, "families", problems)
    families = {}
    for name in entry:
        here = problems.at(f"famille « {name} »")
        if not (name.isalpha() and name.isupper() and len(name) > 1):
            here.add("le nom d’une famille s’écrit en majuscules, sans espace")
        members = texts(entry, name, here)
        families[name] = tuple(
            member for member in members if _can_be_read(lambda text: parse_member(text, language), member, here)
        )
    return families


def _entries(document: Mapping[str, Any], kind: str, problems: Problems) -> list[dict[str, Any]]:
    if kind == "deadline":
        return [table(document, kind, problems)]
    return tables(document, kind, problems)


def _expressions(
    kind: str, entry: Mapping[str, Any], families: Mapping[str, tuple[str, ...]], language: Language, problems: Problems
) -> list[tuple[Key, str]]:
    name = text(entry, "slug", problems) if kind != "deadline" else ""
    here = problems.at(f"{kind} « {name} »" if name else kind)
    columns = ("limits", "procedures") if kind == "deadline" else tuple(POINTS)
    only_known(entry, _FIELDS[kind] | set(columns), here)
    return [
        (Key(kind, name, column), expression)
        for column in columns
        for expression in texts(entry, column, here)
        if check_expression(expression, families, language, here)
    ]


def _topics(document: Mapping[str, Any], problems: Problems) -> tuple[Topic, ...]:
    entries = tables(document, "topic", problems)
    slugs = [text(entry, "slug", problems, required=True) for entry in entries]
    topics = []
    for slug, entry in zip(slugs, entries, strict=True):
        here = problems.at(f"topic « {slug} »")
        if slugs.count(slug) > 1:
            here.add("ce sujet est écrit deux fois")
        becomes = {}
        for audience, other in table(entry, "becomes", here).items():
            if other not in slugs:
                here.add(f"le sujet « {other} » n’existe pas")
            if member := member_of(Audience, audience, here):
                becomes[member] = other
        topics.append(
            Topic(
                slug=slug,
                label=text(entry, "label", here, required=True),
                first=int(number(entry, "first", here)),
                alike=number(entry, "alike", here),
                priority=member_of(Priority, text(entry, "priority", here), here),
                audience=member_of(Audience, text(entry, "audience", here), here),
                becomes=becomes,
            )
        )
    return tuple(topics)


def _senders(document: Mapping[str, Any], problems: Problems) -> Iterable[tuple[str, Audience, str]]:
    for entry in tables(document, "audience", problems):
        here = problems.at(f"audience « {entry.get('slug', '')} »")
        audience = member_of(Audience, text(entry, "slug", here, required=True), here)
        if audience is not None:
            for column in SENDER_POINTS:
                yield from ((pattern.casefold(), audience, column) for pattern in texts(entry, column, here))


def member_of(kind: Callable[[str], _Member], value: str, problems: Problems) -> _Member | None:
    """The member of an enumeration that `value` names; None for an empty value or a wrong one, which is told."""
    if not value:
        return None
    try:
        return kind(value)
    except ValueError:
        problems.add(f"« {value} » n’existe pas")
        return None
