"""Requests of three académies, and a change of rules that moves some of them."""

from collections.abc import Sequence

from helpdesk.intake.message import SchoolHint
from helpdesk.routing.judge import Move

LYON, GRENOBLE, REUNION = (SchoolHint(postal_code=code) for code in ("69003", "38000", "97400"))


def answers_for(asking: str, answering: str) -> str:
    """A rule by which one académie's account questions go to another's service."""
    return (
        f'[[rule]]\nname = "pour-{asking}"\nacademy = ["{asking}"]\nservice = "assistance-{answering}"\n'
        f'because = "l’autre académie répond"\n\n'
    )


def told(moves: Sequence[Move]) -> set[tuple[str, str, str]]:
    return {(move.reference, move.before.service, move.after.service) for move in moves}
