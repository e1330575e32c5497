"""How any lesson is taught: the settings of the loop, one frozen dataclass."""

from dataclasses import dataclass

from .objectives import OBJECTIVES, PENALTIES
from .options import option


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """How any lesson is taught; saved beside the lesson's own settings."""

    steps: int = option(6000, "steps of the whole run")
    seed: int = option(1, "of weights, pictures and all other draws")
    learning_rate: float = option(2e-3, "peak of the networks'")
    warm_up: float = option(0.03, "share of the steps over which it rises to its peak")
    final_rate: float = option(0.05, "share of the peak that a cosine leaves at the end; 1: all")
    momentum: float = option(0.9, "decay of the networks' mean gradient; 0 to 0.5 for a game")
    second_momentum: float = option(0.999, "decay of its mean square")
    averaging: float = option(0.998, "decay per step of the averaged weights, which are exported")
    hold_start: bool = option(
        False, "average from the first step on, so that part of the weights stays as it was"
    )
    objective: str = option("rpgan", "what judges and networks play for", choices=OBJECTIVES)
    penalty: str = option(
        "own", "of the judges' gradients; own: the objective's", choices=PENALTIES
    )
    gamma: float = option(1.0, "weight of the penalty, at the start")
    final_gamma: float = option(0.1, "share of it left at the end; annealed geometrically")
    judge_learning_rate: float = option(2e-4, "peak of the judges'")
    judge_final_rate: float = option(1.0, "share of it that a cosine leaves at the end; 1: all")
    judge_momentum: float = option(0.0, "decay of the judges' mean gradient")
    judge_steps: int = option(1, "steps of the judges for each of the networks")
    adversarial: float = option(0.02, "weight of the judges' verdicts")
    information: float = option(0.02, "weight of the code read back from made pictures (InfoGAN)")
    values_weight: float = option(1.0, "weight of a code's values beside its categories")
    chance: float = option(0.3, "probability of each augmentation of the judges' pictures")
    # R1 + R2 already do to first order what this noise does (Roth et al. 2017), hence 0.
    noise: float = option(0.0, "noise on the judges' pictures, in sRGB, annealed to nothing")
    patience: int = option(1000, "steps that a sign of collapse may last; 0: for ever")
