"""Text messages on a page: those that would have left, and writing one as a person would. Registered on a demo without
an account at the provider only.
"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField, TextAreaField

from helpdesk.demo.provider import tell
from helpdesk.forms import AtMost, Form, Needed, PhoneNumber, tidy
from helpdesk.outbox.segments import count
from helpdesk.outbox.texting import FolderTexter
from helpdesk.pages import parts
from helpdesk.people.phones import read_phone

bp = Blueprint("sent_texts", __name__, url_prefix="/demo/sms")

NUMBER = "06 39 98 12 34"  # of a range kept for fiction
SHOWN = 30


class TextForm(Form):
    """A text message as a person writes it."""

    number = StringField("Votre numéro", [Needed("Il manque votre numéro."), PhoneNumber(), AtMost(40)], filters=[tidy])
    words = TextAreaField("Votre SMS", [Needed("Il manque le texte."), AtMost(1600)], filters=[tidy])


@dataclass(frozen=True)
class Sent:
    """A text of the folder; `segments` are the parts that would be paid for."""

    to: str
    text: str
    at: datetime
    segments: int


@bp.get("/")
def show() -> ResponseReturnValue:
    """The last ones, newest first, and an empty form."""
    return _page(TextForm(formdata=None, number=NUMBER))


@bp.post("/")
def write() -> ResponseReturnValue:
    """Have the provider hand over a text."""
    form = TextForm()
    if not form.validate():
        return _page(form, 422)
    phone = read_phone(form.said("number"))
    said = {"MessageSid": f"SM{secrets.token_hex(16)}", "From": phone.e164 if phone else "", "Body": form.said("words")}
    answer = tell("/telephone/sms", {**said, "NumMedia": "0"})
    taken = answer.status_code == 200
    flash("Votre SMS est arrivé." if taken else "Votre SMS n’a pas pu être pris : réessayez.")
    return redirect(url_for(".show"), 303)


def _page(form: TextForm, status: int = 200) -> ResponseReturnValue:
    return render_template("demo/texts.html", form=form, texts=_sent(), refused=status != 200), status


def _sent() -> Sequence[Sent]:
    texter = parts().texter
    if not isinstance(texter, FolderTexter):
        return ()
    paths = sorted(texter.folder.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)[:SHOWN]
    told = [json.loads(path.read_text("utf-8")) for path in paths]
    return [
        Sent(each["to"], each["text"], datetime.fromisoformat(each["at"]), count(each["text"]).segments)
        for each in told
    ]
