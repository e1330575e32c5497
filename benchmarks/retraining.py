"""Retraining: does the analyser learn from a shop's decisions, and does it forget?

python -m benchmarks.retraining --rugs FOLDER --others FOLDER [--data FOLDER] [--seeds 3]

A simulated shop with rendered truth (`demo/truth.py`). It sells rugs with furniture on them, of
which the champion takes the furniture, too. Staff have drawn the mattes of some rugs and approved
of other products whose mattes were right. The champion is fine-tuned on that as a shop would do it
(`gan.retraining`) and exported; both are measured as they are served, refinement included, on rugs
that the run has not seen, on other products, and on hand-made mattes of real garments.
"""

import argparse
import io
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from tqdm import tqdm

from oscar_gan.engine import Generator, Photo, open_weights, read_photo
from oscar_gan.errors import UnusableMatte
from oscar_gan.gan.corpus import open_corpus
from oscar_gan.gan.evaluation import score_matte
from oscar_gan.gan.export import export_checkpoint, register
from oscar_gan.gan.feedback import APPROVED, CORRECTED, LabelledPhoto, collect_feedback
from oscar_gan.gan.retraining import fine_tune, settings_for
from oscar_gan.inference.analyser import WEIGHTS

from .mattes import hand_made
from .report import Table
from .truth import draw_colour, picture_of, read_truth, scenes_in

CHAMPION = WEIGHTS / "analyser.onnx"
APPROVED_FROM = 0.95
"""Overlap from which a simulated member of staff approves of a matte."""
TITLE = "Retraining"
COLUMNS = ("set", "photos", "champion", "challenger, mean ± sd over seeds", "difference")

Pixels = NDArray[np.uint8]


class Example(NamedTuple):
    """A photo as a file, and its true matte (h, w): of the material, or of the whole product."""

    name: str
    file: bytes
    truth: Pixels
    material: bool = True


class Found(NamedTuple):
    """A matte of an example as it is served, and its overlap with the truth."""

    matte: Pixels
    iou: float


def examples_in(folder: Path) -> list[Example]:
    """Every complete scene once, in a colour drawn for its name."""
    return [_example(scene) for scene in scenes_in(folder)]


def _example(folder: Path) -> Example:
    scene = read_truth(folder)
    colour = draw_colour(np.random.default_rng([_lot(scene.name), 1]))
    return Example(scene.name, _png(picture_of(scene, colour)), scene.material)


def split(examples: Sequence[Example], *, one_in: int) -> tuple[list[Example], list[Example]]:
    """Those that the shop has, and one in so many that it will have, drawn by name."""
    later = [each for each in examples if _lot(each.name) % one_in == 0]
    return [each for each in examples if each not in later], later


def find(generator: Generator, example: Example) -> Found:
    """A matte as served; all black where the generator says that it found nothing."""
    photo = read_photo(example.file)
    matte = served(generator, photo, material=example.material)
    return Found(matte, score_matte(matte / 255, example.truth / 255).iou)


def served(generator: Generator, photo: Photo, *, material: bool) -> Pixels:
    """What a generator recolours (or takes for product) of a photo, (H, W)."""
    try:
        analysis = generator.analyse(photo)
    except UnusableMatte:
        return np.zeros((photo.height, photo.width), np.uint8)
    if not material:
        return analysis.matte
    return np.rint(analysis.matte * (1 - analysis.keep / 255)).astype(np.uint8)


def decisions(
    champion: Generator, rugs: Sequence[Example], others: Sequence[Example]
) -> Iterator[LabelledPhoto]:
    """What staff decided: every rug's matte drawn, other products approved of if right."""
    for example in rugs:
        before = find(champion, example).matte
        yield _decision(example, CORRECTED, example.truth, before)
    for example in others:
        found = find(champion, example)
        if found.iou > APPROVED_FROM:
            yield _decision(example, APPROVED, found.matte, None)


def _decision(example: Example, label: str, matte: Pixels, before: Pixels | None) -> LabelledPhoto:
    return LabelledPhoto(
        name=example.name,
        read=lambda: example.file,
        label=label,
        matte=partial(_png, matte),
        before=None if before is None else partial(_png, before),
        weight=1.0,
        sha256=sha256(example.file).hexdigest(),
    )


def _lot(name: str) -> int:
    return int.from_bytes(sha256(name.encode()).digest()[:4], "big")


def _png(pixels: Pixels) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()
