"""python -m benchmarks.growth: formulas of cost, checked, and ten million products worked off.

Reads what `make bench` and `make bench-serving` and `make bench-backfill` wrote. The formulas are
fitted to photos of 1, 4 and 24 megapixels and checked on those of 12, which they have not seen.
The simulation is of queues, not of pictures: commands ask for products at their measured rate,
workers take the oldest request, now and then one dies and its request waits for the lease to end.
"""

from __future__ import annotations

import heapq
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.report import Table, number, write
from oscar_gan.conf import Config

RESULTS = Path(__file__).resolve().parent / "results"
UNSEEN = 12
"""Megapixels that the formulas are checked on."""
PRODUCTS = 10_000_000
SHOP = {"megapixels": 4.0, "variants": 8, "share": 0.5}
SPREAD = 0.25
"""Standard deviation of the logarithm of a request's seconds: photos differ."""
DEATHS = 1e-4
"""Of a worker, per request: machines are taken away."""
CREWS = ((8, 1), (64, 1), (512, 1), (512, 8))
"""Workers, and commands that ask."""


class Point(NamedTuple):
    """One measured scenario."""

    megapixels: float
    variants: int
    share: float
    """Of the frame that is product"""
    seconds: float
    mib: float


def main() -> int:
    """Fit, check, simulate; writes benchmarks/results/growth.*"""
    points = list(measured())
    time_terms = fit(points, lambda each: each.seconds, terms)
    memory_terms = fit(points, lambda each: each.mib, memory)
    beyond, rate = constants()
    tables = [
        formulas(time_terms, memory_terms),
        check(points, time_terms, memory_terms),
        crew_check(time_terms, beyond),
        growth(time_terms, beyond, rate),
    ]
    for table in tables:
        print(table.markdown())
    facts = {"from": "results/speed.json, serving.json and backfill.json", "format": "JPEG"}
    write(tables, RESULTS, "growth", facts)
    return 0


def measured() -> Iterator[Point]:
    """The scenarios of `benchmarks.speed`, its summary first."""
    summary = json.loads((RESULTS / "speed.json").read_text())["tables"][0]
    for row in summary["rows"]:
        size, variants, share = (int(each) for each in re.findall(r"\d+", row["name"])[:3])
        if row["name"].endswith("JPEG"):
            yield Point(
                size, variants, share / 100, _first(row["ms"]) / 1000, _first(row["peak, MiB"])
            )


def terms(at: Point) -> list[float]:
    """What the seconds of a request are made of."""
    return [1, at.megapixels, at.megapixels * at.share, at.variants,
            at.variants * at.megapixels, at.variants * at.megapixels * at.share]  # fmt: skip


def memory(at: Point) -> list[float]:
    """What the peak is made of; variants are made one after the other."""
    return [1, at.megapixels, at.megapixels * at.share]


def fit(points: list[Point], value, parts) -> np.ndarray:
    """Coefficients that are nearest, relative to what was measured; the unseen size left out."""
    seen = [each for each in points if each.megapixels != UNSEEN]
    weights = np.array([1 / value(each) for each in seen])
    rows = np.array([parts(each) for each in seen]) * weights[:, None]
    return np.linalg.lstsq(rows, np.ones(len(seen)), rcond=None)[0]


def formulas(seconds: np.ndarray, mib: np.ndarray) -> Table:
    """The coefficients."""
    names = ("a request", "megapixel", "megapixel of product", "variant",
             "variant and megapixel", "variant and megapixel of product")  # fmt: skip
    table = Table(
        "What a request costs, one core",
        ("for each", "ms", "MiB at the peak"),
        "Add up what stands in the column, each times how many there are.",
    )
    for place, name in enumerate(names):
        peak = number(mib[place], 1, 1) if place < len(mib) else "–"
        table.add(name, number(1000 * seconds[place], 1, 1), peak)
    return table


def check(points: list[Point], seconds: np.ndarray, mib: np.ndarray) -> Table:
    """Foretold and measured on the size that was left out."""
    table = Table(
        f"The formulas at {UNSEEN} megapixels, which they have not seen",
        ("", "s foretold", "s measured", "off by", "MiB foretold", "MiB measured"),
    )
    for at in (each for each in points if each.megapixels == UNSEEN):
        told, peak = np.dot(seconds, terms(at)), np.dot(mib, memory(at))
        name = f"{at.variants} variant{'s' if at.variants > 1 else ''}, product {at.share:.0%}"
        table.add(
            name,
            number(told, 1),
            number(at.seconds, 1),
            f"{told / at.seconds - 1:+.0%}",
            number(peak, 1, 0),
            number(at.mib, 1, 0),
        )
    return table


