"""Where the points and words of a chart go; the templates draw them as SVG, without a script.

Coordinates are text in units of the SVG's view box, so that no language puts commas into them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

STEPS = (0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
MOST_TICKS = 5
LONGEST_LABEL = 13
"""Characters of a version that fit beside the plot; the table beside has them all."""
MOST_POINTS = 80
"""Of a curve: the noise of single steps is averaged away, what they amount to shows."""
SMALLEST = 5e-7
"""Below it a figure is 0: what sums of floats leave over."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One row of a dot chart; `value` None leaves the row empty but for `text`."""

    label: str
    value: float | None
    text: str
    interval: tuple[float, float] | None = None
    marked: bool = False


def dot_chart(
    dots: Sequence[Dot], *, ticks: Sequence[float], text: Callable[[float], str]
) -> dict:
    """A row per dot, with a whisker for its interval; `ticks` span the axis."""
    left, right, row, top = 96, 284, 26, 6
    low, high = ticks[0], ticks[-1]

    def x(value: float) -> str:
        share = (min(max(value, low), high) - low) / ((high - low) or 1)
        return f"{left + share * (right - left):.1f}"

    foot = top + row * len(dots)
    return {
        "width": 340,
        "height": foot + 26,
        "left": left,
        "right": right,
        "top": top,
        "foot": foot,
        "words": foot + 18,
        "ticks": [{"x": x(tick), "text": text(tick)} for tick in ticks],
        "rows": [
            {
                "y": top + row * index + row // 2,
                "label": _short(dot.label),
                "text": dot.text,
                "marked": dot.marked,
                "x": "" if dot.value is None else x(dot.value),
                "whisker": [x(end) for end in dot.interval] if dot.interval else None,
            }
            for index, dot in enumerate(dots)
        ],
    }


def nice_ticks(largest: float) -> list[float]:
    """Round marks from 0 to at least `largest`, at most `MOST_TICKS` steps."""
    step = next((step for step in STEPS if largest <= step * MOST_TICKS), None)
    step = step or math.ceil(largest / MOST_TICKS)
    count = max(1, math.ceil(largest / step - 1e-9))
    return [round(step * number, 4) for number in range(count + 1)]


def line_chart(points: Sequence[Sequence[float]], *, last: float) -> dict:
    """A curve of (step, value) points on an axis from 0 to step `last`.

    Points without a number (a loss that went to infinity) are left out, long curves thinned.
    """
    left, right, top, foot = 48, 312, 10, 112
    kept = thinned([point for point in points if math.isfinite(point[1])])
    values = [value for _step, value in kept]
    low, high = min(values, default=0.0), max(values, default=0.0)
    end = max(last, kept[-1][0] if kept else 0) or 1

    def place(step: float, value: float) -> str:
        height = (value - low) / (high - low) if high > low else 0.5
        return f"{left + step / end * (right - left):.1f},{foot - height * (foot - top):.1f}"

    placed = [place(*point) for point in kept]
    return {
        "width": 320,
        "height": 138,
        "left": left,
        "right": right,
        "top": top,
        "foot": foot,
        "words": foot + 18,
        "points": " ".join(placed),
        "last": placed[-1].split(",") if placed else None,
        "low": figure(low),
        "high": figure(high),
        "end": f"{end:.0f}",
        "first_value": figure(values[0]) if values else "",
        "last_value": figure(values[-1]) if values else "",
        "last_step": f"{kept[-1][0]:.0f}" if kept else "",
    }


def thinned(points: Sequence[Sequence[float]], most: int = MOST_POINTS) -> list[tuple]:
    """At most `most` points: the means of equal stretches, the last point as it is."""
    if len(points) <= most:
        return [(step, value) for step, value in points]
    bounds = [round(number * (len(points) - 1) / (most - 1)) for number in range(most)]
    means = []
    for start, stop in pairwise(bounds):
        stretch = points[start:stop]
        means.append(
            (stretch[len(stretch) // 2][0], sum(value for _, value in stretch) / len(stretch))
        )
    return [*means, tuple(points[-1])]


def figure(value: float) -> str:
    """Three figures, as people write them: 0.0123, 1.23, 123."""
    if abs(value) < SMALLEST:
        return "0"
    digits = 2 - math.floor(math.log10(abs(value)))
    return f"{value:.{min(max(digits, 0), 6)}f}"


def percent(share: float) -> str:
    """0.973 → 97 %."""
    return f"{round(100 * share)} %"


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"
