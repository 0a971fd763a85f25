"""One request as a JSON object, for files of examples: what the channels know, without what they have to do."""

from collections.abc import Mapping
from typing import Any

from helpdesk.intake.message import IncomingMessage, SchoolHint, Sender
from helpdesk.routing.decision import Decision
from helpdesk.routing.explain import sentence
from helpdesk.vocabulary import Audience, Channel, Level


def request_from_json(told: object) -> IncomingMessage:
    """The message that an object tells: `text`, and optionally `id`, `channel`, `profile`, `sender` (an address),
    `phone`, `subject` and `school` (`name`, `commune`, `postal_code`, `uai`, `level`); null is as good as absent.

    Raises ValueError, in French, for anything else; keys that mean nothing here are ignored.
    """
    if not isinstance(told, Mapping):
        raise ValueError("une demande est un objet JSON")
    school = told.get("school") or {}
    if not isinstance(school, Mapping):
        raise ValueError("« school » doit être un objet")
    level = _text(school, "level")
    if "text" not in told:
        raise ValueError("il manque « text »")
    return IncomingMessage(
        channel=_member(Channel, "channel", _text(told, "channel") or Channel.WEB),
        external_id=str(told.get("id") or ""),
        text=_text(told, "text"),
        subject=_text(told, "subject"),
        sender=Sender(email=_text(told, "sender"), phone=_text(told, "phone")),
        profile=_member(Audience, "profile", profile) if (profile := _text(told, "profile")) else None,
        school=SchoolHint(
            name=_text(school, "name"),
            commune=_text(school, "commune"),
            postal_code=_text(school, "postal_code"),
            uai=_text(school, "uai"),
            level=_member(Level, "level", level) if level else None,
        ),
    )


def decision_to_json(identifier: object, decision: Decision) -> dict[str, Any]:
    """What `helpdesk routing explain` prints of a decision; `because` is the whole sentence."""
    return {
        "id": identifier,
        "academy": decision.academy,
        "topic": decision.topic,
        "audience": decision.audience.value,
        "priority": decision.priority.value,
        "service": decision.service,
        "because": sentence(decision),
        "clues": [clue.to_json() for clue in decision.clues],
    }


def _text(told: Mapping[str, Any], key: str) -> str:
    value = told.get(key)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"« {key} » doit être un texte")
    return str(value)


def _member(kind: Any, key: str, value: str) -> Any:
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(member.value for member in kind)
        raise ValueError(f"« {key} » : « {value} » n’est pas l’un de {known}") from None
