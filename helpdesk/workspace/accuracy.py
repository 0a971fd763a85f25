"""How often routing was right: figures by rule and by clue, and what agents corrected. For supervisors."""

from collections.abc import Iterator
from math import floor

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.db import utc_now
from helpdesk.models import Correction
from helpdesk.pages import parts
from helpdesk.routing import accuracy, corrections
from helpdesk.routing.accuracy import ENOUGH, Line, Trend
from helpdesk.routing.in_force import present
from helpdesk.workspace import times, words
from helpdesk.workspace.auth import login_required, signed_in_agent
from helpdesk.workspace.sheets import sheet

bp = Blueprint("accuracy", __name__, url_prefix="/agent/justesse")

PERIODS = {7: "7 jours", 30: "30 jours", 90: "90 jours", 365: "un an"}
_TRENDS = {Trend.BETTER: "en progrès", Trend.WORSE: "en recul", Trend.STEADY: "stable"}


@bp.get("")
@login_required
def show() -> str:
    """Figures of a period; which one is in the address."""
    days = _days()
    found = corrections.accuracy(signed_in_agent(), days, utc_now())
    return render_template(
        "workspace/accuracy.html",
        days=days,
        periods=PERIODS,
        all_together=accuracy.all_together(found.groups),
        rules=accuracy.by_rule(found.groups),
        clues=accuracy.by_clue(found.groups),
        reasons={rule.name: rule.because for rule in present(parts().routing).rulebook.rules},
        found=found,
        enough=ENOUGH,
        listed=corrections.LISTED,
        share=share,
        trend=trend,
        wrong=wrong,
        words=words,
        times=times,
    )


@bp.get("/chiffres.csv")
@login_required
def figures() -> ResponseReturnValue:
    """The figures of the period as a table."""
    days = _days()
    groups = corrections.accuracy(signed_in_agent(), days, utc_now()).groups
    rows = [
        (kind, name(line), line.period.routed, line.wrong, share(line), trend(line))
        for kind, lines, name in (
            (_("Règle"), accuracy.by_rule(groups), lambda line: line.name),
            (_("Indice"), accuracy.by_clue(groups), lambda line: words.clue_label(line.name)),
        )
        for line in lines
    ]
    header = (_("Genre"), _("Nom"), _("Orientées"), _("Corrigées"), _("Justes"), _("Tendance"))
    return sheet(f"justesse-{days}-jours", header, rows)


@bp.get("/corrections.csv")
@login_required
def corrections_sheet() -> ResponseReturnValue:
    """Every correction of the period that the agent may see, as a table."""
    days = _days()
    found = corrections.corrections_since(signed_in_agent(), days, utc_now())
    header = (
        *(_("Demande"), _("Orientée le"), _("Corrigée le"), _("Règle"), _("Indices"), _("Ce qui était faux")),
        *(_("Service d’avant"), _("Service d’après"), _("Sujet d’avant"), _("Sujet d’après"), _("Raison"), _("Agent")),
    )
    return sheet(f"corrections-{days}-jours", header, map(_row, found))


def share(line: Line) -> str:
    """Rounded down: « 100 % » is said only when nothing was wrong."""
    if line.share is None:
        return _("trop peu de demandes pour juger")
    return f"{floor(line.share * 1000) / 10:.1f}".removesuffix(".0").replace(".", ",") + "\u00a0%"


def trend(line: Line) -> str:
    """Against the period before, in words."""
    if line.trend:
        return _TRENDS[line.trend]
    return _("trop peu de demandes avant pour comparer") if line.share is not None else "–"


def wrong(correction: Correction) -> str:
    """What routing had got wrong: « l’académie, le sujet »."""
    return ", ".join(_faults(correction))


def _faults(correction: Correction) -> Iterator[str]:
    if correction.academy_before != correction.academy_after:
        yield _("l’académie") if correction.academy_before else _("l’académie, restée inconnue")
    elif correction.service_before_id != correction.service_after_id:
        yield _("le service")
    if correction.topic_before != correction.topic_after:
        yield _("le sujet")


def _row(correction: Correction) -> tuple[object, ...]:
    zone = correction.ticket.service.timezone
    return (
        correction.ticket.reference,
        *(times.stamp(moment, zone) for moment in (correction.routed_at, correction.at)),
        correction.rule,
        ", ".join(words.clue_label(kind) for kind in correction.clue_kinds.split(",") if kind),
        wrong(correction),
        *(service.name for service in (correction.service_before, correction.service_after)),
        *(words.topic_label(topic) for topic in (correction.topic_before, correction.topic_after)),
        correction.reason,
        correction.agent.name,
    )


def _days() -> int:
    wanted = request.args.get("jours", "")
    return next((days for days in PERIODS if str(days) == wanted), 30)
