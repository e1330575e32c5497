"""The training loop: one for all lessons, supervised, adversarial or both, one step at a time.

A *lesson* says what is taught: it has networks, judges (discriminators) if it is adversarial, and
makes of each batch a `Study`: losses, and pairs of real and made pictures. All else is here.
"""

import math
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple, Protocol

import torch
from torch import Tensor, nn
from torch.optim import Adam, AdamW, Optimizer

from .augment import augment, with_noise
from .collapse import CollapseWatch, told_apart, variety
from .objectives import OBJECTIVES, PENALTIES, reading_error
from .options import option
from .parallel import average, share
from .precision import lower_precision, moved

Pairs = dict[str, tuple[Tensor, Tensor]]
"""By judge: real and made pictures, (N, 3, S, S) sRGB in [0, 1] each."""
STEEPEST = 5.0
"""Largest norm of a gradient; longer ones are cut to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """How any lesson is taught; saved beside the lesson's own settings."""

    steps: int = option(6000, "steps of the whole run")
    seed: int = option(1, "of weights, pictures and all other draws")
    learning_rate: float = option(2e-3, "peak of the networks'")
    warm_up: float = option(0.03, "share of the steps over which it rises to its peak")
    final_rate: float = option(0.05, "share of the peak that a cosine leaves at the end; 1: all")
    averaging: float = option(0.998, "decay per step of the averaged weights, which are exported")
    objective: str = option("rpgan", "what judges and networks play for", choices=OBJECTIVES)
    penalty: str = option(
        "own", "of the judges' gradients; own: the objective's", choices=PENALTIES
    )
    gamma: float = option(1.0, "weight of the penalty; annealed to a tenth")
    judge_learning_rate: float = option(2e-4, "peak of the judges'")
    judge_final_rate: float = option(1.0, "share of it that a cosine leaves at the end; 1: all")
    judge_steps: int = option(1, "steps of the judges for each of the networks")
    adversarial: float = option(0.02, "weight of the judges' verdicts")
    information: float = option(0.02, "weight of the code read back from made pictures (InfoGAN)")
    chance: float = option(0.3, "probability of each augmentation of the judges' pictures")
    # R1 + R2 already do to first order what this noise does (Roth et al. 2017), hence 0.
    noise: float = option(0.0, "noise on the judges' pictures, in sRGB, annealed to nothing")
    patience: int = option(1000, "steps that a sign of collapse may last; 0: for ever")


class Study(NamedTuple):
    """What a lesson makes of one batch."""

    losses: dict[str, Tensor]
    """Supervised, already weighted."""
    pairs: Pairs = {}
    """For the judges; made pictures carry gradient. Empty without an adversary."""
    code: Tensor | None = None
    """(N, C): what the Q head of every judge has to read back from the made pictures."""


class Lesson(Protocol):
    """What the loop needs to know of what it teaches."""

    networks: nn.ModuleDict
    """What is trained, averaged and exported, by name."""
    judges: nn.ModuleDict
    """Discriminators by name (`networks.Discriminator`); may be empty."""

    def study(self, batch: Any, step: int) -> Study:
        """Look at one batch, a NamedTuple of tensors on the networks' device."""


class Progress(NamedTuple):
    """One step done; losses stay tensors, so that only who prints them waits for them."""

    step: int
    losses: dict[str, Tensor]


