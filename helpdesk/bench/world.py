"""A made-up France for measurements: how many requests each académie gets, on which days, and what people write.

Its proportions are rough ones of public figures; its people and schools do not exist.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import accumulate
from random import Random

from helpdesk.places import config_dir
from helpdesk.tickets.search_terms import stems_of

DAYS = 730  # older requests would have been erased
# Pupils in tens of thousands, roughly; what is missing is small.
_ACADEMIES = {
    "25": 117, "24": 96, "09": 79, "17": 72, "70": 64, "10": 62, "08": 60, "02": 58, "04": 58, "14": 57, "16": 54,
    "11": 52, "18": 47, "12": 42, "23": 39, "20": 37, "01": 34, "15": 33, "13": 30, "07": 27, "19": 23, "06": 22,
    "28": 22, "03": 21, "43": 12, "22": 11, "33": 10, "32": 9, "31": 7, "40": 7, "41": 7, "27": 5,
}  # fmt: skip
_SMALLEST = 0.3
_KINDS = {"assistance": 70, "scolarite": 15, "personnels": 8, "donnees": 1, "triage": 5, "protection": 1}
# By month: the start of term, then the ends of terms; hardly anybody in July.
_MONTHS = (1.2, 0.9, 0.9, 0.8, 0.9, 1.2, 0.5, 0.9, 3.0, 1.8, 1.3, 0.9)
_WEEKDAYS = (1.3, 1.2, 1.1, 1.0, 0.9, 0.35, 0.4)
_TOPICS = {
    "activation-compte": 22, "mot-de-passe-responsable": 20, "compte-introuvable": 12, "rattachement-enfants": 10,
    "changement-coordonnees": 9, "compte-eleve": 8, "ent-connexion": 6, "teleservices": 5, "franceconnect": 3,
    "situation-familiale": 2, "hors-perimetre": 2, "reclamation": 0.7, "securite-donnees": 0.3,
}  # fmt: skip
_CONSONANTS, _VOWELS = "bdfgjklmnprstv", "aeio"
_FIRST = (
    "Lou",
    "Nour",
    "Zoé",
    "Adam",
    "Inès",
    "Léo",
    "Maya",
    "Noé",
    "Ava",
    "Sami",
    "Lina",
    "Tom",
    "Jade",
    "Élie",
    "Rose",
    "Iris",
)
_LATER = (
    "Pouvez-vous m’aider rapidement ?",
    "J’ai déjà appelé le secrétariat, qui me renvoie vers vous.",
    "Je joins une copie d’écran du message d’erreur.",
    "Le formulaire doit être rempli avant vendredi.",
    "J’ai essayé sur mon téléphone et sur un ordinateur, c’est pareil.",
    "Mon ancien numéro de portable ne fonctionne plus.",
    "Nous venons de déménager et l’adresse a changé.",
    "Le code de validation n’arrive jamais par SMS.",
    "Je n’ai plus accès à l’adresse électronique donnée à l’inscription.",
    "Merci d’avance pour votre réponse.",
    "Cordialement.",
    "La date de naissance affichée n’est pas la bonne.",
    "L’établissement me dit que tout est à jour de son côté.",
)
_ANSWERS = (
    "Votre dossier est à jour. Vous pouvez de nouveau demander un code sur la page de connexion.",
    "Le secrétariat de l’établissement doit d’abord enregistrer votre numéro de téléphone portable.",
    "Votre compte existe déjà. Choisissez « Identifiant perdu » pour le recevoir par courriel.",
    "Nous avons rattaché votre enfant à votre compte. Reconnectez-vous demain matin.",
    "Le mot de passe a été réinitialisé ; le lien est valable trois jours.",
    "Il nous faut le nom de l’établissement et la classe pour continuer.",
)
_NOTES = ("Vu avec le collège.", "À rappeler demain matin.", "Doublon probable.", "Transmis à la direction.")
_FILES = ("capture.png", "justificatif-de-domicile.pdf", "livret-de-famille.pdf", "courrier-de-l-academie.pdf")
_TOWNS = ("Lyonnet", "Bourgneuf", "Rivalet", "Montclair", "Sablières", "Valfleuri", "Portenoire", "Grandpré")


@dataclass(frozen=True)
class Said:
    """Words, and their stems: worked out once, since they come again and again."""

    text: str
    stems: tuple[str, ...]


@dataclass(frozen=True)
class Weighed:
    """Things and how often each is drawn."""

    things: Sequence[str]
    weights: Sequence[float]

    @cached_property
    def sums(self) -> Sequence[float]:
        return list(accumulate(self.weights))

    def draw(self, random: Random) -> str:
        return random.choices(self.things, cum_weights=self.sums)[0]


class World:
    """What requests are made of. The same everywhere."""

    def __init__(self) -> None:
        document = tomllib.loads((config_dir() / "examples.toml").read_text("utf-8"))
        asked: dict[str, list[Said]] = {}
        for each in document["topic"]:
            asked.setdefault(each["slug"], []).extend(said(text) for text in each["examples"])
        self.topics = Weighed(
            [slug for slug in _TOPICS if slug in asked], [_TOPICS[slug] for slug in _TOPICS if slug in asked]
        )
        self.asked = asked
        self.later, self.answers, self.notes = ([said(text) for text in each] for each in (_LATER, _ANSWERS, _NOTES))
        self.files = [said(text) for text in _FILES]
        self.towns, self.first_names = [said(text) for text in _TOWNS], [said(text) for text in _FIRST]
        syllables = [consonant + vowel for consonant in _CONSONANTS for vowel in _VOWELS]
        drawn = Random(1)  # noqa: S311 (made-up names are no secrets)
        self.surnames = [said("".join(drawn.choices(syllables, k=3)).capitalize()) for _ in range(4_000)]


def said(text: str) -> Said:
    """A text with its stems."""
    return Said(text, tuple(stems_of(text)))


def weight_of(kind: str, academy: str | None) -> float:
    """How much of all requests a service gets, beside the others."""
    national = sum(_ACADEMIES.values())
    return _KINDS.get(kind, 1) * (national if academy is None else _ACADEMIES.get(academy, _SMALLEST))


def moments(count: int, until: datetime, random: Random) -> list[datetime]:
    """When that many requests came, in order: by season, day of the week and hour."""
    days = [until - timedelta(days=ago) for ago in range(DAYS, 0, -1)]
    weights = [_MONTHS[day.month - 1] * _WEEKDAYS[day.weekday()] for day in days]
    of_day = sorted(random.choices(range(DAYS), weights, k=count))
    midnight = [day.replace(hour=0, minute=0, second=0, microsecond=0) for day in days]
    seconds = (int(random.triangular(6 * 3600, 22 * 3600, 11 * 3600)) for _ in range(count))
    return sorted(min(midnight[day] + timedelta(seconds=at), until) for day, at in zip(of_day, seconds, strict=True))
