"""Run a comparison: measure everything, judge it, keep the pictures, then the row."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path

from django.db import transaction
from PIL import Image

from ... import engine
from ...errors import InvalidRequest, StorageUnavailable, UnusableMatte
from ...imaging.photo import Photo, read_photo
from ...models import Comparison, GeneratorEvent, GeneratorVersion
from .. import registry
from ..benches import Bench, open_bench
from .cases import openers, record_of
from .gates import SHADOW, Verdict, verdict_of
from .machine import latency_row, memory_row, size_row
from .rows import Record, rows_of
from .shadow import resized
from .showing import store_pictures

MACHINE_SIDE = 1000
"""Side in pixels of the photo that time and memory are measured on."""


@dataclass(frozen=True, slots=True)
class _Contenders:
    """Who is compared: generators and folders of weights (None: no weights) by role."""

    generators: dict[str, engine.Generator]
    folders: dict[str, Path | None]


class _CannotRun(Exception):
    """The challenger's weights cannot be used at all."""


def compare(
    *,
    version: GeneratorVersion,
    manifest: dict | None = None,
    by=None,
    heartbeat: Callable[[], None] = lambda: None,
    bench: Bench | None = None,
) -> Comparison:
    """Measure a challenger beside the champion and `classic`, and put the verdict on record.

    On the bench, and on the shadow photos of `manifest`. `heartbeat` is called between pictures;
    what it raises stops the comparison. A challenger whose weights cannot be used is refused.
    Raises InvalidRequest for the champion itself and StorageUnavailable; then, and when stopped,
    nothing is on record.
    """
    started = time.perf_counter()
    against = registry.champion(version.name)
    if against.pk == version.pk:
        raise InvalidRequest(f"{version} is the champion; name a challenger to compare with it.")
    bench = bench or open_bench()
    report = {
        "champion": str(against),
        "challenger": str(version),
        "bench": {"count": len(bench.pictures), "digest": bench.digest},
        "shadow": {"count": 0},
        "rows": [],
        "pictures": [],
    }
    photo = _machine_photo(bench)
    try:
        contenders = _open(version, against, photo)
    except _CannotRun as error:
        verdict = Verdict(False, f"Refused. {version} cannot be used: {error}")
    else:
        verdict = _measure(report, contenders, bench, manifest, photo, heartbeat)
    report |= {
        "seconds": round(time.perf_counter() - started, 1),
        "passed": verdict.passed,
        "verdict": verdict.sentence,
        "improved": verdict.improved,
    }
    return _record(version, against, report, by)


def _measure(report: dict, contenders: _Contenders, bench, manifest, photo, heartbeat) -> Verdict:
    """Fill in the report's figures and pictures."""
    generators, skipped = contenders.generators, Counter()
    records: list[Record] = []
    measured = []
    for opener in openers(bench, manifest, skipped):
        case = opener()
        if case is not None:
            records.append(record_of(case, generators, heartbeat))
            measured.append(opener)
    own = sum(record.set == SHADOW for record in records)
    name = generators["champion"].name
    rows = [*rows_of(records), size_row(contenders.folders, name)]
    rows.append(latency_row(generators, read_photo(photo), heartbeat))
    rows.append(memory_row(contenders.folders, photo, heartbeat))
    report["classic"] = f"{generators['classic'].name} {generators['classic'].version}"
    report["shadow"] = {"count": own, "skipped": dict(skipped)}
    report["rows"] = [asdict(row) for row in rows]
    report["pictures"] = store_pictures(measured, records, generators, heartbeat)
    return verdict_of(rows)


def _open(version: GeneratorVersion, against: GeneratorVersion, photo: bytes) -> _Contenders:
    """Open all three; raises _CannotRun when the challenger's weights are at fault."""
    champion, classic = registry.open_version(against), engine.open_generator("classic")
    _try(champion, read_photo(photo))  # a broken champion must not be easy to beat
    try:
        challenger = registry.open_version(version)
        folder = registry.folder_of(version)
        _try(challenger, read_photo(photo))
    except StorageUnavailable:
        raise
    except Exception as error:  # ONNX Runtime has a class of its own for each kind of bad file
        raise _CannotRun(str(error)) from error
    return _Contenders(
        {"champion": champion, "challenger": challenger, "classic": classic},
        {"champion": registry.folder_of(against), "challenger": folder, "classic": None},
    )


def _try(generator: engine.Generator, photo: Photo) -> None:
    """Open the sessions, which are opened when first used."""
    with suppress(UnusableMatte):  # it runs; how well is measured
        generator.analyse(photo)


def _machine_photo(bench: Bench) -> bytes:
    """The bench's first photo, enlarged to a shop's size."""
    pixels = read_photo(bench.pictures[0].photo()).pixels
    file = BytesIO()
    large = resized(pixels, (MACHINE_SIDE, MACHINE_SIDE))
    Image.fromarray(large).save(file, "JPEG", quality=92)
    return file.getvalue()


@transaction.atomic
def _record(version, against, report: dict, by) -> Comparison:
    Kind = GeneratorEvent.Kind
    kind = Kind.PASSED if report["passed"] else Kind.REFUSED
    GeneratorEvent.objects.create(version=version, kind=kind, by=by, note=report["verdict"][:500])
    return Comparison.objects.create(
        version=version, against=against, passed=report["passed"], report=report
    )
