"""Signing in and out, and the agent behind a request. The one home of flask-login."""

import secrets
import time
from functools import cache
from typing import cast
from urllib.parse import urlsplit

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Blueprint, Flask, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import AnonymousUserMixin, LoginManager, current_user, login_required, login_user, logout_user
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from wtforms import EmailField, PasswordField

from helpdesk.db import Unavailable, db, utc_now
from helpdesk.errors import N_
from helpdesk.forms import AtMost, Button, Form, Needed, tidy
from helpdesk.limits import network_of
from helpdesk.models import Agent
from helpdesk.pages import parts
from helpdesk.tickets.access import Sight, sight_of
from helpdesk.tickets.glance import Glance, glance

bp = Blueprint("auth", __name__, url_prefix="/agent")

# Fields in which an agent writes at length: they are shown when a session has ended, all others go along unseen.
TYPED = ("text", "english", "known", "reason", "because", "words", "comment", "question", "answer", "spoken")

__all__ = [
    "bp",
    "hash_password",
    "login_required",
    "look_again",
    "prepare",
    "seen_at_a_glance",
    "signed_in_agent",
    "signed_in_sight",
]


class SignedIn:
    """What flask-login keeps of an agent. Its id holds the session stamp: raising the stamp ends every session."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, agent: Agent) -> None:
        self.agent = agent

    def get_id(self) -> str:
        return f"{self.agent.id}:{self.agent.session_stamp}"


class SignInForm(Form):
    """Address and password."""

    email = EmailField(_("Adresse de courriel"), [Needed(_("Il manque votre adresse.")), AtMost(254)], filters=[tidy])
    password = PasswordField(_("Mot de passe"), [Needed(_("Il manque votre mot de passe.")), AtMost(500)])


def prepare(app: Flask) -> None:
    """Tell flask-login who our agents are."""
    manager = LoginManager(app)
    manager.user_loader(_load)
    manager.unauthorized_handler(_ask_to_sign_in)
    # A function, so that only the pages of agents make a token and with it a session.
    app.jinja_env.globals["sign_out_form"] = lambda: Button(formdata=None)


def signed_in_agent() -> Agent:
    """The agent behind this request; for views that ask to be signed in."""
    return cast(SignedIn, current_user).agent


def signed_in_sight() -> Sight:
    """How far that agent sees, read once a request: the menu asks for it, and so do lists."""
    if "sight" not in g:
        g.sight = sight_of(db.session(), signed_in_agent())
    sight: Sight = g.sight
    return sight


def seen_at_a_glance() -> Glance:
    """What every page tells that agent, read once a request."""
    if "glance" not in g:
        g.glance = glance(signed_in_agent(), utc_now())
    found: Glance = g.glance
    return found


def look_again() -> None:
    """What every page tells has just changed."""
    g.pop("glance", None)


def hash_password(password: str) -> str:
    """The form in which a password is kept."""
    return hasher().hash(password)


@cache
def hasher() -> PasswordHasher:
    """Argon2id with the library's advised cost."""
    return PasswordHasher()


@bp.get("/connexion")
def sign_in() -> ResponseReturnValue:
    """The sign-in page; who is signed in already goes on."""
    if current_user.is_authenticated:
        return redirect(_way_on())
    return _page(SignInForm(formdata=None))


@bp.post("/connexion")
def send_sign_in() -> ResponseReturnValue:
    """Check address and password. Wrong address, wrong password and left agent answer alike, after the same work."""
    form = SignInForm()
    if not form.validate():
        return _refused(form, "", 422)
    email, password = (form.email.data or "").casefold(), form.password.data or ""
    limits, cap = parts().limits, parts().settings.login_limit
    if not (
        limits.allow(cap, "sign-in", network_of(request.remote_addr)) and limits.allow(cap, "sign-in-account", email)
    ):
        return _refused(form, gettext("Trop d’essais. Attendez %(time)s, puis réessayez.", time=_cap()[1]), 429)
    agent = db.session.scalar(select(Agent).where(Agent.email == email))
    if not _matches(agent, password) or agent is None or not agent.active:
        # Tied to the field that is empty now, but saying no more than it may.
        form.password.errors = [gettext("Cette adresse et ce mot de passe ne vont pas ensemble.")]
        return _refused(form, "", 422)
    session.clear()  # nothing that a visitor was given survives signing in
    session.permanent = True
    session["since"] = int(time.time())
    login_user(SignedIn(agent))
    return redirect(_way_on(), 303)


@bp.post("/deconnexion")
def sign_out() -> ResponseReturnValue:
    """Forget the session."""
    if Button().validate():
        logout_user()
        session.clear()
    return redirect(url_for(".sign_in"), 303)


def _load(session_id: str) -> SignedIn | None:
    """The agent of a session, unless it is too old, was ended, or the agent has left."""
    number, _colon, stamp = session_id.partition(":")
    if time.time() - session.get("since", 0) > parts().settings.session_hours * 3600 or not number.isdigit():
        return None
    try:
        agent = db.session.get(Agent, int(number))
    except SQLAlchemyError as error:
        g._login_user = AnonymousUserMixin()  # or the page that says so would ask for the agent again
        raise Unavailable(N_("La base de données ne répond pas pour l’instant.")) from error
    return SignedIn(agent) if agent and agent.active and str(agent.session_stamp) == stamp else None


def _matches(agent: Agent | None, password: str) -> bool:
    try:
        return hasher().verify(agent.password_hash if agent and agent.password_hash else _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    """A hash that no password fits, so that an unknown address takes as long as a known one."""
    return hash_password(secrets.token_hex(16))


def _page(form: SignInForm, problem: str = "") -> str:
    tries, time_span = _cap()
    return render_template("workspace/sign_in.html", form=form, problem=problem, tries=tries, time_span=time_span)


def _refused(form: SignInForm, problem: str, status: int) -> ResponseReturnValue:
    return _page(form, problem), status


def _cap() -> tuple[str, str]:
    """How many tries in what time, and that time: ("10", "une minute")."""
    number, _per, unit = parts().settings.login_limit.split()
    return number, {"minute": gettext("une minute"), "hour": gettext("une heure"), "day": gettext("un jour")}[unit]


def _ask_to_sign_in() -> ResponseReturnValue:
    """A page asked for is shown after signing in. What was being sent is not sent but kept on a page, to be sent again:
    without this session's token the form it leads to shows it once more before anything happens.
    """
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("auth.sign_in", next=request.full_path.rstrip("?")))
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    typed = fields if any(request.form.get(name) for name in TYPED) else []
    html = render_template("workspace/session_over.html", typed=typed, shown=TYPED, page_behind=_page_behind())
    return html, 401


def _page_behind() -> str:
    """The page whose form was sent: at the same address if one is there, else at the one above."""
    adapter = current_app.create_url_adapter(request)
    shows = adapter is not None and "GET" in adapter.allowed_methods(request.path)
    return request.path if shows else request.path.rpartition("/")[0]


def _way_on() -> str:
    """Where the agent was going; only to a page of this site."""
    wanted = request.args.get("next", "")
    parts_of_url = urlsplit(wanted)
    inside = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts_of_url.netloc
    return wanted if inside else url_for("queue.show")
