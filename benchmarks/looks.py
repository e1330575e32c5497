"""python -m benchmarks.looks: milliseconds and peak memory of prints and styles on 4 megapixels.

Beside each look stand a plain colour and the codec floor (decode the photo, encode one picture),
measured in the same rounds: see benchmarks.speed. Every look runs in a process of its own.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks.speed import COLOURS, THREADS, Clock, floor, peak_mib, synthetic_photo

SIDE = 2000
LOOKS = ["colour", "2 inks", "4 inks", "stone-wash", "heather", "ombre", "metallic"]


def main() -> None:
    """Measure every look and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--generator", default="recolour")
    parser.add_argument("--repeat", type=int, default=5, help="rounds; medians are shown")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(measure(options.child, options.generator, options.repeat)))
        return
    print(f"{'look':<12} {'ms':>7} {'÷ colour':>9} {'÷ floor':>8} {'peak MiB':>9}")
    for look in LOOKS:
        figures = run_child(look, options)
        ms, colour, least = (figures[key] for key in ("look", "colour", "floor"))
        print(
            f"{look:<12} {ms:7.0f} {ms / colour:9.1f} {ms / least:8.1f} {figures['peak_mib']:9.0f}"
        )


def run_child(look: str, options: argparse.Namespace) -> dict:
    """Measure one look in a fresh process."""
    command = [sys.executable, __file__, "--child", look]
    command += ["--generator", options.generator, "--repeat", str(options.repeat)]
    root = str(Path(__file__).resolve().parents[1])
    environment = os.environ | THREADS | {"PYTHONPATH": root}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(done.stdout)


def measure(name: str, generator_name: str, repeat: int) -> dict:
    """Medians in milliseconds of a look, a colour and the floor; peak memory without encoding."""
    import cv2

    from oscar_gan import engine

    cv2.setNumThreads(1)
    data = synthetic_photo(SIDE, SIDE)
    generator, photo = engine.open_generator(generator_name), engine.read_photo(data)
    analysis = generator.analyse(photo)
    look = None if name == "colour" else look_of(name)
    rounds: dict[str, list[float]] = {"look": [], "colour": [], "floor": []}
    peak = 0.0
    for number in range(repeat + 1):  # the first round warms caches and is not counted
        clock = Clock()
        if look is None:
            generator.recolour(photo, analysis, COLOURS[1])
        else:
            generator.restyle(photo, analysis, look)
        clock.stop("look")
        peak = peak or peak_mib()
        generator.recolour(photo, analysis, COLOURS[0])
        clock.stop("colour")
        times = clock.phases | {"floor": sum(floor(data, 1).values())}
        for phase, milliseconds in times.items():
            rounds[phase] += [milliseconds] if number else []
    return {key: statistics.median(values) for key, values in rounds.items()} | {"peak_mib": peak}


def look_of(name: str):
    """A print of discs in so many inks, or a style."""
    import numpy as np

    from oscar_gan.imaging.inks import whole_weights
    from oscar_gan.imaging.looks import PrintLook, StyleLook
    from oscar_gan.imaging.placing import Placement
    from oscar_gan.imaging.tiles import Tile

    if not name.endswith(" inks"):
        return StyleLook(name)
    inks, side = int(name.split()[0]), 512
    y, x = np.mgrid[0:side, 0:side] / side
    shares = np.zeros((side, side, inks))
    for ink in range(1, inks):
        distance = np.hypot(y - ink / inks, x - (0.37 * ink) % 1)
        shares[..., ink] = np.clip((0.15 - distance) * side / 2, 0, 1)
    shares[..., 0] = 1 - shares.sum(axis=-1).clip(0, 1)
    tile = Tile(whole_weights(shares / shares.sum(axis=-1, keepdims=True)), tuple(COLOURS[:inks]))
    return PrintLook(tile, Placement(scale=0.2, rotation=10))


if __name__ == "__main__":
    main()
