"""Small SVG plots and the sheet of pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.season.pictures import RUG
from benchmarks.svg import page, text
from docs.figures import save
from oscar_gan import engine
from oscar_gan.errors import OscarGanError
from oscar_gan.models import GeneratorVersion
from oscar_gan.services import registry

if TYPE_CHECKING:
    from benchmarks.season.play import Season

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640, 300, 48, 40, 44
INKS = ("#1f5fa8", "#b3541e", "#3c7a3c")
SHOWN = 5
COLOUR = "#1F3A93"


def dots(title: str, names: Sequence[str], groups: Mapping[str, Sequence[Sequence[float]]]) -> str:
    """One column per name; per group a line through the means, and every photo as a faint dot."""
    marks, step = [], (WIDTH - LEFT - 150) / max(len(names), 1)
    random = np.random.default_rng(0)
    for place, (group, columns) in enumerate(groups.items()):
        ink, points = INKS[place], []
        for number, values in enumerate(columns):
            x = LEFT + step * (number + 0.5)
            points.append((x, _y(float(np.mean(values)))))
            for value in values:
                at = x + random.uniform(-0.18, 0.18) * step
                marks.append(_dot(at, _y(value), 2.5, ink, 0.35))
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        marks.append(f'<polyline points="{line}" fill="none" stroke="{ink}" stroke-width="2"/>')
        marks += [_dot(x, y, 4.5, ink, 1) for x, y in points]
        label = f"{group} {np.mean(columns[0]):.2f} to {np.mean(columns[-1]):.2f}"
        marks.append(text(WIDTH - 140, TOP + 16 + 20 * place, label, ink))
    labels = [
        text(LEFT + step * (number + 0.5), HEIGHT - 16, name, "#333", "middle")
        for number, name in enumerate(names)
    ]
    return page(title, [*_axis(), *marks, *labels], WIDTH, HEIGHT, LEFT)


def bars(title: str, names: Sequence[str], shares: Sequence[float]) -> str:
    """One bar per name, its share written above it."""
    step = (WIDTH - LEFT - 20) / max(len(names), 1)
    marks = []
    for number, (name, share) in enumerate(zip(names, shares, strict=True)):
        x, y = LEFT + step * number + 0.2 * step, _y(share)
        marks.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{0.6 * step:.1f}"'
            f' height="{_y(0) - y:.1f}" fill="{INKS[0]}"/>'
        )
        middle = x + 0.3 * step
        marks.append(text(middle, y - 6, f"{share:.0%}", "#333", "middle"))
        marks.append(text(middle, HEIGHT - 16, name, "#333", "middle"))
    return page(title, [*_axis(), *marks], WIDTH, HEIGHT, LEFT)


def sheet(season: Season, target: Path) -> None:
    """Held-out rugs: the photo, and what each version makes of it that was taught rightly."""
    rugs = [each for each in season.held_out if each.sort == RUG][:SHOWN]
    rows = []
    for name in season.scores:
        if name in ("classic", season.trainings[-1].version):
            continue
        version = GeneratorVersion.objects.get(version=name)
        generator = registry.open_version(version)
        cells = []
        for rug in rugs:
            photo = engine.read_photo(rug.photo)
            try:
                made = generator.recolour(photo, generator.analyse(photo), COLOUR).pixels
            except OscarGanError:
                made = photo.pixels
            cells.append((f"by {name}", made))
        rows.append(cells)
    photos = [("the photo", engine.read_photo(rug.photo).pixels) for rug in rugs]
    save([photos, *rows], target, cell=220)


def _y(value: float) -> float:
    return TOP + (1 - value) * (HEIGHT - TOP - BOTTOM)


def _axis() -> list[str]:
    marks = []
    for value in (0, 0.25, 0.5, 0.75, 1):
        y = _y(value)
        marks.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - 16}" stroke="#ddd"/>')
        marks.append(text(LEFT - 8, y + 4, f"{value:g}", "#555", "end"))
    return marks


def _dot(x: float, y: float, radius: float, ink: str, opacity: float) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{ink}" opacity="{opacity}"/>'
