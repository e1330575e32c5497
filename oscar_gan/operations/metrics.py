"""Metrics: the figures in Prometheus' text format, read from the database at each scrape.

So any number of web processes answers alike, and nothing is lost when one ends. Needs the extra
`metrics`.
"""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)

from .. import __version__
from ..services import heartbeats
from . import figures
from .figures import Histogram, remembered

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
PREFIX = "oscar_gan"
_LAST_HOUR = "of the last hour"


def exposition() -> bytes:
    """Every metric as Prometheus reads it."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector())
    return generate_latest(registry)


class _Collector:
    def collect(self) -> Iterator[Metric]:
        yield _info("build", "The plugin's version.", [{"version": __version__}])
        yield from _queues()
        yield from _states()
        yield from _staff()
        yield from _histograms()
        yield from _generators()
        yield from _alive()

    def describe(self) -> list:
        return []  # or registering would ask the database


def _queues() -> Iterator[Metric]:
    names = {
        "queued": ("queue_requests", "Requests that wait."),
        "running": ("queue_running", "Requests that a worker has."),
        "silent": ("queue_silent", "Running requests whose lease ran out."),
        "oldest_seconds": ("queue_oldest_seconds", "Age of the oldest request that waits."),
    }
    found = figures.queues()
    for key, (name, text) in names.items():
        yield _gauge(name, text, ["queue"], [(queue, row[key]) for queue, row in found.items()])


def _states() -> Iterator[Metric]:
    yield _gauge("variants", "Variant images by state.", ["state"], remembered(figures.variants))
    yield _gauge("requests", "Requests by state.", ["state"], remembered(figures.requests))
    yield _gauge(
        "variant_problems",
        "Variant images refused or failed, by code; asking again takes one away.",
        ["state", "code"],
        remembered(figures.problems),
    )
    yield _gauge("training_runs", "Trainings by state.", ["state"], figures.trainings())
    missing = remembered(figures.renditions_missing)
    yield _gauge("renditions_missing", "Product pictures without renditions.", [], [(missing,)])


def _staff() -> Iterator[Metric]:
    decided = CounterMetricFamily(
        f"{PREFIX}_decisions", "Decisions of staff.", labels=["decision", "reason"]
    )
    for decision, reason, count in remembered(figures.decisions):
        decided.add_metric([decision, reason], count)
    yield decided
    found = remembered(figures.publications)
    yield CounterMetricFamily(f"{PREFIX}_publications", "Publications made.", found["made"])
    yield _gauge("publications_live", "Publications not reverted.", [], [(found["live"],)])


def _histograms() -> Iterator[Metric]:
    pictures = figures.pictures()
    seconds = HistogramMetricFamily(
        f"{PREFIX}_phase_seconds", f"Seconds per phase, {_LAST_HOUR}.", labels=["phase"]
    )
    every = {**figures.phases(), "make": pictures["seconds"], "decide": figures.decision_times()}
    for phase, histogram in every.items():
        seconds.add_metric([phase], _buckets(histogram), histogram.total)
    yield seconds
    colours = HistogramMetricFamily(
        f"{PREFIX}_delta_e", f"Colour error (CIEDE2000) of pictures, {_LAST_HOUR}."
    )
    colours.add_metric([], _buckets(pictures["delta_e"]), pictures["delta_e"].total)
    yield colours


def _generators() -> Iterator[Metric]:
    serving = list(figures.champions())
    rows = [
        {"name": each["name"], "version": each["version"], "digest": each["digest"][:12]}
        for each in serving
    ]
    yield _info("champion", "The version of each generator that serves.", rows)
    pins = [(each["name"], int(each["pinned"])) for each in serving]
    yield _gauge("champion_pinned", "Whether it is pinned.", ["name"], pins)


def _alive() -> Iterator[Metric]:
    ages = sorted(heartbeats.ages().items())
    yield _gauge("heartbeat_age_seconds", "Since it last ran or answered.", ["name"], ages)


def _gauge(name: str, text: str, labels: list[str], rows) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"{PREFIX}_{name}", text, labels=labels)
    for *values, number in rows:
        family.add_metric([str(value) for value in values], number)
    return family


def _info(name: str, text: str, rows: list[dict[str, str]]) -> InfoMetricFamily:
    labels = list(rows[0]) if rows else []
    family = InfoMetricFamily(f"{PREFIX}_{name}", text, labels=labels)
    for row in rows:
        family.add_metric(list(row.values()), {}, None)
    return family


def _buckets(histogram: Histogram) -> list[tuple[str, float]]:
    bounds = [f"{bound:g}" for bound in histogram.bounds]
    return [*zip(bounds, histogram.cumulative, strict=True), ("+Inf", histogram.count)]
