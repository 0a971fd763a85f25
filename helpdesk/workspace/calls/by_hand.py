"""Writing a request while talking: who calls, what is said, and beside it all that helps to answer."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the published types are older

from helpdesk.db import Unavailable, db, utc_now
from helpdesk.errors import NotFound
from helpdesk.forms import AtMost, Form, MailAddress, Needed, PhoneNumber, tidy
from helpdesk.intake.by_hand import Talk, take_call
from helpdesk.intake.message import IncomingMessage, SchoolHint, Sender
from helpdesk.intake.web_form import MAX_TEXT, is_token, new_token
from helpdesk.knowledge.search import search
from helpdesk.outbox.ways import takes_texts
from helpdesk.pages import parts
from helpdesk.people.phones import read_phone
from helpdesk.routing.assign import decision_for
from helpdesk.routing.in_force import present
from helpdesk.routing.uai import normal_form
from helpdesk.tickets.calls.earlier import earlier_of
from helpdesk.tickets.queries import ticket_of
from helpdesk.vocabulary import AUDIENCE_LABELS, Audience, Channel, Readers
from helpdesk.workspace import times, words
from helpdesk.workspace.auth import login_required, signed_in_agent

bp = Blueprint("by_hand", __name__, url_prefix="/agent/appel")


class CallForm(Form):
    """What is heard. Only what is said is needed: nobody who calls is sent away for want of a name."""

    token = HiddenField()
    school_uai = HiddenField(filters=[tidy])
    phone = StringField(_("Numéro de la personne"), [PhoneNumber(), AtMost(40)], filters=[tidy])
    name = StringField(_("Nom et prénom"), [AtMost(190)], filters=[tidy])
    email = StringField(_("Adresse de courriel"), [MailAddress(), AtMost(254)], filters=[tidy])
    profile = SelectField(
        _("Qui appelle ?"),
        choices=[SelectChoice(audience.value, label) for audience, label in AUDIENCE_LABELS.items()],
        validate_choice=False,
        default=Audience.RESPONSABLE.value,
    )
    school_name = StringField(_("Nom de l’établissement"), [AtMost(200)], filters=[tidy])
    school_commune = StringField(_("Ville"), [AtMost(120)], filters=[tidy])
    school_postal_code = StringField(_("Code postal"), [AtMost(20)], filters=[tidy])
    text = TextAreaField(
        _("Ce que dit la personne"), [Needed(_("Il manque ce que dit la personne.")), AtMost(MAX_TEXT)], filters=[tidy]
    )
    answer = TextAreaField(_("Ce que vous lui avez répondu"), [AtMost(MAX_TEXT)], filters=[tidy])
    told = BooleanField(_("La personne a été informée"))

    def validate_answer(self, field: TextAreaField) -> None:
        """What was solved on the phone leaves words for the colleagues."""
        if "solved" in request.form and not field.data:
            field.errors = [*field.errors, str(_("Dites en quelques mots ce que vous avez répondu."))]

    def message(self) -> IncomingMessage:
        """The call as every channel tells it; what cannot be read yet is left out."""
        phone, profile = read_phone(self.said("phone")), self.said("profile")
        return IncomingMessage(
            channel=Channel.PHONE,
            external_id=f"hand-{self.said('token')}",
            text=self.said("text"),
            sender=Sender(self.said("name"), self.said("email"), phone.e164 if phone else ""),
            profile=Audience(profile) if profile in set(Audience) else None,
            school=SchoolHint(
                name=self.said("school_name"),
                commune=self.said("school_commune"),
                postal_code=self.said("school_postal_code"),
                uai=normal_form(self.said("school_uai")[:20]) or "",
            ),
        )


@bp.get("")
@login_required
def show() -> ResponseReturnValue:
    """An empty sheet."""
    return _page(CallForm(formdata=None, token=new_token()))


@bp.post("")
@login_required
def save() -> ResponseReturnValue:
    """Keep the call as a request; by « Aperçu » only look at what is beside it."""
    form = CallForm()
    known = is_token(form.token.data)
    form.token.data = form.token.data if known else new_token()
    valid = form.validate()
    if "look" in request.form:
        for field in form:
            field.errors = field.errors if field.name == "csrf_token" else []
        return _page(form, status=422 if "csrf_token" in form.errors else 200)
    if not valid or not known:
        return _page(form, "" if not valid else gettext("Vérifiez la page, puis enregistrez."), 422)
    agent, solved = signed_in_agent(), "solved" in request.form
    talk = Talk(told=bool(form.told.data), answer=form.said("answer"), solved=solved)
    try:
        receipt = take_call(agent, form.message(), talk, parts().routing, parts().files, utc_now())
    except Unavailable:
        db.session.rollback()
        problem = gettext("L’appel n’a pas pu être enregistré. Votre texte est gardé : réessayez dans un instant.")
        return _page(form, problem, 503)
    parts().dispatcher.wake()
    return _kept(receipt.reference, solved)


@bp.post("/cote")
@login_required
def beside() -> ResponseReturnValue:
    """What is beside the sheet, for a page that follows what is typed."""
    form = CallForm()
    if not form["csrf_token"].validate(form):
        return "", 422
    return render_template("workspace/calls/beside.html", **_beside(form))


def _kept(reference: str, solved: bool) -> ResponseReturnValue:
    """To the ticket; who may not see it is told where it went."""
    try:
        ticket_of(signed_in_agent(), reference)
    except NotFound:
        said = gettext("Demande %(reference)s enregistrée et confiée au bon service.", reference=reference)
        flash(f"{said} {gettext('Elle n’est pas dans vos services : donnez ce numéro à la personne.')}")
        return redirect(url_for(".show"), 303)
    told = gettext("Demande enregistrée et résolue.") if solved else gettext("Demande enregistrée : vous la suivez.")
    flash(told)
    return redirect(url_for("ticket.show", reference=reference), 303)


def _page(form: CallForm, problem: str = "", status: int = 200) -> ResponseReturnValue:
    return render_template("workspace/calls/by_hand.html", form=form, problem=problem, **_beside(form)), status


def _beside(form: CallForm) -> dict[str, Any]:
    """Earlier requests by number or address, where the call would go and why, and what the FAQ says."""
    agent, incoming = signed_in_agent(), form.message()
    told = bool(incoming.text or incoming.school)
    decision = decision_for(incoming, present(parts().routing), utc_now()) if told else None
    return {
        "earlier": earlier_of(agent, number=incoming.sender.phone, email=incoming.sender.email),
        "asked": bool(incoming.sender.phone or incoming.sender.email),
        "decision": decision,
        "hits": search(incoming.text, tuple(Readers)).hits[:5] if incoming.text else (),
        "texts": takes_texts(incoming.sender.phone),
        "words": words,
        "times": times,
        "now": utc_now(),
    }
