"""What happened to a ticket, told in French to whoever opens it."""

from typing import Any

import pytest
from flask import Flask

from helpdesk.models import Agent, Event, Outgoing
from helpdesk.outbox.post import ACKNOWLEDGEMENT, ANSWER, TRANSFER
from helpdesk.privacy.found import Kind
from helpdesk.tickets import history
from helpdesk.vocabulary import Channel
from helpdesk.workspace import events, words
from tests.workspace.pages import plain

HISTORY_KINDS = sorted(value for name, value in vars(history).items() if name.isupper())
# For each kind of event, what the verbs write with it.
DATA: dict[str, dict[str, Any]] = {
    history.RECEIVED: {"channel": "web"},
    history.MASKED: {"kinds": ["code", "password"]},
    history.ROUTED: {"service": "assistance-10"},
    history.PERSON_WROTE: {"message": 1},
    history.REPLIED: {"message": 1, "solved": False},
    history.NOTED: {"message": 1},
    history.TIED: {"to": "EC-4F7K-9XR3", "kind": "duplicate"},
    history.UNTIED: {"to": "EC-4F7K-9XR3", "kind": "follows", "back": True},
    history.MERGED: {"to": "EC-4F7K-9XR3"},
    history.SPLIT: {"to": "EC-4F7K-9XR3"},
    history.SCHOOL_CHANGED: {"before": "", "after": "Collège Fictif (Lyon)"},
    history.PERSON_CORRECTED: {"before": "lou@famile.example", "after": "lou@famille.example"},
    history.UNMERGED: {"to": "EC-4F7K-9XR3", "back": 1},
    history.TAGGED: {"tag": "Panne de juin"},
    history.UNTAGGED: {"tag": "Panne de juin"},
    history.JOINED: {"title": "Panne de juin"},
    history.PARTED: {"title": "Panne de juin"},
    history.TOLD_ELSEWHERE: {"to": "EC-4F7K-9XR3", "solved": False},
    history.HANDED: {"from": "Agathe Essai", "to": "Basile Essai"},
    history.JUDGED: {"to": "fair"},
    history.TRANSFERRED: {"from": "assistance-10", "to": "assistance-08", "reason": "école à Grenoble"},
    history.GIVEN: {"to": "Basile Essai", "how": "round-robin"},
    history.LENT: {"from": "assistance-10", "to": "assistance-08", "until": "2026-12-31", "reason": "fêtes"},
    history.RETURNED: {"from": "assistance-08", "to": "assistance-10"},
    history.MISROUTED: {"to": "assistance-08", "reason": "école à Grenoble"},
    history.TOPIC_CHANGED: {"from": "teleservices", "to": "securite-donnees", "reason": "mot de passe vendu"},
    history.PRIORITY_CHANGED: {"from": "normal", "to": "urgent"},
    history.CALL_BACK_ASKED: {"reason": "asked", "from": "", "until": ""},
    history.CALLED: {"of": "again", "tries": 1},
    history.CLOSED: {"reason": "doublon"},
    history.LINKED: {"to": "EC-AAAA-AAAA", "by": "la référence du sujet"},
    history.ADDRESS_CORRECTED: {"before": "lou@famile.example", "after": "lou@famille.example"},
    history.WARNED: {"of": "answer", "told": 1},
    history.LATE: {"of": "solution", "told": 1},
    history.DELIVERY_FAILED: {"outgoing": 1, "kind": ANSWER, "error": "boîte pleine."},
}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is shown does not depend on the database; access and the queue are tested on both."""
    return sqlite_url


def told(kind: str, data: dict[str, Any] | None = None, agent: str = "Agathe Essai") -> str:
    """The sentence of an event by that agent; without a name, by the software."""
    event = Event(kind=kind, data=DATA.get(kind, {}) if data is None else data)
    event.agent = Agent(name=agent) if agent else None
    return plain(events.event_sentence(event))


@pytest.mark.parametrize("kind", HISTORY_KINDS)
def test_every_kind_of_event_has_a_sentence_of_its_own(app: Flask, kind: str) -> None:
    sentence = told(kind)

    assert "Événement" not in sentence
    assert sentence[0].isupper()
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (history.RECEIVED, "Demande reçue par le formulaire."),
        (history.MASKED, "Masqué à l’arrivée : un code, un mot de passe."),
        (history.TAKEN, "Agathe Essai a pris la demande."),
        (history.RELEASED, "Agathe Essai a rendu la demande au service."),
        (history.REPLIED, "Agathe Essai a répondu."),
        (history.TIED, "Agathe Essai a noté : doublon de EC-4F7K-9XR3."),
        (history.UNTIED, "Agathe Essai a défait le lien : a pour suite EC-4F7K-9XR3."),
        (history.PRIORITY_CHANGED, "Agathe Essai a changé la priorité : normale → urgente."),
        (history.CLOSED, "Agathe Essai a clos la demande : doublon."),
        (history.DELIVERY_FAILED, "La réponse n’est pas partie : boîte pleine."),
    ],
)
def test_the_sentence_says_who_did_what(app: Flask, kind: str, sentence: str) -> None:
    assert told(kind) == sentence


def test_a_transfer_names_both_services_and_the_reason(app: Flask) -> None:
    before, after = words.service_name("assistance-10"), words.service_name("assistance-08")

    assert "Lyon" in before
    assert "Grenoble" in after
    assert told(history.TRANSFERRED) == (
        f"Agathe Essai a transféré la demande de « {before} » à « {after} » : école à Grenoble."
    )


def test_taking_over_names_who_had_it(app: Flask) -> None:
    assert told(history.TAKEN, {"from": "Basile Essai"}) == (
        "Agathe Essai a pris la demande, que suivait Basile Essai."
    )


def test_an_answer_that_solves_says_both(app: Flask) -> None:
    assert told(history.REPLIED, {"message": 1, "solved": True}) == (
        "Agathe Essai a répondu et marqué la demande comme résolue."
    )


def test_what_the_software_closed_names_nobody(app: Flask) -> None:
    assert told(history.CLOSED, {"reason": "sans nouvelle de la personne"}, agent="") == (
        "Demande close : sans nouvelle de la personne."
    )


def test_an_event_of_a_later_version_is_named_rather_than_hidden(app: Flask) -> None:
    assert told("mesmerised") == "Événement « mesmerised »."


@pytest.mark.parametrize("channel", list(Channel))
def test_every_door_is_told(app: Flask, channel: Channel) -> None:
    assert told(history.RECEIVED, {"channel": channel.value}).startswith("Demande reçue ")


@pytest.mark.parametrize("kind", list(Kind))
def test_what_was_masked_is_named_in_french(app: Flask, kind: Kind) -> None:
    assert told(history.MASKED, {"kinds": [kind.value]}).startswith("Masqué à l’arrivée : un ")


@pytest.mark.parametrize("kind", [ACKNOWLEDGEMENT, ANSWER, TRANSFER])
def test_every_mail_can_be_told_not_to_have_left(app: Flask, kind: str) -> None:
    failed = Outgoing(kind=kind, last_error="adresse refusée")

    assert plain(words.delivery_sentence(failed, failed=True)).endswith(" : adresse refusée.")


@pytest.mark.parametrize(
    ("kind", "error", "sentence"),
    [
        (ANSWER, "", "La réponse part dans un instant."),
        (
            TRANSFER,
            "serveur muet.",
            "Le courriel de transfert n’est pas parti : serveur muet. Nouvel essai automatique.",
        ),
        (ACKNOWLEDGEMENT, "", "L’accusé de réception part dans un instant."),
    ],
)
def test_a_mail_on_its_way_says_so(app: Flask, kind: str, error: str, sentence: str) -> None:
    assert plain(words.delivery_sentence(Outgoing(kind=kind, last_error=error), failed=False)) == sentence


@pytest.mark.parametrize(
    ("size", "facts"),
    [(999, "PDF, 999 octets"), (120_400, "PDF, 120 Ko"), (2_340_000, "PDF, 2,3 Mo")],
)
def test_a_file_tells_its_type_and_size(size: int, facts: str) -> None:
    assert plain(words.file_facts("application/pdf", size)) == facts
