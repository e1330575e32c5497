"""Rendered scenes: one product in four greys, from which any colour of it follows exactly.

A scene is a folder of `demo/truth.py`: the picture at four albedos of the recolourable material,
what of the picture is that material (`matte`), what of the product keeps its colour (`keep`), and
`meta.json`, written last. Light that met the material once, twice, … is a polynomial in its
albedo; a cubic per channel through four renders is within rounding of a fifth.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from oscar_gan.imaging.colour import linear_to_srgb, srgb_to_linear
from oscar_gan.imaging.photo import analysis_view

from .cutouts import all_over

RENDERS = {"a008": 0.008, "a018": 0.18, "a052": 0.52, "a090": 0.90}
"""File name without suffix: the material's linear albedo in it."""
LABELS = ("matte", "keep")
PRINTED = 100
"""Level of `keep` from which a pixel counts as marked; thin stripes are half covered."""
CHANNELS = 3 * len(RENDERS) + len(LABELS)


def find_scenes(folder: Path) -> list[Path]:
    """All complete scenes in a folder, in a fixed order."""
    return sorted(path.parent for path in folder.glob("*/meta.json"))


def read_scene(folder: Path) -> NDArray[np.uint8]:
    """Read a scene as (256, 256, 14): the four renders' RGB, product, keep.

    The product is material and keep together, as everywhere in the lab. Stripes and other
    patterns all over it are material (see `cutouts.all_over`).
    """
    layers = []
    for name in (*RENDERS, *LABELS):
        with Image.open(folder / f"{name}.png") as image:
            layers.append(np.rint(255 * analysis_view(np.asarray(image.convert("RGB")))))
    *renders, material, keep = layers
    kept = keep[..., 0]
    product = np.minimum(material[..., 0] + kept, 255)
    if all_over(kept > PRINTED, product > 127):
        kept = np.zeros_like(kept)
    return np.dstack([*renders, product, kept]).astype(np.uint8)


def colour_scene(scene: NDArray[np.floating], albedo: NDArray[np.floating]) -> NDArray[np.float32]:
    """The picture (h, w, 3), sRGB in [0, 1], of a scene with its material in linear `albedo` (3,).

    `scene` is (h, w, 14) in [0, 1].
    """
    linear = np.zeros((*scene.shape[:2], 3))
    for index, weight in enumerate(render_weights(albedo)):
        linear += weight * srgb_to_linear(scene[..., 3 * index : 3 * index + 3])
    return linear_to_srgb(linear.clip(0, 1)).astype(np.float32)


def render_weights(albedo: NDArray[np.floating]) -> NDArray[np.float64]:
    """What each render's linear light counts (4, 3) for a material in linear `albedo` (3,).

    Lagrange's cubic through the renders, per channel.
    """
    nodes = np.array(list(RENDERS.values()))
    weights = []
    for index, node in enumerate(nodes):
        others = np.delete(nodes, index)
        weights.append(np.prod((albedo[:, None] - others) / (node - others), axis=1))
    return np.stack(weights)


def reground(
    picture: NDArray[np.float32], product: NDArray[np.float32], ground: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The picture (h, w, 3) with another ground; the cast shadows stay, as they darken it.

    `product` (h, w) in [0, 1]; `ground` (h, w, 3) sRGB.
    """
    around = product < 0.05
    if around.mean() < 0.05:
        return picture
    usual = np.maximum(np.median(picture[around], axis=0), 0.05)
    weight = product[..., None]
    shaded = (picture / usual).clip(0, 1.6) * ground
    return (weight * picture + (1 - weight) * shaded).clip(0, 1).astype(np.float32)
