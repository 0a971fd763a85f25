"""What the FAQ is worth, for its editors: what readers say, what proposals spare, what nobody finds."""

from datetime import timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.db import utc_now
from helpdesk.editing import words
from helpdesk.editing.entries import not_found
from helpdesk.errors import NotFound
from helpdesk.knowledge.deflection.results import Results, results
from helpdesk.knowledge.readers.figures import Share
from helpdesk.knowledge.readers.votes import opinions
from helpdesk.vocabulary import VOTE_REASON_LABELS, Place
from helpdesk.workspace.auth import login_required, signed_in_agent
from helpdesk.workspace.sheets import sheet
from helpdesk.workspace.words import topic_label

bp = Blueprint("faq_measures", __name__, url_prefix="/agent/fiches/mesures")
bp.register_error_handler(NotFound, not_found)
DAYS = 90
PLACES = {Place.SEARCH: "Recherche", Place.FORM: "Formulaire", Place.PHONE: "Téléphone"}


@bp.get("")
@login_required
def show() -> ResponseReturnValue:
    """The last months, entry by entry."""
    found = opinions(signed_in_agent(), utc_now() - timedelta(days=DAYS))
    return render_template(
        "editing/measures.html",
        opinions=found,
        found=_found(),
        places=PLACES,
        days=DAYS,
        reasons=VOTE_REASON_LABELS,
        topic_label=topic_label,
        words=words,
    )


@bp.get("/chiffres.csv")
@login_required
def figures() -> ResponseReturnValue:
    """The same of each entry as a table: counts, and the bounds of their intervals in hundredths."""
    rows = [
        (
            each.article.question,
            each.article.slug,
            each.shown,
            *_cells(each.opened),
            *_cells(each.useful),
            *_cells(each.followed),
            *_cells(each.control),
        )
        for each in _found().entries
    ]
    return sheet(f"fiches-{DAYS}-jours", _header(), rows)


def _found() -> Results:
    now = utc_now()
    return results(signed_in_agent(), (now - timedelta(days=DAYS)).date(), now)


def _header() -> list[str]:
    measures = (_("Ouverte"), _("Utile"), _("Suivie d’une demande"), _("Demandes sans proposition"))
    header = [_("Question"), _("Adresse"), _("Proposée")]
    for name in measures:
        header += [name, _("%(name)s, sur", name=name), _("%(name)s, au moins %%", name=name)]
        header += [_("%(name)s, au plus %%", name=name)]
    return header


def _cells(share: Share) -> tuple[object, ...]:
    if not share.whole:
        return 0, 0, "", ""
    return share.part, share.whole, round(share.low * 100), round(share.high * 100)
