"""What a request costs beside its pictures, broker by broker: a stub paints in no time.

Asked alone, a request waits for nobody: from the moment it is asked to the moment a worker has it.
Asked in a crowd, the workers are never idle: what is left is their own time for each request.
"""

from __future__ import annotations

import json
import time

from benchmarks.serving import shop

ALONE = 40
CROWD = 150


def main() -> None:
    """Print the figures as JSON, milliseconds."""
    place = shop.Shop()
    from tests import factories

    try:
        (photo,) = shop.sources(1, factories.photo_bytes())
        colours = (f"#{0x203040 + 7 * number:06X}" for number in range(10_000))
        place.worker()
        for _ in range(3):
            _alone(photo, next(colours))
        found = {"alone": [_alone(photo, next(colours)) for _ in range(ALONE)]}
        shop.forget()
        found["crowd"] = _crowd(photo, [next(colours) for _ in range(CROWD)])
    finally:
        place.close()
    print(json.dumps(found))


def _alone(photo, colour: str) -> dict:
    begun = time.perf_counter()
    request = shop.ask(photo, [colour])
    asked = time.perf_counter() - begun

    def done() -> bool:
        request.refresh_from_db()
        return request.status == "done"

    shop.until(done)
    waited = (request.claimed_at - request.dispatched_at).total_seconds()
    made = (request.finished_at - request.claimed_at).total_seconds()
    return {"asking": 1000 * asked, "waiting": 1000 * waited, "making": 1000 * made}


def _crowd(photo, colours: list[str]) -> dict:
    from oscar_gan.models import GenerationRequest

    begun = time.perf_counter()
    for colour in colours:
        shop.ask(photo, [colour])
    asked = time.perf_counter() - begun
    shop.until(lambda: shop.closed(len(colours)), pause=0.05)
    rows = list(GenerationRequest.objects.values_list("claimed_at", "finished_at"))
    seconds = (max(end for _, end in rows) - min(begin for begin, _ in rows)).total_seconds()
    busy = sum((end - begin).total_seconds() for begin, end in rows)
    return {
        "asking": 1000 * asked / len(rows),
        "each": 1000 * seconds / len(rows),
        "between": 1000 * (seconds - busy) / len(rows),
    }


if __name__ == "__main__":
    main()
