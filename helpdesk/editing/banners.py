"""« Bandeaux »: notices about incidents, written by supervisors, shown to readers at once or from a moment on."""

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import StringField, ValidationError

from helpdesk.db import utc_now
from helpdesk.editing.entries import not_found
from helpdesk.errors import Changed, IllegalMove, NotFound
from helpdesk.forms import AtMost, Button, Needed, tidy
from helpdesk.knowledge.readers import banners
from helpdesk.knowledge.readers.banners import Notice
from helpdesk.models import Banner
from helpdesk.vocabulary import BannerMove
from helpdesk.workspace.auth import login_required, signed_in_agent
from helpdesk.workspace.fields import MomentField, typed
from helpdesk.workspace.incidents.reach import ReachForm

bp = Blueprint("banners", __name__, url_prefix="/agent/bandeaux")
bp.register_error_handler(NotFound, not_found)
_LONGEST = 300
_MOVES = {BannerMove.WRITTEN: "Écrit", BannerMove.CHANGED: "Modifié", BannerMove.ENDED: "Retiré"}


class BannerForm(ReachForm):
    """What a banner says, to whom, and when."""

    text = StringField(
        lazy_gettext("Texte"),
        [Needed(lazy_gettext("Le texte est vide.")), AtMost(_LONGEST)],
        filters=[tidy],
        id="texte",
    )
    english = StringField(lazy_gettext("Le même en anglais"), [AtMost(_LONGEST)], filters=[tidy], id="anglais")
    starts = MomentField(lazy_gettext("À partir de"), filters=[tidy], id="debut")
    ends = MomentField(lazy_gettext("Jusqu’à"), filters=[tidy], id="fin")

    def take(self, banner: Banner) -> "BannerForm":
        """Show what a banner says."""
        self.text.data, self.english.data, self["revision"].data = banner.text, banner.english, banner.revision
        self.academies.data, self.topics.data = banner.academies.split(), banner.topics.split()
        self.starts.data = typed(banner.starts_at)
        self.ends.data = typed(banner.ends_at) if banner.ends_at else None
        return self

    def validate_ends(self, field: MomentField) -> None:
        """After the beginning, and not over already."""
        if field.moment and field.moment <= max(self.starts.moment or utc_now(), utc_now()):
            raise ValidationError(_("La fin est déjà passée, ou vient avant le début."))

    def notice(self, now: datetime) -> Notice:
        """What was written; without a beginning, from now on."""
        return Notice(
            text=self.said("text"),
            english=self.said("english"),
            academies=tuple(self.academies.data or ()),
            topics=self.known_topics(),
            starts_at=self.starts.moment or now,
            ends_at=self.ends.moment,
        )


@bp.get("")
@login_required
def index() -> ResponseReturnValue:
    """All banners with their history, and an empty form."""
    return _page(None, _form())


@bp.get("/<id:banner_id>")
@login_required
def edit(banner_id: int) -> ResponseReturnValue:
    """The form of one banner."""
    agent = signed_in_agent()
    banner = banners.banner_of(agent, banner_id)
    return _page(banner, _form().take(banner))


@bp.post("", defaults={"banner_id": None})
@bp.post("/<id:banner_id>")
@login_required
def write(banner_id: int | None) -> ResponseReturnValue:
    """Publish what was written; with `preview`, only show it."""
    agent, now = signed_in_agent(), utc_now()
    banner = banners.banner_of(agent, banner_id) if banner_id else None
    form = BannerForm()
    form.offer(banners.keeps(agent))
    if not form.validate():
        return _page(banner, form, 422)
    if "preview" in request.form:
        return _page(banner, form, preview=True)
    try:
        banners.write(agent, banner_id, form.notice(now), revision=form.seen(), now=now)
    except Changed as error:
        form["revision"].data = banners.banner_of(agent, banner_id or 0).revision
        return _page(banner, form, 409, problem=str(error))
    flash(_("Bandeau enregistré : les lecteurs le voient aux dates choisies."))
    return redirect(url_for(".index"), 303)


@bp.post("/<id:banner_id>/fin")
@login_required
def end(banner_id: int) -> ResponseReturnValue:
    """Take a banner away now."""
    agent, form = signed_in_agent(), Button()
    banner = banners.banner_of(agent, banner_id)
    if not form.validate():
        return _page(None, _form(), 422, problem=form.problems()[0][1])
    try:
        banners.end(agent, banner.id, utc_now())
    except IllegalMove as error:
        return _page(None, _form(), 409, problem=str(error))
    flash(_("Bandeau retiré : les lecteurs ne le voient plus."))
    return redirect(url_for(".index"), 303)


def _form() -> BannerForm:
    form = BannerForm(formdata=None)
    form.offer(banners.keeps(signed_in_agent()))
    return form


def _page(banner: Banner | None, form: BannerForm, status: int = 200, **told: Any) -> ResponseReturnValue:
    agent = signed_in_agent()
    html = render_template(
        "editing/banners.html",
        banner=banner,
        form=form,
        button=Button(formdata=None),
        all=banners.banner_list(agent),
        national=None in banners.keeps(agent),
        now=utc_now(),
        moves=_MOVES,
        **told,
    )
    return html, status