class Trainer:
    """A lesson with its optimisers, averaged weights and the step count of one run."""

    def __init__(
        self, lesson: Lesson, config: Config, *, device: str | torch.device = "cpu"
    ) -> None:
        self.lesson = lesson
        self.config = config
        self.device = torch.device(device)
        self.step = 0
        self.networks, self.judges = lesson.networks.to(device), lesson.judges.to(device)
        self.averaged = deepcopy(self.networks).requires_grad_(False).eval()
        self.optimiser = AdamW(self.networks.parameters(), config.learning_rate, weight_decay=1e-2)
        if self.judges:
            self.judge_optimiser = Adam(
                self.judges.parameters(), config.judge_learning_rate, betas=(0.0, 0.99)
            )
        self.objective = OBJECTIVES[config.objective]
        own = config.penalty == "own"
        self.penalty = self.objective.penalty if own else PENALTIES[config.penalty]
        self.watch = CollapseWatch(config.patience)
        if self.device.type == "cuda":
            for network in (*self.networks.values(), *self.judges.values()):
                lower_precision(network)

    def train(self, batches: Iterable[Any]) -> Iterator[Progress]:
        """Take one step per batch until the configuration's last; yield after each."""
        for batch in batches:
            if self.step >= self.config.steps:
                return
            self.step += 1
            # Drawn anew each step: a resumed run needs no saved generator to be bit-identical.
            torch.manual_seed(self.config.seed * 1_000_003 + share(self.step))
            yield Progress(self.step, self._take_step(moved(batch, self.device)))

    def _take_step(self, batch: Any) -> dict[str, Tensor]:
        self.networks.train()
        study = self.lesson.study(batch, self.step)
        report, signs = dict(study.losses), {}
        if study.pairs:
            draws = torch.Generator().manual_seed(torch.initial_seed())
            for _ in range(self.config.judge_steps):
                pairs = self._disturbed(study.pairs, draws)
                judging = self._step_judges(pairs, study.code)
            verdict, signs = self._verdict(pairs, study.code)
            report |= verdict
        rate = self.config.learning_rate * self._pace(self.config.warm_up, self.config.final_rate)
        signs["gradient"] = self._descend(self.optimiser, sum(report.values()), rate)
        self._average()
        if study.pairs:
            report |= judging
        return self._checked(report, signs)

    def _disturbed(self, pairs: Pairs, draws: torch.Generator) -> Pairs:
        """What the judges get to see, so that they do not learn the pictures by heart."""
        level = self.config.noise * (1 - self.step / self.config.steps)
        return {
            name: tuple(
                with_noise(images, level)
                for images in augment(*pair, generator=draws, chance=self.config.chance)
            )
            for name, pair in pairs.items()
        }

    def _step_judges(self, pairs: Pairs, code: Tensor | None) -> dict[str, Tensor]:
        self.judges.requires_grad_(True)
        gamma = self.config.gamma * 0.1 ** (self.step / self.config.steps)
        report = {}
        for name, (real, made) in pairs.items():
            judge, made = self.judges[name], made.detach()
            judged = judge(made)
            loss = self.objective.discriminator(judge(real).logits, judged.logits)
            if self.penalty:
                critic = lambda images, judge=judge: judge(images).logits  # noqa: E731
                loss = loss + gamma * self.penalty(critic, real, made)
            report[f"{name} judge"] = loss
            if code is not None:
                report[f"{name} reader"] = reading_error(judged, code)
        rate = self.config.judge_learning_rate * self._pace(0, self.config.judge_final_rate)
        self._descend(self.judge_optimiser, sum(report.values()), rate)
        if bound := self.objective.clip:
            with torch.no_grad():
                for value in self.judges.parameters():
                    value.clamp_(-bound, bound)
        return report

    def _verdict(self, pairs: Pairs, code: Tensor | None) -> tuple[dict[str, Tensor], ...]:
        """Losses by the judges' opinion, and the signs by which a collapse is told."""
        self.judges.requires_grad_(False)
        report, signs = {}, {}
        for name, (real, made) in pairs.items():
            judged, logits = self.judges[name](made), self.judges[name](real).logits
            verdict = self.objective.generator(logits, judged.logits)
            report[name] = self.config.adversarial * verdict
            if code is not None:
                report[f"{name} code"] = self.config.information * reading_error(judged, code)
            signs[f"{name} variety"] = variety(real, made)
            signs[f"{name} verdict"] = told_apart(logits, judged.logits)
        return report, signs

    def _checked(self, report: dict[str, Tensor], signs: dict[str, Tensor]) -> dict[str, Tensor]:
        """Average losses and signs over all ranks, and let the watch see them."""
        report = {name: value.detach().clone() for name, value in report.items()}
        average((*report.values(), *signs.values()))
        seen = {**{f"loss '{name}'": value for name, value in report.items()}, **signs}
        values = torch.stack([value.float() for value in seen.values()]).tolist()
        self.watch.observe(self.step, dict(zip(seen, values, strict=True)))
        return report

    def _descend(self, optimiser: Optimizer, loss: Tensor, rate: float) -> Tensor:
        """Take one step down the gradient averaged over all ranks; return its norm."""
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        (group,) = optimiser.param_groups
        group["lr"] = rate
        average(value.grad for value in group["params"] if value.grad is not None)
        norm = nn.utils.clip_grad_norm_(group["params"], STEEPEST)
        optimiser.step()
        return norm

    def _pace(self, warm_up: float, final: float) -> float:
        """Share of the peak learning rate at this step."""
        done = self.step / self.config.steps
        rising = min(1.0, done / warm_up) if warm_up else 1.0
        return rising * (final + (1 - final) * (1 + math.cos(math.pi * done)) / 2)

    @torch.no_grad()
    def _average(self) -> None:
        # Statistics of batch normalisation are each rank's own until here.
        average(value for value in self.networks.buffers() if value.is_floating_point())
        # A fixed decay would hold on to the random start for a thousand steps.
        decay = min(self.config.averaging, (1 + self.step) / (10 + self.step))
        current = self.networks.state_dict()
        for name, value in self.averaged.state_dict().items():
            if value.is_floating_point():
                value.lerp_(current[name], 1 - decay)
            else:
                value.copy_(current[name])

    def state_dict(self) -> dict[str, Any]:
        """Everything needed to go on exactly; plain data and tensors only."""
        state = {"config": asdict(self.config), "step": self.step, "since": self.watch.since}
        return state | {name: part.state_dict() for name, part in self._parts().items()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where `state_dict` was taken, in a trainer of the same configuration."""
        self.step, self.watch.since = state["step"], state["since"]
        for name, part in self._parts().items():
            part.load_state_dict(state[name])

    def _parts(self) -> dict[str, Any]:
        parts = {
            "networks": self.networks,
            "averaged": self.averaged,
            "optimiser": self.optimiser,
            "judges": self.judges,
        }
        return parts | ({"judge_optimiser": self.judge_optimiser} if self.judges else {})
