"""Batches: every training picture is a pure function of corpus, seed and step.

So a resumed run needs no saved state of a random generator, and two runs see the same pictures.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from torch import Tensor

from oscar_gan.imaging.colour import oklab_to_linear

from .compositing import (
    Labelled,
    Place,
    composite,
    cutout_layers,
    disturb,
    dye,
    dyed,
    random_dye,
)
from .corpus import Corpus
from .cutouts import UNSURE
from .garments import random_garment, spread_ground
from .grounds import photo_ground, random_ground, tinted
from .people import worn
from .scenes import colour_scene, reground
from .shapes import Layers, add_print, random_product

Array = NDArray[np.float32]
CAMOUFLAGED = 0.12
"""Share of the grounds that get about the product's own colour."""
ACCOMPANIED = 0.2
"""Share of the composites beside whose product something else lies, which is not product."""
REGROUNDED = 0.5
"""Share of the rendered scenes that get another ground under their shadows."""
IDENTITY_LUT = ImageFilter.Color3DLUT.generate(33, lambda r, g, b: (r, g, b))


class Batch(NamedTuple):
    """Pictures (N, 3, S, S) sRGB in [0, 1] with labels and weights (N, 1, S, S)."""

    images: Tensor
    matte: Tensor
    matte_weight: Tensor
    keep: Tensor
    keep_weight: Tensor
    photos: Tensor
    """(A, 3, S, S): unlabelled photos for the adversarial phase, to be recoloured."""
    reals: Tensor
    """(A, 3, S, S): other photos; half of them went through an identity LUT."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """How many pictures of each kind a batch holds; as the shipped analyser was taught."""

    photos: int = 2
    cutouts: int = 3
    shapes: int = 1
    scenes: int = 4
    worn: int = 2
    """Garments of the photos on drawn people."""
    adversarial: int = 0
    garments: int = 0
    """Invented ones (`garments`), where no photos of real ones are to be had."""
    dyed: float = 0.0
    """Share of the photos whose product is shown in another colour; half as often, all else."""


@dataclass(frozen=True, slots=True)
class Batches:
    """Batches of pictures of `side` pixels, by step."""

    corpus: Corpus
    mixture: Mixture
    side: int
    seed: int

    def after(self, step: int) -> Iterator[Batch]:
        """Yield the batches of step + 1, step + 2, … without end."""
        while True:
            step += 1
            yield self.at(step)

    def at(self, step: int) -> Batch:
        """Make the batch of one step."""
        random = np.random.default_rng([self.seed, step])
        labelled = [make(random) for make, count in self._makers() for _ in range(count)]
        columns = (np.stack(column) for column in zip(*labelled, strict=True))
        images, *labels = columns
        adversarial = self.mixture.adversarial
        photos = [self._any_crop(random) for _ in range(adversarial)]
        reals = [_round_trip(self._any_crop(random), k % 2 == 0) for k in range(adversarial)]
        return Batch(
            _to_tensor(images),
            *(torch.from_numpy(label[:, None].astype(np.float32)) for label in labels),
            *(
                _to_tensor(np.stack(group)) if group else torch.empty(0)
                for group in (photos, reals)
            ),
        )

    def _makers(self) -> list:
        """Pairs of a maker and how often it is called; absent kinds fall to cut-outs or shapes."""
        corpus, mixture = self.corpus, self.mixture
        counts = {"photos": mixture.photos, "cutouts": mixture.cutouts, "scenes": mixture.scenes}
        present = {kind: n if len(getattr(corpus, kind)) else 0 for kind, n in counts.items()}
        counts["worn"] = mixture.worn
        present["worn"] = mixture.worn if len(corpus.photos) else 0
        missing = sum(counts.values()) - sum(present.values())
        return [
            (self._photo, present["photos"]),
            (self._cutout, present["cutouts"]),
            (self._scene, present["scenes"]),
            (self._worn, present["worn"]),
            (self._shape, mixture.shapes + missing),
            (self._garment, mixture.garments),
        ]

    def _photo(self, random: Generator) -> Labelled:
        picture, matte, trust, prints = self._crop(random, self._labelled(random))
        trust = trust * 0.8  # exact mattes weigh more than believed ones
        keep, known = _print_labels(prints)
        known = np.where(matte > 0.5, known * 0.5, 1) * trust
        picture = self._in_other_colours(random, picture, matte * (1 - keep), 1 - matte)
        return Labelled(disturb(random, picture), matte, trust, keep, known)

    def _in_other_colours(
        self, random: Generator, picture: Array, material: Array, rest: Array
    ) -> Array:
        """Few photos show few colours: neither the product's nor its surroundings' tell it."""
        for part, share in ((material, self.mixture.dyed), (rest, self.mixture.dyed / 2)):
            if share and random.random() < share and part.max() > 0.5:
                picture = dyed(random, picture, part)
        return picture

    def _worn(self, random: Generator) -> Labelled:
        corpus, index = self.corpus, self._labelled(random)
        photo = corpus.photos[index].astype(np.float32) / 255
        matte, trust = (part[index] / np.float32(255) for part in (corpus.mattes, corpus.trust))
        keep, known = _print_labels(corpus.prints[index] / np.float32(255))
        ground = self._ground(random)
        if random.random() < 0.4:  # most shops photograph people on white
            ground = tinted(ground, random.uniform(0.9, 1, 3))
        result = worn(random, photo, (matte, trust, keep, 0.5 * known), ground)
        return result._replace(picture=disturb(random, result.picture, any_hue=False))

    def _cutout(self, random: Generator) -> Labelled:
        layers = self._any_cutout(random)
        if random.random() < 0.7:
            dye(random, layers)
        return self._composite(random, layers, self._ground(random))

    def _any_cutout(self, random: Generator) -> Layers:
        cutouts = self.corpus.cutouts
        return cutout_layers(cutouts[random.integers(len(cutouts))], self.side)

    def _shape(self, random: Generator) -> Labelled:
        # Invented products stand in rooms and studios; garments lie on other photos' floors.
        ground = random_ground(random, self.side)
        return self._composite(random, random_product(random, self.side), ground)

    def _garment(self, random: Generator) -> Labelled:
        ground = spread_ground(random, self.side)
        return self._composite(random, random_garment(random, self.side), ground)

    def _composite(self, random: Generator, layers: Layers, ground: Array) -> Labelled:
        if random.random() < 0.4:
            add_print(random, layers)
        if random.random() < CAMOUFLAGED:
            ground = tinted(ground, _near(random, layers.colour, layers.product))
        if random.random() < ACCOMPANIED:  # something else that lies about
            other = random_product(random, self.side)
            if len(self.corpus.cutouts) and random.random() < 0.5:
                other = self._any_cutout(random)
            ground = composite(random, other, ground, place=Place.aside(random)).picture
        result = composite(random, layers, ground)
        return result._replace(picture=disturb(random, result.picture))

    def _scene(self, random: Generator) -> Labelled:
        scene = self.corpus.scenes[random.integers(len(self.corpus.scenes))]
        window = _window(random, scene.astype(np.float32) / 255, self.side)
        albedo = oklab_to_linear(random_dye(random)[None])[0].clip(0.005, 0.92)
        picture, product = colour_scene(window, albedo), window[..., -2]
        if random.random() < REGROUNDED:
            ground = self._ground(random)
            if random.random() < CAMOUFLAGED:
                ground = tinted(ground, _near(random, picture, product))
            picture = reground(picture, product, ground)
        ones = np.ones((self.side, self.side), np.float32)
        return Labelled(disturb(random, picture), product, ones, window[..., -1], ones)

    def _labelled(self, random: Generator) -> int:
        """Draw a photo whose labels count, by weight."""
        weights = self.corpus.weights
        if weights is None:
            return int(random.integers(len(self.corpus.photos)))
        shares = np.cumsum(weights, dtype=np.int64)
        return int(np.searchsorted(shares, random.integers(shares[-1]), side="right"))

    def _any_crop(self, random: Generator) -> Array:
        """A window of any photo, labelled or not."""
        return self._crop(random, int(random.integers(len(self.corpus.photos))))[0]

    def _crop(self, random: Generator, index: int) -> tuple[Array, Array, Array, Array]:
        """A window of a photo: picture, matte, trust, prints."""
        corpus = self.corpus
        labels = (corpus.mattes[index], corpus.trust[index], corpus.prints[index])
        stacked = np.dstack([corpus.photos[index], *labels]).astype(np.float32) / 255
        stacked[..., 5] = np.where(labels[2] == UNSURE, 0.5, stacked[..., 5])
        window = _window(random, stacked, self.side)
        return window[..., :3], window[..., 3], window[..., 4], window[..., 5]

    def _ground(self, random: Generator) -> Array:
        photos = self.corpus.photos
        if len(photos) and random.random() < 0.45:
            index = self._labelled(random)
            matte = self.corpus.mattes[index]
            ground = photo_ground(random, photos[index], matte, self.side)
            if ground is not None:
                return ground
        return random_ground(random, self.side)


def _print_labels(prints: Array) -> tuple[Array, Array]:
    """Keep matte and where it is known, from print levels in [0, 1]; 0.5 is unsure."""
    keep, known = prints > 0.75, np.abs(prints - 0.5) > 0.25
    return keep.astype(np.float32), known.astype(np.float32)


def _near(random: Generator, colour: Array, product: Array) -> Array:
    """A colour (3,) like the product's: white on white, black on black."""
    inside = product > 0.9
    own = np.median(colour[inside], axis=0) if inside.any() else np.full(3, 0.5)
    return (own + random.normal(0, 0.06) + random.normal(0, 0.015, 3)).clip(0.01, 1)


