"""One step of an optimiser, and how long that step is."""

import math

from torch import Tensor, nn
from torch.optim import Optimizer

from .parallel import average

STEEPEST = 5.0
"""Largest norm of a gradient; longer ones are cut to it."""


def descend(optimiser: Optimizer, loss: Tensor, rate: float) -> Tensor:
    """Take one step down the gradient averaged over all ranks; return its norm."""
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    (group,) = optimiser.param_groups
    group["lr"] = rate
    average(value.grad for value in group["params"] if value.grad is not None)
    norm = nn.utils.clip_grad_norm_(group["params"], STEEPEST)
    optimiser.step()
    return norm


def pace(done: float, warm_up: float, final: float) -> float:
    """Share of the peak learning rate when `done` (0 to 1) of the steps are taken.

    It rises in a line over `warm_up` of them and falls by a cosine to `final`.
    """
    rising = min(1.0, done / warm_up) if warm_up else 1.0
    return rising * (final + (1 - final) * (1 + math.cos(math.pi * done)) / 2)
