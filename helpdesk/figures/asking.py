"""The page that asks whether the problem is solved. A mail's link only opens it: a program that tries links tells us
nothing by that.
"""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import RadioField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the published types are older

from helpdesk.db import Unavailable, db, utc_now
from helpdesk.errors import IllegalMove, NotFound
from helpdesk.figures.opinions import LONGEST, asks, give_opinion, may_answer, opinion_of
from helpdesk.forms import AtMost, Form, tidy
from helpdesk.models import Ticket
from helpdesk.pages import parts
from helpdesk.tickets.followup import OPINION, link_secret, opens
from helpdesk.tickets.queries import ticket_by_link
from helpdesk.tickets.references import read_reference
from helpdesk.vocabulary import MARK_LABELS, Mark

bp = Blueprint("opinions", __name__)


class OpinionForm(Form):
    """One choice, and words for who wants to say more."""

    mark = RadioField(
        _("Votre problème est-il résolu ?"),
        choices=[SelectChoice(mark.value, _(label)) for mark, label in MARK_LABELS.items()],
        validate_choice=False,
        id="resolu",
    )
    words = TextAreaField(_("Voulez-vous en dire plus ?"), [AtMost(LONGEST)], filters=[tidy], id="mots")

    def validate_mark(self, field: RadioField) -> None:
        """In words of its own."""
        if field.data not in set(Mark):
            raise ValidationError(gettext("Choisissez une des trois réponses."))


@bp.app_template_global()
def opinion_address(ticket: Ticket) -> str:
    """Address of the page that asks about a ticket, for the page on which it is followed; empty if none asks."""
    if not may_answer(ticket, opinion_of(ticket), utc_now()):
        return ""
    secret = link_secret(parts().settings.secret_key, ticket.reference, ticket.link_version, OPINION)
    return url_for("opinions.ask", reference=ticket.reference, secret=secret)


@bp.get("/avis/<reference>/<secret>")
def ask(reference: str, secret: str) -> str:
    """The question, or thanks, or why it is too late."""
    ticket = _proven(reference, secret)
    opinion = opinion_of(ticket)
    form = OpinionForm(formdata=None, mark=opinion.mark if opinion else None, words=opinion.words if opinion else "")
    return _page(ticket, secret, form)


@bp.post("/avis/<reference>/<secret>")
def answer(reference: str, secret: str) -> ResponseReturnValue:
    """Keep the answer; what was typed comes back where it cannot be kept."""
    ticket = _proven(reference, secret)
    form = OpinionForm()
    if not form.validate():
        return _page(ticket, secret, form), 422
    if not parts().limits.allow(parts().settings.form_limit_sender, "opinion", ticket.reference):
        problem = gettext("Vous avez répondu beaucoup de fois. Votre texte est gardé : réessayez demain.")
        return _page(ticket, secret, form, problem), 429
    try:
        give_opinion(ticket.reference, Mark(form.said("mark")), form.said("words"), utc_now())
    except IllegalMove as error:
        return _page(_proven(reference, secret), secret, form, str(error)), 409
    except Unavailable:
        problem = gettext("Nous n’avons pas pu enregistrer votre réponse. Votre texte est gardé : réessayez bientôt.")
        return _page(_proven(reference, secret), secret, form, problem), 503
    return redirect(url_for(".ask", reference=ticket.reference, secret=secret, merci="1"), 303)


def _proven(reference: str, secret: str) -> Ticket:
    """The ticket that the link opens; a wrong link, one that opens another page, and no ticket answer alike."""
    ticket = ticket_by_link(read_reference(reference) or "")
    if not opens(secret, parts().settings.secret_keys, ticket.reference, ticket.link_version, OPINION):
        raise NotFound(gettext("Cette demande n’existe pas."))
    return ticket


def _page(ticket: Ticket, secret: str, form: OpinionForm, problem: str = "") -> str:
    opinion = opinion_of(ticket)
    if problem:
        db.session.rollback()
    return render_template(
        "intake/opinion.html",
        ticket=ticket,
        secret=secret,
        form=form,
        problem=problem,
        opinion=opinion,
        labels=MARK_LABELS,
        asked=asks(ticket),
        open=may_answer(ticket, opinion, utc_now()),
        follow_up=link_secret(parts().settings.secret_key, ticket.reference, ticket.link_version),
    )