def _window(random: Generator, picture: Array, side: int) -> Array:
    """Cut out 70 to 100 % of each side, flip or turn it, and scale it to a square."""
    full = len(picture)
    tall, wide = (int(full * random.uniform(0.7, 1)) for _ in range(2))
    if random.random() < 0.4:
        tall = wide = full
    y, x = random.integers(full - tall + 1), random.integers(full - wide + 1)
    window = picture[y : y + tall, x : x + wide]
    if random.random() < 0.5:
        window = window[:, ::-1]
    if random.random() < 0.15:
        window = np.rot90(window, random.integers(1, 4))
    parts = np.split(window, range(4, window.shape[2], 4), axis=2)  # OpenCV takes four channels
    resized = [
        cv2.resize(np.ascontiguousarray(part), (side, side), interpolation=cv2.INTER_AREA)
        for part in parts
    ]
    return np.dstack(resized)


def _round_trip(picture: Array, through_lut: bool) -> Array:
    """Give a real the traces that a LUT leaves, so that they cannot tell fakes apart."""
    levels = np.rint(255 * picture).astype(np.uint8)
    if through_lut:
        levels = np.asarray(Image.fromarray(levels).filter(IDENTITY_LUT))
    return levels.astype(np.float32) / 255


def _to_tensor(pictures: NDArray) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(pictures.transpose(0, 3, 1, 2), np.float32))
