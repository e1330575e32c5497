"""Render the demo catalogue: ``python demo/render.py [PHOTO ...] [--side N] [--samples N]``."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import bpy
import scene
from PIL import Image, ImageCms
from products import PHOTOS

HERE = Path(__file__).parent
MATTE_SIDE = 512


def save_photo(picture: Path, target: Path, quality: int = 88) -> None:
    """Write a rendered PNG as a JPEG that says it is sRGB."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    with Image.open(picture) as image:
        image.convert("RGB").save(
            target, quality=quality, icc_profile=profile, optimize=True, progressive=True
        )


def save_matte(picture: Path, target: Path) -> None:
    """Write a rendered matte as a one-channel PNG."""
    with Image.open(picture) as image:
        image.convert("L").save(target, optimize=True)


def prepare(name: str, kept: Path | None) -> None:
    """Set the scene up, or open it if it is among the ``kept`` ones (cloth takes minutes)."""
    blend = kept and (kept / f"{name}.blend").resolve()
    if blend and blend.exists():
        bpy.ops.wm.open_mainfile(filepath=str(blend))
        return
    scene.reset()
    PHOTOS[name]()
    if blend:
        bpy.ops.wm.save_as_mainfile(filepath=str(blend))


def make(name: str, options: argparse.Namespace) -> float:
    """Set up, render and save one photo and its matte; return the seconds it took."""
    start = time.monotonic()
    prepare(name, options.blend)
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "picture.png"
        scene.configure((options.side, options.side), options.samples, options.threads)
        scene.render(picture)
        save_photo(picture, options.output / "photos" / f"{name}.jpg")
        scene.configure((MATTE_SIDE, MATTE_SIDE), options.samples, options.threads)
        scene.render_mask(picture, "matte")
        save_matte(picture, options.output / "mattes" / f"{name}.png")
    return time.monotonic() - start


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", nargs="*", metavar="PHOTO", help=f"any of {', '.join(PHOTOS)}")
    parser.add_argument("--side", type=int, default=1080, help="pixels")
    parser.add_argument("--samples", type=int, default=18, help="Cycles samples per pixel")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--output", type=Path, default=HERE, help="folder of photos/ and mattes/")
    parser.add_argument("--blend", type=Path, help="keep scenes in this folder and reuse them")
    options = parser.parse_args()
    unknown = set(options.photos) - set(PHOTOS)
    if unknown:
        parser.error(f"no such photo: {', '.join(sorted(unknown))}; there are {', '.join(PHOTOS)}")
    for folder in ("photos", "mattes"):
        (options.output / folder).mkdir(parents=True, exist_ok=True)
    for name in options.photos or PHOTOS:
        seconds = make(name, options)
        sys.stdout.write(f"{name}: {seconds:.0f} s\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
