"""A draft of the rules: read, put in order, replayed on past tickets, published or given up. Writing: `rules_edit`."""

import re
from collections.abc import Callable, Sequence
from itertools import islice

from babel.numbers import format_decimal
from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.db import utc_now
from helpdesk.errors import Changed, ConfigError, IllegalMove, NotFound
from helpdesk.models import RulesVersion
from helpdesk.pages import parts
from helpdesk.routing import rulebooks, rules_text
from helpdesk.routing.in_force import present, published_number
from helpdesk.routing.replay import Replay, other_rules
from helpdesk.routing.rulebook import read_rules
from helpdesk.routing.rules import Rule
from helpdesk.vocabulary import RulesState
from helpdesk.workspace import words
from helpdesk.workspace.auth import login_required, signed_in_agent
from helpdesk.workspace.fields import SeenForm
from helpdesk.workspace.rules import not_found, reader, rules_of
from helpdesk.workspace.rules_forms import PublishForm

NEWEST = 5_000  # tickets that the page replays; the command takes all
SECONDS = 8.0  # and for how long, so that no page waits
TOLD = 40  # problems of a draft; who has mended these sees the next
SHOWN = 200  # moves listed on the page

bp = Blueprint("rules_draft", __name__, url_prefix="/agent/regles/brouillons/<id:draft_id>")
bp.register_error_handler(NotFound, not_found)

_BEGINNING = re.compile(r"^routing\.toml(?:, | : )")
_STEPS: dict[str, Callable[[str, Sequence[Rule], int], str]] = {
    "monter": lambda text, rules, place: rules_text.moved(text, rules, place, -1),
    "descendre": lambda text, rules, place: rules_text.moved(text, rules, place, 1),
    "retirer": rules_text.removed,
}


@bp.get("")
@login_required
def show(draft_id: int) -> ResponseReturnValue:
    """The draft's rules, what they change, what is wrong with them, and what can be done."""
    return draft_page(draft_id)


@bp.post("/regles/<int(max=100000):place>/<any(monter, descendre, retirer):step>")
@login_required
def arrange(draft_id: int, place: int, step: str) -> ResponseReturnValue:
    """Move a rule nearer to the top or the end, or take it out. `place` counts from 1."""
    form = SeenForm()
    if not form.validate():
        return draft_page(draft_id, 422, refused=form)
    draft = draft_of(draft_id)
    rules = rules_of(draft.text)
    if not 1 <= place <= len(rules) or draft.revision != form.seen():
        return draft_page(
            draft_id, 409, problem=_("Ce brouillon a changé entre-temps. Le voici tel qu’il est maintenant.")
        )
    text = _STEPS[step](draft.text, rules, place - 1)
    if refusal := _refused(draft_id, lambda: save(draft_id, text, form)):
        return refusal
    anchor = {"monter": max(1, place - 1), "descendre": min(len(rules), place + 1)}.get(step)
    return redirect(url_for(".show", draft_id=draft_id, _anchor=f"regle-{anchor}" if anchor else "regles"), 303)


@bp.get("/rejeu")
@login_required
def replay(draft_id: int) -> ResponseReturnValue:
    """Which of the latest tickets would go elsewhere. Bounded, so that the page never waits long."""
    agent, draft = signed_in_agent(), draft_of(draft_id)
    try:
        change = other_rules(present(parts().routing), draft.text, _("brouillon %(id)s", id=draft_id))
    except ConfigError as error:
        return draft_page(draft_id, 409, problem=_("Ce brouillon ne peut pas être rejoué : %(why)s", why=str(error)))
    replayed = Replay(change)
    moves = replayed.run(newest=NEWEST, agent=agent, seconds=SECONDS)
    shown = list(islice(moves, SHOWN))
    for _move in moves:
        pass  # counted, not listed
    return render_template(
        "workspace/rules/replay.html",
        draft=draft,
        replay=replayed,
        moves=shown,
        newest=format_decimal(NEWEST, locale="fr"),
        words=words,
    )


@bp.post("/publication")
@login_required
def publish(draft_id: int) -> ResponseReturnValue:
    """Put the draft in force."""
    form, agent = PublishForm(), signed_in_agent()
    if not form.validate():
        return draft_page(draft_id, 422, publish_form=form, refused=form)
    try:
        number = rulebooks.publish(
            agent,
            draft_id,
            form.said("comment"),
            revision=form.seen(),
            over=form.seen("over"),
            routing=parts().routing,
            now=utc_now(),
        )
    except (Changed, IllegalMove, ConfigError) as error:
        return draft_page(draft_id, 409, publish_form=form, problem=str(error))
    flash(_("Version %(number)s des règles en vigueur : elle vaut dès la prochaine demande.", number=number))
    return redirect(url_for("rules.show"), 303)


@bp.post("/abandon")
@login_required
def discard(draft_id: int) -> ResponseReturnValue:
    """Give the draft up."""
    form = SeenForm()
    if not form.validate():
        return draft_page(draft_id, 422, refused=form)
    agent = signed_in_agent()
    refusal = _refused(draft_id, lambda: rulebooks.discard_draft(agent, draft_id, revision=form.seen(), now=utc_now()))
    if refusal:
        return refusal
    flash(_("Brouillon %(id)s abandonné.", id=draft_id))
    return redirect(url_for("rules.show"), 303)


def draft_of(draft_id: int) -> RulesVersion:
    """The draft, for who may see it."""
    return rulebooks.draft(signed_in_agent(), draft_id)


def save(draft_id: int, text: str, form: SeenForm) -> None:
    """Keep another text. Raises as `rulebooks.save_draft`."""
    rulebooks.save_draft(signed_in_agent(), draft_id, text, revision=form.seen(), now=utc_now())


def _refused(draft_id: int, work: Callable[[], None]) -> ResponseReturnValue | None:
    try:
        work()
    except (Changed, IllegalMove) as error:
        return draft_page(draft_id, 409, problem=str(error))
    return None


def problems_in(source: str) -> list[tuple[int | None, str]]:
    """(line, what is wrong there) for the problems of a text; of very many only the first."""
    found = read_rules(parts().routing.rulebook, source)[1]
    return [(rules_text.line_of(problem, source), _BEGINNING.sub("", problem)) for problem in found[:TOLD]]


def draft_page(
    draft_id: int,
    status: int = 200,
    *,
    publish_form: PublishForm | None = None,
    refused: SeenForm | None = None,
    problem: str = "",
) -> ResponseReturnValue:
    """The draft's page; a draft that was published meanwhile is a version."""
    agent, draft, latest = signed_in_agent(), draft_of(draft_id), published_number()
    if draft.state is not RulesState.DRAFT and draft.number:
        return redirect(url_for("rules.version", number=draft.number), 303)
    rules = rules_of(draft.text)
    now_in_force = present(parts().routing).rulebook.rules
    publish_form = publish_form or PublishForm(formdata=None, comment=draft.comment)
    publish_form["revision"].data, publish_form["over"].data = draft.revision, latest
    html = render_template(
        "workspace/rules/draft.html",
        draft=draft,
        latest=rulebooks.publication(agent, latest) if latest else None,
        rules=rules,
        changes=reader().changes(now_in_force, rules),
        problems=problems_in(draft.text),
        reader=reader(),
        act_form=SeenForm(formdata=None, revision=draft.revision),
        publish_form=publish_form,
        refused=refused,
        problem=problem,
    )
    return html, status
