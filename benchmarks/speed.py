"""python -m benchmarks.speed: milliseconds per phase and peak memory, beside the codec floor.

The floor is what no engine can avoid: decode the photo once, encode every variant. Photos are
synthetic (shaded cloth with a weave, JPEG as a camera writes it), so the figures need no data.
Milliseconds of processor time on one thread, the floor measured in the same rounds: a busy machine
shows little. Each scenario runs in a process of its own, so that its peak memory is its own.
"""

import argparse
import io
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
COLOURS = [
    "#1F3A93", "#C0392B", "#F5D76E", "#2E7D32", "#F4F1EA", "#1B1B1B", "#7D5BA6", "#E08283",
]  # fmt: skip
SCENARIOS = {"4 MP, 1 variant": (2000, 2000, 1), "4 MP, 8 variants": (2000, 2000, 8)}
LARGE = {"24 MP, 1 variant": (6000, 4000, 1)}


def main() -> None:
    """Run the scenarios asked for and print them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--generator", default="recolour")
    parser.add_argument("--repeat", type=int, default=5, help="rounds; medians are shown")
    parser.add_argument("--large", action="store_true", help="also 24 megapixels")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        width, height, variants = json.loads(options.child)
        print(json.dumps(measure(width, height, variants, options.generator, options.repeat)))
        return
    for name, scenario in (SCENARIOS | (LARGE if options.large else {})).items():
        show(name, scenario[2], run_child(scenario, options))


def run_child(scenario: tuple[int, int, int], options: argparse.Namespace) -> dict:
    """Measure one scenario in a fresh process."""
    command = [sys.executable, __file__, "--child", json.dumps(scenario)]
    command += ["--generator", options.generator, "--repeat", str(options.repeat)]
    root = str(Path(__file__).resolve().parents[1])
    environment = os.environ | THREADS | {"PYTHONPATH": root}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(done.stdout)


def show(name: str, variants: int, figures: dict) -> None:
    """Print a scenario's table."""
    medians = {phase: statistics.median(rounds) for phase, rounds in figures["phases"].items()}
    least = sum(value for phase, value in medians.items() if phase.startswith("floor"))
    total = sum(medians.values()) - least
    print(f"\n{name} (generator {figures['generator']})")
    for phase, milliseconds in (medians | {"total": total, "floor": least}).items():
        print(f"  {phase:<14} {milliseconds:8.1f} ms")
    print(f"  {variants} variants: {total / least:.1f} × codec floor")
    print(f"  peak memory {figures['peak_mib']:.0f} MiB")


def measure(width: int, height: int, variants: int, name: str, repeat: int) -> dict:
    """Time every phase `repeat` times; milliseconds."""
    import cv2

    from oscar_gan import engine

    cv2.setNumThreads(1)
    data = synthetic_photo(width, height)
    generator = engine.open_generator(name)
    rounds: dict[str, list[float]] = {}
    for _ in range(repeat + 1):  # the first round warms caches and is not counted
        phases = one_round(engine, generator, data, variants) | floor(data, variants)
        for phase, milliseconds in phases.items():
            rounds.setdefault(phase, []).append(milliseconds)
    return {
        "generator": generator.name,
        "phases": {phase: values[1:] for phase, values in rounds.items()},
        "peak_mib": peak_mib(),
    }


def one_round(engine, generator, data: bytes, variants: int) -> dict[str, float]:
    """Time reading, analysing, recolouring and encoding, in milliseconds."""
    clock = Clock()
    photo = engine.read_photo(data)
    clock.stop("read")
    analysis = generator.analyse(photo)
    clock.stop("analyse")
    for colour in (COLOURS * -(-variants // len(COLOURS)))[:variants]:
        result = generator.recolour(photo, analysis, colour)
        clock.stop("recolour")
        provenance = engine.Provenance(
            generator=generator.name,
            version=generator.version,
            recipe=generator.digest,
            source=photo.digest,
            colour=colour,
        )
        engine.encode(result.pixels, photo, provenance)
        clock.stop("encode")
    return clock.phases


class Clock:
    """A stopwatch that adds up phases."""

    def __init__(self) -> None:
        self.phases: dict[str, float] = {}
        self._last = time.process_time()

    def stop(self, phase: str) -> None:
        """Count the time since the last stop to a phase."""
        now = time.process_time()
        self.phases[phase] = self.phases.get(phase, 0) + (now - self._last) * 1000
        self._last = now


def floor(data: bytes, variants: int) -> dict[str, float]:
    """Time what cannot be avoided: one decode, then plain encodes with the source's tables."""
    import numpy as np
    from PIL import Image, JpegImagePlugin

    clock = Clock()
    image = Image.open(io.BytesIO(data))
    options = {
        "qtables": image.quantization,
        "subsampling": JpegImagePlugin.get_sampling(image),
    }
    pixels = np.asarray(image)
    clock.stop("floor: decode")
    for _ in range(variants):
        Image.fromarray(pixels).save(io.BytesIO(), "JPEG", **options)
        clock.stop("floor: encode")
    return clock.phases


def peak_mib() -> float:
    """Peak resident memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def synthetic_photo(width: int, height: int) -> bytes:
    """A JPEG of a folded teal cloth on a grey table, with weave, print and sensor noise."""
    import numpy as np
    from PIL import Image

    random = np.random.default_rng(7)
    y, x = np.mgrid[0:height:4, 0:width:4].astype(np.float32)
    y, x = y / height - 0.5, x / width - 0.5
    folds = 0.72 + 0.2 * np.sin(9 * x + 4 * np.sin(5 * y)) + 0.08 * np.sin(31 * y + 6 * x)
    inside = (np.abs(x) < 0.33) & (np.abs(y) < 0.36 + 0.03 * np.sin(12 * x))
    cloth = folds[..., None] * np.array([40, 140, 140], np.float32)
    table = (205 + 18 * x[..., None]) * np.ones(3, np.float32)
    colour = np.where(inside[..., None], cloth, table)
    logo = (x**2 + (y + 0.1) ** 2) < 0.004
    colour[logo] = (235, 120, 40)
    small = Image.fromarray(np.clip(colour, 0, 255).astype(np.uint8))
    picture = np.asarray(small.resize((width, height), Image.Resampling.BICUBIC)).copy()
    tile = random.normal(0, 3, (512, 512)) + 4 * np.sin(np.arange(512) * 1.3)
    for top in range(0, height, 512):  # strips: the benchmark's own memory must stay small
        strip = picture[top : top + 512]
        weave = np.tile(tile, (1, width // 512 + 1))[: len(strip), :width, None]
        strip[...] = np.clip(strip + weave, 0, 255).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


if __name__ == "__main__":
    main()
