"""A chart of how all runs came along: KID over the seconds of one core they took."""

from collections.abc import Iterator, Sequence
from math import ceil, floor, log10

from PIL import Image, ImageDraw, ImageFont

from .course import Outcome
from .members import MEMBERS

SIZE = (760, 420)
LEFT, TOP, RIGHT, BOTTOM = 64, 34, 640, 370
"""The chart's frame in pixels; names stand to the right of it."""
COLOURS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#8c564b", "#7f7f7f")
LEAST = 0.1
"""Seconds and KID × 1000 below which nothing is drawn: both axes are in powers of ten."""

Point = tuple[float, float]


def curves(outcomes: Sequence[Outcome]) -> Image.Image:
    """A line a run, a colour a member."""
    sheet = Image.new("RGB", SIZE, "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(14)
    lines = [(run.member, list(_points(run))) for run in outcomes]
    axes = _Axes([point for _, line in lines for point in line])
    for x, label in axes.ticks(0):
        draw.line([(x, TOP), (x, BOTTOM)], fill="#e4e4e4")
        draw.text((x, BOTTOM + 6), label, fill="#444444", font=font, anchor="mt")
    for y, label in axes.ticks(1):
        draw.line([(LEFT, y), (RIGHT, y)], fill="#e4e4e4")
        draw.text((LEFT - 6, y), label, fill="#444444", font=font, anchor="rm")
    draw.text((LEFT, 8), "KID x 1000 on our own features", fill="#222222", font=font)
    draw.text((RIGHT, SIZE[1] - 22), "seconds of one core", fill="#222222", font=font, anchor="rt")
    names = list(MEMBERS)
    for member, line in lines:
        colour = COLOURS[names.index(member)]
        draw.line([axes.place(point) for point in line], fill=colour, width=2)
    for number, name in enumerate(name for name in names if name in dict(lines)):
        draw.text(
            (RIGHT + 14, TOP + 22 * number), name, fill=COLOURS[names.index(name)], font=font
        )
    return sheet


def _points(run: Outcome) -> Iterator[Point]:
    for mark in run.marks:
        if mark.kid is not None:
            yield max(mark.seconds, LEAST), max(mark.kid, LEAST)


class _Axes:
    """Two logarithmic axes around some points, by whole powers of ten."""

    def __init__(self, points: Sequence[Point]) -> None:
        self.spans = []
        for values in zip(*points, strict=True) if points else ((1,), (1,)):
            low = floor(log10(min(values)))
            self.spans.append((low, max(low + 1, ceil(log10(max(values))))))

    def place(self, point: Point) -> Point:
        """Pixels of seconds and KID."""
        x, y = (
            (log10(value) - low) / (high - low)
            for value, (low, high) in zip(point, self.spans, strict=True)
        )
        return LEFT + x * (RIGHT - LEFT), BOTTOM - y * (BOTTOM - TOP)

    def ticks(self, axis: int) -> Iterator[tuple[float, str]]:
        """Where 1, 3, 10, 30 … lie on an axis (0: across), and how they are written."""
        low, high = self.spans[axis]
        for power in range(low, high + 1):
            for value in (10.0**power, 3 * 10.0**power):
                if value <= 10.0**high:
                    yield self.place((value, value))[axis], f"{value:g}"
