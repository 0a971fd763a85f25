"""The geometry of charts: where lines, dots, and the words beside them go. A template draws it as SVG."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

WIDTH, HEIGHT = 480, 210
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 14, 12, 28
_LABELS = 6  # below the chart, at most
_GRID = 4  # lines across it, about


@dataclass(frozen=True)
class Dot:
    """One value: where it is, and what it is in words."""

    x: float
    y: float
    words: str


@dataclass(frozen=True)
class Line:
    """One series. `paths` are the points of each unbroken piece, as SVG's polyline reads them."""

    name: str
    dots: Sequence[Dot]
    paths: Sequence[str]


@dataclass(frozen=True)
class Chart:
    """`grid` are heights with what they stand for, `labels` places below; all in the units of WIDTH × HEIGHT."""

    grid: Sequence[tuple[float, str]]
    labels: Sequence[tuple[float, str]]
    lines: Sequence[Line]
    left: float = _LEFT
    right: float = WIDTH - _RIGHT
    bottom: float = HEIGHT - _BOTTOM
    width: int = WIDTH
    height: int = HEIGHT


def line_chart(
    steps: Sequence[str], series: Mapping[str, Sequence[float | None]], unit: str = "", whole: bool = True
) -> Chart | None:
    """Lines over steps that have names; where a value is missing its line is broken. None if there is nothing to draw.

    `unit` follows the numbers; `whole`: only whole numbers stand beside the grid.
    """
    known = [value for values in series.values() for value in values if value is not None]
    if not known or not steps:
        return None
    step = _step(max(known), whole)
    top = step * max(ceil(max(known) / step), 1)
    wide, high = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM

    def x(place: int) -> float:
        return round(_LEFT + wide * (place / (len(steps) - 1) if len(steps) > 1 else 0.5), 1)

    def y(value: float) -> float:
        return round(_TOP + high * (1 - value / top), 1)

    def drawn(name: str, values: Sequence[float | None]) -> Line:
        dots = {
            place: Dot(x(place), y(value), f"{steps[place]} : {_number(value)}{unit}".replace(" :", "\u00a0:"))
            for place, value in enumerate(values)
            if value is not None
        }
        pieces: list[list[Dot]] = [[]]
        for place in range(len(values)):
            if place in dots:
                pieces[-1].append(dots[place])
            elif pieces[-1]:
                pieces.append([])
        return Line(name, list(dots.values()), [_path(piece) for piece in pieces if len(piece) > 1])

    apart = max(ceil(len(steps) / _LABELS), 1)
    return Chart(
        grid=[(y(step * place), f"{_number(step * place)}{unit}") for place in range(round(top / step) + 1)],
        labels=[(x(place), steps[place]) for place in range(0, len(steps), apart)],
        lines=[drawn(name, values) for name, values in series.items()],
    )


def _step(highest: float, whole: bool) -> float:
    """The distance of the grid's lines: 1, 2 or 5, or ten, a hundred … times as much."""
    rough = max(highest, 1e-9) / _GRID
    power = 10.0 ** floor(log10(rough))
    step = next(times * power for times in (1, 2, 5, 10) if times * power >= rough * 0.999)
    return max(step, 1.0) if whole else max(step, 0.5)


def _path(piece: Sequence[Dot]) -> str:
    return " ".join(f"{dot.x:g},{dot.y:g}" for dot in piece)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0").replace(".", ",")
