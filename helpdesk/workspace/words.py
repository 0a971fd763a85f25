"""Stored words as agents read them: one French sentence for each event, a name for each clue, size and type of a file.

Service and topic names come from the rulebook in use; what it no longer names is shown by its slug.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _

from helpdesk.files import UNKNOWN_TYPE
from helpdesk.models import Event, Outgoing, Service
from helpdesk.outbox.post import ACKNOWLEDGEMENT, ANSWER, TRANSFER
from helpdesk.pages import parts
from helpdesk.people.phones import show_phone
from helpdesk.privacy.found import Kind
from helpdesk.routing.decision import Decision
from helpdesk.routing.explain import kind_label, sentence
from helpdesk.tickets import history
from helpdesk.vocabulary import (
    AUDIENCE_LABELS,
    CHANNEL_LABELS,
    LEVEL_LABELS,
    PRIORITY_LABELS,
    STATUS_LABELS,
    Channel,
    Priority,
)

# Where a clue was read, by the field of the request; all other fields are the form's.
_READ_IN = {
    "text": "dans le message",
    "subject": "dans l’objet",
    "sender.email": "dans l’adresse de courriel",
    "sender.phone": "dans le numéro de téléphone",
}
_LABELS: Mapping[Any, str] = {
    **STATUS_LABELS,
    **PRIORITY_LABELS,
    **AUDIENCE_LABELS,
    **LEVEL_LABELS,
    **CHANNEL_LABELS,
}
_MASKED = {
    Kind.PASSWORD: "un mot de passe",
    Kind.CODE: "un code",
    Kind.INE: "un numéro INE",
    Kind.CARD: "un numéro de carte bancaire",
    Kind.IBAN: "un IBAN",
    Kind.NIR: "un numéro de sécurité sociale",
}
_DOORS = {
    Channel.WEB: "par le formulaire",
    Channel.EMAIL: "par courriel",
    Channel.PHONE: "par téléphone",
    Channel.SMS: "par SMS",
    Channel.AGENT: "et saisie par un agent",
}
_URGENCIES = {Priority.URGENT: "urgente", Priority.NORMAL: "normale", Priority.LOW: "basse"}
# Subject and verb for what became of a mail, with the gender that French asks for.
_MAILS = {
    ACKNOWLEDGEMENT: ("L’accusé de réception", "parti"),
    ANSWER: ("La réponse", "partie"),
    TRANSFER: ("Le courriel de transfert", "parti"),
}
_FILE_TYPES = {
    "image/png": "image PNG",
    "image/jpeg": "image JPEG",
    "image/gif": "image GIF",
    "image/webp": "image WebP",
    "image/heic": "image HEIC",
    "application/pdf": "PDF",
    UNKNOWN_TYPE: "type inconnu",
}


def label(member: StrEnum) -> str:
    """A member of a closed list of the vocabulary, as people read it."""
    return str(_(_LABELS[member]))


def topic_label(slug: str) -> str:
    """What a topic is called on pages."""
    return parts().routing.rulebook.label_of(slug)


def service_name(slug: str) -> str:
    """What a service is called on pages."""
    try:
        return parts().routing.rulebook.service(slug).name
    except KeyError:
        return slug


def service_in_short(service: Service) -> str:
    """Académie first, as lists of services are read: "Lyon – Scolarité"; a national service by its short name."""
    title = service_title(service.slug)
    return f"{academy_name(service.academy)} – {title}" if service.academy else title


def service_title(slug: str) -> str:
    """Its short name, without that of the académie."""
    try:
        return parts().routing.rulebook.service(slug).title
    except KeyError:
        return slug


def academy_name(code: str) -> str:
    """The name of an académie, from its code."""
    academy = parts().routing.geography.academies.get(code)
    return academy.name if academy else code


def event_sentence(event: Event) -> str:
    """What happened, in one sentence. What the software did by itself names nobody."""
    said = _SENTENCES.get(event.kind)
    who = event.agent.name if event.agent else ""
    return said(who, event.data) if said else _("Événement « %(kind)s ».", kind=event.kind)


def delivery_sentence(outgoing: Outgoing, *, failed: bool) -> str:
    """What became of a mail that has not left: given up, or still being tried."""
    if failed:
        return _not_gone(outgoing.kind, outgoing.last_error)
    if outgoing.last_error:
        return f"{_not_gone(outgoing.kind, outgoing.last_error)} {_('Nouvel essai automatique.')}"
    return _("%(subject)s part dans un instant.", subject=_MAILS[outgoing.kind][0])


def reason(decision: Decision) -> str:
    """Why a request went where it went, with the words that said so."""
    return sentence(decision)


def clue_label(kind: str) -> str:
    """What a kind of clue is called, at the head of a line."""
    label = kind_label(kind)
    return label[:1].upper() + label[1:]


def phone(number: str) -> str:
    """A number as the French write it, in one piece."""
    return show_phone(number).replace(" ", "\u00a0")


def read_in(field: str) -> str:
    """Where in the request a clue was read."""
    return _READ_IN.get(field, _("dans le formulaire"))


def file_facts(content_type: str, size: int) -> str:
    """Type and size of a file: "PDF, 120 Ko"."""
    kind = _FILE_TYPES.get(content_type, content_type)
    if size < 1_000:
        return f"{kind}, {size} octets"
    if size < 1_000_000:
        return f"{kind}, {round(size / 1_000)} Ko"
    return f"{kind}, {size / 1_000_000:.1f} Mo".replace(".", ",")


def _received(_who: str, data: Mapping[str, Any]) -> str:
    return _("Demande reçue %(door)s.", door=_DOORS[Channel(data["channel"])])


def _masked(_who: str, data: Mapping[str, Any]) -> str:
    kinds = [_MASKED[Kind(kind)] if kind in set(Kind) else str(kind) for kind in data["kinds"]]
    return _("Masqué à l’arrivée : %(kinds)s.", kinds=", ".join(kinds))


def _routed(_who: str, data: Mapping[str, Any]) -> str:
    return _("Orientée vers « %(service)s ».", service=service_name(data["service"]))


def _taken(who: str, data: Mapping[str, Any]) -> str:
    if "from" in data:
        return _("%(who)s a pris la demande, que suivait %(other)s.", who=who, other=data["from"])
    return _("%(who)s a pris la demande.", who=who)


def _replied(who: str, data: Mapping[str, Any]) -> str:
    if data.get("solved"):
        return _("%(who)s a répondu et marqué la demande comme résolue.", who=who)
    return _("%(who)s a répondu.", who=who)


def _transferred(who: str, data: Mapping[str, Any]) -> str:
    return _(
        "%(who)s a transféré la demande de « %(before)s » à « %(after)s » : %(reason)s",
        who=who,
        before=service_name(data["from"]),
        after=service_name(data["to"]),
        reason=_sentence(data["reason"]),
    )


def _priority_changed(who: str, data: Mapping[str, Any]) -> str:
    before, after = (_URGENCIES[Priority(data[side])] for side in ("from", "to"))
    return _("%(who)s a changé la priorité : %(before)s → %(after)s.", who=who, before=before, after=after)


def _closed(who: str, data: Mapping[str, Any]) -> str:
    done = _("%(who)s a clos la demande", who=who) if who else _("Demande close")
    return f"{done} : {_sentence(data['reason'])}" if data.get("reason") else f"{done}."


def _not_gone(kind: str, error: str) -> str:
    subject, gone = _MAILS[kind]
    reason = error.rstrip(" .") or _("raison inconnue")
    return _("%(subject)s n’est pas %(gone)s : %(reason)s.", subject=subject, gone=gone, reason=reason)


def _sentence(text: str) -> str:
    """What an agent typed, with a full stop if it has no end of its own."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


_SENTENCES: dict[str, Callable[[str, Mapping[str, Any]], str]] = {
    history.RECEIVED: _received,
    history.MASKED: _masked,
    history.ROUTED: _routed,
    history.PERSON_WROTE: lambda _who, _data: _("La personne a écrit."),
    history.TAKEN: _taken,
    history.RELEASED: lambda who, _data: _("%(who)s a rendu la demande au service.", who=who),
    history.REPLIED: _replied,
    history.NOTED: lambda who, _data: _("%(who)s a ajouté une note.", who=who),
    history.TRANSFERRED: _transferred,
    history.PRIORITY_CHANGED: _priority_changed,
    history.SOLVED: lambda who, _data: _("%(who)s a marqué la demande comme résolue.", who=who),
    history.CLOSED: _closed,
    history.REOPENED: lambda who, _data: _("%(who)s a rouvert la demande.", who=who),
    history.DELIVERY_FAILED: lambda _who, data: _not_gone(data["kind"], data["error"]),
    history.RESENT: lambda who, _data: _("%(who)s a fait repartir le courriel.", who=who),
}
