"""Incidents and bursts in words; for the templates of incidents."""

from urllib.parse import urlencode

from flask import Blueprint, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from helpdesk.models import Burst, Incident
from helpdesk.tickets.queue import View
from helpdesk.workspace import words


def reach_in_words(incident: Incident) -> str:
    """« Lyon, Grenoble ; Mot de passe » or « toute la France »."""
    academies = ", ".join(words.academy_name(code) for code in incident.academies.split())
    topics = ", ".join(words.topic_label(slug) for slug in incident.topics.split())
    where = academies or _("toute la France")
    return f"{where}\u00a0; {topics}" if topics else where


def burst_title(burst: Burst) -> str:
    """What its tickets have in common."""
    said = words.topic_label(burst.topic) if burst.topic else _("Tous sujets")
    if burst.word:
        said = _("Mots qui commencent par « %(word)s »", word=burst.word)
    return f"{said} – {words.academy_name(burst.academy)}" if burst.academy else f"{said} – {_('toute la France')}"


def burst_sentence(burst: Burst) -> str:
    """How many, and how many are usual."""
    usual = round(burst.usual)
    ordinary = _("d’habitude presque aucune") if usual < 1 else _("d’habitude environ %(usual)s", usual=usual)
    count = ngettext("%(num)s demande", "%(num)s demandes", burst.count)
    return ngettext(
        "%(count)s en %(num)s heure, %(ordinary)s.",
        "%(count)s en %(num)s heures, %(ordinary)s.",
        burst.hours,
        count=count,
        ordinary=ordinary,
    )


def burst_address(burst: Burst) -> str:
    """The list of its tickets, as near as filters come."""
    said = {"vue": View.ALL.value, "recue": "moins-1"}
    said |= {"sujet": burst.topic, "academie": burst.academy, "texte": burst.word}
    return f"{url_for('queue.show')}?{urlencode({name: value for name, value in said.items() if value})}"


def offer_words(blueprint: Blueprint) -> None:
    """Give these words to the templates."""
    for said in (reach_in_words, burst_title, burst_sentence, burst_address):
        blueprint.add_app_template_global(said)
