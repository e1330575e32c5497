"""Rendered truth for every benchmark: scenes, and which colour becomes which.

A scene (`demo/truth.py`) shows one product at four albedos, from which its picture in any colour
follows exactly. A *pair* is the same scene in two colours: the photo, and what a perfect
recolouring of it looks like. Colours are drawn from a fixed mixture, a fifth each: shop names
(navy, mustard, …), near-blacks, near-whites, saturated, muted. Which scene gets which colours
depends on the scene's name and the seed only, so adding scenes changes no earlier pair.
"""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

from oscar_gan.gan.scenes import LABELS, RENDERS, colour_scene, find_scenes
from oscar_gan.imaging.colour import (
    delta_e00,
    oklab_to_srgb,
    parse_hex,
    srgb_to_lab,
    srgb_to_linear,
    to_hex,
)

SHOP_COLOURS = (
    "#1F3A93", "#26304F", "#AF2430", "#6D1F2F", "#2E7D32", "#4B5320", "#E9B44C", "#D2691E",
    "#C8A97E", "#7A7F85", "#E08283", "#7D5BA6", "#4FA3A5", "#F5D76E", "#A0522D", "#9FC2E7",
)  # fmt: skip
HARD_PAIRS = {
    "black → white": ("#1A1A1C", "#F4F2EE"),
    "white → black": ("#F4F2EE", "#1A1A1C"),
    "red → white": ("#B0222E", "#F4F2EE"),
    "navy → pink": ("#1F2A4D", "#F2B5C4"),
}
"""Where closed forms fail; every scene is measured on each of them."""
ALBEDO_RANGE = (min(RENDERS.values()), max(RENDERS.values()))
"""No albedo is drawn outside the renders, where the cubic would extrapolate."""
MIN_DIFFERENCE = 10.0
"""ΔE00 between source and target colour; a smaller change proves little."""

Pixels = NDArray[np.uint8]


class Scene(NamedTuple):
    """A rendered scene at its own size."""

    name: str
    layers: NDArray[np.float32]
    """(h, w, 12) sRGB in [0, 1]: the renders, albedo rising."""
    material: Pixels
    """(h, w): what is recolourable."""
    keep: Pixels
    """(h, w): what of the product keeps its colour."""


class Pair(NamedTuple):
    """A photo and its true recolouring."""

    scene: str
    kind: str
    """A name of HARD_PAIRS, or 'drawn'."""
    colours: tuple[str, str]
    """The material's albedo in photo and truth, as '#RRGGBB'."""
    photo: Pixels
    truth: Pixels
    """(h, w, 3)"""
    material: Pixels
    keep: Pixels
    """(h, w)"""


def scenes_in(folder: Path) -> list[Path]:
    """All complete scenes, in a fixed order; none where there is no such folder."""
    return find_scenes(folder) if folder.is_dir() else []


def read_truth(folder: Path) -> Scene:
    """Read a scene at full size."""
    layers = []
    for name in (*RENDERS, *LABELS):
        with Image.open(folder / f"{name}.png") as image:
            layers.append(np.asarray(image.convert("RGB" if name in RENDERS else "L")))
    *renders, material, keep = layers
    return Scene(folder.name, np.dstack(renders).astype(np.float32) / 255, material, keep)


def picture_of(scene: Scene, colour: str) -> Pixels:
    """Show a scene (h, w, 3) with its material in a colour ('#RRGGBB', taken as its albedo)."""
    albedo = srgb_to_linear(parse_hex(colour)).clip(*ALBEDO_RANGE)
    return np.rint(255 * colour_scene(scene.layers, albedo).clip(0, 1)).astype(np.uint8)


def pairs_of(scene: Scene, *, drawn: int, hard: bool, seed: int) -> Iterator[Pair]:
    """Make a scene's pairs: `drawn` ones from the mixture, then the hard ones if asked for."""
    random = np.random.default_rng([zlib.crc32(scene.name.encode()), seed])
    wanted = [("drawn", draw_colours(random)) for _ in range(drawn)]
    if hard:
        wanted += HARD_PAIRS.items()
    for kind, colours in wanted:
        photo, truth = (picture_of(scene, colour) for colour in colours)
        yield Pair(scene.name, kind, colours, photo, truth, scene.material, scene.keep)


def draw_colours(random: Generator) -> tuple[str, str]:
    """Draw a source and a target colour that differ visibly."""
    while True:
        one, other = draw_colour(random), draw_colour(random)
        labs = (srgb_to_lab(parse_hex(colour)) for colour in (one, other))
        if delta_e00(*labs) >= MIN_DIFFERENCE:
            return one, other


def draw_colour(random: Generator) -> str:
    """Draw a colour from the mixture."""
    kind = random.integers(5)
    if kind == 0:
        return str(random.choice(SHOP_COLOURS))
    lightness, chroma = (
        (random.uniform(0.18, 0.30), random.uniform(0, 0.02)),
        (random.uniform(0.90, 0.97), random.uniform(0, 0.02)),
        (random.uniform(0.35, 0.85), random.uniform(0.12, 0.25)),
        (random.uniform(0.30, 0.90), random.uniform(0.02, 0.10)),
    )[kind - 1]
    return _in_gamut(lightness, chroma, random.uniform(0, 2 * np.pi))


def _in_gamut(lightness: float, chroma: float, hue: float) -> str:
    """The colour (OKLab) with as much of the chroma as sRGB holds."""
    for part in np.linspace(1, 0, 21):
        a, b = part * chroma * np.cos(hue), part * chroma * np.sin(hue)
        srgb = oklab_to_srgb(np.array([lightness, a, b]))
        if srgb.min() >= 0 and srgb.max() <= 1:
            break
    return to_hex(srgb)
