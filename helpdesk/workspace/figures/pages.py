"""« Chiffres » : what came, was answered and solved in a period, and how long it took. For supervisors."""

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from helpdesk.db import utc_now
from helpdesk.errors import NotFound
from helpdesk.figures.charts import Chart, line_chart
from helpdesk.figures.looking import By, Figures, figures_for, services_seen_by
from helpdesk.figures.measures import Centile
from helpdesk.figures.ods import MIMETYPE, Sheet, spreadsheet
from helpdesk.figures.opinions import opinion_of
from helpdesk.models import Opinion, Ticket
from helpdesk.vocabulary import CHANNEL_LABELS
from helpdesk.workspace import words
from helpdesk.workspace.auth import login_required, signed_in_agent
from helpdesk.workspace.figures import tables
from helpdesk.workspace.figures.asked import PERIODS, Asked, read_asked
from helpdesk.workspace.figures.tables import Grid, Value
from helpdesk.workspace.sheets import sheet
from helpdesk.workspace.ticket_forms import by_academy
from helpdesk.workspace.times import HOME

bp = Blueprint("figures", __name__, url_prefix="/agent")

_CURVES = ("created", "solved")


@bp.app_template_global()
def opinion_on(ticket: Ticket) -> Opinion | None:
    """What the person said of a ticket that the page shows."""
    return opinion_of(ticket)


@bp.get("/chiffres")
@login_required
def show() -> str:
    """The figures that the address asks for."""
    asked, figures = _read()
    services, grids = services_seen_by(signed_in_agent()), _grids(asked, figures)
    academies = {service.academy or "-" for service in services}
    return render_template(
        "workspace/figures/page.html",
        asked=asked,
        figures=figures,
        grids={grid.name: grid for grid in grids},
        counts_chart=_counts_chart(grids[1]),
        times_chart=_times_chart(grids[2]),
        most=max((values[0] for _label, values in grids[3].lines if isinstance(values[0], int)), default=0),
        periods=PERIODS,
        by_labels=tables.BY_LABELS,
        services=by_academy(services, None),
        academies=sorted((tables.line_label(By.ACADEMY, code), code) for code in academies),
        channels=CHANNEL_LABELS,
        tables=tables,
        words=words,
    )


@bp.get("/chiffres/<name>.csv")
@login_required
def as_csv(name: str) -> ResponseReturnValue:
    """One table of the page."""
    asked, figures = _read()
    for grid in _grids(asked, figures):
        if grid.name == name:
            rows = [[_comma(cell) for cell in row] for row in tables.sheet_lines(grid)]
            return sheet(_file_name(asked, name), tables.sheet_heads(grid), rows)
    raise NotFound("Ce tableau n’existe pas.")


@bp.get("/chiffres.ods")
@login_required
def as_ods() -> ResponseReturnValue:
    """All tables of the page, a sheet each."""
    asked, figures = _read()
    sheets = [
        Sheet(grid.title, [tables.sheet_heads(grid), *tables.sheet_lines(grid)]) for grid in _grids(asked, figures)
    ]
    response = Response(spreadsheet(sheets), mimetype=MIMETYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{_file_name(asked, "chiffres")}.ods"'
    return response


def _read() -> tuple[Asked, Figures]:
    asked = read_asked(request.args, _today())
    return asked, figures_for(signed_in_agent(), asked.wanted)


def _grids(asked: Asked, figures: Figures) -> tuple[Grid, Grid, Grid, Grid]:
    period = asked.wanted.period
    return (
        tables.summary(figures),
        tables.counts_by_step(figures, period),
        tables.times_by_step(figures, period),
        tables.split_up(figures, asked.wanted.by),
    )


def _counts_chart(grid: Grid) -> Chart | None:
    """What came and what was solved; nothing where neither was."""
    steps, series = _drawn(grid, {place: name for place, name in enumerate(tables.COUNTS) if name in _CURVES})
    return line_chart(steps, series) if any(map(any, series.values())) else None


def _times_chart(grid: Grid) -> Chart | None:
    """How long a first answer took: half of them, nine of ten."""
    steps, series = _drawn(grid, dict(enumerate(("median", "ninety"))))
    return line_chart(steps, series, unit="\u00a0h", whole=False)


def _drawn(grid: Grid, columns: Mapping[int, str]) -> tuple[list[str], dict[str, list[float | None]]]:
    """Columns of a table as curves, from the first day on."""
    lines = list(reversed(grid.lines))
    curves = {name: [_height(values[place]) for _label, values in lines] for place, name in columns.items()}
    return [label for label, _values in lines], curves


def _height(value: Value) -> float | None:
    return value.minutes / 60 if isinstance(value, Centile) else value


def _file_name(asked: Asked, name: str) -> str:
    period = asked.wanted.period
    return f"{name}-{period.first}-{period.last}"


def _comma(cell: object) -> object:
    return f"{cell}".replace(".", ",") if isinstance(cell, float) else cell


def _today() -> date:
    return utc_now().astimezone(ZoneInfo(HOME)).date()
