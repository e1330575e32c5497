"""The family's members: objective, optimiser and critic's steps of each, from its paper."""

from dataclasses import dataclass, field, replace
from typing import Any

from oscar_gan.gan.config import Config

from .lesson import FamilySettings

COMMON = {
    "warm_up": 0.0,
    "final_rate": 1.0,
    "averaging": 0.995,
    "final_gamma": 1.0,
    "adversarial": 1.0,
    "chance": 0.0,
}
"""Constant rates, and pictures shown to the judge as they are, as the papers of 2014 to 2017 had
it. The averaged weights are judged, of all members."""
HASTE = 5
"""Times the papers' learning rates, for all members: the papers took many times our steps."""
CRITIC_STEPS = 2
"""Of the Wasserstein members; 5 in the papers, which would take twice the time."""


@dataclass(frozen=True, slots=True)
class Member:
    """One row of the table."""

    year: int
    about: str
    """Objective and paper."""
    objective: str
    rate: float
    """The paper's, of both networks."""
    momenta: tuple[float, float]
    """Of the painter: decay of the mean gradient, which is the critic's too, and of its square."""
    taught: dict[str, Any] = field(default_factory=dict)
    """What else its configuration has."""
    settings: FamilySettings = field(default_factory=FamilySettings)
    demonstration: bool = False
    """Not a method: one seed shows it."""

    def config(self, *, steps: int, seed: int) -> Config:
        """How a run of it is taught; a sign of collapse may last a quarter of the steps."""
        momentum, second = self.momenta
        common = Config(
            objective=self.objective,
            learning_rate=HASTE * self.rate,
            judge_learning_rate=HASTE * self.rate,
            momentum=momentum,
            judge_momentum=momentum,
            second_momentum=second,
            **COMMON,
        )
        patience = max(1, steps // 4)
        return replace(common, steps=steps, seed=seed, patience=patience, **self.taught)


MEMBERS = {
    "ns": Member(
        2014,
        "GAN, non-saturating (Goodfellow et al.), taught as DCGAN (Radford et al. 2016)",
        "ns",
        2e-4,
        (0.5, 0.999),
    ),
    "lsgan": Member(
        2017, "least squares (Mao et al.), taught as DCGAN", "lsgan", 2e-4, (0.5, 0.999)
    ),
    "wgan": Member(
        2017,
        "Wasserstein distance, clipped weights (Arjovsky et al.)",
        "wgan",
        5e-5,
        (0.0, 0.99),  # RMSprop
        settings=FamilySettings(critic_steps=CRITIC_STEPS),
    ),
    "wgan-gp": Member(
        2017,
        "Wasserstein distance, gradient penalty (Gulrajani et al.)",
        "wgan-gp",
        1e-4,
        (0.0, 0.9),
        {"gamma": 10.0},
        FamilySettings(critic_steps=CRITIC_STEPS),
    ),
    "rpgan": Member(
        2024,
        "relativistic pairs, R1 and R2 (R3GAN, Huang et al.)",
        "rpgan",
        2e-4,
        (0.0, 0.99),
        {"gamma": 1.0, "final_gamma": 0.1, "final_rate": 0.25, "judge_final_rate": 0.25},
    ),
    "infogan": Member(
        2016,
        "ns with ten categories and two values to be read back (Chen et al.)",
        "ns",
        2e-4,
        (0.5, 0.999),
        {"information": 1.0, "values_weight": 0.1},  # more, and the values drown the noise
        FamilySettings(categories=10, values=2),
    ),
    "no bound": Member(
        2017,
        "wgan-gp without its penalty: what the bound on the critic is for",
        "wgan-gp",
        1e-4,
        (0.0, 0.9),
        {"penalty": "none"},
        FamilySettings(critic_steps=CRITIC_STEPS),
        demonstration=True,
    ),
}
