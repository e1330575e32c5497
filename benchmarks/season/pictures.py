"""The season's photos: rugs with furniture on them, other products, and the truth about each.

    python -m benchmarks.season.pictures --rugs FOLDER --others FOLDER

makes `photos/` anew from scenes that `demo/truth.py` rendered: each scene once as a photo in a
colour of its own, its recolourable outline, and the true picture in the colour to be asked for.
"""

import argparse
import io
import json
import sys
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.truth import draw_colours, picture_of, read_truth, scenes_in

PHOTOS = Path(__file__).parent / "photos"
INDEX = PHOTOS / "index.json"
RUG = "Rugs"
HELD_OUT = {RUG: range(70104, 70130), "Homeware": range(81026, 81042)}
"""Seeds of the scenes that never come into the shop, by sort."""
SPRING, AUTUMN, NEVER = range(3)
SMALLEST = 0.03
"""Share of a photo that the product covers at least: no shop would show less of it."""
SEEN = 0.75
"""Share of a rug that is seen beside and between the furniture on it, in spring at least."""
SEED = 5
QUALITY = 90


@dataclass(frozen=True)
class Picture:
    """One photo of the season."""

    name: str
    sort: str
    """Product class in the shop."""
    kind: str
    """What the scene shows, as `demo/variety.py` calls it."""
    wave: int
    """When it comes into the shop: `SPRING`, `AUTUMN`, or `NEVER`, held out."""
    target: str
    """The colour asked for, '#RRGGBB'; its true picture shows the swatch that is asked for."""

    @property
    def is_held_out(self) -> bool:
        """Whether it never comes into the shop."""
        return self.wave == NEVER

    @property
    def photo(self) -> bytes:
        """The photo's file, a JPEG."""
        return (PHOTOS / f"{self.name}.jpg").read_bytes()

    @property
    def matte(self) -> NDArray[np.uint8]:
        """(h, w): what is recolourable."""
        return np.asarray(Image.open(PHOTOS / f"{self.name}-matte.png").convert("L"))

    @property
    def matte_file(self) -> bytes:
        """The outline's file, a PNG, as staff would hand it in."""
        return (PHOTOS / f"{self.name}-matte.png").read_bytes()

    @property
    def truth(self) -> NDArray[np.uint8]:
        """(h, w, 3): the product as it truly looks in another colour."""
        return np.asarray(Image.open(PHOTOS / f"{self.name}-truth.webp").convert("RGB"))


def read_pictures() -> list[Picture]:
    """All pictures of the season, in a fixed order."""
    return [Picture(**entry) for entry in json.loads(INDEX.read_text())]


def main() -> int:
    """Pack rendered scenes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rugs", type=Path, required=True, help="scenes of kind rug")
    parser.add_argument("--others", type=Path, required=True, help="scenes of all other kinds")
    options = parser.parse_args()
    PHOTOS.mkdir(exist_ok=True)
    for old in PHOTOS.iterdir():
        old.unlink()
    entries = []
    for sort, folder in ((RUG, options.rugs), ("Homeware", options.others)):
        for path in scenes_in(folder):
            wave = _wave(path, sort)
            if wave is not None:
                entries.append(_pack(path, sort, wave))
    INDEX.write_text(json.dumps([asdict(entry) for entry in entries], indent=1) + "\n")
    size = sum(file.stat().st_size for file in PHOTOS.iterdir())
    print(f"{len(entries)} photos, {size / 1e6:.1f} MB")
    return 0


def _wave(path: Path, sort: str) -> int | None:
    """Rugs that are mostly hidden come in autumn; None: shows too little."""
    product = read_truth(path).material > 127
    if product.mean() < SMALLEST:
        return None
    hidden = sort == RUG and share_seen(product) < SEEN
    if int(path.name) in HELD_OUT[sort]:
        return None if hidden else NEVER
    return AUTUMN if hidden else SPRING


def share_seen(product: NDArray[np.bool_]) -> float:
    """How much of a rug (h, w) is seen: rugs are convex, so of the hull of what is seen."""
    rows, columns = np.nonzero(product)
    hull = cv2.convexHull(np.stack([columns, rows], axis=1).astype(np.int32))
    return product.sum() / cv2.contourArea(hull)


def _pack(path: Path, sort: str, wave: int) -> Picture:
    scene = read_truth(path)
    kind = json.loads((path / "meta.json").read_text())["kind"]
    random = np.random.default_rng([zlib.crc32(f"{sort} {scene.name}".encode()), SEED])
    before, after = draw_colours(random)
    name = f"{kind}-{scene.name}"
    # Shops' photos are JPEGs; 4:4:4, because at this size halved colour would eat the outline.
    _save(picture_of(scene, before), f"{name}.jpg", quality=QUALITY, subsampling=0)
    _save(scene.material, f"{name}-matte.png", optimize=True)
    if wave == NEVER:
        _save(picture_of(scene, after), f"{name}-truth.webp", quality=95, method=6)
    return Picture(name, sort, kind, wave, after)


def _save(pixels: NDArray[np.uint8], name: str, **options) -> None:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, Path(name).suffix[1:].replace("jpg", "jpeg"), **options)
    (PHOTOS / name).write_bytes(file.getvalue())


if __name__ == "__main__":
    sys.exit(main())
