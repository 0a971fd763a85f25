"""The mails that came in, for administrators: what each became, its original, and another try."""

from io import BytesIO

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.db import db, utc_now
from helpdesk.errors import IllegalMove, NotFound
from helpdesk.forms import Button
from helpdesk.intake import incoming
from helpdesk.intake.mailroom import AGAIN, settle_again
from helpdesk.intake.poll import try_now
from helpdesk.models import IncomingMail
from helpdesk.pages import parts
from helpdesk.vocabulary import MailOutcome
from helpdesk.workspace import words
from helpdesk.workspace.auth import login_required, signed_in_agent

bp = Blueprint("mails", __name__, url_prefix="/agent/courriels")

SHOWN = 100_000  # characters of an original on the page; the download has it whole
WAITING = "en-attente"
_OUTCOMES = {
    MailOutcome.TICKET: "Demande",
    MailOutcome.REPLY: "Réponse",
    MailOutcome.BOUNCE: "Avis de non-remise",
    MailOutcome.AUTOMATIC: "Automatique",
    MailOutcome.REFUSED: "Refusé",
    MailOutcome.UNREADABLE: "Illisible",
}


@bp.get("")
@login_required
def index() -> ResponseReturnValue:
    """Mails of one outcome, and how the mailboxes fare."""
    return _index()


@bp.get("/<id:mail_id>")
@login_required
def show(mail_id: int) -> ResponseReturnValue:
    """One mail: what it became, why, and its original as text."""
    return _mail(mail_id)


@bp.get("/<id:mail_id>/original")
@login_required
def original(mail_id: int) -> ResponseReturnValue:
    """The bytes as they came, only ever as a download."""
    mail = incoming.incoming_mail(signed_in_agent(), mail_id)
    raw = BytesIO(parts().files.read(mail.sha256))
    response = send_file(raw, "application/octet-stream", as_attachment=True, download_name=f"courriel-{mail.id}.eml")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@bp.post("/<id:mail_id>/<any(essai, demande):verb>")
@login_required
def again(mail_id: int, verb: str) -> ResponseReturnValue:
    """Try once more, or make a ticket of it whatever it is."""
    form = Button()
    mail = incoming.incoming_mail(signed_in_agent(), mail_id)
    if not form.validate():
        return _mail(mail_id, 422, form=form)
    try:
        mail = settle_again(parts(), mail.id, utc_now(), as_ticket=verb == "demande")
    except IllegalMove as error:
        return _mail(mail_id, 409, problem=str(error))
    flash(_("Ce courriel est maintenant : %(outcome)s.", outcome=outcome_label(mail.outcome)))
    return redirect(url_for(".show", mail_id=mail_id), 303)


@bp.post("/boites/<name>/essai")
@login_required
def knock(name: str) -> ResponseReturnValue:
    """Have a mailbox tried at once, whatever went wrong before."""
    form = Button()
    if name not in incoming.health(signed_in_agent()):
        raise NotFound(_("Cette boîte n’existe pas."))
    if not form.validate():
        return _index(422, form=form)
    try_now(name, utc_now())
    flash(_("La boîte « %(name)s » est relevée au prochain tour.", name=name))
    return redirect(url_for(".index"), 303)


@bp.errorhandler(NotFound)
def not_found(error: NotFound) -> ResponseReturnValue:
    """In words, and without leaving the agents' pages."""
    db.session.rollback()
    return render_template("workspace/not_found.html", text=str(error)), 404


def outcome_label(outcome: MailOutcome | None) -> str:
    """What a mail became, as people read it."""
    return _OUTCOMES[outcome] if outcome else _("En attente")


def _index(status: int = 200, form: Button | None = None) -> ResponseReturnValue:
    wanted = request.args.get("issue", MailOutcome.UNREADABLE)
    outcome = next((each for each in MailOutcome if each == wanted), None)
    before = request.args.get("avant", type=int)
    agent = signed_in_agent()
    html = render_template(
        "workspace/mails/index.html",
        page=incoming.mail_page(agent, outcome, before if before and before < 2**62 else None),
        health=incoming.health(agent),
        mailboxes=parts().mailboxes,
        outcome=outcome,
        outcomes=list(MailOutcome),
        waiting=WAITING,
        label=outcome_label,
        words=words,
        form=form or Button(formdata=None),
    )
    return html, status


def _mail(mail_id: int, status: int = 200, *, form: Button | None = None, problem: str = "") -> ResponseReturnValue:
    mail = incoming.incoming_mail(signed_in_agent(), mail_id)
    text, whole = _original_text(mail)
    html = render_template(
        "workspace/mails/mail.html",
        mail=mail,
        text=text,
        whole=whole,
        may_try=mail.outcome in AGAIN,
        label=outcome_label,
        words=words,
        form=form or Button(formdata=None),
        problem=problem,
    )
    return html, status


def _original_text(mail: IncomingMail) -> tuple[str, bool]:
    """The original as text, and whether that is all of it; nothing if its bytes have gone."""
    try:
        raw = parts().files.read(mail.sha256)
    except NotFound:
        return "", True
    return raw[:SHOWN].decode("utf-8", "replace").replace("\x00", "\ufffd"), len(raw) <= SHOWN
