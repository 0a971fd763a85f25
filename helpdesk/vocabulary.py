"""One word per thing: the closed lists of the domain, with the French that people read.

Labels are marked with `_` for the catalogues (`helpdesk/translations`) and translated where they are shown.
Topics, services and rules are not here: rectorates change them, so they are data in `config/`.
"""

from enum import StrEnum


def _(message: str) -> str:
    """Mark a text for the catalogues; it is translated where it is shown."""
    return message


class Channel(StrEnum):
    """The door a message came in by. The value is what is stored and what `helpdesk routing explain` reads."""

    WEB = "web"
    EMAIL = "email"
    PHONE = "phone"
    SMS = "sms"
    AGENT = "agent"


class Audience(StrEnum):
    """Who writes."""

    RESPONSABLE = "responsable"
    ELEVE = "eleve"
    ENSEIGNANT = "enseignant"
    AUTRE = "autre"


class Readers(StrEnum):
    """Whom an article of the FAQ is for."""

    FAMILIES = "families"
    SCHOOLS = "schools"
    STAFF = "staff"


class Priority(StrEnum):
    """How long somebody can wait. Order of the members is order of urgency."""

    URGENT = "urgent"
    NORMAL = "normal"
    LOW = "low"


class Level(StrEnum):
    """First degree: écoles. Second degree: collèges and lycées."""

    FIRST = "premier-degre"
    SECOND = "second-degre"


class Status(StrEnum):
    """Where a ticket stands. `tickets.lifecycle` says which moves there are."""

    NEW = "new"
    OPEN = "open"
    WAITING = "waiting"
    SOLVED = "solved"
    CLOSED = "closed"


class Direction(StrEnum):
    """From the person, to the person, or among agents only."""

    IN = "in"
    OUT = "out"
    NOTE = "note"


class Role(StrEnum):
    """What an agent may do in a service. Order of the members is order of reach."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"


class RulesState(StrEnum):
    """Where a version of the rules of routing stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    FORMER = "former"
    DISCARDED = "discarded"


class EditorRole(StrEnum):
    """What an agent may do with the FAQ. Order of the members is order of reach."""

    EDITOR = "editor"
    REVIEWER = "reviewer"


class VoteReason(StrEnum):
    """Why an answer of the FAQ did not help."""

    OTHER_CASE = "other-case"
    UNCLEAR = "unclear"
    FAILED = "failed"
    WRONG = "wrong"
    OTHER = "other"


class Place(StrEnum):
    """Where answers of the FAQ were proposed."""

    SEARCH = "search"
    FORM = "form"
    PHONE = "phone"


class Outcome(StrEnum):
    """What came of a proposal. None of these: the visitor left."""

    SOLVED = "solved"
    SENT = "sent"
    RETURNED = "returned"


class BannerMove(StrEnum):
    """What was done to a notice about an incident."""

    WRITTEN = "written"
    CHANGED = "changed"
    ENDED = "ended"


class DraftState(StrEnum):
    """Where the next version of an entry of the FAQ stands."""

    WRITING = "writing"
    IN_REVIEW = "in-review"
    SCHEDULED = "scheduled"


class Lateness(StrEnum):
    """How pressing a ticket is, as far as somebody was told. Order of the members is order of gravity."""

    ON_TIME = "on-time"
    SOON = "soon"
    LATE = "late"
    FORGOTTEN = "forgotten"


class Assignment(StrEnum):
    """How the tickets of a service find their agent: taken by whoever can, or given out."""

    PULL = "pull"
    ROUND_ROBIN = "round-robin"
    LEAST_LOADED = "least-loaded"


class MailOutcome(StrEnum):
    """The one thing a mail became."""

    TICKET = "ticket"
    REPLY = "reply"
    BOUNCE = "bounce"
    AUTOMATIC = "automatic"
    REFUSED = "refused"
    UNREADABLE = "unreadable"


class Mark(StrEnum):
    """What a person says once we think that the problem is solved."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


class DeliveryState(StrEnum):
    """Where an outgoing message stands."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"


CHANNEL_LABELS = {
    Channel.WEB: _("Formulaire"),
    Channel.EMAIL: _("Courriel"),
    Channel.PHONE: _("Téléphone"),
    Channel.SMS: _("SMS"),
    Channel.AGENT: _("Saisie par un agent"),
}
AUDIENCE_LABELS = {
    Audience.RESPONSABLE: _("Parent ou responsable légal"),
    Audience.ELEVE: _("Élève"),
    Audience.ENSEIGNANT: _("Personnel d’un établissement"),
    Audience.AUTRE: _("Autre personne"),
}
READERS_LABELS = {
    Readers.FAMILIES: _("Familles"),
    Readers.SCHOOLS: _("Établissements"),
    Readers.STAFF: _("Personnels"),
}
MARK_LABELS = {
    Mark.GOOD: _("Oui, c’est résolu"),
    Mark.FAIR: _("En partie"),
    Mark.POOR: _("Non, pas du tout"),
}
VOTE_REASON_LABELS = {
    VoteReason.OTHER_CASE: _("Ce n’est pas mon cas"),
    VoteReason.UNCLEAR: _("Je n’ai pas compris"),
    VoteReason.FAILED: _("J’ai essayé, cela ne marche pas"),
    VoteReason.WRONG: _("C’est faux, ou ce n’est plus vrai"),
    VoteReason.OTHER: _("Autre chose"),
}
PRIORITY_LABELS = {Priority.URGENT: _("Urgent"), Priority.NORMAL: _("Normale"), Priority.LOW: _("Basse")}
LEVEL_LABELS = {
    Level.FIRST: _("École maternelle ou élémentaire"),
    Level.SECOND: _("Collège ou lycée"),
}
STATUS_LABELS = {
    Status.NEW: _("Nouvelle"),
    Status.OPEN: _("En cours"),
    Status.WAITING: _("En attente de la personne"),
    Status.SOLVED: _("Résolue"),
    Status.CLOSED: _("Close"),
}
ROLE_LABELS = {Role.AGENT: _("Agent"), Role.SUPERVISOR: _("Superviseur")}
