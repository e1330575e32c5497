"""python -m benchmarks.speed: milliseconds per phase and peak memory, beside the codec floor.

The floor is what no engine can avoid: decode the photo once, encode every variant. Photos are
synthetic (shaded cloth with a weave, as a camera writes it), so the figures need no data.
Milliseconds of processor time on one thread, the floor measured in the same rounds: a busy machine
shows little. Each scenario runs in a process of its own, so that its peak memory is its own.
"""

import argparse
import io
import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

ROOT = Path(__file__).resolve().parents[1]
THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
COLOURS = [
    "#1F3A93", "#C0392B", "#F5D76E", "#2E7D32", "#F4F1EA", "#1B1B1B", "#7D5BA6", "#E08283",
]  # fmt: skip
SIZES = {1: (1000, 1000), 4: (2000, 2000), 12: (4000, 3000), 24: (6000, 4000)}
"""Width and height in pixels by megapixels."""
COVERAGES = (20, 50, 90)
"""Per cent of the frame that is product, about."""
COVERED = 47.5
"""Per cent that the cloth of the synthetic photo covers before it is scaled."""
FORMATS = ("JPEG", "WEBP", "AVIF", "PNG")
FLOOR = "floor: "
"""Begins the names of phases that no engine can avoid."""
NOTE = (
    "Milliseconds of processor time, one thread: median of the rounds (lower to upper quartile),"
    " and as a multiple of the floor."
)


class Scenario(NamedTuple):
    """A photo and how many variants are made of it."""

    megapixels: int
    variants: int
    coverage: int = 50
    """Per cent"""
    format: str = "JPEG"

    def __str__(self) -> str:
        count = f"{self.variants} variant{'s' if self.variants > 1 else ''}"
        return f"{self.megapixels} MP, {count}, product {self.coverage} %, {self.format}"


def main() -> None:
    """Run the scenarios asked for and print them."""
    options = read_options()
    if options.child:
        scenario = Scenario(*json.loads(options.child))
        print(json.dumps(measure(scenario, options.generator, options.repeat)))
        return
    from benchmarks.report import Table, write

    summary = Table("Total ÷ codec floor", ("scenario", "ms", "÷ floor", "peak, MiB"))
    tables, verdict = [summary], ""
    for scenario in scenarios(options):
        figures = run_child(scenario, options)
        tables.append(table_of(scenario, figures))
        total, ratio = middle(totals(figures)[0], 0), middle(ratios(figures), 1)
        summary.add(str(scenario), total, ratio, f"{figures['peak_mib']:.0f}")
        verdict = f"{scenario.variants} variants: {ratio} × codec floor"
        print(f"\n{tables[-1].markdown()}\n{verdict}", flush=True)
    if options.write:
        machine = f"{os.cpu_count()} cores, {platform.machine()}; one thread used"
        facts = {"generator": options.generator, "rounds": options.repeat, "machine": machine}
        write(tables, options.write, options.name, facts)
        with (options.write / f"{options.name}.md").open("a") as file:
            file.write(f"\n{verdict}\n")


def read_options() -> argparse.Namespace:
    """The command line's."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--generator", default="recolour")
    parser.add_argument("--repeat", type=int, default=5, help="rounds; medians are shown")
    parser.add_argument("--size", type=int, nargs="+", choices=SIZES, default=[4], metavar="MP")
    parser.add_argument("--large", action="store_true", help="also 24 megapixels, one variant")
    parser.add_argument("--variants", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--coverage", type=int, nargs="+", choices=COVERAGES, default=[50])
    parser.add_argument("--format", nargs="+", choices=FORMATS, default=["JPEG"])
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="keep the tables there")
    parser.add_argument("--name", default="speed", help="of the files there")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    return parser.parse_args()


def scenarios(options: argparse.Namespace) -> list[Scenario]:
    """Those asked for, in their order."""
    large = [Scenario(24, 1)] if options.large else []
    chosen = product(options.size, options.variants, options.coverage, options.format)
    return large + [Scenario(*each) for each in chosen]


def run_child(scenario: Scenario, options: argparse.Namespace) -> dict:
    """Measure one scenario in a fresh process."""
    ways = ["--generator", options.generator, "--repeat", str(options.repeat)]
    return fresh(__file__, "--child", json.dumps(scenario), *ways)


def fresh(*arguments: str) -> Any:
    """What a new Python process, on one thread, says as JSON in its last line."""
    environment = os.environ | THREADS | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, *arguments]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def table_of(scenario: Scenario, figures: dict):
    """A scenario's phases, in order, their sum and the floor."""
    from benchmarks.report import Table

    seen, peak = figures["coverage"], figures["peak_mib"]
    note = f"{NOTE} Found as product: {seen:.0%} of the frame; peak memory {peak:.0f} MiB."
    table = Table(str(scenario), ("phase", "ms", "÷ floor"), note)
    sums = totals(figures)
    own = {name: spent for name, spent in figures["phases"].items() if not name.startswith(FLOOR)}
    least = {name: spent for name, spent in figures["phases"].items() if name not in own}
    for name, spent in (own | {"total": sums[0]} | least | {"floor": sums[1]}).items():
        shares = [ms / floor for ms, floor in zip(spent, sums[1], strict=True)]
        table.add(name, middle(spent, 1), middle(shares, 2))
    return table


