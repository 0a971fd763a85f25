"""One version on its way to readers: read, compared, sent to review, published, given up."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.db import db, utc_now
from helpdesk.editing import words
from helpdesk.editing.entries import not_found
from helpdesk.editing.forms import PublishForm, ReasonForm, SubmitForm
from helpdesk.errors import Changed, IllegalMove, NotAllowed, NotFound
from helpdesk.forms import Form
from helpdesk.knowledge import drafts, editors, publishing
from helpdesk.knowledge.fitness import unfit
from helpdesk.knowledge.markup import as_html
from helpdesk.models import Draft, Translation
from helpdesk.pages import moment, parts
from helpdesk.workspace.auth import login_required, signed_in_agent
from helpdesk.workspace.fields import SeenForm

bp = Blueprint("faq_draft", __name__, url_prefix="/agent/fiches/preparation/<id:draft_id>")
bp.register_error_handler(NotFound, not_found)

Given = TypeVar("Given", bound=SeenForm)


@bp.get("")
@login_required
def show(draft_id: int) -> ResponseReturnValue:
    """The version as readers would see it, what it changes, what is wrong with it, and what can be done."""
    return draft_page(draft_id)


@bp.post("/relecture")
@login_required
def submit(draft_id: int) -> ResponseReturnValue:
    """Ask for a review."""

    def work(form: SubmitForm) -> None:
        site = parts().settings.public_base_url
        drafts.submit(signed_in_agent(), draft_id, form.said("reason"), revision=form.seen(), site=site, now=utc_now())

    if refusal := _act(draft_id, SubmitForm(), "submit_form", work):
        return refusal
    flash(_("Envoyée à la relecture. Une autre personne la publie."))
    return redirect(url_for(".show", draft_id=draft_id), 303)


@bp.post("/renvoi")
@login_required
def send_back(draft_id: int) -> ResponseReturnValue:
    """Back to writing."""

    def work(form: ReasonForm) -> None:
        drafts.send_back(signed_in_agent(), draft_id, form.said("reason"), revision=form.seen(), now=utc_now())

    if refusal := _act(draft_id, ReasonForm(), "back_form", work):
        return refusal
    flash(_("Cette version est de nouveau en cours d’écriture."))
    return redirect(url_for(".show", draft_id=draft_id), 303)


@bp.post("/publication")
@login_required
def publish(draft_id: int) -> ResponseReturnValue:
    """To readers, at once or from a date on."""
    article_id = drafts.draft_of(signed_in_agent(), draft_id).article_id
    form = PublishForm()

    def work(form: PublishForm) -> None:
        settings = parts().settings
        publishing.approve(
            signed_in_agent(),
            draft_id,
            form.said("reason"),
            revision=form.seen(),
            over=form.seen("over"),
            at=form.at.moment,
            four_eyes=settings.faq_four_eyes,
            site=settings.public_base_url,
            now=utc_now(),
        )

    if refusal := _act(draft_id, form, "publish_form", work):
        return refusal
    if form.at.moment and form.at.moment > utc_now():
        flash(_("Publication programmée le %(when)s.", when=moment(form.at.moment)))
        return redirect(url_for(".show", draft_id=draft_id), 303)
    flash(_("Publiée : les lecteurs voient cette version."))
    return redirect(url_for("faq.show", article_id=article_id), 303)


@bp.post("/abandon")
@login_required
def discard(draft_id: int) -> ResponseReturnValue:
    """Give the version up."""
    article_id = drafts.draft_of(signed_in_agent(), draft_id).article_id
    stays = True

    def work(form: ReasonForm) -> None:
        nonlocal stays
        stays = drafts.discard(signed_in_agent(), draft_id, form.said("reason"), revision=form.seen(), now=utc_now())

    if refusal := _act(draft_id, ReasonForm(), "back_form", work):
        return refusal
    flash(_("Cette version est abandonnée."))
    return redirect(url_for("faq.show", article_id=article_id) if stays else url_for("faq.index"), 303)


def draft_page(
    draft_id: int,
    status: int = 200,
    *,
    problem: str = "",
    refused: Form | None = None,
    forms: Mapping[str, SeenForm] | None = None,
) -> ResponseReturnValue:
    """The version's page; a refused form comes back as it was typed."""
    agent = signed_in_agent()
    draft = drafts.draft_of(agent, draft_id)
    shown: dict[str, SeenForm] = {
        "submit_form": SubmitForm(formdata=None),
        "publish_form": PublishForm(formdata=None),
        "back_form": ReasonForm(formdata=None),
        **(forms or {}),
    }
    for form in shown.values():
        form["revision"].data, form["over"].data = draft.revision, draft.article.number
    settings = parts().settings
    html = render_template(
        "editing/draft.html",
        draft=draft,
        article=draft.article,
        answer=as_html(draft.answer, french=draft.language == drafts.FRENCH),
        differences=words.differences(changed_texts(draft)),
        problems=unfit(db.session(), draft, settings.public_base_url),
        may_review=editors.may_review(agent),
        wrote=settings.faq_four_eyes and agent.id in draft.writers,
        words=words,
        problem=problem,
        refused=refused,
        **shown,
    )
    return html, status


def changed_texts(draft: Draft) -> list[tuple[str, str, str]]:
    """(label, what readers see, what the draft says)."""
    article = draft.article
    if draft.language == drafts.FRENCH:
        shown = article if article.number else None
        facts = [
            ("Public", words.readers_label(article.readers), words.readers_label(draft.readers)),
            ("Rubrique", article.section.title, draft.section.title),
            ("Sujets", words.topics_in_words(article.topics), words.topics_in_words(draft.topics)),
        ]
        before = (shown.question, shown.answer, shown.spoken) if shown else ("", "", "")
    else:
        said = db.session.get(Translation, (article.id, draft.language))
        facts, before = [], (said.question, said.answer, said.spoken) if said else ("", "", "")
    after = draft.question, draft.answer, draft.spoken
    return [
        *zip(("Question", "Réponse", "Au téléphone"), before, after, strict=True),
        *(facts if article.number else []),
    ]


def _act(draft_id: int, form: Given, name: str, work: Callable[[Given], None]) -> ResponseReturnValue | None:
    """Do it, or show the page again with what is wrong and the form, called `name` there, as it was typed."""
    drafts.draft_of(signed_in_agent(), draft_id)
    if not form.validate():
        return draft_page(draft_id, 422, refused=form, forms={name: form})
    try:
        work(form)
    except (Changed, IllegalMove, NotAllowed) as error:
        return draft_page(draft_id, 409, problem=str(error), forms={name: form})
    return None
