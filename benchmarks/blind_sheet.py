"""make contact-sheet RETOUCHED=folder: our result beside the professional's, unlabelled.

Each row shows a photo and two recolourings of it, ours and a retoucher's, in random order, with
nothing to tell which is which. The key lies in a file of its own, to be opened afterwards. Both go
to out/, which git ignores. RETOUCHED is as `benchmarks.retouched` wants it.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from numpy.random import Generator
from PIL import Image

from oscar_gan.engine import Generator as Recolourer
from oscar_gan.engine import default_generator, open_generator, read_photo
from oscar_gan.imaging.colour import oklab_to_srgb, to_hex
from oscar_gan.imaging.matte import read_matte

from .contact_sheet import sheet
from .retouched import Triple, pairs

ROWS = 8
"""Photos on one sheet: large enough to judge cloth."""
SIDES = ("left", "right")


def main() -> int:
    """Write sheets and key; 2 without any retouched pair."""
    parser = argparse.ArgumentParser(prog="make contact-sheet", description=__doc__)
    parser.add_argument("retouched", type=Path)
    parser.add_argument("--limit", type=int, default=32, help="pairs, one a group at most")
    parser.add_argument("--seed", type=int, default=1, help="another order, another choice")
    parser.add_argument("--output", type=Path, default=Path("out"))
    options = parser.parse_args()
    random = np.random.default_rng(options.seed)
    chosen = choose(list(pairs(options.retouched)), options.limit, random)
    if not chosen:
        print(f"error: no retouched pairs in {options.retouched}; see --help.", file=sys.stderr)
        return 2
    options.output.mkdir(parents=True, exist_ok=True)
    generator, key = open_generator(default_generator()), {}
    for first in range(0, len(chosen), ROWS):
        rows = []
        for number, triple in enumerate(chosen[first : first + ROWS], start=first + 1):
            ours_at = int(random.integers(2))
            rows.append(row(number, triple, generator, ours_at))
            key[number] = {"ours": SIDES[ours_at], "photo": str(triple.photo)}
        target = options.output / f"blind-{first // ROWS + 1}.png"
        sheet(rows).save(target)
        print(target)
    (options.output / "blind-key.json").write_text(json.dumps(key, indent=1) + "\n")
    print(f"Key, to be opened afterwards: {options.output / 'blind-key.json'}")
    return 0


def choose(found: list[Triple], limit: int, random: Generator) -> list[Triple]:
    """At most `limit` pairs in random order, one of each photographed product."""
    groups: dict[Path, list[Triple]] = {}
    for triple in found:
        groups.setdefault(triple.photo.parent, []).append(triple)
    names = sorted(groups)
    picked = [names[place] for place in random.permutation(len(names))[:limit]]
    return [groups[name][random.integers(len(groups[name]))] for name in picked]


def row(
    number: int, triple: Triple, generator: Recolourer, ours_at: int
) -> list[tuple[str, Image.Image]]:
    """The photo and both recolourings, ours at place 0 or 1."""
    photo = read_photo(triple.photo.read_bytes())
    retouch = read_photo(triple.retouch.read_bytes()).pixels
    analysis = generator.analyse(photo, matte=read_matte(triple.mask.read_bytes(), photo))
    target = to_hex(oklab_to_srgb(analysis.prepared.swatch.measure(retouch)))
    results = [retouch, generator.recolour(photo, analysis, target).pixels]
    if ours_at == 0:
        results.reverse()
    captions = (f"{number}", f"{number} left", f"{number} right")
    return [
        (caption, Image.fromarray(pixels))
        for caption, pixels in zip(captions, (photo.pixels, *results), strict=True)
    ]


if __name__ == "__main__":
    sys.exit(main())
