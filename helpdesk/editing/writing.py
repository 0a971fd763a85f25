"""Writing an entry: the form, its preview, images. What was typed is never lost, nor written over somebody else's."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.db import db, utc_now
from helpdesk.editing import words
from helpdesk.editing.entries import not_found
from helpdesk.editing.forms import EntryForm
from helpdesk.editing.words import Difference
from helpdesk.errors import Changed, NotFound
from helpdesk.files import StorageFull
from helpdesk.forms import Button
from helpdesk.knowledge import drafts, editors, entries
from helpdesk.knowledge.images import add_image
from helpdesk.knowledge.markup import as_html
from helpdesk.knowledge.pictures import LARGEST, RefusedPicture
from helpdesk.knowledge.proofing import LONGEST_ANSWER, problems_in
from helpdesk.models import Draft
from helpdesk.pages import parts
from helpdesk.workspace.auth import login_required, signed_in_agent

bp = Blueprint("faq_writing", __name__, url_prefix="/agent/fiches")
bp.register_error_handler(NotFound, not_found)


@dataclass(frozen=True)
class Told:
    """What the page says beside the form."""

    problem: str = ""
    preview: bool = False
    differences: Sequence[Difference] = ()


@bp.get("/nouvelle")
@login_required
def new() -> ResponseReturnValue:
    """The form of an entry that is not there yet."""
    editors.check(db.session(), editors.edits(signed_in_agent()))
    return _page(None, _form(None, empty=True))


@bp.post("/nouvelle")
@login_required
def create() -> ResponseReturnValue:
    """Keep it as a draft."""
    agent = signed_in_agent()
    editors.check(db.session(), editors.edits(agent))
    form = _form(None)
    if not form.validate():
        return _page(None, form, 422)
    if "preview" in request.form:
        return _page(None, form, told=Told(preview=True))
    if refusal := _add_image(form):
        return _page(None, form, 422, Told(refusal))
    draft_id = drafts.create(agent, form.written(), utc_now())
    flash(_("Brouillon enregistré. Les lecteurs ne le voient pas encore."))
    return redirect(_way_on(draft_id), 303)


@bp.get("/preparation/<id:draft_id>/texte")
@login_required
def edit(draft_id: int) -> ResponseReturnValue:
    """The form of a version on its way."""
    draft = drafts.draft_of(signed_in_agent(), draft_id)
    return _page(draft, _form(draft, empty=True).take(draft))


@bp.post("/preparation/<id:draft_id>/texte")
@login_required
def save(draft_id: int) -> ResponseReturnValue:
    """Keep what was written, right or wrong; show it, with `preview`, without keeping it."""
    agent = signed_in_agent()
    draft = drafts.draft_of(agent, draft_id)
    form = _form(draft)
    if not form.validate():
        return _page(draft, form, 422)
    if "preview" in request.form:
        return _page(draft, form, told=Told(preview=True))
    if draft.revision != form.seen():
        return _changed(draft, form)
    if refusal := _add_image(form):
        return _page(draft, form, 422, Told(refusal))
    based_on = None if draft.language == drafts.FRENCH else form.seen("over")
    try:
        drafts.save(agent, draft_id, form.written(), revision=form.seen(), now=utc_now(), based_on=based_on)
    except Changed:
        return _changed(drafts.draft_of(agent, draft_id), form)
    flash(_("Enregistré. Les lecteurs voient toujours la version publiée."))
    return redirect(_way_on(draft_id), 303)


@bp.post("/apercu")
@login_required
def preview() -> ResponseReturnValue:
    """The answer as readers would see it, for the script that shows it while one types."""
    editors.check(db.session(), editors.edits(signed_in_agent()))
    if not Button().validate():
        return render_template("editing/preview.html", problems=[_("Enregistrez : cette page est trop ancienne.")]), 422
    answer = request.form.get("answer", "")[: LONGEST_ANSWER + 1]
    french = request.form.get("language", drafts.FRENCH) == drafts.FRENCH
    return render_template(
        "editing/preview.html", answer=as_html(answer, french=french), problems=problems_in(answer) if answer else []
    )


def _form(draft: Draft | None, *, empty: bool = False) -> EntryForm:
    form = EntryForm(formdata=None) if empty else EntryForm()
    form.offer(entries.sections(signed_in_agent()))
    return form.of_language(draft.language) if draft else form


def _way_on(draft_id: int) -> str:
    """Back to the form after an image was added, else to the version's page."""
    if "add_image" in request.form:
        return url_for(".edit", draft_id=draft_id, _anchor="reponse")
    return url_for("faq_draft.show", draft_id=draft_id)


def _add_image(form: EntryForm) -> str:
    """Put a chosen image at the end of the answer; returns why that cannot be."""
    chosen = request.files.get("image")
    if chosen is None or not chosen.filename:
        return _("Choisissez d’abord une image.") if "add_image" in request.form else ""
    if not form.said("description"):
        return _("Dites ce que montre l’image : les personnes qui ne la voient pas le liront.")
    try:
        name = add_image(signed_in_agent(), chosen.read(LARGEST + 1), parts().files, utc_now())
    except (RefusedPicture, StorageFull) as error:
        return str(error)
    description = form.said("description").replace("[", "(").replace("]", ")")
    form["answer"].data = f"{form.said('answer').rstrip()}\n\n![{description}](image:{name})".lstrip()
    return ""


def _changed(draft: Draft, form: EntryForm) -> ResponseReturnValue:
    """Nothing typed is lost: it stays in the form, beside what the other person wrote."""
    theirs = draft.question, draft.answer, draft.spoken
    mine = form.said("question"), form.said("answer"), form.said("spoken")
    texts = zip(("Question", "Réponse", "Au téléphone"), theirs, mine, strict=True)
    form["revision"].data = draft.revision
    problem = _(
        "Quelqu’un a enregistré cette version entre-temps. Votre texte est gardé dans le formulaire : reprenez-y ce "
        "qui vient de l’autre personne, puis enregistrez."
    )
    return _page(draft, form, 409, Told(problem, differences=words.differences(list(texts))))


def _page(draft: Draft | None, form: EntryForm, status: int = 200, told: Told | None = None) -> ResponseReturnValue:
    told = told or Told()
    french = draft is None or draft.language == drafts.FRENCH
    behind: list[Difference] = []
    if draft is not None and not french:
        behind = _since_translated(draft)
    html = render_template(
        "editing/write.html",
        draft=draft,
        french=french,
        form=form,
        told=told,
        behind=behind,
        original=as_html(draft.article.answer) if draft and not french else None,
        preview=as_html(form.said("answer"), french=french),
        problems=problems_in(form.said("answer")) if told.preview else [],
        words=words,
    )
    return html, status


def _since_translated(draft: Draft) -> list[Difference]:
    """What the French says now that it did not say when it was translated."""
    agent, article = signed_in_agent(), draft.article
    if not 0 < draft.based_on < article.number:
        return []
    former = entries.version(agent, article.id, draft.based_on)
    before = former.question, former.answer, former.spoken
    now = article.question, article.answer, article.spoken
    return words.differences(list(zip(("Question", "Réponse", "Au téléphone"), before, now, strict=True)))
