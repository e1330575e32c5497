"""Has the game between judges and networks broken down? Told early, with the step it began at.

Three ways to lose it: numbers that are no longer finite; a judge that tells every made picture
from every real one, whose verdict then teaches nothing; made pictures that are all the same.
"""

import math

import torch
from torch import Tensor

from oscar_gan.errors import OscarGanError

LEAST_VARIETY = 0.05
"""Spread of the made pictures, relative to the real ones', below which they are all the same."""
UNEASY = 0.1
"""Share of the patience after which a symptom is more than chance."""


class TrainingCollapsed(OscarGanError):
    """The adversarial game broke down; going on would waste time and spoil the weights."""

    code = "training-collapsed"


@torch.no_grad()
def told_apart(real: Tensor, made: Tensor) -> Tensor:
    """Share of all couples of logits (N,) that are in the right order: 1 when never fooled.

    This is Mann and Whitney's U, so it means the same under every objective.
    """
    gaps = real[:, None] - made[None]
    return (gaps > 0).float().mean() + (gaps == 0).float().mean() / 2


@torch.no_grad()
def variety(real: Tensor, made: Tensor) -> Tensor:
    """Spread over the batch of made pictures (N, C, H, W), relative to that of real ones."""
    if len(made) < 2:
        return torch.ones((), device=made.device)  # one picture says nothing about a spread
    return made.std(0).mean() / real.std(0).mean().clamp_min(1e-6)


class CollapseWatch:
    """Counts how long each symptom has lasted without a break."""

    def __init__(self, patience: int) -> None:
        """`patience`: steps that a symptom may last; 0 tolerates all but infinite numbers."""
        self.patience = patience
        self.since: dict[str, int] = {}
        """First step of each symptom that lasts; saved with the run."""

    def observe(self, step: int, signs: dict[str, float]) -> None:
        """Take in one step's signs by name; raise `TrainingCollapsed` if the game is lost.

        Names end in "verdict" (`told_apart`) or "variety"; all others need only be finite.
        """
        for name, value in signs.items():
            if not math.isfinite(value):
                raise TrainingCollapsed(
                    f"The {name} is {value} at step {step}. Lower --learning-rate or"
                    " --judge-learning-rate, or raise --gamma."
                )
            if _is_symptom(name, value):
                self.since.setdefault(name, step)
            else:
                self.since.pop(name, None)
        for name, first in self.since.items():
            if self.patience and step - first + 1 >= self.patience:
                raise TrainingCollapsed(_explained(name, first, step))

    def uneasy(self, step: int) -> bool:
        """Whether a symptom lasts so long that the weights of today may be spoilt already."""
        limit = max(1, UNEASY * self.patience)
        return any(step - first + 1 > limit for first in self.since.values())


def _is_symptom(name: str, value: float) -> bool:
    if name.endswith("verdict"):
        return value == 1
    return name.endswith("variety") and value < LEAST_VARIETY


def _explained(name: str, first: int, last: int) -> str:
    judge = name.rsplit(" ", 1)[0]
    if name.endswith("verdict"):
        return (
            f"The {judge} judge has told every made picture from every real one since step"
            f" {first}, for {last - first + 1} steps: its verdict teaches nothing any more."
            " Lower --judge-learning-rate, raise --gamma, or add --noise 0.1."
        )
    return (
        f"The pictures shown to the {judge} judge are all the same since step {first}, for"
        f" {last - first + 1} steps: their spread is below {LEAST_VARIETY:.0%} of the real ones'."
        " Use --objective rpgan, raise --gamma or --information, or add --noise 0.1."
    )
