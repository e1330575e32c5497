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

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.truth import draw_colours, picture_of, read_truth, scenes_in

PHOTOS = Path(__file__).parent / "photos"
INDEX = PHOTOS / "index.json"
RUG = "Rugs"
WAVES = {RUG: (60, 28, 15), "Homeware": (20, 6, 0)}
"""Photos per part of the season, by sort; what is left is held out."""
SMALLEST = 0.03
"""Share of a photo that the product covers at least: no shop would show less of it."""
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
    """0, 1, 2: when it comes into the shop; 3: held out, never in it."""
    target: str
    """The colour asked for, '#RRGGBB'; its true picture shows the swatch that is asked for."""

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
        scenes = [path for path in scenes_in(folder) if _shows_enough(path)]
        borders = np.cumsum(WAVES[sort])
        for number, path in enumerate(scenes):
            wave = int(np.searchsorted(borders, number, side="right"))
            entries.append(_pack(path, sort, wave))
    INDEX.write_text(json.dumps([asdict(entry) for entry in entries], indent=1) + "\n")
    size = sum(file.stat().st_size for file in PHOTOS.iterdir())
    print(f"{len(entries)} photos, {size / 1e6:.1f} MB")
    return 0


def _shows_enough(path: Path) -> bool:
    return (read_truth(path).material > 127).mean() >= SMALLEST


def _pack(path: Path, sort: str, wave: int) -> Picture:
    scene = read_truth(path)
    kind = json.loads((path / "meta.json").read_text())["kind"]
    random = np.random.default_rng([zlib.crc32(f"{sort} {scene.name}".encode()), SEED])
    before, after = draw_colours(random)
    name = f"{kind}-{scene.name}"
    # Shops' photos are JPEGs; 4:4:4, because at this size halved colour would eat the outline.
    _save(picture_of(scene, before), f"{name}.jpg", quality=QUALITY, subsampling=0)
    _save(scene.material, f"{name}-matte.png", optimize=True)
    if wave == len(WAVES[sort]):
        _save(picture_of(scene, after), f"{name}-truth.webp", quality=95, method=6)
    return Picture(name, sort, kind, wave, after)


def _save(pixels: NDArray[np.uint8], name: str, **options) -> None:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, Path(name).suffix[1:].replace("jpg", "jpeg"), **options)
    (PHOTOS / name).write_bytes(file.getvalue())


if __name__ == "__main__":
    sys.exit(main())
