"""Mattes: the shipped analyser against GrabCut, on truth that neither has seen.

`refined` is what the `recolour` generator uses: the analyser's matte, doubts settled by colour;
`GrabCut` is what `classic` uses.

python -m benchmarks.mattes --data FOLDER [--scenes FOLDER] [--weights FILE.onnx]

Four sets, each measured at the photo's own size after the engine's clean-up and guided filter:
hand-made mattes of real photos (`benchmarks/mattes`; the photos are the test part of
clothing-dataset-small, CC0), by difficulty where `index.csv` names one; composites of cut-outs
that training held out; rendered scenes that training held out (`demo/truth.py`); and the demo
catalogue's products. FOLDER holds `clothing/test`, `clothing/validation` and `cutouts`.
"""

import argparse
import csv
import sys
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from tqdm import tqdm

from oscar_gan.imaging.grabcut import grabcut_matte
from oscar_gan.imaging.matte import clean_matte, upsample_matte
from oscar_gan.imaging.overlap import score_matte
from oscar_gan.imaging.photo import analysis_view
from oscar_gan.imaging.refine import decide_keep, refine_matte
from oscar_gan.inference.analyser import Analyser, open_analyser

from .report import Table, figure
from .truth import pairs_of, read_truth, scenes_in

ROOT = Path(__file__).parent
HAND_MADE = ROOT / "mattes"
DEMO = ROOT.parent / "demo"
HELD_OUT = (
    "saleor-mighty-mug", "saleor-*cushion*", "saleordemoproduct_cusch*", "*beanie*",
    "solidus_hat", "*polo[-0s]*", "saleor-sunnies*", "solidus_canvas_tote", "saleor-neck-warmer",
    "solidus_bottles*",
)  # fmt: skip
"""Cut-outs that no training sees: whole families, so that no sister picture gives them away."""
COMPOSITES = 96
COMPOSITE_SIDE = 512
SEED = 2026
TITLE = "Mattes"
COLUMNS = ("photos", "IoU", "IoU, middle photo", "edge px at 1000 px, middle", "IoU ≥ 0.9")

Pixels = NDArray[np.uint8]
Segmenter = Callable[[NDArray[np.float32], bool], NDArray[np.float32]]
"""From a view (256, 256, 3) to a matte: of the product or, if asked, of its material only."""


class Example(NamedTuple):
    """A picture (h, w, 3), its true matte (h, w), and what makes it difficult."""

    picture: Pixels
    truth: Pixels
    tags: tuple[str, ...] = ()


