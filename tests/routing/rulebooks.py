"""Rulebooks for the tests of routing: the one of `config/`, and a small one in which everything can be seen."""

from datetime import date
from functools import cache

from helpdesk.intake.message import IncomingMessage
from helpdesk.places import config_dir
from helpdesk.routing.rulebook import FILES, Rulebook, load_rulebook, parse_rulebook
from helpdesk.routing.understanding import Understanding, understand
from tests.routing.messages import a_message

TODAY = date(2026, 11, 24)  # a Tuesday
ACADEMIES = (
    "code,academie,region_academique,zone,domain,departments,timezone\n"
    "08,Grenoble,Auvergne-Rhône-Alpes,A,ac-grenoble.fr,07;26;38;73;74,Europe/Paris\n"
    "28,La Réunion,La Réunion,locale,ac-reunion.fr,974,Indian/Reunion\n"
)
SMALL = {
    "academies.csv": ACADEMIES,
    "topics.toml": """
[language]
links = "de la le"
denials = "pas"
breaks = "je"
undone = "perdu"
[families]
CODE = ["code", "sms"]
[[topic]]
slug = "teleservices"
label = "Bourse"
strong = ["bourse", "CODE + pas reçu"]
[[topic]]
slug = "hors-perimetre"
label = "Autre"
""",
    "examples.toml": "",
    "services.toml": """
[[national]]
slug = "triage-national"
kind = "triage"
name = "Triage national"
[[academy]]
kind = "assistance"
name = "Assistance"
[[academy]]
kind = "scolarite"
name = "Division des élèves"
title = "Scolarité"
""",
    "routing.toml": """
[[rule]]
name = "bourse"
topic = ["teleservices"]
service = "scolarite"
because = "le message parle d’une bourse"
[[rule]]
name = "compte"
service = "assistance"
because = "le message parle d’un compte"
[[rule]]
name = "reste"
service = "triage-national"
because = "l’académie n’est pas connue"
""",
}


@cache
def the_rulebook() -> Rulebook:
    """That of `config/`, read once."""
    return load_rulebook(config_dir())


def the_texts() -> dict[str, str]:
    """The files of `config/` that it is made of."""
    return {name: (config_dir() / name).read_text("utf-8") for name in FILES}


def a_small_rulebook(**changed: str) -> Rulebook:
    """The small one, with some files replaced: `routing="…"`."""
    return parse_rulebook(SMALL | {_file(name): text for name, text in changed.items()})


def _file(name: str) -> str:
    return f"{name}.csv" if name == "academies" else f"{name}.toml"


def understood(incoming: IncomingMessage | str) -> Understanding:
    """What the rulebook of `config/` reads in a message, or in a mail of just that text, on a Tuesday in November."""
    return understand(a_message(incoming) if isinstance(incoming, str) else incoming, the_rulebook(), TODAY)
