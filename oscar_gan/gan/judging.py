"""The judges of a run: what they get to see, how they learn from it, and what they say."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.optim import Adam

from .augment import augment, with_noise
from .collapse import told_apart, variety
from .config import Config
from .descent import descend, pace
from .networks import Judgement
from .objectives import OBJECTIVES, PENALTIES, reading_error

Pairs = dict[str, tuple[Tensor, Tensor]]
"""By judge: real and made pictures, (N, 3, S, S) sRGB in [0, 1] each."""


class Hearing(NamedTuple):
    """What came of showing the judges one batch."""

    judged: dict[str, Tensor]
    """The judges' own losses, from which they learnt."""
    verdict: dict[str, Tensor]
    """Weighted losses for the networks."""
    signs: dict[str, Tensor]
    """By which a collapse is told."""


class Judging:
    """Discriminators by name, one optimiser for all of them, and the objective they play for."""

    def __init__(self, judges: nn.ModuleDict, config: Config) -> None:
        self.judges = judges
        self.config = config
        self.objective = OBJECTIVES[config.objective]
        own = config.penalty == "own"
        self.penalty = self.objective.penalty if own else PENALTIES[config.penalty]
        if judges:
            rate = config.judge_learning_rate
            self.optimiser = Adam(judges.parameters(), rate, betas=(config.judge_momentum, 0.99))

    def hear(
        self,
        pairs: Pairs,
        code: Tensor | None,
        step: int,
        known: Tensor | None = None,
        earlier: Sequence[Pairs] = (),
    ) -> Hearing:
        """Let the judges learn from pairs, then ask them what they think of these.

        `code` is what the made pictures were made from, `known` what is known of the real ones.
        `earlier` are other pairs from which the judges learn first, one step each.
        """
        done = step / self.config.steps
        draws = torch.Generator().manual_seed(torch.initial_seed())
        for others in earlier:
            self._learn(self._disturbed(others, draws, done), None, None, done)
        for _ in range(self.config.judge_steps):
            shown = self._disturbed(pairs, draws, done)
            judged = self._learn(shown, code, known, done)
        return Hearing(judged, *self._verdict(shown, code))

    def _misread(self, seen: Judgement, code: Tensor) -> Tensor:
        return reading_error(seen, code, values_weight=self.config.values_weight)

    def _gamma(self, done: float) -> float:
        return self.config.gamma * self.config.final_gamma**done

    def _disturbed(self, pairs: Pairs, draws: torch.Generator, done: float) -> Pairs:
        """What the judges get to see, so that they do not learn the pictures by heart."""
        level = self.config.noise * (1 - done)
        return {
            name: tuple(
                with_noise(images, level)
                for images in augment(*pair, generator=draws, chance=self.config.chance)
            )
            for name, pair in pairs.items()
        }

    def _learn(
        self, pairs: Pairs, code: Tensor | None, known: Tensor | None, done: float
    ) -> dict[str, Tensor]:
        self.judges.requires_grad_(True)
        report = {}
        for name, (real, made) in pairs.items():
            judge, made = self.judges[name], made.detach()
            seen, seen_real = judge(made), judge(real)
            loss = self.objective.discriminator(seen_real.logits, seen.logits)
            if self.penalty:
                critic = lambda images, judge=judge: judge(images).logits  # noqa: E731
                loss = loss + self._gamma(done) * self.penalty(critic, real, made)
            report[f"{name} judge"] = loss
            if code is not None:
                report[f"{name} reader"] = self._misread(seen, code)
            if known is not None:
                report[f"{name} labels"] = self._misread(seen_real, known)
        rate = self.config.judge_learning_rate * pace(done, 0, self.config.judge_final_rate)
        descend(self.optimiser, sum(report.values()), rate)
        if bound := self.objective.clip:
            with torch.no_grad():
                for value in self.judges.parameters():
                    value.clamp_(-bound, bound)
        return report

    def _verdict(self, pairs: Pairs, code: Tensor | None) -> tuple[dict[str, Tensor], ...]:
        self.judges.requires_grad_(False)
        report, signs = {}, {}
        for name, (real, made) in pairs.items():
            judge = self.judges[name]
            seen, logits = judge(made), judge(real).logits
            report[name] = self.config.adversarial * self.objective.generator(logits, seen.logits)
            if code is not None:
                report[f"{name} code"] = self.config.information * self._misread(seen, code)
            signs[f"{name} variety"] = variety(real, made)
            signs[f"{name} verdict"] = told_apart(logits, seen.logits)
        return report, signs
