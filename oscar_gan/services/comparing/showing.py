"""The pictures of a comparison: what changed most and what is worst, small, for people to see."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .. import media
from .cases import Opener, analysed, recoloured
from .rows import Record
from .shadow import resized

FOLDER = "comparisons"
"""In the drafts storage."""
MOST, WORST = 8, 4
"""Photos shown because they changed most, and because they are worst."""
SIDE = 512
QUALITY = 88
TARGET = "#1F3A93"
"""What a photo that nobody asked a colour of is shown in."""


def chosen(records: Sequence[Record]) -> list[int]:
    """Places of the records to show: the shop's own photos if there are any, else the bench's."""
    own = [place for place, record in enumerate(records) if record.set == "shadow"]
    places = own or range(len(records))

    def overlap(place: int, role: str) -> float:
        return records[place].values[role]["matte-iou"]

    changed = sorted(
        places, key=lambda place: -abs(overlap(place, "challenger") - overlap(place, "champion"))
    )
    worst = sorted(changed[MOST:], key=lambda place: overlap(place, "challenger"))
    return changed[:MOST] + worst[:WORST]


def store_pictures(
    openers: Sequence[Opener],
    records: Sequence[Record],
    generators,
    heartbeat: Callable[[], None],
) -> list[dict]:
    """Make and keep the pictures to show; one entry of the report for each photo.

    `openers` belong to `records`. Raises StorageUnavailable.
    """
    shown = []
    for place in chosen(records):
        case, record = openers[place](), records[place]
        if case is None:  # deleted since it was measured
            continue
        target = case.trials[0][0] if case.trials else TARGET
        entry = {"photo": _stored(case.photo.pixels)}
        for role, generator in generators.items():
            made = recoloured(generator, case.photo, analysed(generator, case.photo), target)
            entry[role] = made and _stored(made.pixels)
            heartbeat()
        shown.append({
            "source": case.source,
            "name": case.name,
            "group": case.group,
            "target": target,
            **entry,
            "iou": _of(record, "matte-iou"),
            "delta_e": _of(record, "swatch"),
        })  # fmt: skip
    return shown


def _of(record: Record, code: str) -> dict[str, float | None]:
    return {role: values.get(code) for role, values in record.values.items()}


def _stored(pixels: NDArray[np.uint8]) -> str:
    height, width = pixels.shape[:2]
    scale = min(1.0, SIDE / max(width, height))
    small = resized(pixels, (max(1, round(width * scale)), max(1, round(height * scale))))
    file = io.BytesIO()
    Image.fromarray(small).save(file, "JPEG", quality=QUALITY, subsampling=0)
    return media.store_draft(file.getvalue(), folder=FOLDER, extension=".jpg")[0]
