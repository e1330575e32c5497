"""What a fine-tuned analyser rehearses, so that it forgets nothing: rendered scenes that ship.

A shop teaches its analyser what it sells. The photos and scenes that the shipped weights were
taught with do not ship; these scenes, rendered for the purpose (`demo/truth.py`), stand in for
them. Each can be shown in any colour and on any ground, its mattes are exact, and none of them is
on the bench.
"""

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .corpus import SIDE
from .scenes import RENDERS

FOLDER = Path(__file__).parent / "rehearsal"
QUALITY = 94


def rehearsal_scenes(folder: Path = FOLDER) -> NDArray[np.uint8]:
    """All scenes as a corpus holds them, (S, 256, 256, 14); see `scenes`."""
    names = sorted(path.stem for path in folder.glob("*.webp"))
    return np.stack([_unpacked(folder, name) for name in names])


def pack(scene: NDArray[np.uint8], folder: Path, name: str) -> int:
    """Write one scene (256, 256, 14) as a mosaic of its renders and one of its mattes; bytes.

    The renders lose a little (WebP), the mattes nothing (PNG).
    """
    *renders, product, keep = np.split(scene, [3, 6, 9, 12, 13], axis=2)
    upper, lower = np.hstack(renders[:2]), np.hstack(renders[2:])
    size = 0
    for kind, pixels, options in (
        ("webp", np.vstack([upper, lower]), {"quality": QUALITY, "method": 6}),
        ("png", np.hstack([product, keep])[..., 0], {"optimize": True}),
    ):
        file = io.BytesIO()
        Image.fromarray(np.ascontiguousarray(pixels)).save(file, kind, **options)
        (folder / f"{name}.{kind}").write_bytes(file.getvalue())
        size += file.tell()
    return size


def _unpacked(folder: Path, name: str) -> NDArray[np.uint8]:
    mosaic = np.asarray(Image.open(folder / f"{name}.webp").convert("RGB"))
    labels = np.asarray(Image.open(folder / f"{name}.png"))
    places = [
        (row * SIDE, column * SIDE) for row in range(2) for column in range(len(RENDERS) // 2)
    ]
    renders = [mosaic[y : y + SIDE, x : x + SIDE] for y, x in places]
    return np.dstack([*renders, labels[:, :SIDE], labels[:, SIDE:]])
