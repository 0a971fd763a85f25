"""Rules drafted and published as a supervisor does."""

from sqlalchemy import select

from helpdesk.db import db
from helpdesk.models import Agent, Edition
from helpdesk.routing import rulebooks
from helpdesk.routing.assign import Routing
from helpdesk.routing.in_force import present
from tests.application import MONDAY

SWAP = '[[rule]]\nname = "lyon"\nacademy = ["10"]\nservice = "assistance-08"\nbecause = "Grenoble répond pour Lyon"\n\n'
WRONG = SWAP.replace("assistance-08", "assistance-99").replace('"10"', '"100"')


def drafted(agent: Agent, routing: Routing, text: str) -> int:
    """A draft with other rules before the present ones."""
    draft_id = rulebooks.start_draft(agent, routing, None, MONDAY)
    rulebooks.save_draft(agent, draft_id, text + rulebooks.draft(agent, draft_id).text, revision=0, now=MONDAY)
    return draft_id


def published(agent: Agent, routing: Routing, text: str, comment: str = "essai") -> int:
    draft_id = drafted(agent, routing, text)
    over = db.session.scalars(select(Edition.number).where(Edition.name == "rules")).one()
    return rulebooks.publish(agent, draft_id, comment, revision=1, over=over, routing=routing, now=MONDAY)


def first_rule(routing: Routing) -> str:
    return present(routing).rulebook.rules[0].name
