"""python docs/looks.py: the manual's picture of prints and styles, from our renders."""

from __future__ import annotations

import numpy as np
from figures import ROOT, save

from oscar_gan.engine import Analysis, Generator, Photo, open_generator, read_photo
from oscar_gan.imaging.inks import whole_weights
from oscar_gan.imaging.looks import Look, PrintLook, ReferenceLook, StyleLook
from oscar_gan.imaging.placing import Placement
from oscar_gan.imaging.tiles import Tile

TARGET = ROOT / "docs/images/looks.jpg"
SIDE = 384

Opened = tuple[Photo, Analysis]


def main() -> None:
    """One row a product: the photo, then four looks, each with its largest ΔE."""
    generator = open_generator("recolour")
    names = ["harbour-t-shirt-red", "quayside-striped-top", "cove-armchair", "pilot-leather-bag"]
    opened = {name: open_photo(generator, name) for name in names}
    like = ReferenceLook(*opened["quayside-striped-top"])
    flowers = Tile(blossoms(), ("#F3E9DC", "#C8385A", "#2F6B4A", "#F2B632"))
    check = Tile(tartan(), ("#B3202C", "#141414", "#F2EFE9"))
    dots = Tile(polka(), ("#24345C", "#F4F1EA"))
    looks: dict[str, list[tuple[str, Look]]] = {
        names[0]: [
            ("print", PrintLook(flowers, Placement(0.22))),
            ("stone wash", StyleLook("stone-wash", ("#2E4F86",))),
            ("ombre", StyleLook("ombre", ("#F2EFE9", "#C8553D"))),
            ("heather", StyleLook("heather", ("#5B6670",))),
        ],
        names[1]: [
            ("print over stripes", PrintLook(dots, Placement(0.1))),
            ("pastel", StyleLook("pastel")),
            ("acid wash", StyleLook("acid-wash", ("#1F2A44", "#1F2A44"))),
            ("colour block", StyleLook("colour-block", ("#E3B23C", "#F2EFE9", "#24345C"))),
        ],
        names[2]: [
            ("like the striped top", like),
            ("print, turned", PrintLook(check, Placement(0.16, rotation=45))),
            ("faded", StyleLook("faded", ("#2F6B4A",))),
            ("print", PrintLook(flowers.recoloured(("#1E3A34", "#E3B23C", "#7FA08A", "#F2EFE9")),
                                Placement(0.3))),
        ],
        names[3]: [
            ("metallic", StyleLook("metallic", ("#B08D2E",))),
            ("print", PrintLook(check, Placement(0.14))),
            ("vivid", StyleLook("vivid")),
            ("monochrome", StyleLook("monochrome")),
        ],
    }  # fmt: skip
    rows = []
    for name, wanted in looks.items():
        photo, analysis = opened[name]
        cells = [("the photo", photo.pixels)]
        for caption, look in wanted:
            made = generator.restyle(photo, analysis, look)
            cells.append((f"{caption}   dE {made.assessment.delta_e:.1f}", made.pixels))
        rows.append(cells)
    save(rows, TARGET, cell=230)


def open_photo(generator: Generator, name: str) -> Opened:
    """A photo of the demo shop, and what is seen in it."""
    photo = read_photo((ROOT / f"demo/photos/{name}.jpg").read_bytes())
    return photo, generator.analyse(photo)


def places() -> tuple[np.ndarray, np.ndarray]:
    """Rows and columns of a tile, four to a pixel, as fractions of it."""
    edge = (np.arange(4 * SIDE) + 0.5) / (4 * SIDE)
    return edge[:, None], edge[None]


def averaged(shares: np.ndarray) -> np.ndarray:
    """Weights (SIDE, SIDE, K) of shares at four times the density."""
    return whole_weights(shares.reshape(SIDE, 4, SIDE, 4, -1).mean(axis=(1, 3)))


def blossoms() -> np.ndarray:
    """Flowers and leaves, scattered."""
    (y, x), random = places(), np.random.default_rng(3)
    inks = np.zeros((4 * SIDE, 4 * SIDE), int)
    for _ in range(16):
        row, column, turn = random.random(3) * (1, 1, 2 * np.pi)
        size = random.uniform(0.05, 0.11)
        down, across = ((each + 0.5) % 1 - 0.5 for each in (y - row, x - column))
        reach, angle = np.hypot(down, across), np.arctan2(down, across) + turn
        inks[reach < 1.5 * size * np.abs(np.cos(1.5 * angle)) ** 0.7] = 2
        inks[reach < size * (0.65 + 0.35 * np.cos(5 * angle))] = 1
        inks[reach < 0.25 * size] = 3
    return averaged(np.eye(4)[inks])


def tartan() -> np.ndarray:
    """Bands that mix where they cross, and a thin line."""
    y, x = (each * 2 % 1 for each in places())
    bands = (y < 0.5) * 0.5 + (x < 0.5) * 0.5
    line = (np.abs(y - 0.25) < 0.02) | (np.abs(x - 0.25) < 0.02)
    return averaged(np.stack([(1 - bands) * ~line, bands * ~line, line * 1.0], axis=-1))


def polka() -> np.ndarray:
    """Two dots to a tile."""
    y, x = places()
    near = [np.hypot(y - place, x - place) < 0.17 for place in (0.25, 0.75)]
    return averaged(np.eye(2)[np.logical_or(*near).astype(int)])


if __name__ == "__main__":
    main()
