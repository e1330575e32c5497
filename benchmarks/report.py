"""Tables of figures with their spread: printed, and kept as Markdown and JSON."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

NOT_MEASURED = "not measured"


class Figure(NamedTuple):
    """A mean over photos, its spread (standard deviation), and how many there were."""

    mean: float
    spread: float | None
    count: int
    digits: int = 2

    def __str__(self) -> str:
        if self.spread is None:
            return f"{self.mean:.{self.digits}f}"
        return f"{self.mean:.{self.digits}f} ± {self.spread:.{self.digits}f}"


def figure(values: Sequence[float], digits: int = 2) -> Figure | None:
    """Mean and spread of what was measured; None when nothing was."""
    known = np.array([value for value in values if not np.isnan(value)], float)
    if not len(known):
        return None
    return Figure(float(known.mean()), float(known.std()), len(known), digits)


def number(value: float, count: int, digits: int = 2) -> Figure:
    """A figure of a whole set, which has no spread over photos."""
    return Figure(float(value), None, count, digits)


Cell = Figure | str | None
"""None: not measured."""


@dataclass
class Table:
    """Rows under a heading; `missing` says why there are none."""

    title: str
    columns: tuple[str, ...]
    """The first one heads the rows' names."""
    note: str = ""
    missing: str = ""
    rows: list[tuple[str, list[Cell]]] = field(default_factory=list)

    def add(self, name: str, *cells: Cell) -> None:
        """Append a row."""
        self.rows.append((name, list(cells)))

    def markdown(self) -> str:
        """The table as GitHub shows it, legible as plain text too."""
        lines = [f"### {self.title}", ""]
        if self.note:
            lines += [self.note, ""]
        if self.missing:
            return "\n".join([*lines, f"*{NOT_MEASURED}: {self.missing}*", ""])
        texts = [self.columns] + [
            (name, *(NOT_MEASURED if cell is None else str(cell) for cell in cells))
            for name, cells in self.rows
        ]
        widths = [max(len(text[place]) for text in texts) for place in range(len(self.columns))]
        texts.insert(1, tuple("-" * width for width in widths))
        for text in texts:
            padded = (part.ljust(width) for part, width in zip(text, widths, strict=True))
            lines.append(f"| {' | '.join(padded)} |")
        return "\n".join([*lines, ""])

    def as_dict(self) -> dict[str, Any]:
        """The same for JSON: figures as numbers."""
        return {
            "title": self.title,
            "note": self.note,
            "missing": self.missing,
            "rows": [
                {"name": name}
                | {
                    column: cell._asdict() if isinstance(cell, Figure) else cell
                    for column, cell in zip(self.columns[1:], cells, strict=True)
                }
                for name, cells in self.rows
            ],
        }


def write(tables: Sequence[Table], folder: Path, name: str, facts: dict[str, Any]) -> None:
    """Keep tables as `name.md` and `name.json` in a folder, with how they were measured."""
    folder.mkdir(parents=True, exist_ok=True)
    head = [f"- {key}: {value}" for key, value in facts.items()]
    text = "\n".join(
        [f"# {name.capitalize()}", "", *head, "", *(table.markdown() for table in tables)]
    )
    (folder / f"{name}.md").write_text(text)
    content = facts | {"tables": [table.as_dict() for table in tables]}
    (folder / f"{name}.json").write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
