"""Writing a draft of the rules: one rule by its form, or all of them as a text. What was typed is never lost."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.errors import Changed, IllegalMove, NotFound
from helpdesk.models import RulesVersion
from helpdesk.pages import parts
from helpdesk.routing import rules_text
from helpdesk.routing.rule_words import RuleChange
from helpdesk.routing.rulebook import read_rules
from helpdesk.routing.rules import FILE, Rule
from helpdesk.workspace.auth import login_required
from helpdesk.workspace.rules import not_found, reader, rules_of
from helpdesk.workspace.rules_draft import draft_of, draft_page, problems_in, save
from helpdesk.workspace.rules_forms import RuleForm, TextForm, services_to_choose

bp = Blueprint("rules_edit", __name__, url_prefix="/agent/regles/brouillons/<id:draft_id>")
bp.register_error_handler(NotFound, not_found)


@bp.get("/regles/<int(max=100000):place>")
@login_required
def rule(draft_id: int, place: int) -> ResponseReturnValue:
    """The form of one rule; place 0 is a new one."""
    draft = draft_of(draft_id)
    rules = rules_of(draft.text)
    if place > len(rules):
        raise NotFound(_("Cette règle n’est pas dans ce brouillon."))
    form = _rule_form(formdata=None)
    if place:
        form.take(rules[place - 1])
    form["revision"].data = draft.revision
    return _rule_page(draft, place, form)


@bp.post("/regles/<int(max=100000):place>")
@login_required
def send_rule(draft_id: int, place: int) -> ResponseReturnValue:
    """Keep one rule as the form says it. A new one stands before the last, which takes all that is left."""
    form = _rule_form()
    draft = draft_of(draft_id)
    if not form.validate():
        return _rule_page(draft, place, form, 422)
    rules, said = rules_of(draft.text), form.rule(parts().routing.rulebook)
    if place > len(rules) or draft.revision != form.seen():
        return _rule_changed(draft, place, form)
    if place:
        text = rules_text.replaced(draft.text, rules, place - 1, said)
    else:
        text = rules_text.inserted(draft.text, rules, max(0, len(rules) - 1), said)
    if wrong := _wrong_with(said, text):
        return _rule_page(draft, place, form, 422, problem=" ".join(wrong))
    try:
        save(draft_id, text, form)
    except Changed:
        return _rule_changed(draft_of(draft_id), place, form)
    except IllegalMove as error:
        return draft_page(draft_id, 409, problem=str(error))
    flash(_("Règle « %(name)s » enregistrée dans le brouillon.", name=said.name))
    return redirect(url_for("rules_draft.show", draft_id=draft_id, _anchor=f"regle-{place or len(rules)}"), 303)


@bp.get("/texte")
@login_required
def text(draft_id: int) -> ResponseReturnValue:
    """All rules as a text."""
    draft = draft_of(draft_id)
    form = TextForm(formdata=None, text=draft.text, revision=draft.revision)
    return _text_page(draft, form)


@bp.post("/texte")
@login_required
def send_text(draft_id: int) -> ResponseReturnValue:
    """Keep the text, right or wrong: what is wrong is told, and can be mended later."""
    form, draft = TextForm(), draft_of(draft_id)
    if not form.validate():
        return _text_page(draft, form, 422)
    try:
        save(draft_id, form.said("text"), form)
    except Changed:
        return _text_changed(draft_of(draft_id), form)
    except IllegalMove as error:
        return draft_page(draft_id, 409, problem=str(error))
    if problems_in(form.said("text")):
        flash(_("Brouillon enregistré. Il ne peut pas encore être publié."))
        return redirect(url_for(".text", draft_id=draft_id), 303)
    flash(_("Brouillon enregistré."))
    return redirect(url_for("rules_draft.show", draft_id=draft_id), 303)


def _wrong_with(said: Rule, source: str) -> list[str]:
    """What is wrong with this rule in that text; what is wrong elsewhere can wait."""
    named = f"{FILE}, règle « {said.name} » : "
    problems = read_rules(parts().routing.rulebook, source)[1]
    found = [text.removeprefix(named) for text in problems if text.startswith(named)]
    return [f"{text[:1].upper()}{text[1:]}." for text in found]


def _rule_form(**options: Any) -> RuleForm:
    routing = parts().routing
    return RuleForm(**options).offer(routing.rulebook, routing.geography.academies)


def _rule_page(
    draft: RulesVersion, place: int, form: RuleForm, status: int = 200, problem: str = ""
) -> ResponseReturnValue:
    routing = parts().routing
    html = render_template(
        "workspace/rules/rule.html",
        draft=draft,
        place=place,
        form=form,
        services=services_to_choose(routing.rulebook, routing.geography.academies),
        problem=problem,
    )
    return html, status


def _rule_changed(draft: RulesVersion, place: int, form: RuleForm) -> ResponseReturnValue:
    """Nothing typed is lost: the form stays, for the draft as it is now and the rule where it stands now."""
    form["revision"].data = draft.revision
    names = [rule.name for rule in rules_of(draft.text)]
    now_at = names.index(form.said("name")) + 1 if place and form.said("name") in names else 0
    problem = _(
        "Quelqu’un a changé ce brouillon entre-temps. Votre règle est gardée ici : comparez, puis enregistrez à "
        "nouveau."
    )
    return _rule_page(draft, now_at, form, 409, problem)


def _text_page(
    draft: RulesVersion, form: TextForm, status: int = 200, problem: str = "", changes: Sequence[RuleChange] = ()
) -> ResponseReturnValue:
    source = form.said("text")
    html = render_template(
        "workspace/rules/text.html",
        draft=draft,
        form=form,
        problem=problem,
        changes=changes,
        problems=problems_in(source),
        lines=source.split("\n"),
    )
    return html, status


def _text_changed(draft: RulesVersion, form: TextForm) -> ResponseReturnValue:
    """Nothing typed is lost: the text stays, beside what it would undo of somebody else's."""
    form["revision"].data = draft.revision
    problem = _(
        "Quelqu’un a changé ce brouillon entre-temps. Votre texte est gardé : voyez ce qui les distingue, puis "
        "enregistrez à nouveau pour garder le vôtre."
    )
    changes = reader().changes(rules_of(draft.text), rules_of(form.said("text")))
    return _text_page(draft, form, 409, problem, changes)
