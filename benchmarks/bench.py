"""python -m benchmarks.bench SCENES: freeze rendered scenes as the bench that ships with us.

SCENES holds complete scenes (`demo/truth.py --first 80000`) that no training saw or will see. Of
each the bench keeps one photo in a drawn colour (JPEG, as shops have them), the product's true
picture in two other colours (lossless, black outside the product, where it is not compared), what
is recolourable and what keeps its colour. Patterns all over a product are material, as everywhere
in the lab. The same scenes give the same bytes with the same Pillow; index.json, written last,
names every file's SHA-256, and its own digest is the bench's name.
"""

import argparse
import io
import json
import shutil
import sys
import zlib
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from oscar_gan.gan.cutouts import all_over
from oscar_gan.gan.scenes import PRINTED
from oscar_gan.imaging.colour import delta_e00, oklab_to_srgb, parse_hex, srgb_to_lab, to_hex
from oscar_gan.imaging.prepare import prepare
from oscar_gan.services.benches import BENCH, FORMAT, INDEX

from .truth import MIN_DIFFERENCE, Scene, draw_colour, picture_of, read_truth, scenes_in

SEED = 20_261
SIDE = 256
TARGETS = 2
QUALITY = 88
"""Of the photos' JPEG, 4:4:4."""
SMALLEST_KEEP = 30
"""Pixels; fewer are dust, not a print."""


def main() -> int:
    """Write the bench anew."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.bench", description=__doc__.splitlines()[0]
    )
    parser.add_argument("scenes", type=Path)
    parser.add_argument("--output", type=Path, default=BENCH)
    options = parser.parse_args()
    shutil.rmtree(options.output, ignore_errors=True)
    options.output.mkdir(parents=True)
    pictures = [freeze(folder, options.output) for folder in scenes_in(options.scenes)]
    index = {"format": FORMAT, "side": SIDE, "pictures": pictures}
    text = json.dumps(index, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    (options.output / INDEX).write_text(text, encoding="utf-8")
    size = sum(path.stat().st_size for path in options.output.iterdir())
    print(f"{len(pictures)} pictures, {size / 1e6:.2f} MB in {options.output}")
    return 0


def freeze(folder: Path, output: Path) -> dict:
    """Write the files of a scene; returns its entry in the index."""
    scene = _scene(folder)
    kind = json.loads((folder / "meta.json").read_text())["kind"]
    photo, *truths = _pictures(scene)
    product = np.maximum(scene.material, scene.keep)[..., None] > 0
    files = {"photo": _jpeg(photo), "matte": _png(scene.material), "keep": _png(scene.keep)}
    for number, truth in enumerate(truths, start=1):
        files[f"true-{number}"] = _webp(np.where(product, truth, 0))
    return {
        "name": scene.name,
        "kind": kind,
        "targets": _swatches(scene, [photo, *truths])[1:],
        "files": {part: _write(output, f"{scene.name}-{part}", *file)
                  for part, file in files.items()},
    }  # fmt: skip


def _scene(folder: Path) -> Scene:
    """A scene whose all-over patterns are material and whose keep matte holds no dust."""
    scene = read_truth(folder)
    if scene.material.shape != (SIDE, SIDE):
        raise SystemExit(f"{folder} is {scene.material.shape}, not {SIDE} pixels square.")
    product = np.minimum(scene.material.astype(int) + scene.keep, 255).astype(np.uint8)
    if all_over(scene.keep > PRINTED, product > 127):
        return scene._replace(material=product, keep=np.zeros_like(scene.keep))
    if (scene.keep > 127).sum() < SMALLEST_KEEP:
        return scene._replace(keep=np.zeros_like(scene.keep))
    return scene


def _pictures(scene: Scene) -> list[NDArray[np.uint8]]:
    """The photo and the true pictures, in colours drawn by the scene's name, each seen to differ.

    Two unlike near-blacks may look alike in a scene, so swatches are compared, not albedos.
    """
    random = np.random.default_rng([zlib.crc32(scene.name.encode()), SEED])
    pictures = [picture_of(scene, draw_colour(random))]
    while len(pictures) <= TARGETS:
        more = [*pictures, picture_of(scene, draw_colour(random))]
        *others, newest = (srgb_to_lab(parse_hex(colour)) for colour in _swatches(scene, more))
        if min(delta_e00(newest, other) for other in others) >= MIN_DIFFERENCE:
            pictures = more
    return pictures


def _swatches(scene: Scene, pictures: list[NDArray[np.uint8]]) -> list[str]:
    """The material's swatch in each picture, '#RRGGBB'; its pixels are chosen on the first."""
    ready = prepare(pictures[0], scene.material, np.zeros_like(scene.material))
    return [to_hex(oklab_to_srgb(ready.swatch.measure(picture))) for picture in pictures]


def _write(output: Path, name: str, data: bytes, extension: str) -> dict[str, str]:
    path = f"{name}.{extension}"
    (output / path).write_bytes(data)
    return {"path": path, "sha256": sha256(data).hexdigest()}


def _jpeg(pixels: NDArray[np.uint8]) -> tuple[bytes, str]:
    return _encoded(pixels, "JPEG", quality=QUALITY, subsampling=0, optimize=True), "jpg"


def _png(pixels: NDArray[np.uint8]) -> tuple[bytes, str]:
    return _encoded(pixels, "PNG", optimize=True), "png"


def _webp(pixels: NDArray[np.uint8]) -> tuple[bytes, str]:
    return _encoded(pixels, "WEBP", lossless=True, quality=100, method=6), "webp"


def _encoded(pixels: NDArray[np.uint8], format: str, **options) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format, **options)
    return file.getvalue()


if __name__ == "__main__":
    sys.exit(main())
