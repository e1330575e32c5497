"""python -m benchmarks.phases: where a request's time goes, as a picture of bars.

Read from benchmarks/results/speed.json (`make bench ARGS="… --write benchmarks/results"`); written
to docs/images/phases.svg. Each bar is a request, in multiples of its own codec floor.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from .speed import FLOOR
from .svg import page, text

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks/results/speed.json"
TARGET = ROOT / "docs/images/phases.svg"
SHOWN = tuple(
    f"{megapixels} MP, {count}, product 50 %, JPEG"
    for megapixels in (1, 4, 12, 24)
    for count in ("1 variant", "8 variants")
)
TOTAL = "total"
AIM = 4
INKS = ("#4c78a8", "#72b7b2", "#54a24b", "#eeca3b", "#f58518", "#e45756", "#b279a2", "#9d755d")
WIDTH, LEFT, TOP, BAR, GAP = 860, 210, 74, 22, 12


def main() -> int:
    """Draw the results that are there."""
    tables = {table["title"]: table["rows"] for table in json.loads(RESULTS.read_text())["tables"]}
    requests = {name: shares_of(tables[name]) for name in SHOWN if name in tables}
    TARGET.write_text(draw(requests))
    print(f"Drew {len(requests)} requests: {TARGET}")
    return 0


def shares_of(rows: Sequence[Mapping[str, str]]) -> dict[str, float]:
    """Medians by phase, in multiples of the floor, of one scenario's table; `TOTAL` last."""
    return {
        row["name"]: float(row["÷ floor"].split()[0])
        for row in rows
        if not row["name"].startswith(FLOOR.strip(": "))
    }


def draw(requests: Mapping[str, Mapping[str, float]]) -> str:
    """An SVG of one bar for each request, its phases side by side and its total beside them."""
    longest = max([AIM, *(sum(each.values()) - each[TOTAL] for each in requests.values())])
    scale = (WIDTH - LEFT - 50) / longest
    height = TOP + len(requests) * (BAR + GAP) + 30
    names = list(dict.fromkeys(name for each in requests.values() for name in each))
    names.remove(TOTAL)
    marks = []
    for place, name in enumerate(names):
        x, y = LEFT + place % 4 * 155, 40 + place // 4 * 18
        marks.append(_bar(x, y - 10, 11, 11, INKS[place], name))
        marks.append(text(x + 16, y, name))
    for row, (request, shares) in enumerate(requests.items()):
        x, y = float(LEFT), TOP + row * (BAR + GAP)
        marks.append(text(LEFT - 8, y + 16, request.removesuffix(", JPEG"), anchor="end"))
        for place, name in enumerate(names):
            told = f"{name}: {shares[name]:.2f} × the floor"
            marks.append(_bar(x, y, scale * shares[name], BAR, INKS[place], told))
            x += scale * shares[name]
        marks.append(text(x + 6, y + 16, f"{shares[TOTAL]:.1f}"))
    for value, label in ((1, "floor"), (AIM, f"aim, {AIM} ×")):
        x = LEFT + scale * value
        marks.append(
            f'<path d="M{x:.1f} {TOP - 6}V{height - 22}" stroke="#333" stroke-dasharray="4 3"/>'
        )
        marks.append(text(x, height - 8, label, anchor="middle"))
    title = "A request by phase, in multiples of its codec floor"
    return page(title, marks, WIDTH, height, 12)


def _bar(x: float, y: float, width: float, height: float, ink: str, told: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height}" fill="{ink}">'
        f"<title>{escape(told)}</title></rect>"
    )


if __name__ == "__main__":
    sys.exit(main())
