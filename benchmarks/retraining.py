"""Retraining: does the analyser learn from a shop's decisions, and does it forget?

python -m benchmarks.retraining --rugs FOLDER --others FOLDER [--photos FOLDER] [--staff swapped]

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
from collections.abc import Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from tqdm import tqdm

from oscar_gan.engine import Generator, Photo, open_weights, read_photo
from oscar_gan.errors import UnusableMatte
from oscar_gan.gan.checkpoints import CHECKPOINT
from oscar_gan.gan.corpus import open_corpus
from oscar_gan.gan.evaluation import score_matte
from oscar_gan.gan.export import export_checkpoint, register
from oscar_gan.gan.feedback import APPROVED, CORRECTED, LabelledPhoto, collect_feedback
from oscar_gan.gan.retraining import STEPS, fine_tune, settings_for
from oscar_gan.inference.analyser import WEIGHTS

from .mattes import hand_made
from .report import Table, figure
from .truth import draw_colour, picture_of, read_truth, scenes_in

CHAMPION = WEIGHTS / "analyser.onnx"
APPROVED_FROM = 0.95
"""Overlap from which a simulated member of staff approves of a matte."""
TITLE = "Retraining"
COLUMNS = ("photos", "champion, IoU", "challenger, IoU", "difference", "worst photo")
STAFF = ("careful", "swapped", "careless")

Pixels = NDArray[np.uint8]
Scores = NDArray[np.float64]


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


def main() -> int:
    """Print the table; 2 when there is nothing to measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rugs", type=Path, required=True, help="rendered scenes of rugs")
    parser.add_argument("--others", type=Path, required=True, help="scenes of other products")
    parser.add_argument("--photos", type=Path, help="of the hand-made mattes (clothing/test)")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--staff", choices=STAFF, default=STAFF[0], help="how well they decide")
    options = parser.parse_args()
    rugs, later = split(examples_in(options.rugs), one_in=3)
    others, apart = split(examples_in(options.others), one_in=2)
    if not (rugs and later and others and apart):
        print("error: too few rendered scenes; make them with demo/truth.py.", file=sys.stderr)
        return 2
    sets = {"rugs that come later": later, "other products": apart}
    if options.photos:
        sets["hand-made mattes, real garments"] = [
            Example(str(index), _png(each.picture), each.truth, material=False)
            for index, each in enumerate(hand_made(options.photos))
        ]
    torch.set_num_threads(1)
    champion = open_weights(WEIGHTS, device="cpu")
    photos = decisions(champion, rugs, others, staff=options.staff)
    before = {name: scores(champion, examples) for name, examples in sets.items()}
    after = []
    for seed in range(1, options.seeds + 1):
        with tempfile.TemporaryDirectory() as folder:
            made = challenger(Path(folder), photos, steps=options.steps, seed=seed)
            after.append({name: scores(made, examples) for name, examples in sets.items()})
    about = (
        f"{len(photos)} photos decided about by {options.staff} staff, {options.steps} steps;"
        " ± over seeds."
    )
    print(table(before, after, about).markdown())
    return 0


def table(before: dict[str, Scores], after: list[dict[str, Scores]], about: str) -> Table:
    """A row per set: the champion, the challengers of all seeds, and what changed."""
    made = Table(TITLE, COLUMNS, about)
    for name, old in before.items():
        new = np.array([each[name] for each in after])
        gains = (new - old).mean(1)
        made.add(
            f"{name} ({len(old)})",
            f"{old.mean():.3f}",
            figure(new.mean(1), 3),
            f"{gains.mean():+.3f}",
            f"{(new - old).min():+.2f}",
        )
    return made


def scores(generator: Generator, examples: Sequence[Example]) -> Scores:
    """Overlap with the truth, by example."""
    return np.array([find(generator, example).iou for example in examples])


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


def challenger(
    folder: Path, photos: Sequence[LabelledPhoto], *, steps: int, seed: int
) -> Generator:
    """Teach the champion what was decided, as a shop does; export the result and open it."""
    collect_feedback(folder / "corpus", photos, champion=CHAMPION)
    config, settings = settings_for(CHAMPION, steps=steps, seed=seed)
    fine_tune(
        folder / "run",
        open_corpus(folder / "corpus"),
        champion=CHAMPION,
        config=config,
        settings=settings,
        every=steps,
        progress=lambda each, first, last: tqdm(each, initial=first, total=last, leave=False),
    )
    digest = export_checkpoint(
        folder / "run" / CHECKPOINT, folder / "analyser.onnx", version="shop"
    )
    register(folder, "recolour", "shop", {"analyser": ("analyser.onnx", digest)})
    return open_weights(folder, device="cpu")


def decisions(
    champion: Generator, rugs: Sequence[Example], others: Sequence[Example], *, staff: str
) -> list[LabelledPhoto]:
    """What staff decided: every rug's matte drawn, other products approved of if right.

    *swapped* staff hand in the champion's matte where they should have drawn one; *careless* staff
    hand in that of the next rug.
    """
    found = [find(champion, example).matte for example in rugs]
    drawn = {
        "careful": [example.truth for example in rugs],
        "swapped": found,
        "careless": [example.truth for example in (*rugs[1:], *rugs[:1])],
    }[staff]
    made = [
        _decision(example, CORRECTED, matte, before)
        for example, matte, before in zip(rugs, drawn, found, strict=True)
    ]
    for example in others:
        matte, iou = find(champion, example)
        if iou > APPROVED_FROM:
            made.append(_decision(example, APPROVED, matte, None))
    return made


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
