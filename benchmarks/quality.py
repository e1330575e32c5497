"""python -m benchmarks.quality RETOUCHED: our recolour against professional retouches.

RETOUCHED holds `index.csv` (columns group, colour, image, mask) and the same photos retouched into
several colours. Every method knows the mask; ours and HSV know only the target's swatch, Reinhard
is *given* the retouched picture's mean and spread. Printed: ΔE76 per pixel, and the cosine of
lightness gradients with the retouch, both inside the mask; and our swatch error.
"""

import argparse
import csv
import itertools
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from oscar_gan import engine
from oscar_gan.imaging.colour import oklab_to_srgb, to_hex
from oscar_gan.imaging.matte import MAX_COVERAGE, coverage

METHODS = ("ours", "HSV", "Reinhard*")


def main() -> None:
    """Print one line per method."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("retouched", type=Path)
    parser.add_argument("--source", help="only groups of this source, for example magento")
    options = parser.parse_args()
    scores = np.array([score(*pair) for pair in pairs(options.retouched, options.source)])
    print(f"{len(scores)} pairs; * is given the true statistics")
    for index, method in enumerate(METHODS):
        error, cosine = scores[:, index], scores[:, len(METHODS) + index]
        print(
            f"{method:10} ΔE76 mean {error.mean():5.2f} ± {error.std():.2f}, median"
            f" {np.median(error):5.2f}; gradients {cosine.mean():.3f} ± {cosine.std():.3f}"
        )
    print("our swatch ΔE00: median {:.2f}, p95 {:.2f}, largest {:.2f}".format(
        *np.percentile(scores[:, -1], [50, 95, 100])
    ))  # fmt: skip


def pairs(folder: Path, source: str | None) -> Iterator[tuple[Path, Path, Path]]:
    """(photo, mask, retouch) for every ordered pair of colours where one garment alone changes."""
    groups = defaultdict(list)
    with (folder / "index.csv").open() as file:
        for line in csv.DictReader(file):
            alone = line["mask"] and line["other_garment_changes"] == "0"
            if alone and source in (None, line["source"]):
                groups[line["group"]].append(line)
    for lines in groups.values():
        for one, other in itertools.permutations(lines, 2):
            if comparable(folder, one, other):
                yield folder / one["image"], folder / one["mask"], folder / other["image"]


def comparable(folder: Path, one: dict[str, str], other: dict[str, str]) -> bool:
    """Whether two retouches have one size and a mask that leaves some background."""
    sizes = {Image.open(folder / line["image"]).size for line in (one, other)}
    mask = np.asarray(Image.open(folder / one["mask"]).convert("L"))
    return len(sizes) == 1 and coverage(mask) <= MAX_COVERAGE


def score(photo_path: Path, mask_path: Path, retouch_path: Path) -> list[float]:
    """ΔE76 of every method, then gradient cosines, then our swatch error."""
    photo = engine.read_photo(photo_path.read_bytes())
    retouch = engine.read_photo(retouch_path.read_bytes()).pixels
    matte = np.asarray(Image.open(mask_path).convert("L"))
    generator = engine.open_generator("classic")
    analysis = generator.analyse(photo, matte=matte)
    swatch = analysis.prepared.swatch
    target = oklab_to_srgb(swatch.measure(retouch))
    ours = generator.recolour(photo, analysis, to_hex(target))
    inside = matte > 127
    before, wanted = lab(photo.pixels), lab(retouch)
    made = [
        lab(ours.pixels),
        hsv(photo.pixels, oklab_to_srgb(swatch.oklab), target),
        reinhard(before, wanted, inside),
    ]
    errors = [np.linalg.norm((picture - wanted)[inside], axis=-1).mean() for picture in made]
    inner = cv2.erode(inside.astype(np.uint8), np.ones((5, 5))) > 0
    return [*errors, *(cosine(x, wanted, inner) for x in made), ours.assessment.delta_e]


def lab(pixels: np.ndarray) -> np.ndarray:
    """8-bit sRGB (h, w, 3) to CIELAB in single precision."""
    return cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)


def cosine(one: np.ndarray, other: np.ndarray, inside: np.ndarray) -> float:
    """Cosine of two pictures' lightness gradients."""
    first, second = (
        np.concatenate([
            cv2.Scharr(image[..., 0], cv2.CV_32F, *axis)[inside] for axis in ((1, 0), (0, 1))
        ])
        for image in (one, other)
    )  # fmt: skip
    return float(first @ second / (np.linalg.norm(first) * np.linalg.norm(second) + 1e-9))


def hsv(pixels: np.ndarray, base: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Replace hue, scale saturation and value from base to target (3,); CIELAB (h, w, 3)."""
    picture = cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2HSV)
    (_, own_s, own_v), (hue, s, v) = (
        cv2.cvtColor(np.clip(colour, 0, 1)[None, None].astype(np.float32), cv2.COLOR_RGB2HSV)[0, 0]
        for colour in (base, target)
    )
    picture[..., 0] = hue
    picture[..., 1] = np.clip(picture[..., 1] * s / own_s, 0, 1) if own_s > 0.08 else s
    picture[..., 2] = np.clip(picture[..., 2] * v / max(own_v, 1e-3), 0, 1)
    return cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_HSV2RGB), cv2.COLOR_RGB2LAB)


def reinhard(before: np.ndarray, wanted: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Match mean and spread per CIELAB channel (Reinhard and others, 2001) inside the mask."""
    made, own, true = before.copy(), before[inside], wanted[inside]
    made[inside] = (own - own.mean(0)) / (own.std(0) + 1e-6) * true.std(0) + true.mean(0)
    return made


if __name__ == "__main__":
    main()