def totals(figures: dict) -> tuple[list[float], list[float]]:
    """Milliseconds of every round: of all phases, and of the floor."""
    rounds = list(zip(*figures["phases"].values(), strict=True))
    floors = [name.startswith(FLOOR) for name in figures["phases"]]
    least = [sum(ms for ms, is_floor in zip(each, floors, strict=True) if is_floor)
             for each in rounds]  # fmt: skip
    return [sum(each) - floor for each, floor in zip(rounds, least, strict=True)], least


def ratios(figures: dict) -> list[float]:
    """Total ÷ floor of every round."""
    return [total / least for total, least in zip(*totals(figures), strict=True)]


def middle(values: Sequence[float], digits: int) -> str:
    """The median, and the quartiles where they differ from it."""
    import numpy as np

    low, median, high = (f"{each:.{digits}f}" for each in np.percentile(values, (25, 50, 75)))
    return median if low == high else f"{median} ({low}–{high})"


def measure(scenario: Scenario, name: str, repeat: int) -> dict:
    """Time every phase `repeat` times; milliseconds."""
    import cv2

    from oscar_gan import engine

    cv2.setNumThreads(1)
    data = synthetic_photo(*SIZES[scenario.megapixels], scenario.coverage, scenario.format)
    generator = engine.open_generator(name)
    rounds: dict[str, list[float]] = {}
    for _ in range(repeat + 1):  # the first round warms caches and is not counted
        phases, coverage = one_round(engine, generator, data, scenario.variants)
        for phase, milliseconds in (phases | floor(data, scenario.variants)).items():
            rounds.setdefault(phase, []).append(milliseconds)
    return {
        "phases": {phase: values[1:] for phase, values in rounds.items()},
        "coverage": coverage,
        "peak_mib": peak_mib(),
    }


def one_round(engine, generator, data: bytes, variants: int) -> tuple[dict[str, float], float]:
    """Time one request; milliseconds by phase, and the share of the photo that is product."""
    clock = Clock()
    with inner_phases(clock):
        photo = engine.read_photo(data)
        clock.stop("read")
        analysis = generator.analyse(photo)
        for colour in (COLOURS * -(-variants // len(COLOURS)))[:variants]:
            result = generator.recolour(photo, analysis, colour)
            clock.stop("assess")
            provenance = engine.Provenance(
                generator=generator.name,
                version=generator.version,
                recipe=generator.digest,
                source=photo.digest,
                colour=colour,
            )
            engine.encode(result.pixels, photo, provenance)
            clock.stop("encode")
    return clock.phases, analysis.coverage


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

    def stopping(self, before: str, function: Callable, phase: str) -> Callable:
        """The function, the clock stopped before and after it."""

        def stopped(*arguments, **options):
            self.stop(before)
            result = function(*arguments, **options)
            self.stop(phase)
            return result

        return stopped


@contextmanager
def inner_phases(clock: Clock) -> Iterator[None]:
    """Stop the clock inside a generator's `analyse` and `recolour`, too."""
    from oscar_gan.engine import generator

    inner = {
        "read_analysis": ("analyse: mattes", "analyse: colours"),
        "dyes_for": ("dyes", "dyes"),
        "coat_of": ("dyes", "tables"),
        "lay": ("tables", "lay"),
    }
    with ExitStack() as stack:
        for name, (before, phase) in inner.items():
            stopped = clock.stopping(before, getattr(generator, name), phase)
            stack.enter_context(mock.patch.object(generator, name, stopped))
        yield


def floor(data: bytes, variants: int) -> dict[str, float]:
    """Time what cannot be avoided: one decode, then plain encodes as the source was."""
    import numpy as np
    from PIL import Image

    clock = Clock()
    image = Image.open(io.BytesIO(data))
    format, options = image.format, writer_options(image)
    pixels = np.asarray(image)
    clock.stop(f"{FLOOR}decode")
    for _ in range(variants):
        Image.fromarray(pixels).save(io.BytesIO(), format, **options)
        clock.stop(f"{FLOOR}encode")
    return clock.phases


def writer_options(image) -> dict:
    """How the engine would write a picture of this kind."""
    if image.format == "JPEG":
        from PIL import JpegImagePlugin

        sampling = JpegImagePlugin.get_sampling(image)
        return {"qtables": image.quantization, "subsampling": sampling}
    from oscar_gan.imaging.encode import PLAIN_OPTIONS

    return PLAIN_OPTIONS[image.format]


def peak_mib() -> float:
    """Peak resident memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def synthetic_photo(
    width: int, height: int, coverage: float = COVERED, format: str = "JPEG"
) -> bytes:
    """A photo of a folded teal cloth on a grey table, with weave, print and sensor noise.

    The cloth covers about `coverage` per cent of it.
    """
    import numpy as np
    from PIL import Image

    random = np.random.default_rng(7)
    y, x = np.mgrid[0:height:4, 0:width:4].astype(np.float32)
    y, x = y / height - 0.5, x / width - 0.5
    folds = 0.72 + 0.2 * np.sin(9 * x + 4 * np.sin(5 * y)) + 0.08 * np.sin(31 * y + 6 * x)
    scale = (coverage / COVERED) ** 0.5
    inside = (np.abs(x) < 0.33 * scale) & (np.abs(y) < scale * (0.36 + 0.03 * np.sin(12 * x)))
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
    Image.fromarray(picture).save(buffer, format, quality=90)
    return buffer.getvalue()


if __name__ == "__main__":
    main()
