"""Mattes by clicks: how good a matte becomes after 1, 2, 3 and 5 corrections by a robot's hand.

python -m benchmarks.clicks --data FOLDER [--scenes FOLDER]

The usual protocol of interactive segmentation: starting from the generator's own matte, each click
goes to the middle of the largest region that is wrong, and says what is there. Truth are the
hand-made mattes (FOLDER holds `clothing/test`) and rendered scenes of `demo/truth.py`, where a
product counts with all its parts. `GrabCut` marks a disc around each click and cuts once.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.mattes import hand_made
from oscar_gan import engine
from oscar_gan.errors import UnusableMatte
from oscar_gan.imaging.clicks import Click, matte_from_clicks
from oscar_gan.imaging.grabcut import RANDOM_SEED
from oscar_gan.inference.analyser import open_analyser

CLICKS = 5
SHOWN = (0, 1, 2, 3, 5)
ALBEDOS = ("a008", "a018", "a052", "a090")
DISC = 0.01
"""Radius of the baseline's discs, as a fraction of the long side."""

Pixels = NDArray[np.uint8]
Correct = Callable[[Pixels, Pixels, list[Click]], Pixels]


def main() -> int:
    """Print the table; 2 when data or weights are missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--scenes", type=Path)
    options = parser.parse_args()
    if not (options.data / "clothing" / "test").is_dir():
        print(f"error: {options.data / 'clothing/test'} is missing; see --help.", file=sys.stderr)
        return 2
    open_analyser(device="cpu")  # says what to do without weights
    photos = hand_made(options.data / "clothing" / "test")
    sets = {"hand-made, real photos": ((example[0], example[1]) for example in photos)}
    if options.scenes:
        sets["rendered scenes"] = scenes(options.scenes)
    heads = " ".join(f"{f'{count} clicks':>9}" for count in SHOWN)
    print(f"{'set':24} {'photos':>6} {'method':8} {'IoU':5} {heads} {'ms/click':>9}")
    for name, pairs in sets.items():
        started = [(photo, truth, _found(photo)) for photo, truth in pairs]
        for method, correct in {"GrabCut": grabcut, "clicks": matte_from_clicks}.items():
            _print_rows(f"{name:24} {len(started):6} {method:8}", started, correct)
    return 0


def scenes(folder: Path) -> Iterator[tuple[Pixels, Pixels]]:
    """(picture, truth) of rendered scenes, one albedo of each in turn; prints are product."""
    for index, meta in enumerate(sorted(folder.glob("*/meta.json"))):
        read = {
            name: np.asarray(Image.open(meta.parent / f"{name}.png"))
            for name in (ALBEDOS[index % 4], "matte", "keep")
        }
        picture, matte, keep = read.values()
        yield picture[..., :3], np.maximum(matte, keep)


def grabcut(pixels: Pixels, matte: Pixels, clicks: list[Click]) -> Pixels:
    """Cut anew from discs around all clicks; take the piece that holds the last one."""
    import cv2

    labels = np.where(matte > 127, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    height, width = matte.shape
    for click in clicks:
        place = round(click.x * width - 0.5), round(click.y * height - 0.5)
        kind = cv2.GC_FGD if click.kind == "product" else cv2.GC_BGD
        cv2.circle(labels, place, round(DISC * max(height, width)), kind, -1)
    mixtures = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(RANDOM_SEED)
    lab = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2LAB)
    cv2.grabCut(lab, labels, None, *mixtures, 1, cv2.GC_INIT_WITH_MASK)
    product = (labels & 1).astype(bool)
    _, pieces = cv2.connectedComponents((product != (matte > 127)).astype(np.uint8))
    changed = (pieces == pieces[place[1], place[0]]) & (pieces > 0)
    return np.where(changed, 255 * product, matte).astype(np.uint8)


def next_click(matte: Pixels, truth: NDArray[np.bool_]) -> tuple[Click, int] | None:
    """The middle of the largest wrong region, what is there, and how many pixels it has."""
    import cv2

    best = None
    for kind, wrong in (
        ("product", truth & (matte <= 127)),
        ("not-product", ~truth & (matte > 127)),
    ):
        _, pieces, statistics, _ = cv2.connectedComponentsWithStats(wrong.astype(np.uint8))
        areas = statistics[1:, cv2.CC_STAT_AREA]
        if not len(areas) or (best and areas.max() <= best[1]):
            continue
        region = np.pad((pieces == 1 + areas.argmax()).astype(np.uint8), 1)
        depth = cv2.distanceTransform(region, cv2.DIST_L2, 5)[1:-1, 1:-1]
        y, x = np.unravel_index(depth.argmax(), depth.shape)
        height, width = truth.shape
        best = Click(kind, (x + 0.5) / width, (y + 0.5) / height), int(areas.max())
    return best


def _found(photo: Pixels) -> Pixels:
    """The generator's matte without prints taken out; empty where it finds nothing."""
    generator = engine.open_generator("recolour", device="cpu")
    file = engine.Photo(
        pixels=photo, alpha=None, format="PNG", lossless=True, jpeg=None, digest=""
    )
    try:
        return generator.analyse(file).matte
    except UnusableMatte:
        return np.zeros(photo.shape[:2], np.uint8)


def _print_rows(label: str, started: list, correct: Correct) -> None:
    scores, seconds = [], []
    for photo, truth, base in started:
        score, spent = _session(photo, truth > 127, base, correct)
        scores.append(score)
        seconds += spent
    table = np.array(scores)
    each = 1000 * float(np.median(seconds))
    for name, row in {
        "mean": table.mean(axis=0),
        "p10": np.quantile(table, 0.1, axis=0),
    }.items():
        cells = " ".join(f"{row[count]:9.4f}" for count in SHOWN)
        print(f"{label} {name:5} {cells} {each:9.0f}")


def _session(
    photo: Pixels, truth: NDArray[np.bool_], base: Pixels, correct: Correct
) -> tuple[list[float], list[float]]:
    """IoU before and after each click, and processor seconds each."""
    matte, clicks, seconds = base, [], []
    scores = [_iou(matte, truth)]
    for _ in range(CLICKS):
        if wrong := next_click(matte, truth):
            clicks.append(wrong[0])
            begun = time.process_time()
            # The baseline knows no state but the matte; ours works from the first one each time.
            matte = correct(photo, matte if correct is grabcut else base, clicks)
            seconds.append((time.process_time() - begun) / len(clicks))
        scores.append(_iou(matte, truth))
    return scores, seconds


def _iou(matte: Pixels, truth: NDArray[np.bool_]) -> float:
    product = matte > 127
    union = (product | truth).sum()
    return float((product & truth).sum() / union) if union else 1.0


if __name__ == "__main__":
    sys.exit(main())
