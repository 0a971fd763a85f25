"""Stored words as agents read them: labels, names of services and clues, what became of a mail, what a file is.

Service and topic names come from the rulebook in use; what it no longer names is shown by its slug.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Protocol

from flask_babel import gettext as _

from helpdesk.files import UNKNOWN_TYPE
from helpdesk.models import IncomingMail, Outgoing, TextReport
from helpdesk.outbox.post import ACKNOWLEDGEMENT, ANSWER, TRANSFER
from helpdesk.outbox.text_states import TEXT_LABELS
from helpdesk.pages import parts
from helpdesk.people.phones import show_phone
from helpdesk.routing.decision import Decision
from helpdesk.routing.explain import kind_label, sentence
from helpdesk.vocabulary import (
    AUDIENCE_LABELS,
    CHANNEL_LABELS,
    LEVEL_LABELS,
    MARK_LABELS,
    PRIORITY_LABELS,
    STATUS_LABELS,
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
    **MARK_LABELS,
}
# Subject and verb for what became of a mail, with the gender that French asks for.
_MAILS = {
    ACKNOWLEDGEMENT: ("L’accusé de réception", "parti"),
    ANSWER: ("La réponse", "partie"),
    TRANSFER: ("Le courriel de transfert", "parti"),
}
SHOWN_IN_PLACE = ("image/png", "image/jpeg", "image/gif", "image/webp")  # by every browser, and run by none
HEARD_IN_PLACE = ("audio/mpeg", "audio/wav")
READ_IN_PLACE = "application/pdf"
_FILE_TYPES = {
    "image/png": "image PNG",
    "image/jpeg": "image JPEG",
    "image/gif": "image GIF",
    "image/webp": "image WebP",
    "image/heic": "image HEIC",
    "application/pdf": "PDF",
    "audio/mpeg": "son MP3",
    "audio/wav": "son WAV",
    UNKNOWN_TYPE: "type inconnu",
}


def label(member: StrEnum) -> str:
    """A member of a closed list of the vocabulary, as people read it."""
    return str(_(_LABELS[member]))


def topic_label(slug: str) -> str:
    """What a topic is called on pages."""
    return parts().routing.rulebook.label_of(slug)


def topics() -> list[tuple[str, str]]:
    """Slug and label of every topic that a request can have."""
    return [(topic.slug, topic.label) for topic in parts().routing.rulebook.lists.topics]


def service_name(slug: str) -> str:
    """What a service is called on pages."""
    try:
        return parts().routing.rulebook.service(slug).name
    except KeyError:
        return slug


class ServiceName(Protocol):
    """As much of a service as it takes to name it."""

    @property
    def slug(self) -> str: ...
    @property
    def academy(self) -> str | None: ...


def service_in_short(service: ServiceName) -> str:
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


def text_sentence(report: TextReport) -> str:
    """What became of a text message, and how many parts were paid for."""
    said = TEXT_LABELS[report.state] + (f" (code {report.error})" if report.error else "")
    if report.segments > 1:
        return _("SMS en %(n)s parties : %(said)s.", n=report.segments, said=said.lower())
    return _("SMS : %(said)s.", said=said.lower())


def delivery_sentence(outgoing: Outgoing, *, failed: bool) -> str:
    """What became of a mail that has not left: given up, or still being tried."""
    if failed:
        return not_gone(outgoing.kind, outgoing.last_error)
    if outgoing.last_error:
        return f"{not_gone(outgoing.kind, outgoing.last_error)} {_('Nouvel essai automatique.')}"
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
    return f"{_FILE_TYPES.get(content_type, content_type)}, {size_in_words(size)}"


def size_in_words(size: int) -> str:
    """« 120 Ko »."""
    if size < 1_000:
        return f"{size} octets"
    if size < 1_000_000:
        return f"{round(size / 1_000)} Ko"
    return f"{size / 1_000_000:.1f} Mo".replace(".", ",")


def sender_checks(mail: IncomingMail) -> str:
    """What our own mail server found about the sender. An address that is confirmed still gives no rights."""
    checks = mail.checks
    if not checks:
        return _("Adresse non vérifiée.")
    domain = checks.get("from_domain") or mail.sender.partition("@")[2]
    if checks.get("dmarc") == "pass":
        return _("Adresse confirmée par %(domain)s.", domain=domain)
    if checks.get("dmarc") == "fail":
        return _("Attention : %(domain)s ne confirme pas cette adresse, elle peut être fausse.", domain=domain)
    if "pass" in (checks.get("dkim"), checks.get("spf")):
        return _("Adresse en partie vérifiée : %(domain)s ne dit pas comment la confirmer.", domain=domain)
    return _("Adresse non confirmée par %(domain)s.", domain=domain)


def not_gone(kind: str, error: str) -> str:
    """That a mail has not left, and why."""
    subject, gone = _MAILS[kind]
    reason = error.rstrip(" .") or _("raison inconnue")
    return _("%(subject)s n’est pas %(gone)s : %(reason)s.", subject=subject, gone=gone, reason=reason)
