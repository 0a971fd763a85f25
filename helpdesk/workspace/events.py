"""What happened to a ticket, as agents read it: one French sentence for each event."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from helpdesk.models import Event
from helpdesk.privacy.found import Kind
from helpdesk.tickets import history
from helpdesk.tickets.calls.plan import REASON_LABELS, CallBackReason
from helpdesk.tickets.order.relations import BACK_LABELS, RELATION_LABELS, Relation
from helpdesk.vocabulary import MARK_LABELS, Assignment, Channel, Mark, Priority
from helpdesk.workspace import words
from helpdesk.workspace.order.sentences import SENTENCES

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
_TURNS = {
    Assignment.ROUND_ROBIN: "à tour de rôle",
    Assignment.LEAST_LOADED: "qui avait le moins de demandes à traiter",
}

_AWAITED = {"answer": "La première réponse", "solution": "La solution"}


def event_sentence(event: Event) -> str:
    """What happened, in one sentence. What the software did by itself names nobody."""
    said = _SENTENCES.get(event.kind)
    who = event.agent.name if event.agent else ""
    return said(who, event.data) if said else _("Événement « %(kind)s ».", kind=event.kind)


def _received(_who: str, data: Mapping[str, Any]) -> str:
    return _("Demande reçue %(door)s.", door=_DOORS[Channel(data["channel"])])


def _masked(_who: str, data: Mapping[str, Any]) -> str:
    kinds = [_MASKED[Kind(kind)] if kind in set(Kind) else str(kind) for kind in data["kinds"]]
    return _("Masqué à l’arrivée : %(kinds)s.", kinds=", ".join(kinds))


def _routed(_who: str, data: Mapping[str, Any]) -> str:
    return _("Orientée vers « %(service)s ».", service=words.service_name(data["service"]))


def _taken(who: str, data: Mapping[str, Any]) -> str:
    if "from" in data:
        return _("%(who)s a pris la demande, que suivait %(other)s.", who=who, other=data["from"])
    return _("%(who)s a pris la demande.", who=who)


def _replied(who: str, data: Mapping[str, Any]) -> str:
    if data.get("solved"):
        return _("%(who)s a répondu et marqué la demande comme résolue.", who=who)
    if data.get("until"):
        day = datetime.fromisoformat(data["until"]).strftime("%d/%m/%Y")
        return _("%(who)s a répondu. La demande attend jusqu’au %(day)s.", who=who, day=day)
    return _("%(who)s a répondu.", who=who)


def _released(who: str, data: Mapping[str, Any]) -> str:
    if "for" in data:
        return _("%(who)s a rendu au service la demande que suivait %(other)s.", who=who, other=data["for"])
    return _("%(who)s a rendu la demande au service.", who=who)


def _given(_who: str, data: Mapping[str, Any]) -> str:
    return _("Confiée à %(name)s, %(how)s.", name=data["to"], how=_TURNS[Assignment(data["how"])])


def _handed(who: str, data: Mapping[str, Any]) -> str:
    told = {"who": who, "name": data["to"], "other": data["from"]}
    if not who:
        if data["to"]:
            return _("%(other)s est absent : la demande est confiée à %(name)s.", **told)
        return _("%(other)s est absent : la demande revient au service.", **told)
    if not data["to"]:
        return _("%(who)s a rendu au service la demande que suivait %(other)s.", **told)
    if not data["from"]:
        return _("%(who)s a confié la demande à %(name)s.", **told)
    return _("%(who)s a confié à %(name)s la demande que suivait %(other)s.", **told)


def _judged(_who: str, data: Mapping[str, Any]) -> str:
    return _("La personne dit si c’est résolu : « %(mark)s ».", mark=_(MARK_LABELS[Mark(data["to"])]))


def _lent(_who: str, data: Mapping[str, Any]) -> str:
    return _(
        "Confiée à « %(after)s » : « %(before)s » est fermé jusqu’au %(day)s (%(reason)s).",
        before=words.service_name(data["from"]),
        after=words.service_name(data["to"]),
        day=date.fromisoformat(data["until"]).strftime("%d/%m/%Y"),
        reason=data["reason"].rstrip(" ."),
    )


def _returned(_who: str, data: Mapping[str, Any]) -> str:
    before, after = words.service_name(data["from"]), words.service_name(data["to"])
    return _("Revenue de « %(before)s » à « %(after)s », de nouveau ouvert.", before=before, after=after)


def _misrouted(who: str, data: Mapping[str, Any]) -> str:
    told = {"name": words.service_name(data["to"]), "reason": _sentence(data["reason"])}
    return _("%(who)s a corrigé l’orientation : « %(name)s » d’emblée. %(reason)s", who=who, **told)


def _topic_changed(who: str, data: Mapping[str, Any]) -> str:
    before, after = (words.topic_label(data[side]) for side in ("from", "to"))
    reason = _sentence(data["reason"])
    return _(
        "%(who)s a corrigé le sujet, %(before)s → %(after)s : %(reason)s",
        who=who,
        before=before,
        after=after,
        reason=reason,
    )


def _transferred(who: str, data: Mapping[str, Any]) -> str:
    said = _("%(who)s a transféré la demande de « %(before)s » à « %(after)s » : %(reason)s")
    if data.get("misrouted"):
        said = _("%(who)s a corrigé l’orientation, de « %(before)s » à « %(after)s » : %(reason)s")
    return said % {
        "who": who,
        "before": words.service_name(data["from"]),
        "after": words.service_name(data["to"]),
        "reason": _sentence(data["reason"]),
    }


def _priority_changed(who: str, data: Mapping[str, Any]) -> str:
    before, after = (_URGENCIES[Priority(data[side])] for side in ("from", "to"))
    return _("%(who)s a changé la priorité : %(before)s → %(after)s.", who=who, before=before, after=after)


def _address_corrected(who: str, data: Mapping[str, Any]) -> str:
    before = data["before"] or _("aucune")
    return _("%(who)s a corrigé l’adresse : %(before)s → %(after)s.", who=who, before=before, after=data["after"])


def _closed(who: str, data: Mapping[str, Any]) -> str:
    done = _("%(who)s a clos la demande", who=who) if who else _("Demande close")
    return f"{done} : {_sentence(data['reason'])}" if data.get("reason") else f"{done}."


def _tied(who: str, data: Mapping[str, Any]) -> str:
    return _("%(who)s a noté : %(link)s.", who=who, link=_link(data))


def _untied(who: str, data: Mapping[str, Any]) -> str:
    return _("%(who)s a défait le lien : %(link)s.", who=who, link=_link(data))


def _merged(who: str, data: Mapping[str, Any]) -> str:
    if data.get("back"):
        return _("%(who)s a fusionné %(other)s dans cette demande.", who=who, other=data["to"])
    return _("%(who)s a fusionné cette demande dans %(other)s.", who=who, other=data["to"])


def _wanted(who: str, _data: Mapping[str, Any]) -> str:
    if not who:
        return _("La personne écrit encore : la demande n’est plus classée comme indésirable.")
    return _("%(who)s a repris la demande : elle n’est pas indésirable.", who=who)


def _link(data: Mapping[str, Any]) -> str:
    label = (BACK_LABELS if data.get("back") else RELATION_LABELS)[Relation(data["kind"])]
    return f"{label.lower()} {data['to']}"


def _sentence(text: str) -> str:
    """What an agent typed, with a full stop if it has no end of its own."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def _call_back_asked(who: str, data: Mapping[str, Any]) -> str:
    reason = REASON_LABELS[CallBackReason(data["reason"])]
    return (
        _("%(who)s a promis un rappel.", who=who) if who else _("Rappel à faire : %(reason)s.", reason=reason.lower())
    )


