"""What a generator costs the machine: time of an analysis, peak memory, size of its weights."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from statistics import median

from ...errors import UnusableMatte
from ...imaging.photo import Photo
from ...inference.analyser import read_manifest
from .gates import LATENCY_FACTOR, MEMORY_MARGIN, Row
from .rows import machine_row

logger = logging.getLogger(__name__)
ROUNDS = 7
TRIES = 3
"""Measurements of time before a slow one counts: machines have other things to do, too."""
PATIENCE = 60
"""Seconds after which a measurement of memory gives up."""
MIB = 2**20


def latency_row(
    generators: Mapping[str, object], photo: Photo, heartbeat: Callable[[], None]
) -> Row:
    """Median milliseconds that each generator takes to analyse a photo."""
    for _ in range(TRIES):
        heartbeat()
        taken = analysis_times(generators, photo)
        limit = (LATENCY_FACTOR - 1) * taken["champion"]
        row = machine_row("latency", "ms", taken, limit)
        if row.passed:
            break
    return row


def analysis_times(
    generators: Mapping[str, object], photo: Photo, *, clock=time.perf_counter
) -> dict[str, float]:
    """Median milliseconds by role: by turns, so that a busy moment hits all of them."""
    taken: dict[str, list[float]] = {role: [] for role in generators}
    for _ in range(ROUNDS + 1):
        for role, generator in generators.items():
            started = clock()
            with suppress(UnusableMatte):
                generator.analyse(photo)
            taken[role].append(1000 * (clock() - started))
    # The first round opens sessions and fills caches.
    return {role: median(times[1:]) for role, times in taken.items()}


def memory_row(
    folders: Mapping[str, Path | None], photo: bytes, heartbeat: Callable[[], None]
) -> Row:
    """Peak memory in MiB of analysing and recolouring a photo, each in a fresh process.

    `folders` hold the weights by role; None stands for `classic`.
    """
    peaks = {}
    for role, folder in folders.items():
        heartbeat()
        peaks[role] = peak_memory(folder, photo)
    return machine_row("memory", "MiB", peaks, MEMORY_MARGIN)


def peak_memory(folder: Path | None, photo: bytes) -> float | None:
    """Peak memory in MiB; None when it could not be measured."""
    name = str(folder) if folder else "classic"
    command = [sys.executable, "-m", "oscar_gan.engine.footprint", name]
    try:
        done = subprocess.run(  # noqa: S603  (ourselves)
            command, input=photo, capture_output=True, timeout=PATIENCE, check=True
        )
        return json.loads(done.stdout)["peak"] / MIB
    except (OSError, subprocess.SubprocessError, ValueError, KeyError) as error:
        logger.warning("The memory of %s could not be measured: %s", name, error)
        return None


def size_row(folders: Mapping[str, Path | None], name: str) -> Row:
    """Size of the weights in MiB, shown only."""
    return machine_row(
        "file-size", "MiB", {role: _size(folder, name) for role, folder in folders.items()}
    )


def _size(folder: Path | None, name: str) -> float:
    if folder is None:
        return 0.0
    return sum(path.stat().st_size for path, _ in read_manifest(folder)[name].files.values()) / MIB
