"""Whether a draft is fit for readers: its words, its links, its images."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.errors import IllegalMove
from helpdesk.knowledge.proofing import LONGEST_ANSWER, entries_named, images_named, missing, problems_in
from helpdesk.models import Article, Draft, Picture, Redirect
from helpdesk.privacy.impersonal import marks_in

_NO_ENTRY = "« fiche:{} » : aucune fiche publiée n’a cette adresse."
_MARK = "« {} » tient la place d’une donnée personnelle : réécrivez la phrase."
_NO_IMAGE = "« image:{} » : cette image n’a pas été ajoutée."


class Unfit(IllegalMove):
    """The draft cannot be published as it is. Carries what is wrong, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def unfit(session: Session, draft: Draft, site: str) -> list[str]:
    """What must be mended, one sentence each; empty when all is well. `site` is our own address."""
    problems = [] if draft.question else ["La question est vide."]
    if len(draft.answer) > LONGEST_ANSWER:
        problems.append(f"La réponse est trop longue : {LONGEST_ANSWER} caractères au plus.")
    problems += problems_in(draft.answer)
    problems += [_MARK.format(mark) for mark in marks_in(f"{draft.question} {draft.answer} {draft.spoken}")]
    entries = entries_named(draft.answer, site)
    known = {draft.article.slug}
    if entries:
        shown = select(Article.slug).where(Article.slug.in_(entries), Article.published)
        moved = select(Redirect.slug).join(Article, Article.id == Redirect.article_id)
        known |= {*session.scalars(shown), *session.scalars(moved.where(Redirect.slug.in_(entries), Article.published))}
    images = images_named(draft.answer)
    held = set(session.scalars(select(Picture.name).where(Picture.name.in_(images)))) if images else set()
    return problems + missing(entries, known, _NO_ENTRY) + missing(images, held, _NO_IMAGE)
