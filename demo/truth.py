"""Render exact recolouring truth: ``python demo/truth.py FOLDER --scenes 120 [--first 0]``.

Every scene becomes a folder with the same picture at four grey albedos of the recolourable
material (``a008``, ``a018``, ``a052``, ``a090``.png), its coverage (``matte.png``), the coverage
of what must keep its colour (``keep.png``) and, written last, ``meta.json``. A cubic per pixel
and channel through the four linear values gives the picture in any colour. With ``--demo`` the
products of the demo shop are rendered the same way, for tests; without it they never appear.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import bpy
import scene
from products import PHOTOS
from render import prepare
from staging import compose

ALBEDOS = {"a008": 0.008, "a018": 0.18, "a052": 0.52, "a090": 0.90}


def shoot(folder: Path, facts: dict, options: argparse.Namespace) -> None:
    """Render the present scene's four albedos and two mattes into ``folder``."""
    start = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    scene.configure((options.side, options.side), options.samples, options.threads, dither=0.0)
    bpy.context.scene.render.use_persistent_data = True
    for label, albedo in ALBEDOS.items():
        scene.dye((albedo, albedo, albedo))
        scene.render(folder / f"{label}.png")
    for label in ("matte", "keep"):
        scene.render_mask(folder / f"{label}.png", label)
    facts |= {
        "side": options.side,
        "samples": options.samples,
        "albedos": ALBEDOS,
        "blender": bpy.app.version_string,
        "seconds": round(time.monotonic() - start, 1),
    }
    draft = folder / "meta.json.part"
    draft.write_text(json.dumps(facts, indent=1) + "\n")
    draft.rename(folder / "meta.json")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scenes", type=int, default=120)
    parser.add_argument("--first", type=int, default=0, help="number (seed) of the first scene")
    parser.add_argument("--kind", help="only this sort of product (see variety.py)")
    parser.add_argument("--side", type=int, default=256)
    parser.add_argument("--samples", type=int, default=8)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--demo", action="store_true", help="the shop's products instead")
    parser.add_argument("--blend", type=Path, help="with --demo: scenes that render.py kept")
    options = parser.parse_args()
    seeds = range(options.first, options.first + options.scenes)
    for name in PHOTOS if options.demo else (f"{seed:05d}" for seed in seeds):
        folder = options.folder.resolve() / name
        if (folder / "meta.json").exists():
            continue
        start = time.monotonic()
        if options.demo:
            prepare(name, options.blend)
            facts: dict = {"photo": name}
        else:
            scene.reset()
            facts = compose(int(name), options.kind)
        shoot(folder, facts, options)
        sys.stdout.write(f"{name} {facts} {time.monotonic() - start:.0f} s\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
