"""Mattes: the shipped analyser against GrabCut, on truth that neither has seen.

`refined` is what the `recolour` generator uses: the analyser's matte, doubts settled by colour.

python -m benchmarks.mattes --data FOLDER [--weights FILE.onnx]

Three sets, each measured at the photo's own size after the engine's clean-up and guided filter:
hand-made mattes of real photos (`benchmarks/mattes`; the photos are the test part of
clothing-dataset-small, CC0), composites of cut-outs that training held out, and the demo
catalogue's rendered products. FOLDER holds `clothing/test`, `clothing/validation` and `cutouts`.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from functools import partial
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from oscar_gan.imaging.grabcut import grabcut_matte
from oscar_gan.imaging.matte import clean_matte, upsample_matte
from oscar_gan.imaging.photo import analysis_view
from oscar_gan.imaging.refine import decide_keep, refine_matte
from oscar_gan.inference.analyser import Analyser, open_analyser

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

Pixels = NDArray[np.uint8]
Segmenter = Callable[[NDArray[np.float32], bool], NDArray[np.float32]]
"""From a view (256, 256, 3) to a matte: of the product or, if asked, of its material only."""


def main() -> int:
    """Print the table; 2 when data or weights are missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--weights", type=Path, help="another analyser.onnx than the shipped one")
    options = parser.parse_args()
    for part in ("clothing/test", "clothing/validation", "cutouts"):
        if not (options.data / part).is_dir():
            print(f"error: {options.data / part} is missing; see --help.", file=sys.stderr)
            return 2
    analyser = _analyser(options.weights)
    segmenters = {
        "GrabCut": _grabcut,
        "analyser": partial(_analyse, analyser, False),
        "refined": partial(_analyse, analyser, True),
    }
    sets = {
        "hand-made, real photos": (hand_made(options.data / "clothing" / "test"), False),
        "held-out cut-outs, composited": (composites(options.data), False),
        "demo catalogue, rendered": (demo(), True),
    }
    print(
        f"{'set':30} {'photos':>6} {'method':9} {'IoU mean ± sd':>15} {'median':>7} {'edge px':>8}"
    )
    for name, (pairs, material) in sets.items():
        _print_rows(name, list(pairs), segmenters, material)
    return 0


def hand_made(photos: Path) -> Iterator[tuple[Pixels, Pixels]]:
    """(photo, truth) for every committed matte, `<class>-<photo>.png`."""
    for path in sorted(HAND_MADE.glob("*.png")):
        kind, stem = next(
            (kind.name, path.stem.removeprefix(f"{kind.name}-"))
            for kind in sorted(photos.iterdir(), key=lambda kind: -len(kind.name))
            if path.stem.startswith(f"{kind.name}-")
        )
        picture = next((photos / kind).glob(f"{stem}.*"))
        yield _read(picture, "RGB"), _read(path, "L")


def composites(data: Path) -> Iterator[tuple[Pixels, Pixels]]:
    """(picture, truth) of held-out cut-outs on fixed random grounds, dyed, turned, squeezed."""
    from oscar_gan.gan.compositing import composite, cutout_layers, disturb, dye
    from oscar_gan.gan.cutouts import read_cutout
    from oscar_gan.gan.grounds import photo_ground, random_ground

    cutouts = [
        read_cutout(path)
        for path in sorted((data / "cutouts").glob("*.jpg"))
        if any(fnmatch(path.stem, pattern) for pattern in HELD_OUT)
    ]
    photos = sorted((data / "clothing" / "validation").rglob("*.jpg"))
    random = np.random.default_rng(2026)
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
        yield picture, np.rint(255 * labelled.matte).astype(np.uint8)


def demo() -> Iterator[tuple[Pixels, Pixels]]:
    """(photo, truth) of the demo catalogue, which stays out of training.

    Its truth is the recolourable material alone, without legs, buckles and prints.
    """
    for path in sorted((DEMO / "mattes").glob("*.png")):
        photo = DEMO / "photos" / f"{path.stem}.jpg"
        if photo.exists():
            pixels = _read(photo, "RGB")
            truth = Image.open(path).convert("L").resize(pixels.shape[1::-1])
            yield pixels, np.asarray(truth)


def _print_rows(
    name: str,
    pairs: list[tuple[Pixels, Pixels]],
    segmenters: dict[str, Segmenter],
    material: bool,
) -> None:
    from oscar_gan.gan.evaluation import score_matte

    if not pairs:
        print(f"{name:30} {0:6}")
    for method, segment in segmenters.items() if pairs else ():
        scores = []
        for pixels, truth in pairs:
            small = segment(analysis_view(pixels), material)
            found = upsample_matte(clean_matte(small), pixels)
            scores.append(score_matte(found / 255, truth / 255))
        iou, edge = (np.array(column) for column in zip(*scores, strict=True))
        spread = f"{iou.mean():.4f} ± {iou.std():.4f}"
        print(
            f"{name:30} {len(pairs):6} {method:9} {spread:>15} {np.median(iou):7.4f}"
            f" {np.median(edge):8.2f}"
        )


def _analyse(
    analyser: Analyser, refined: bool, view: NDArray[np.float32], material: bool
) -> NDArray[np.float32]:
    seen = analyser(view)
    matte, keep = seen.matte, seen.keep
    if refined:
        matte, keep = refine_matte(_bytes(view), matte), decide_keep(keep)
    return matte * (1 - keep) if material else matte


def _grabcut(view: NDArray[np.float32], material: bool) -> NDArray[np.float32]:
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
