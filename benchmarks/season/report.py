"""The season's tables, plots and its last line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.report import Table, figure, write
from benchmarks.season.held_out import mean
from benchmarks.season.pictures import RUG
from benchmarks.season.plots import bars, dots, sheet

if TYPE_CHECKING:
    from benchmarks.season.play import Season

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "benchmarks/results"
IMAGES = ROOT / "docs/images"
NO_LOSS = 0.01
"""Overlap that other products may lose before it counts as a loss."""


def write_report(season: Season) -> int:
    """Keep tables and plots, print the last line; 0 if everything came out as it must."""
    sorts = sorted({each.sort for each in season.held_out})
    tables = [
        _held_out(season, sorts),
        _rounds(season),
        _trainings(season),
        _costs(season),
    ]
    write(tables, RESULTS, "season", season.notes)
    for table in tables:
        print(table.markdown())
    versions = [name for name in season.scores if name != "classic"]
    overlaps = {
        sort: [
            [each.overlap for each in season.scores[name] if each.sort == sort]
            for name in versions
        ]
        for sort in sorts
    }
    (IMAGES / "season-held-out.svg").write_text(
        dots("Overlap with the true outline, held-out photos", versions, overlaps)
    )
    (IMAGES / "season-approved.svg").write_text(
        bars(
            "Photos whose first picture staff approved",
            [f"{each.name} ({each.made_by})" for each in season.rounds],
            [each.approved_at_once / each.photos for each in season.rounds],
        )
    )
    sheet(season, IMAGES / "season.jpg")
    missed = list(_missed(season))
    print(_last_line(season, missed))
    return 1 if missed else 0


def _missed(season: Season):
    """What did not come out as it must."""
    autumn = season.trainings[-1]
    shipped, served = _shipped_and_served(season)
    if shipped == served:
        yield "no challenger passed its comparison"
    elif _gain(season, shipped, served, RUG) <= 0:
        yield "held-out rugs did not gain"
    for sort in {each.sort for each in season.held_out} - {RUG}:
        if (gain := _gain(season, shipped, served, sort)) < -NO_LOSS:
            yield f"{sort} lost {-gain:.3f}"
    if autumn.passed:
        yield "the challenger of autumn, taught wrongly, was let pass"
    if season.notes.get("made after it by") != season.notes.get("rolled back to"):
        yield "after rolling back another version went on"


def _last_line(season: Season, missed: list[str]) -> str:
    taught_wrongly = season.trainings[-1].version
    shown = [name for name in season.scores if name not in ("classic", taught_wrongly)]
    overlaps = [
        f"{sort} held out " + " -> ".join(f"{_mean(season, name, sort):.3f}" for name in shown)
        for sort in sorted({each.sort for each in season.held_out}, reverse=True)
    ]
    passed = sum(each.passed for each in season.trainings)
    peak = season.watch.peaks.get("worker-background", 0) / 2**20
    parts = [
        f"overlap by {', '.join(shown)}: {', '.join(overlaps)}",
        f"{len(season.trainings)} trainings by beat",
        f"{passed} promoted, {len(season.trainings) - passed} refused",
        f"rolled back to {season.notes.get('rolled back to', 'nothing')}",
        f"{season.notes['seconds'] / 60:.0f} min, training worker {peak:.0f} MiB at most",
    ]
    if missed:
        parts.append(f"MISSED: {', '.join(missed)}")
    return f"season: {'; '.join(parts)}"


def _shipped_and_served(season: Season) -> tuple[str, str]:
    names = [name for name in season.scores if name != "classic"]
    promoted = [each.version for each in season.trainings if each.passed]
    return names[0], (promoted or names[:1])[-1]


def _overlaps(season: Season, version: str, sort: str) -> list[float]:
    return [each.overlap for each in season.scores[version] if each.sort == sort]


def _mean(season: Season, version: str, sort: str) -> float:
    return mean(season.scores[version], sort)[0]


def _gain(season: Season, before: str, after: str, sort: str) -> float:
    return _mean(season, after, sort) - _mean(season, before, sort)


def _held_out(season: Season, sorts: list[str]) -> Table:
    columns = ["version"]
    for sort in sorts:
        columns += [f"{sort}: overlap", f"{sort}: wrong %"]
    counts = ", ".join(
        f"{sum(each.sort == sort for each in season.held_out)} {sort.lower()}" for sort in sorts
    )
    note = (
        f"Photos that never came into the shop ({counts}); mean ± spread. Overlap is of the"
        " recoloured area with the true one; wrong: pixels more than ΔE00 5 from the"
        " true picture, as a share of the product."
    )
    table = Table("Held-out photos", tuple(columns), note)
    for name, scores in season.scores.items():
        cells = []
        for sort in sorts:
            chosen = [each for each in scores if each.sort == sort]
            cells += [
                figure([each.overlap for each in chosen], 3),
                figure([100 * each.wrong for each in chosen], 1),
            ]
        table.add(name, *cells)
    return table


def _rounds(season: Season) -> Table:
    table = Table(
        "What staff decided",
        ("season", "pictures by", "photos", "first picture approved", "decisions"),
    )
    for each in season.rounds:
        share = f"{each.approved_at_once} ({each.approved_at_once / each.photos:.0%})"
        table.add(each.name, each.made_by, str(each.photos), share, str(each.decisions))
    return table


def _trainings(season: Season) -> Table:
    columns = ("season", "version", "photos learnt from", "passed", "gates that failed", "seconds")
    table = Table("Trainings that beat started", columns)
    for each in season.trainings:
        table.add(
            each.season,
            each.version,
            str(each.photos),
            "yes" if each.passed else "no",
            ", ".join(each.failed_gates) or ("none" if each.passed else each.verdict),
            f"{each.seconds:.0f}",
        )
    return table


def _costs(season: Season) -> Table:
    table = Table("Time and memory", ("part", "seconds", "MiB at most"), "Two cores, no GPU.")
    for name, seconds in season.watch.seconds.items():
        table.add(name, f"{seconds:.0f}", "")
    for name, peak in season.watch.peaks.items():
        table.add(name, "", f"{peak / 2**20:.0f}")
    return table