def _called(who: str, data: Mapping[str, Any]) -> str:
    said = {
        "reached": _("%(who)s a joint la personne au téléphone."),
        "again": _("%(who)s a appelé sans réponse (essai %(tries)s)."),
        "no-answer": _("%(who)s a appelé sans réponse (essai %(tries)s) : plus de rappel prévu."),
        "wrong-number": _("%(who)s a appelé : ce n’est pas le bon numéro."),
        "dropped": _("%(who)s a retiré le rappel : il n’était plus utile."),
    }
    return said[data["of"]] % {"who": who, "tries": data["tries"]}


def _call_taken(who: str, data: Mapping[str, Any]) -> str:
    if data.get("told"):
        return _("%(who)s a noté l’appel et informé la personne de l’usage de ses données.", who=who)
    return _("%(who)s a noté l’appel.", who=who)


def _picture(_who: str, data: Mapping[str, Any]) -> str:
    if data.get("error"):
        return _("Une photo envoyée par SMS n’a pas pu être reprise : %(reason)s.", reason=data["error"])
    return _("Une photo envoyée par SMS est jointe à son message.")


def _recording(_who: str, data: Mapping[str, Any]) -> str:
    if data.get("error"):
        return _("Le message vocal n’a pas pu être repris : %(reason)s.", reason=data["error"])
    return _("Le message vocal est arrivé : il s’écoute avec l’appel.")


