"""A small bench drawn on the spot, and generators that find its products more or less well."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
from PIL import Image

from oscar_gan.engine import Assessment
from oscar_gan.errors import UnusableMatte
from oscar_gan.imaging.colour import oklab_to_srgb, parse_hex, to_hex
from oscar_gan.imaging.findings import Finding
from oscar_gan.imaging.prepare import prepare
from oscar_gan.services.benches import FORMAT, INDEX, Bench, open_bench

from .stubs import Found

COLOUR, PRINT, GROUND = "#AF2430", (20, 90, 175), 225
SIDE = 96


def scene(seed: int, *, printed: bool):
    """A shaded red rectangle on grey: photo (96, 96, 3), what is material, what is print."""
    random = np.random.default_rng(seed)
    top, left = random.integers(12, 24, 2)
    matte = np.zeros((SIDE, SIDE), np.uint8)
    matte[top : top + 56, left : left + 52] = 255
    keep = np.zeros_like(matte)
    if printed:
        keep[top + 20 : top + 36, left + 16 : left + 36] = 255
        matte[keep > 0] = 0
    return picture(matte, keep, COLOUR), matte, keep


def picture(matte, keep, colour: str):
    """The scene of a matte and keep matte (96, 96) with its material in a colour."""
    shade = 0.7 + 0.3 * np.sin(np.arange(SIDE) / 9) ** 2
    pixels = np.full((SIDE, SIDE, 3), GROUND, np.float64)
    paint = shade[None, :, None] * 255 * parse_hex(colour)
    pixels = np.where(matte[..., None] > 0, paint, pixels)
    return np.where(keep[..., None] > 0, PRINT, pixels).round().astype(np.uint8)


def encoded(pixels, format: str = "PNG", **options) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format, **options)
    return file.getvalue()


def make_bench(folder: Path, *, kinds=("mug", "top"), each: int = 4) -> Bench:
    """`each` pictures of every kind; of each kind every other one has a print."""
    folder.mkdir(parents=True)
    entries = []
    for number in range(each * len(kinds)):
        pixels, matte, keep = scene(number, printed=number // len(kinds) % 2 == 1)
        swatch = prepare(pixels, matte, np.zeros_like(matte)).swatch
        parts = {"photo": pixels, "matte": matte, "keep": keep}
        parts["true-1"] = picture(matte, keep, "#24345C")
        asked = to_hex(oklab_to_srgb(swatch.measure(parts["true-1"])))
        files = {}
        for part, image in parts.items():
            data, name = encoded(image), f"{number}-{part}.png"
            (folder / name).write_bytes(data)
            files[part] = {"path": name, "sha256": hashlib.sha256(data).hexdigest()}
        kind = kinds[number % len(kinds)]
        entries.append({"name": str(number), "kind": kind, "targets": [asked], "files": files})
    (folder / INDEX).write_text(json.dumps({"format": FORMAT, "pictures": entries}))
    return open_bench(folder)


class Painter:
    """Finds what is not grey and paints it.

    `grow` pixels are added to (or taken from) what it finds; of photos whose digest starts with
    one of `worse`, six are taken away. `keeps`: whether it protects prints. `refuses`: the share
    of photos (by digest) whose pictures it refuses; `blind`: finds nothing.
    """

    def __init__(self, name="recolour", version="1", *, grow=0, keeps=True, refuses=False,
                 blind=False):  # fmt: skip
        self.name, self.version = name, version
        self.digest = hashlib.sha256(f"{name} {version}".encode()).hexdigest()
        self.grow, self.keeps, self.refuses, self.blind = grow, keeps, refuses, blind

    def analyse(self, photo, *, matte=None):
        if self.blind:
            raise UnusableMatte("No product was found in the photo. Draw a matte.")
        pixels = photo.pixels.astype(int)
        found = np.where(np.ptp(pixels, axis=2) > 30, 255, 0).astype(np.uint8)
        size = np.ones((2 * abs(self.grow) + 1,) * 2, np.uint8)
        matte = cv2.dilate(found, size) if self.grow > 0 else cv2.erode(found, size)
        keep = np.where((pixels[..., 2] > pixels[..., 0] + 60) & self.keeps, 255, 0)
        return Found(matte=matte, keep=keep.astype(np.uint8))

    def recolour(self, photo, analysis, target):
        material = (analysis.matte > 127) & (analysis.keep < 128)
        shade = photo.pixels.max(axis=2, keepdims=True) / (255 * parse_hex(COLOUR).max())
        paint = np.clip(shade * 255 * parse_hex(target), 0, 255).round()
        pixels = np.where(material[..., None], paint, photo.pixels).astype(np.uint8)
        refusal = Finding("stub", "Refused.", {}) if self.refuses else None
        return SimpleNamespace(
            pixels=pixels,
            assessment=Assessment(
                target=target, made=target, delta_e=0.25, structure=0.99, background_max=0,
                protected_max=0, noise_gain=1.0, refusal=refusal,
            ),
        )  # fmt: skip
