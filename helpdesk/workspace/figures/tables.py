"""The tables of figures, for the page and for its sheets alike. A cell is a number of tickets, a time or a share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from flask_babel import lazy_gettext as _

from helpdesk.figures.looking import By, Figures
from helpdesk.figures.measures import Centile, centile, satisfied
from helpdesk.figures.ods import Cell
from helpdesk.figures.periods import Period
from helpdesk.pages import parts
from helpdesk.vocabulary import CHANNEL_LABELS, Channel, Mark
from helpdesk.workspace import words

Value = int | float | Centile | None
Measured = Mapping[str, int]

COUNTS = {
    "created": _("Reçues"),
    "answered": _("Premières réponses"),
    "solved": _("Résolues"),
    "closed": _("Closes sans solution"),
    "reopened": _("Rouvertes"),
    "transferred": _("Transférées"),
}
TIMES = {
    ("answer", 0.5): _("Première réponse, médiane"),
    ("answer", 0.9): _("Première réponse, 9 sur 10"),
    ("solve", 0.5): _("Solution, médiane"),
    ("solve", 0.9): _("Solution, 9 sur 10"),
}
OPINIONS, SATISFIED = _("Avis donnés"), _("Avis « oui, c’est résolu »")
BY_LABELS = {By.SERVICE: _("Service"), By.TOPIC: _("Sujet"), By.CHANNEL: _("Canal"), By.ACADEMY: _("Académie")}


@dataclass(frozen=True)
class Grid:
    """One table: a title, what stands at the head of its lines and columns, and the values."""

    name: str
    title: str
    corner: str
    heads: Sequence[str]
    lines: Sequence[tuple[str, Sequence[Value]]]


def summary(figures: Figures) -> Grid:
    """The period beside the one before, a measure a line."""
    now, before = (_everything(each) for each in (figures.total, figures.before))
    heads = [str(label) for label in (*COUNTS.values(), *TIMES.values(), OPINIONS, SATISFIED)]
    lines = list(zip(heads, zip(now, before, strict=True), strict=True))
    title, period, earlier = _("En tout"), _("Cette période"), _("La période d’avant")
    return Grid("resume", str(title), str(_("Mesure")), [str(period), str(earlier)], lines)


def counts_by_step(figures: Figures, period: Period) -> Grid:
    """How many, day by day or month by month, the latest first."""
    lines = [(step_label(step, period), _counts(measured)) for step, measured in reversed(figures.steps)]
    return Grid("jours", _titles(period)[0], _corner(period), [str(label) for label in COUNTS.values()], lines)


def times_by_step(figures: Figures, period: Period) -> Grid:
    """How long, day by day or month by month, the latest first."""
    lines = [(step_label(step, period), _times(measured)) for step, measured in reversed(figures.steps)]
    return Grid("delais", _titles(period)[1], _corner(period), [str(label) for label in TIMES.values()], lines)


def split_up(figures: Figures, by: By) -> Grid:
    """All measures, by service, topic, channel or académie; most tickets first."""
    ordered = sorted(figures.lines, key=lambda line: (-line[1].get("created", 0), line_label(by, line[0])))
    lines = [(line_label(by, key), _everything(now)) for key, now in ordered if any(now.values())]
    heads = [str(label) for label in (*COUNTS.values(), *TIMES.values(), OPINIONS, SATISFIED)]
    title = {
        By.SERVICE: _("Par service"),
        By.TOPIC: _("Par sujet"),
        By.CHANNEL: _("Par canal"),
        By.ACADEMY: _("Par académie"),
    }[by]
    return Grid("repartition", str(title), str(BY_LABELS[by]), heads, lines)


def line_label(by: By, key: str) -> str:
    """What a line is called."""
    if by is By.TOPIC:
        return words.topic_label(key)
    if by is By.CHANNEL:
        return words.label(Channel(key)) if key in CHANNEL_LABELS else key
    if by is By.ACADEMY:
        return words.academy_name(key) if key != "-" else str(_("Services nationaux"))
    try:
        return words.service_in_short(parts().routing.rulebook.service(key))
    except KeyError:
        return key  # it has left the configuration


def step_label(step: date, period: Period) -> str:
    """« 23/11 », or « nov. 2026 »."""
    return format_date(step, "MMM y", locale="fr") if period.by_month else f"{step:%d/%m}"


def in_words(value: Value) -> str:
    """As a page shows it: « 1 204 », « 3 h 20 », « 87 % »; a dash for what there is not."""
    if value is None:
        return "–"
    if isinstance(value, Centile):
        return (f"{_('plus de')} " if value.above else "") + _hours(value.minutes)
    if isinstance(value, float):
        return f"{int(value * 100)}\u00a0%"
    return f"{value:,}".replace(",", "\u202f")


def in_sheet(value: Value) -> Cell:
    """As a spreadsheet calculates with it: tickets, hours of working time, percent."""
    if isinstance(value, Centile):
        return round(value.minutes / 60, 2)
    if isinstance(value, float):
        return round(value * 100, 1)
    return value


def sheet_heads(grid: Grid) -> list[str]:
    """The heads with their units."""
    units = {str(label): _("en heures ouvrées") for label in TIMES.values()} | {str(SATISFIED): "%"}
    return [grid.corner, *(f"{head} ({units[head]})" if head in units else head for head in grid.heads)]


def sheet_lines(grid: Grid) -> list[list[Cell]]:
    """The lines as cells of a spreadsheet."""
    return [[label, *map(in_sheet, values)] for label, values in grid.lines]


def _hours(minutes: float) -> str:
    whole = round(minutes)
    if whole < 60:
        return f"{whole}\u00a0min"
    hours, rest = divmod(whole, 60)
    if hours >= 10 or not rest:
        return f"{round(minutes / 60)}\u00a0h"
    return f"{hours}\u00a0h\u00a0{rest:02d}"


def _corner(period: Period) -> str:
    return str(_("Mois") if period.by_month else _("Jour"))


def _titles(period: Period) -> tuple[str, str]:
    if period.by_month:
        return str(_("Demandes, mois par mois")), str(_("Délais, mois par mois"))
    return str(_("Demandes, jour par jour")), str(_("Délais, jour par jour"))


def _counts(measured: Measured) -> list[Value]:
    return [measured.get(name, 0) for name in COUNTS]


def _times(measured: Measured) -> list[Value]:
    return [centile(measured, name, share) for name, share in TIMES]


def _everything(measured: Measured) -> list[Value]:
    return [*_counts(measured), *_times(measured), sum(measured.get(mark, 0) for mark in Mark), satisfied(measured)]
