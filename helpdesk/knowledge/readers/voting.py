"""« Cette réponse vous a-t-elle aidé ? »: no account, no cookie, no script. A token of the page stands for the session
that other forms have, so that the page may be kept; the browser says whether another site sent the form.
"""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.db import utc_now
from helpdesk.errors import NotFound
from helpdesk.knowledge.deflection.noting import judged
from helpdesk.knowledge.readers.visits import receipt_of, shown_by, visitor, vote_by
from helpdesk.knowledge.readers.votes import LONGEST_WORDS, article_of, explain, vote
from helpdesk.limits import network_of
from helpdesk.pages import error_page, parts
from helpdesk.vocabulary import VOTE_REASON_LABELS, VoteReason

bp = Blueprint("voting", __name__, url_prefix="/avis")
_ANSWERS = {"oui": True, "non": False}


@bp.post("")
def send() -> ResponseReturnValue:
    """Count « oui » or « non »; pressed twice it counts once."""
    _only_from_here()
    useful = _ANSWERS.get(request.form.get("avis", ""))
    shown = shown_by(parts().settings.secret_keys, request.form.get("page", ""))
    if shown is None or useful is None:
        return _too_late()
    settings, network, now = parts().settings, network_of(request.remote_addr), utc_now()
    if not parts().limits.allow(settings.vote_limit, "vote", network):
        abort(429)
    browser = request.headers.get("User-Agent", "")[:300]
    who = visitor(settings.secret_key, now.date(), network, browser)
    vote_id = vote(shown, who, useful, now)
    judged(who, shown.article_id, useful, now)
    return redirect(url_for(".given", receipt=receipt_of(settings.secret_key, vote_id)), 303)


@bp.get("/<receipt>")
def given(receipt: str) -> ResponseReturnValue:
    """Thanks; and where it did not help, the question why, and the way to people."""
    vote_id = vote_by(parts().settings.secret_keys, receipt)
    if vote_id is None:
        return _too_late()
    article, useful = article_of(vote_id)
    return render_template(
        "knowledge/vote.html",
        article=article,
        useful=useful,
        receipt=receipt,
        reasons=VOTE_REASON_LABELS,
        longest=LONGEST_WORDS,
        said="dit" in request.args,
    )


@bp.post("/<receipt>")
def say_why(receipt: str) -> ResponseReturnValue:
    """Keep the reason. Words beyond the length that the form allows are cut."""
    _only_from_here()
    vote_id = vote_by(parts().settings.secret_keys, receipt)
    if vote_id is None:
        return _too_late()
    reason = next((each for each in VoteReason if each == request.form.get("raison")), None)
    explain(vote_id, reason, request.form.get("mots", ""))
    return redirect(url_for(".given", receipt=receipt, dit=1), 303)


@bp.errorhandler(NotFound)
def gone(_error: NotFound) -> ResponseReturnValue:
    """The answer was taken away while its page was open."""
    return _too_late()


def _only_from_here() -> None:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)


def _too_late() -> ResponseReturnValue:
    text = _("Cette page était ouverte depuis longtemps. Ouvrez à nouveau la réponse pour donner votre avis.")
    return error_page(410, _("Votre avis n’a pas été compté"), text)
