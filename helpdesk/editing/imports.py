"""A document of questions and answers: handed in, looked at, confirmed. Nothing is published before."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.db import db, utc_now
from helpdesk.editing import words
from helpdesk.editing.entries import not_found
from helpdesk.editing.forms import UploadForm
from helpdesk.editing.words import Difference
from helpdesk.errors import Changed, NotFound, UnreadableDocument
from helpdesk.knowledge import editors, importer, imports, lexicon, reviewed
from helpdesk.knowledge.differences import Kind, Placed
from helpdesk.knowledge.importer import LARGEST_FILE
from helpdesk.knowledge.lexicon import Lexicon
from helpdesk.knowledge.plan import Step, Verdict
from helpdesk.places import config_dir
from helpdesk.workspace.auth import login_required, signed_in_agent
from helpdesk.workspace.fields import SeenForm

bp = Blueprint("faq_import", __name__, url_prefix="/agent/fiches/import")
bp.register_error_handler(NotFound, not_found)
_KINDS = {Kind.ADDED: "Ajoutée", Kind.CHANGED: "Modifiée", Kind.MOVED: "Déplacée", Kind.GONE: "Retirée"}
TAKE = "prendre"


@dataclass(frozen=True)
class Line:
    """One step of an import as the page shows it."""

    step: Step
    kind: str
    question: str
    section: str
    differences: Sequence[Difference]


@bp.get("")
@login_required
def show() -> ResponseReturnValue:
    """Where to hand a document in, and those that wait."""
    return _page()


@bp.post("")
@login_required
def hand_in() -> ResponseReturnValue:
    """Read the document; whatever is wrong with it is told, and nothing is kept."""
    agent, form = signed_in_agent(), UploadForm()
    editors.check(db.session(), editors.reviews(agent))
    if not form.validate():
        return _page(422, form)
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page(422, form, _("Choisissez un document."))
    try:
        imported = importer.read(file.read(LARGEST_FILE + 1), _words())
    except UnreadableDocument as error:
        return _page(422, form, str(error))
    import_id = imports.hand_in(agent, imported, file.filename, utc_now())
    return redirect(url_for(".compare", import_id=import_id), 303)


@bp.get("/export.md")
@login_required
def export() -> Response:
    """The published FAQ in the form that editors keep by hand."""
    text = reviewed.render(imports.exported(signed_in_agent()))
    response = Response(text, mimetype="text/markdown")
    response.headers["Content-Disposition"] = "attachment; filename=faq.md"
    return response


@bp.get("/<id:import_id>")
@login_required
def compare(import_id: int) -> ResponseReturnValue:
    """What the document would change."""
    return _comparison(import_id)


@bp.post("/<id:import_id>")
@login_required
def confirm(import_id: int) -> ResponseReturnValue:
    """Publish it; of entries changed on both sides as was chosen, the one here where nothing was."""
    agent, form = signed_in_agent(), SeenForm()
    found = imports.comparison(agent, import_id)
    if not form.validate():
        return _comparison(import_id, 422, form)
    asked = [step.slug for step in found.steps if step.verdict is Verdict.ASK]
    decided = {slug: request.form.get(f"choix-{slug}") == TAKE for slug in asked}
    try:
        report = imports.confirm(agent, import_id, decided, seen=form.seen("over"), now=utc_now())
    except Changed as error:
        return _comparison(import_id, 409, problem=str(error))
    changed = len(report.changes)
    flash(_("Import terminé : %(n)s fiche(s) changée(s) pour les lecteurs.", n=changed))
    return redirect(url_for("faq.index"), 303)


@bp.post("/<id:import_id>/abandon")
@login_required
def forget(import_id: int) -> ResponseReturnValue:
    """Give the document up."""
    agent, form = signed_in_agent(), SeenForm()
    imports.comparison(agent, import_id)
    if not form.validate():
        return _comparison(import_id, 422, form)
    imports.forget(agent, import_id)
    flash(_("Document oublié : rien n’a changé."))
    return redirect(url_for(".show"), 303)


@cache
def _words() -> Lexicon:
    """French and the words of the field: a second's work, kept once a process has read a document."""
    return lexicon.load(config_dir() / "faq" / "words.txt")


def _page(status: int = 200, form: UploadForm | None = None, problem: str = "") -> ResponseReturnValue:
    agent = signed_in_agent()
    editors.check(db.session(), editors.reviews(agent))
    form = form or UploadForm(formdata=None)
    html = render_template("editing/import.html", form=form, problem=problem, waiting=imports.waiting(agent))
    return html, status


def _comparison(
    import_id: int, status: int = 200, form: SeenForm | None = None, *, problem: str = ""
) -> ResponseReturnValue:
    found = imports.comparison(signed_in_agent(), import_id)
    form = form or SeenForm(formdata=None)
    form["over"].data = str(found.edition)
    lines = [_line(step) for step in found.steps]
    html = render_template(
        "editing/comparison.html",
        row=found.row,
        asked=[line for line in lines if line.step.verdict is Verdict.ASK],
        applied=[line for line in lines if line.step.verdict is Verdict.APPLY],
        kept=[line for line in lines if line.step.verdict is Verdict.KEEP],
        take=TAKE,
        form=form,
        problem=problem,
        words=words,
    )
    return html, status


def _line(step: Step) -> Line:
    before, after = step.change.before, step.change.after
    shown = after or before
    question, section = (shown.question.question, shown.section) if shown else ("", "")
    texts = [(label, _said(before)[label], _said(after)[label]) for label in _said(None)]
    return Line(step, _KINDS[step.change.kind], question, section, words.differences(texts))


def _said(placed: Placed | None) -> dict[str, str]:
    if placed is None:
        return dict.fromkeys(("Question", "Réponse", "Public", "Rubrique", "Adresse"), "")
    question = placed.question
    return {
        "Question": question.question,
        "Réponse": question.answer,
        "Public": words.readers_label(question.audience),
        "Rubrique": placed.section,
        "Adresse": question.slug,
    }
