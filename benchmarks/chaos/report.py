"""The chaos report: tables, kept with the other results, and the last line."""

from __future__ import annotations

import os
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from django.db.models import Count

from benchmarks.chaos import phases
from benchmarks.report import Table, write
from oscar_gan.models import GenerationRequest, Publication, VariantImage
from oscar_gan.services.verifying import DUPLICATED, HALF_WRITTEN, LOST

if TYPE_CHECKING:
    from benchmarks.chaos.play import Chaos

RESULTS = Path(__file__).resolve().parents[2] / "benchmarks/results"
KINDS = (LOST, DUPLICATED, HALF_WRITTEN)


def write_report(chaos: Chaos, found: list) -> int:
    """Keep the tables, print them and the last line; 0 if nothing is wrong."""
    tables = [_kills(chaos), _faults(chaos), _outcomes(), _wrong(found)]
    write(tables, RESULTS, "chaos", _facts(chaos))
    for table in tables:
        print(table.markdown())
    for violation in found:
        print(violation)
    counts = Counter(violation.kind for violation in found)
    print(_last_line(chaos, counts), flush=True)
    return 1 if found else 0


def _last_line(chaos: Chaos, counts: Counter) -> str:
    others = sum(chaos.injected.values())
    wrong = ", ".join(f"{kind} {counts[kind]}" for kind in KINDS)
    kills = chaos.killer.total
    return f"faults: {kills + others} injected (kills {kills}, others {others}), {wrong}"


def _facts(chaos: Chaos) -> dict:
    return {
        "broker": chaos.stack.broker.partition(":")[0],
        "database": "postgresql",
        "storage": "S3 (moto)",
        "cores": os.cpu_count(),
        "seed": chaos.seed,
        "seconds": round(time.monotonic() - chaos.began),
        "seconds until nothing was left to do": round(chaos.settled_after),
        "processes replaced": chaos.stack.replaced,
        "of them workers that no longer heard the broker": chaos.stack.deaf,
        "actions of people": sum(chaos.load.done.values()),
        "actions refused while something was broken": sum(chaos.load.refused.values()),
    }


def _kills(chaos: Chaos) -> Table:
    table = Table("Workers killed, by the phase they were in", ("Phase", "Kills"))
    for phase in (*phases.PHASES, phases.IDLE):
        table.add(phase, str(chaos.killer.by_phase[phase]))
    table.add("all", str(chaos.killer.total))
    table.add("of them whole workers", str(chaos.killer.workers))
    return table


def _faults(chaos: Chaos) -> Table:
    table = Table("Other faults", ("Fault", "Times"))
    for name, times in sorted(chaos.injected.items()):
        table.add(name, str(times))
    return table


def _outcomes() -> Table:
    table = Table("What became of everything that was asked for", ("State", "Count"))
    counted = VariantImage.objects.order_by().values_list("status").annotate(Count("pk"))
    for status, count in sorted(counted):
        table.add(f"variant images {status}", str(count))
    failed = VariantImage.objects.filter(status="failed").order_by()
    for code, count in sorted(failed.values_list("problem_code").annotate(Count("pk"))):
        table.add(f"failed because: {code}", str(count))
    again = GenerationRequest.objects.filter(attempts__gt=1).count()
    table.add("requests", str(GenerationRequest.objects.count()))
    table.add("requests started more than once", str(again))
    table.add("publications", str(Publication.objects.count()))
    table.add("of them live", str(Publication.objects.live().count()))
    return table


def _wrong(found: list) -> Table:
    table = Table("What must not be", ("Kind", "Count"))
    counts = Counter(violation.kind for violation in found)
    for kind in KINDS:
        table.add(kind, str(counts[kind]))
    return table
