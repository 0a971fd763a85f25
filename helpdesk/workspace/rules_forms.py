"""The forms of the rules' pages: one rule by checkboxes and lists, the whole text, and what publishing asks."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the published types are older
from wtforms.validators import Regexp

from helpdesk.forms import AtMost, Needed, tidy
from helpdesk.routing.geography import Academy
from helpdesk.routing.rule_words import CONDITIONS, NO_ACADEMY, SECTOR_LABELS
from helpdesk.routing.rulebook import Rulebook
from helpdesk.routing.rulebooks import MAX_TEXT
from helpdesk.routing.rules import DAYS, LISTS, NOWHERE, Rule
from helpdesk.text import fold
from helpdesk.vocabulary import AUDIENCE_LABELS, CHANNEL_LABELS, LEVEL_LABELS, PRIORITY_LABELS
from helpdesk.workspace.fields import SeenForm

_CLOCK = r"^(?:(?:[01]\d|2[0-3]):[0-5]\d)?$"


def _ended(value: Any) -> Any:
    """Filter: a text of lines, so that saving it as it was shown changes nothing."""
    return f"{value}\n" if value else value


class PublishForm(SeenForm):
    """Why these rules are put in force; `over` is the number of the version published last when the page was shown."""

    comment = TextAreaField(
        _("Pourquoi ce changement ?"),
        [Needed(_("Dites pourquoi, en une phrase : l’historique la garde.")), AtMost(500)],
        filters=[tidy],
        id="motif",
    )


class TextForm(SeenForm):
    """All rules as the file writes them."""

    text = TextAreaField(
        _("Texte des règles"), [Needed(_("Le texte est vide.")), AtMost(MAX_TEXT)], filters=[tidy, _ended], id="texte"
    )


class RuleForm(SeenForm):
    """One rule. What is left empty is not asked of a request."""

    name = StringField(_("Nom de la règle"), [Needed(_("Il manque le nom.")), AtMost(60)], filters=[tidy], id="nom")
    topic = SelectMultipleField(CONDITIONS["topic"], id="sujet")
    audience = SelectMultipleField(CONDITIONS["audience"], id="public")
    channel = SelectMultipleField(CONDITIONS["channel"], id="canal")
    priority = SelectMultipleField(CONDITIONS["priority"], id="priorite")
    academy = SelectMultipleField(CONDITIONS["academy"], id="academie")
    level = SelectMultipleField(CONDITIONS["level"], id="degre")
    sector = SelectMultipleField(CONDITIONS["sector"], id="secteur")
    words = TextAreaField(CONDITIONS["words"], [AtMost(5_000)], filters=[tidy], id="mots")
    days = SelectMultipleField(CONDITIONS["days"], id="jours")
    begin = StringField(_("De"), [Regexp(_CLOCK, message=_("Une heure s’écrit 18:00."))], filters=[tidy], id="de")
    end = StringField(_("À"), [Regexp(_CLOCK, message=_("Une heure s’écrit 08:00."))], filters=[tidy], id="jusqua")
    service = SelectField(
        _("Service qui reçoit la demande"), [Needed(_("Choisissez un service."))], validate_choice=False, id="service"
    )
    because = StringField(
        _("Raison"), [Needed(_("Il manque la raison : l’agent la lit.")), AtMost(300)], filters=[tidy], id="raison"
    )

    def offer(self, rulebook: Rulebook, academies: dict[str, Academy]) -> "RuleForm":
        """Fill in what can be chosen. What a rule says already stays a choice, even if it is unknown by now."""
        choices: dict[str, list[tuple[str, Any]]] = {
            "topic": [(topic.slug, topic.label) for topic in rulebook.lists.topics],
            "audience": list(AUDIENCE_LABELS.items()),
            "channel": list(CHANNEL_LABELS.items()),
            "priority": list(PRIORITY_LABELS.items()),
            "academy": [(NOWHERE, NO_ACADEMY), *_by_name(academies)],
            "level": list(LEVEL_LABELS.items()),
            "sector": list(SECTOR_LABELS.items()),
            "days": [(day, day) for day in DAYS],
        }
        for name, offered in choices.items():
            held = [value for value in self[name].data or () if value not in dict(offered)]
            field: SelectMultipleField = getattr(self, name)
            field.choices = [SelectChoice(slug, label) for slug, label in [*offered, *zip(held, held, strict=True)]]
        return self

    def take(self, rule: Rule) -> "RuleForm":
        """Show what a rule says."""
        for name in LISTS:
            self[name].data = list(rule.conditions.get(name, ()))
        self["begin"].data, _dash, self["end"].data = rule.hours.partition("-")
        self["words"].data = "\n".join(rule.words)
        for name in ("name", "service", "because"):
            self[name].data = getattr(rule, name)
        return self

    def rule(self, rulebook: Rulebook) -> Rule:
        """What the form says, as a rule."""
        begin, end = self.said("begin"), self.said("end")
        lines = (line.strip() for line in self.said("words").split("\n"))
        service = self.said("service")
        return Rule(
            name=self.said("name"),
            service=service,
            because=self.said("because"),
            named=any(each.slug == service for each in rulebook.services),
            conditions={name: tuple(self[name].data) for name in LISTS if self[name].data},
            words=tuple(filter(None, lines)),
            hours=f"{begin}-{end}" if begin or end else "",
        )


def services_to_choose(rulebook: Rulebook, academies: dict[str, Academy]) -> list[tuple[str, list[tuple[str, str]]]]:
    """(group, its services as what a rule writes and what people read): in the académie of the school, national ones,
    then one by one for the académie that answers for another.
    """
    kinds = {each.kind: each.title for each in rulebook.services if each.academy is not None}
    groups = [
        (str(_("Dans l’académie de l’établissement")), list(kinds.items())),
        (
            str(_("Services nationaux")),
            [(each.slug, each.title) for each in rulebook.services if each.academy is None],
        ),
    ]
    for code, name in _by_name(academies):
        own = [(each.slug, f"{name} – {each.title}") for each in rulebook.services if each.academy == code]
        groups.append((str(_("Toujours l’académie de %(name)s", name=name)), own))
    return groups


def _by_name(academies: dict[str, Academy]) -> Sequence[tuple[str, str]]:
    return sorted(((each.code, each.name) for each in academies.values()), key=lambda each: fold(each[1]))
