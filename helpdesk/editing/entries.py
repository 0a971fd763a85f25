"""The FAQ for its editors: lists, one entry with its history, two versions side by side, the team."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.db import db, utc_now
from helpdesk.editing import words
from helpdesk.editing.forms import FollowForm, GrantForm, ReasonForm
from helpdesk.errors import Changed, HelpdeskError, IllegalMove, NotFound
from helpdesk.forms import Form
from helpdesk.knowledge import drafts, editors, entries, publishing
from helpdesk.knowledge.entries import View
from helpdesk.knowledge.markup import as_html
from helpdesk.languages import LANGUAGES
from helpdesk.vocabulary import EditorRole
from helpdesk.workspace.auth import login_required, signed_in_agent, signed_in_sight
from helpdesk.workspace.fields import SeenForm

bp = Blueprint("faq", __name__, url_prefix="/agent/fiches")
LONGEST_SEARCH = 200


@bp.app_template_global()
def edits_faq() -> bool:
    """Whether the menu shows the FAQ's pages to who is signed in."""
    return editors.may_edit(signed_in_agent(), signed_in_sight())


@bp.get("")
@login_required
def index() -> ResponseReturnValue:
    """The entries of one view."""
    agent = signed_in_agent()
    editors.check(db.session(), editors.edits(agent))
    view = next((each for each in View if each == request.args.get("vue")), View.PUBLISHED)
    sought = request.args.get("q", "")[:LONGEST_SEARCH]
    page = min(max(request.args.get("page", 1, type=int), 1), 10_000)
    return render_template(
        "editing/index.html",
        found=entries.entry_list(agent, view, words.today(), words=sought, page=page),
        view=view,
        sought=sought,
        page=page,
        words=words,
        may_grant=editors.may_grant(agent),
        may_review=editors.may_review(agent),
    )


@bp.get("/<id:article_id>")
@login_required
def show(article_id: int) -> ResponseReturnValue:
    """One entry: what readers see, what is being written, what was said before, every move."""
    return entry_page(article_id)


@bp.get("/<id:article_id>/versions/<id:number>")
@login_required
def version(article_id: int, number: int) -> ResponseReturnValue:
    """One version, beside another (`avec`, by default the one before in the same language)."""
    agent = signed_in_agent()
    shown = entries.version(agent, article_id, number)
    entry = entries.entry(agent, article_id)
    alike = [each for each in entry.versions if each.language == shown.language]
    asked = request.args.get("avec", type=int)
    other = next((each for each in alike if (each.number == asked if asked else each.number < number)), None)
    older, newer = (other, shown) if other and other.number < number else (shown, other or shown)
    before, after = words.said(older), words.said(newer)
    return render_template(
        "editing/version.html",
        entry=entry,
        version=shown,
        other=other,
        older=older,
        newer=newer,
        alike=alike,
        differences=words.differences([(label, before[label], after[label]) for label in before]),
        answer=as_html(shown.answer, french=shown.language == drafts.FRENCH),
        under_way=any(draft.language == shown.language for draft in entry.drafts),
        form=SeenForm(formdata=None),
        words=words,
    )


@bp.post("/<id:article_id>/preparation/<language>")
@login_required
def start(article_id: int, language: str) -> ResponseReturnValue:
    """A next version, from what readers see or from the version that the button names."""
    agent, form = signed_in_agent(), SeenForm()
    entries.entry(agent, article_id)
    if not form.validate():
        return entry_page(article_id, 422, refused=form)
    number = form.seen("over") if form.said("over") else None
    try:
        draft_id = drafts.start(agent, article_id, language, utc_now(), number=number)
    except IllegalMove as error:
        return entry_page(article_id, 409, problem=str(error))
    if number is not None:
        flash(
            _(
                "La version %(number)s est reprise, mot pour mot. Elle remplace l’actuelle après relecture.",
                number=number,
            )
        )
    return redirect(url_for("faq_writing.edit", draft_id=draft_id), 303)