def main() -> int:
    """Print the table; 2 when data or weights are missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--scenes", type=Path, help="rendered scenes that no training saw")
    parser.add_argument("--weights", type=Path, help="another analyser.onnx than the shipped one")
    options = parser.parse_args()
    for part in ("clothing/test", "clothing/validation", "cutouts"):
        if not (options.data / part).is_dir():
            print(f"error: {options.data / part} is missing; see --help.", file=sys.stderr)
            return 2
    analyser = _analyser(options.weights)
    segmenters = {
        "GrabCut": grabcut,
        "analyser": partial(analyse, analyser, False),
        "refined": partial(analyse, analyser, True),
    }
    print(table(options.data, options.scenes, segmenters).markdown())
    return 0


def table(data: Path | None, scenes: Path | None, segmenters: dict[str, Segmenter]) -> Table:
    """Score every segmenter on every set; a set without data is named as not measured."""
    made = Table(TITLE, COLUMNS, "Mean ± spread over photos; a matte is cut at one half.")
    photos = data / "clothing" / "test" if data else None
    has_photos = photos is not None and photos.is_dir()
    has_cutouts = has_photos and (data / "cutouts").is_dir()
    _add(made, "hand-made, real photos", hand_made(photos) if has_photos else (), segmenters)
    _add(made, "held-out cut-outs", composites(data) if has_cutouts else (), segmenters)
    _add(made, "held-out scenes", rendered(scenes), segmenters, material=True)
    _add(made, "demo catalogue", demo(), segmenters, material=True)
    return made


def hand_made(photos: Path) -> Iterator[Example]:
    """Every committed matte, `<class>-<photo>.png`, with its photo."""
    tags = read_tags(HAND_MADE / "index.csv")
    for path in sorted(HAND_MADE.glob("*.png")):
        kind, stem = next(
            (kind.name, path.stem.removeprefix(f"{kind.name}-"))
            for kind in sorted(photos.iterdir(), key=lambda kind: -len(kind.name))
            if path.stem.startswith(f"{kind.name}-")
        )
        picture = next((photos / kind).glob(f"{stem}.*"))
        yield Example(_read(picture, "RGB"), _read(path, "L"), tags.get(path.name, ()))


def read_tags(index: Path) -> dict[str, tuple[str, ...]]:
    """What makes each matte difficult, by its file: columns `file` and `tags`, space between."""
    if not index.is_file():
        return {}
    with index.open() as file:
        return {line["file"]: tuple(line["tags"].split()) for line in csv.DictReader(file)}


def composites(data: Path) -> Iterator[Example]:
    """Held-out cut-outs on fixed random grounds, dyed, turned, squeezed."""
    from oscar_gan.gan.compositing import composite, cutout_layers, disturb, dye
    from oscar_gan.gan.cutouts import read_cutout
    from oscar_gan.gan.grounds import photo_ground, random_ground

    cutouts = [
        read_cutout(path)
        for path in sorted((data / "cutouts").glob("*.jpg"))
        if any(fnmatch(path.stem, pattern) for pattern in HELD_OUT)
    ]
    photos = sorted((data / "clothing" / "validation").rglob("*.jpg"))
    random = np.random.default_rng(SEED)
    for index in range(COMPOSITES):
        layers = cutout_layers(cutouts[index % len(cutouts)], COMPOSITE_SIDE)
        if random.random() < 0.7:
            dye(random, layers)
        ground = None
        if random.random() < 0.45:
            photo = _read(photos[random.integers(len(photos))], "RGB")
            small = np.asarray(Image.fromarray(photo).resize((256, 256)))
            cut = np.rint(255 * grabcut_matte(small)).astype(np.uint8)
            ground = photo_ground(random, small, cut, COMPOSITE_SIDE)
        if ground is None:
            ground = random_ground(random, COMPOSITE_SIDE)
        labelled = composite(random, layers, ground)
        picture = np.rint(255 * disturb(random, labelled.picture)).astype(np.uint8)
        yield Example(picture, np.rint(255 * labelled.matte).astype(np.uint8))


def rendered(scenes: Path | None) -> Iterator[Example]:
    """Each scene once, in a colour drawn for it; the truth is the recolourable material."""
    for folder in scenes_in(scenes) if scenes else ():
        for pair in pairs_of(read_truth(folder), drawn=1, hard=False, seed=SEED):
            yield Example(pair.photo, pair.material)


def demo() -> Iterator[Example]:
    """The demo catalogue, which stays out of training.

    Its truth is the recolourable material alone, without legs, buckles and prints.
    """
    for path in sorted((DEMO / "mattes").glob("*.png")):
        photo = DEMO / "photos" / f"{path.stem}.jpg"
        if photo.exists():
            pixels = _read(photo, "RGB")
            truth = Image.open(path).convert("L").resize(pixels.shape[1::-1])
            yield Example(pixels, np.asarray(truth))


def _add(
    made: Table, name: str, examples, segmenters: dict[str, Segmenter], *, material: bool = False
) -> None:
    """Rows of a set, then of each difficulty among its photos."""
    examples = list(examples)
    if not examples:
        made.add(name, *[None] * (len(COLUMNS) - 1))
    for method, segment in segmenters.items() if examples else ():
        scores = [
            _score(example, segment, material)
            for example in tqdm(examples, desc=f"{name}, {method}", unit="photo", leave=False)
        ]
        made.add(f"{name} ({len(examples)}), {method}", *_cells(scores))
        for tag in sorted({tag for example in examples for tag in example.tags}):
            some = [s for s, each in zip(scores, examples, strict=True) if tag in each.tags]
            made.add(f"– {tag} ({len(some)}), {method}", *_cells(some))


def _cells(scores: list) -> list:
    iou, edge = (np.array(column) for column in zip(*scores, strict=True))
    good = f"{(iou >= 0.9).mean():.0%}"
    return [figure(iou, 3), f"{np.median(iou):.3f}", f"{np.median(edge):.2f}", good]


def _score(example: Example, segment: Segmenter, material: bool):
    small = segment(analysis_view(example.picture), material)
    found = upsample_matte(clean_matte(small), example.picture)
    return score_matte(found / 255, example.truth / 255)


def analyse(
    analyser: Analyser, refined: bool, view: NDArray[np.float32], material: bool
) -> NDArray[np.float32]:
    seen = analyser(view)
    matte, keep = seen.matte, seen.keep
    if refined:
        matte, keep = refine_matte(_bytes(view), matte), decide_keep(keep)
    return matte * (1 - keep) if material else matte


def grabcut(view: NDArray[np.float32], material: bool) -> NDArray[np.float32]:
    """GrabCut knows no prints: its material is the whole product."""
    return grabcut_matte(_bytes(view))


def _bytes(view: NDArray[np.float32]) -> Pixels:
    return np.rint(255 * view).astype(np.uint8)


def _analyser(weights: Path | None) -> Analyser:
    if weights is None:
        return open_analyser(device="cpu")
    return Analyser(weights, digest=sha256(weights.read_bytes()).hexdigest())


def _read(path: Path, mode: str) -> Pixels:
    with Image.open(path) as image:
        return np.asarray(image.convert(mode))


if __name__ == "__main__":
    sys.exit(main())
