"""What the lab's command line and the shop's commands share: options, bars, a run from options."""

import argparse
import math
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import torch
from tqdm import tqdm

from oscar_gan.stopping import stop_signals

from .config import Config
from .lessons import LESSONS, learnt
from .options import add_options, chosen
from .parallel import choose_device, joined, world
from .runs import run
from .training import Material, Progress, Trainer


def add_run_options(parser: argparse.ArgumentParser, lesson: str) -> None:
    """Add how to run a lesson, and the settings of the loop and of the lesson."""
    running = parser.add_argument_group("the run")
    running.add_argument("--start-from", type=Path, metavar="CHECKPOINT", help="fine-tune it")
    running.add_argument("--every", type=int, default=500, help="steps between checkpoints (500)")
    running.add_argument("--device", default="auto", help="cpu, cuda, or the best there is (auto)")
    running.add_argument(
        "--threads", type=int, default=1, help="of the CPU; more hurts on a shared machine (1)"
    )
    running.add_argument(
        "--workers", type=int, default=0, help="processes that make pictures ahead, for a GPU (0)"
    )
    add_options(parser.add_argument_group("the loop"), Config)
    add_options(parser.add_argument_group(f"the {lesson}"), LESSONS[lesson].Settings)


def teach(
    options: dict[str, Any],
    corpus: Material,
    folder: Path,
    *,
    held_out: Material | None,
    say: Callable[[str], Any],
) -> Trainer:
    """Run the lesson that the options (of `add_run_options`, and `lesson`) name, with a bar.

    Ctrl-C ends it after the step at hand, with a checkpoint; a second one at once.
    """
    torch.set_num_threads(options["threads"])
    lesson = options["lesson"]
    config = chosen(Config, options)
    device = choose_device(options["device"])
    with joined(device), stop_signals() as asked_to_stop:
        first = world()[0] == 0
        if first:
            say(_plan(lesson, config, corpus))
        return run(
            lesson,
            config,
            chosen(LESSONS[lesson].Settings, options),
            corpus,
            folder,
            held_out=held_out,
            begin_with=options["start_from"],
            every=options["every"],
            device=device,
            workers=options["workers"],
            progress=_bar if first else None,
            stop=asked_to_stop,
        )


def score(state: dict[str, Any], corpus: Material) -> dict[str, float | None]:
    """Scores by name of a checkpoint's averaged networks; None where there is nothing to score."""
    torch.set_num_threads(1)
    lesson = learnt(state)
    scores = lesson.validate(lesson.networks, corpus)
    return {name: value if math.isfinite(value) else None for name, value in scores.items()}


def counted(items: Iterable) -> Iterable:
    """Show a bar while pictures are gone through; none when nobody watches."""
    return tqdm(items, unit="picture", disable=None)


def _plan(lesson: str, config: Config, corpus: Material) -> str:
    return (
        f"Teaching the {lesson} from {corpus}: {config.steps} steps, objective {config.objective}."
    )


def _bar(steps: Iterable[Progress], first: int, last: int) -> Iterator[Progress]:
    with tqdm(steps, initial=first, total=last, unit="step", disable=None) as bar:
        for done in bar:
            if done.step % 20 == 0:
                bar.set_postfix({name: f"{float(loss):.3f}" for name, loss in done.losses.items()})
            yield done