_SENTENCES: dict[str, Callable[[str, Mapping[str, Any]], str]] = {
    history.RECEIVED: _received,
    history.MASKED: _masked,
    history.ROUTED: _routed,
    history.PERSON_WROTE: lambda _who, _data: _("La personne a écrit."),
    history.TAKEN: _taken,
    history.RELEASED: _released,
    history.REPLIED: _replied,
    history.TAKEN_BACK: lambda who, _data: _("%(who)s a annulé l’envoi de sa réponse.", who=who),
    history.NOTED: lambda who, _data: _("%(who)s a ajouté une note.", who=who),
    history.TRANSFERRED: _transferred,
    history.GIVEN: _given,
    history.HANDED: _handed,
    history.JUDGED: _judged,
    history.LENT: _lent,
    history.RETURNED: _returned,
    history.MISROUTED: _misrouted,
    history.TOPIC_CHANGED: _topic_changed,
    history.PRIORITY_CHANGED: _priority_changed,
    history.SOLVED: lambda who, _data: _("%(who)s a marqué la demande comme résolue.", who=who),
    history.CLOSED: _closed,
    history.REOPENED: lambda who, _data: _("%(who)s a rouvert la demande.", who=who),
    history.WOKEN: lambda _who, _data: _("Le jour attendu est venu : la demande revient à traiter."),
    history.LINKED: lambda _who, data: _("Liée à la demande %(other)s par %(by)s.", other=data["to"], by=data["by"]),
    history.TIED: _tied,
    history.UNTIED: _untied,
    history.MERGED: _merged,
    history.UNMERGED: lambda who, data: _("%(who)s a défait la fusion avec %(other)s.", who=who, other=data["to"]),
    history.UNWANTED: lambda who, _data: _("%(who)s a classé la demande comme indésirable.", who=who),
    history.WANTED: _wanted,
    **SENTENCES,
    history.JOINED: lambda who, data: _(
        "%(who)s a rattaché la demande à l’incident « %(title)s ».", who=who, title=data["title"]
    ),
    history.PARTED: lambda who, data: _(
        "%(who)s a détaché la demande de l’incident « %(title)s ».", who=who, title=data["title"]
    ),
    history.TOLD_ELSEWHERE: lambda who, data: _(
        "%(who)s a répondu à la personne sur %(other)s, pour toutes ses demandes du même incident.",
        who=who,
        other=data["to"],
    ),
    history.DELIVERY_FAILED: lambda _who, data: words.not_gone(data["kind"], data["error"]),
    history.RESENT: lambda who, _data: _("%(who)s a fait repartir le courriel.", who=who),
    history.ADDRESS_CORRECTED: _address_corrected,
    history.WARNED: lambda _who, data: _("%(what)s sera bientôt en retard.", what=_AWAITED[data["of"]]),
    history.LATE: lambda _who, data: _("%(what)s est en retard.", what=_AWAITED[data["of"]]),
    history.ESCALATED: lambda _who, _data: _("Toujours pas de première réponse : le triage national est prévenu."),
    history.CALL_BACK_ASKED: _call_back_asked,
    history.CALLED: _called,
    history.CALL_TAKEN: _call_taken,
    history.TEXTS_STOPPED: lambda _who, _data: _("La personne a répondu STOP : plus aucun SMS ne part vers elle."),
    history.TEXTS_RESUMED: lambda _who, _data: _("La personne accepte de nouveau les SMS."),
    history.PICTURE: _picture,
    history.RECORDING: _recording,
    history.TRANSCRIBED: lambda _who, _data: _("Le message vocal a été transcrit par une machine."),
    history.ARCHIVED: lambda _who, _data: _("Demande archivée : seuls les superviseurs la voient."),
    history.ERASED: lambda _who, _data: _("Données personnelles effacées."),
}