@bp.post("/<id:article_id>/archive")
@login_required
def archive(article_id: int) -> ResponseReturnValue:
    """Take the entry away from readers."""
    agent, form = signed_in_agent(), ReasonForm()
    entries.entry(agent, article_id)
    if not form.validate():
        return entry_page(article_id, 422, archive_form=form, refused=form)
    try:
        publishing.archive(agent, article_id, form.said("reason"), over=form.seen("over"), now=utc_now())
    except (Changed, IllegalMove) as error:
        return entry_page(article_id, 409, archive_form=form, problem=str(error))
    flash(_("La fiche est archivée : les lecteurs ne la voient plus."))
    return redirect(url_for(".show", article_id=article_id), 303)


@bp.post("/<id:article_id>/suivi")
@login_required
def follow(article_id: int) -> ResponseReturnValue:
    """Who looks after the entry, and until when it is good."""
    agent, form = signed_in_agent(), FollowForm()
    entries.entry(agent, article_id)
    if not form.validate():
        return entry_page(article_id, 422, follow_form=form, refused=form)
    owner, review_on, reason = form.said("owner"), form["review_on"].data, form.said("reason")
    rank = int(form.said("rank")) if form.said("rank") else None
    try:
        entries.follow(agent, article_id, owner, review_on, reason, utc_now(), rank=rank)
    except HelpdeskError as error:
        return entry_page(article_id, 422, follow_form=form, problem=str(error))
    flash(_("Le suivi de la fiche est enregistré."))
    return redirect(url_for(".show", article_id=article_id), 303)


@bp.get("/equipe")
@login_required
def team() -> ResponseReturnValue:
    """Who edits and who reviews."""
    return _team()


@bp.post("/equipe")
@login_required
def grant() -> ResponseReturnValue:
    """Give a role or take it away."""
    agent, form = signed_in_agent(), GrantForm()
    editors.check(db.session(), editors.grants(agent))
    if not form.validate():
        return _team(422, form)
    role = EditorRole(form["role"].data) if form["role"].data else None
    try:
        given = editors.grant(agent, form.said("email"), role)
    except NotFound as error:
        return _team(422, form, str(error))
    flash(_("%(name)s : %(role)s.", name=given.name, role=words.ROLES[role] if role else _("aucun rôle")))
    return redirect(url_for(".team"), 303)


def not_found(error: NotFound) -> ResponseReturnValue:
    """In words, and without leaving the agents' pages."""
    db.session.rollback()
    return render_template("editing/not_found.html", text=str(error)), 404


bp.register_error_handler(NotFound, not_found)


def entry_page(
    article_id: int, status: int = 200, *, problem: str = "", refused: Form | None = None, **forms: Form
) -> ResponseReturnValue:
    """The entry's page; a refused form comes back as it was typed."""
    agent = signed_in_agent()
    entry = entries.entry(agent, article_id)
    article = entry.article
    owner = article.owner.email if article.owner else ""
    shown: dict[str, Form] = {
        "archive_form": ReasonForm(formdata=None),
        "follow_form": FollowForm(formdata=None, owner=owner, review_on=article.review_on, rank=article.rank),
        "start_form": SeenForm(formdata=None),
        **forms,
    }
    shown["archive_form"]["over"].data = article.number
    html = render_template(
        "editing/entry.html",
        entry=entry,
        article=article,
        answer=as_html(article.answer),
        drafts={draft.language: draft for draft in entry.drafts},
        translations={each.language: each for each in entry.translations},
        languages=LANGUAGES,
        may_review=editors.may_review(agent),
        today=words.today(),
        words=words,
        problem=problem,
        refused=refused,
        **shown,
    )
    return html, status


def _team(status: int = 200, form: GrantForm | None = None, problem: str = "") -> ResponseReturnValue:
    members = editors.team(signed_in_agent())
    form = form or GrantForm(formdata=None, role=EditorRole.EDITOR.value)
    return render_template("editing/team.html", members=members, form=form, problem=problem, words=words), status
