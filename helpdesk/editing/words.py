"""Stored words of the FAQ as its editors read them, and its texts side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from babel.dates import format_date

from helpdesk.db import utc_now
from helpdesk.knowledge import moves
from helpdesk.knowledge.comparison import Fate, Part, compare, is_changed
from helpdesk.knowledge.entries import View
from helpdesk.models import ArticleEvent, ArticleVersion
from helpdesk.vocabulary import READERS_LABELS, DraftState, EditorRole, Readers
from helpdesk.workspace.words import topic_label

PARIS = ZoneInfo("Europe/Paris")
VIEWS = {
    View.PUBLISHED: "Publiées",
    View.WRITING: "En cours d’écriture",
    View.IN_REVIEW: "À relire",
    View.SCHEDULED: "Programmées",
    View.DUE: "À revoir",
    View.BEHIND: "Traductions en retard",
    View.ARCHIVED: "Archivées",
}
STATES = {
    DraftState.WRITING: "En cours d’écriture",
    DraftState.IN_REVIEW: "À relire",
    DraftState.SCHEDULED: "Programmée",
}
ROLES = {EditorRole.EDITOR: "Rédaction", EditorRole.REVIEWER: "Rédaction et relecture"}
LANGUAGE_NAMES = {"fr": "français", "en": "anglais"}
_MOVES = {
    moves.STARTED: "Nouvelle version commencée",
    moves.SUBMITTED: "Envoyée à la relecture",
    moves.SENT_BACK: "Renvoyée à l’écriture",
    moves.SCHEDULED: "Publication programmée",
    moves.PUBLISHED: "Publiée",
    moves.DISCARDED: "Version abandonnée",
    moves.RESTORED: "Ancienne version reprise",
    moves.ARCHIVED: "Archivée",
    moves.IMPORTED: "Mise à jour par un document",
    moves.KEPT: "Gardée telle quelle à l’import",
    moves.WITHDRAWN: "Retirée : elle n’est plus dans le document",
    moves.FROM_TICKET: "Proposée à partir d’une réponse",
    moves.FOLLOWED: "Suivi changé",
}


@dataclass(frozen=True)
class Difference:
    """One text before and after. `before` and `after` are runs of text, each with whether it is not in the other."""

    label: str
    before: Sequence[tuple[str, bool]]
    after: Sequence[tuple[str, bool]]


def move_label(move: ArticleEvent) -> str:
    """What happened, with the language where it is not French and the version it made."""
    label = _MOVES.get(move.kind, move.kind)
    language = "" if move.language == "fr" else f" ({LANGUAGE_NAMES.get(move.language, move.language)})"
    number = f", version {move.number}" if move.number and move.kind in (moves.PUBLISHED, moves.RESTORED) else ""
    return label + language + number


def today() -> date:
    """The day in Paris."""
    return utc_now().astimezone(PARIS).date()


def day(value: date) -> str:
    """« 24 novembre 2026 »."""
    return format_date(value, "d MMMM y", locale="fr")


def readers_label(readers: Readers | None) -> str:
    """Whom an entry is for."""
    return READERS_LABELS[readers] if readers else "non noté"


def topics_in_words(topics: str) -> str:
    """Labels of topics from their slugs."""
    return ", ".join(topic_label(slug) for slug in topics.split())


def differences(texts: Sequence[tuple[str, str, str]]) -> list[Difference]:
    """Those of the (label, before, after) that differ."""
    compared = [(label, compare(before, after)) for label, before, after in texts]
    return [Difference(label, _side(parts, Fate.GONE), _side(parts, Fate.NEW)) for label, parts in compared
            if is_changed(parts)]  # fmt: skip


def said(version: ArticleVersion) -> dict[str, str]:
    """What a version says, by labels that two versions share."""
    return {
        "Question": version.question,
        "Réponse": version.answer,
        "Au téléphone": version.spoken,
        "Public": readers_label(version.readers) if version.language == "fr" else "",
        "Rubrique": version.section.title if version.section else "",
        "Sujets": topics_in_words(version.topics),
    }


def _side(parts: Sequence[Part], fate: Fate) -> list[tuple[str, bool]]:
    return [(part.text, part.fate is fate) for part in parts if part.fate in (Fate.SAME, fate)]