def constants() -> tuple[float, float]:
    """Seconds of a picture beyond imaging, and products that one command asks for in a second."""
    table = json.loads((RESULTS / "backfill.json").read_text())["tables"][0]
    beyond = float(re.search(r"takes (\d+) ms", table["note"]).group(1)) / 1000
    asked = next(row for row in table["rows"] if row["name"] == "asked for")
    return beyond, _first(asked["products/s"])


def crew_check(seconds: np.ndarray, beyond: float) -> Table:
    """The simulation beside real workers: the same few requests."""
    from benchmarks.serving import workers

    table = Table(
        "The simulation beside real workers, pictures a second",
        ("", "simulated", "measured"),
        "Photos of 4 megapixels, four colours each.",
    )
    at = Point(4, len(workers.WANTED), SHOP["share"], 0, 0)
    each = service(seconds, beyond, at)
    crews = json.loads((RESULTS / "serving.json").read_text())["tables"][1]["rows"]
    for way in (workers.WAYS[0], workers.WAYS[2]):
        found = next(row for row in crews if row["name"] == way.name)
        run = simulate(workers.REQUESTS, way.processes, each, asked=1e9, deaths=0)
        rate = workers.REQUESTS * at.variants / run["seconds"]
        table.add(way.name, number(rate, 1, 1), str(found["pictures/s"]))
    return table


def growth(seconds: np.ndarray, beyond: float, rate: float) -> Table:
    """Ten million products."""
    at = Point(SHOP["megapixels"], SHOP["variants"], SHOP["share"], 0, 0)
    each = service(seconds, beyond, at)
    table = Table(
        f"{PRODUCTS:,} products, simulated",
        ("workers, commands", "days", "workers at work", "longest queue", "sent again"),
        f"{at.variants} variants of {at.megapixels:.0f} megapixels each, {each:.2f} s a request"
        f" (spread {SPREAD:.0%}); a command asks for {rate:.0f} products a second; of 10,000"
        " requests one loses its worker and waits for its lease.",
    )
    for crew, commands in CREWS:
        run = simulate(PRODUCTS, crew, each, asked=rate * commands, deaths=DEATHS)
        table.add(
            f"{crew}, {commands}",
            number(run["seconds"] / 86400, 1, 2),
            f"{run['busy']:.0%}",
            f"{run['queue']:,}",
            f"{run['again']:,}",
        )
    return table


def service(seconds: np.ndarray, beyond: float, at: Point) -> float:
    """Seconds that a worker has a request for."""
    return float(np.dot(seconds, terms(at))) + beyond * at.variants


def simulate(requests: int, crew: int, mean: float, *, asked: float, deaths: float) -> dict:
    """Work off requests that are asked for at a rate a second, first come, first served."""
    lease = Config().lease_seconds
    random = np.random.default_rng(1)
    lasting = random.lognormal(np.log(mean) - SPREAD**2 / 2, SPREAD, requests).tolist()
    dying = (random.random(requests) < deaths).tolist()
    left: list[tuple[float, float]] = []  # by dead workers: from when, how long

    def line() -> Iterator[tuple[float, float, bool]]:
        for place in range(requests):
            while left and left[0][0] <= place / asked:
                yield *heapq.heappop(left), False
            yield place / asked, lasting[place], dying[place]
        while left:
            yield *heapq.heappop(left), False

    free = [0.0] * crew
    begun, busy, again, end = [], 0.0, 0, 0.0
    for since, lasts, dies in line():
        start = max(since, free[0])
        begun.append(start)
        if dies:
            lasts /= 2
            again += 1
            heapq.heappush(left, (start + lasts + lease, 2 * lasts))
        heapq.heapreplace(free, start + lasts)
        busy, end = busy + lasts, max(end, start + lasts)
    due = np.arange(requests) / asked
    behind = np.arange(requests) + 1 - np.searchsorted(np.sort(begun), due, side="right")
    return {
        "seconds": end,
        "busy": busy / (crew * end),
        "queue": int(max(0, behind.max())),
        "again": again,
    }


def _first(cell) -> float:
    """The figure of a cell: a number, or the median that stands before its quartiles."""
    return float(cell["mean"] if isinstance(cell, dict) else cell.split()[0])


if __name__ == "__main__":
    sys.exit(main())
