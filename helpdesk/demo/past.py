"""Two months of made-up requests that are over, so that the figures of the demonstration have something to show.

Their persons gave no address: nothing is sent to anybody.
"""

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import select

from helpdesk.db import db
from helpdesk.errors import HelpdeskError
from helpdesk.figures.opinions import give_opinion
from helpdesk.intake.message import IncomingMessage, SchoolHint, Sender
from helpdesk.intake.receive import receive
from helpdesk.models import Agent, Message
from helpdesk.parts import Parts
from helpdesk.tickets import actions
from helpdesk.vocabulary import Channel, Mark

_DAYS, _COUNT = 60, 110
_SAID = (
    "Je n’arrive pas à activer mon compte EduConnect, mon numéro de portable n’est pas reconnu.",
    "J’ai perdu mon mot de passe EduConnect et je ne reçois pas le SMS.",
    "Un seul de mes deux enfants apparaît dans mon espace EduConnect.",
    "Mon adresse de courriel a changé, comment la mettre à jour dans EduConnect ?",
    "Mon fils ne se souvient plus de son identifiant EduConnect d’élève.",
)
_PLACES = (("Lyon", "69003", "lyon@demo.example"), ("Grenoble", "38000", "grenoble@demo.example"))
_ANSWER = "Bonjour,\n\nLe secrétariat a corrigé votre fiche. Réessayez demain matin.\n\nBonne journée,"
_MARKS = (*[Mark.GOOD] * 6, Mark.FAIR, Mark.FAIR, Mark.POOR)


def tell_past(parts: Parts, now: datetime) -> None:
    """Add them, unless they are there."""
    if db.session.scalar(select(Message.id).where(Message.external_id == "demo-past-0").limit(1)) is not None:
        return
    random = Random(7)  # noqa: S311 (made-up requests are no secrets)
    agents = {
        address: db.session.scalars(select(Agent.id).where(Agent.email == address)).one()
        for _town, _code, address in _PLACES
    }
    for number in range(_COUNT):
        town, code, address = random.choices(_PLACES, (3, 1))[0]
        incoming = IncomingMessage(
            channel=random.choices((Channel.WEB, Channel.EMAIL, Channel.PHONE), (6, 3, 1))[0],
            external_id=f"demo-past-{number}",
            text=random.choice(_SAID),
            sender=Sender(f"Sam Inventé {number + 1}"),
            school=SchoolHint(commune=town, postal_code=code),
        )
        came = _moment(random, now, number)
        reference = receive(incoming, parts.routing, parts.files, came, acknowledge=False).reference
        _settle(random, agents[address], reference, came, now)


def _moment(random: Random, now: datetime, number: int) -> datetime:
    """In order, on working days by preference, at hours at which people write."""
    day = now.astimezone(ZoneInfo("Europe/Paris")) - timedelta(days=_DAYS - (_DAYS - 4) * number / _COUNT)
    if day.weekday() > 4 and random.random() < 0.7:
        day -= timedelta(days=2)
    return day.replace(hour=random.randint(8, 19), minute=random.randint(0, 59))


def _settle(random: Random, agent_id: int, reference: str, came: datetime, now: datetime) -> None:
    """Answer it, in some hours or days, and solve it; some persons say what they think of it."""
    agent = db.session.get_one(Agent, agent_id)
    answered = min(came + timedelta(hours=random.expovariate(1 / 9) + 0.2), now)
    try:
        if random.random() < 0.08:
            actions.close(agent, reference, "doublon", now=answered)
            return
        actions.reply(agent, reference, _ANSWER, seen=2**62, solve=random.random() < 0.85, now=answered)
        if random.random() < 0.5:
            give_opinion(reference, random.choice(_MARKS), "", min(answered + timedelta(hours=20), now))
    except HelpdeskError:
        return  # went elsewhere, or is not solved: left as it is
