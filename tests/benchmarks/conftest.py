"""A rendered scene made on the spot: four greys of a shaded square, as `demo/truth.py` writes."""

import json

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("torch", reason="torch is not installed (extra: train)")

from oscar_gan.gan.scenes import RENDERS  # noqa: E402
from oscar_gan.imaging.colour import linear_to_srgb  # noqa: E402

SIDE = 64


@pytest.fixture
def truth_folder(tmp_path):
    """One scene, '00001': material in the middle, a strip of print on it, grey around."""
    folder = tmp_path / "truth" / "00001"
    folder.mkdir(parents=True)
    matte = np.zeros((SIDE, SIDE), np.uint8)
    matte[10:54, 10:54] = 255
    keep = np.zeros_like(matte)
    keep[28:36, 20:44] = 255
    matte[keep > 0] = 0
    shade = (0.5 + 0.4 * np.sin(np.arange(SIDE) / 5) ** 2)[None, :, None]
    for name, albedo in RENDERS.items():
        light = np.full((SIDE, SIDE, 3), 0.4)
        light = np.where(matte[..., None] > 0, albedo * shade, light)
        light = np.where(keep[..., None] > 0, [0.6, 0.1, 0.1], light)
        pixels = np.rint(255 * linear_to_srgb(light)).astype(np.uint8)
        Image.fromarray(pixels).save(folder / f"{name}.png")
    Image.fromarray(matte).save(folder / "matte.png")
    Image.fromarray(keep).save(folder / "keep.png")
    (folder / "meta.json").write_text(json.dumps({"seed": 1}))
    return folder.parent
