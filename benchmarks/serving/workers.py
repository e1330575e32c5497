"""Real workers at the shop's own work: pictures a second, memory, the first request after a start.

Every way of running them does the same: photos of 4 megapixels, four colours each, found, dyed,
measured and stored. Rounds go through the ways in turn, so that what else the machine does meets
all alike.
"""

from __future__ import annotations

import json
import os
import time
from typing import NamedTuple

from benchmarks.serving import shop
from benchmarks.speed import COLOURS, SIZES, synthetic_photo

REQUESTS = 10
ROUNDS = 3
WANTED = COLOURS[:4]


class Way(NamedTuple):
    """How a machine's workers are started."""

    name: str
    processes: int
    cores: int
    opencv: int
    """Threads OpenCV may use in each process"""
    pool: str = "prefork"


WAYS = (
    Way("1 process, 1 core", 1, 1, 1),
    Way("1 process, 2 cores, OpenCV on both", 1, 2, 2),
    Way("2 processes, 2 cores", 2, 2, 1),
    Way("2 processes, 2 cores, OpenCV on both", 2, 2, 2),
    Way("1 process of 2 threads, 2 cores", 2, 2, 1, "threads"),
    Way("3 processes, 2 cores", 3, 2, 1),
)


def main() -> None:
    """Print the figures as JSON."""
    place = shop.Shop()
    photos = shop.sources(REQUESTS + 3, synthetic_photo(*SIZES[4]))
    found: dict[str, list[dict]] = {}
    try:
        for turn in range(ROUNDS):
            for way in WAYS if turn % 2 == 0 else WAYS[::-1]:
                found.setdefault(way.name, []).append(_measure(place, way, photos))
    finally:
        place.close()
    print(json.dumps(found))


def _measure(place: shop.Shop, way: Way, photos: list) -> dict:
    from oscar_gan.models import GenerationRequest

    cores = sorted(os.sched_getaffinity(0))[: way.cores]
    started = time.monotonic()
    worker = place.worker(
        processes=way.processes,
        pool=way.pool,
        cores=cores,
        OPENCV_FOR_THREADS_NUM=str(way.opencv),
    )
    ready = time.monotonic() - started
    shop.forget()
    warm = [_seconds(photo) for photo in photos[:3]] if way.processes == 1 else []
    if not warm:  # every process has its networks open before it counts
        for photo in photos[:3]:
            shop.ask(photo, WANTED[:1])
        shop.until(lambda: shop.closed(3))
    shop.forget()
    for photo in photos[3:]:
        shop.ask(photo, WANTED)
    shop.until(lambda: shop.closed(REQUESTS), pause=0.05)
    rows = list(GenerationRequest.objects.values_list("claimed_at", "finished_at"))
    seconds = (max(end for _, end in rows) - min(begin for begin, _ in rows)).total_seconds()
    memory = place.memory(worker)
    worker.terminate()
    worker.wait()
    return {
        "rate": REQUESTS * len(WANTED) / seconds,
        "request": [(end - begin).total_seconds() for begin, end in rows],
        "memory": memory,
        "ready": ready,
        "warm": warm,
    }


def _seconds(photo) -> float:
    """From asking to the last picture."""
    from oscar_gan.models import GenerationRequest

    begun = time.monotonic()
    request = shop.ask(photo, WANTED)
    shop.until(lambda: GenerationRequest.objects.filter(pk=request.pk, status="done").exists())
    return time.monotonic() - begun


if __name__ == "__main__":
    main()
