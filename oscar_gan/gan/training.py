"""The training loop of the analyser: supervised, then with the adversary, one step at a time.

ReDO (Chen et al. 2019): recolouring a product must not leave the distribution of real photos. So
the analyser's own matte recolours a photo, and two discriminators judge the result: one sees the
scene, one a crop of the cloth. InfoGAN's Q head reads the asked colour back from the picture,
which forbids the empty matte, the cheapest way to look real.
"""

import math
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d
from torch.optim import Adam, AdamW, Optimizer

from . import losses
from .augment import augment
from .data import Batch, Mixture
from .networks import Analyser, Analysis, Discriminator
from .objectives import OBJECTIVES
from .recolour import base_colours, recolour

SCENE_SIDE = 128
"""Pixels that the scene discriminator sees at most: larger scenes are reduced to it."""
CLOTH_SIDE = 64
"""Side in pixels of the crop that the cloth discriminator sees, at the photo's own scale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """All that decides a run, beside the corpus; saved in checkpoints and in the export."""

    steps: int = 6000
    side: int = 128
    seed: int = 1
    mixture: Mixture = field(default_factory=Mixture)
    widths: tuple[int, ...] = (20, 40, 80, 160, 240)
    learning_rate: float = 2e-3
    """Peak; rises over the first 3 % of the steps, then falls by a cosine to a twentieth."""
    averaging: float = 0.998
    """Decay per step of the averaged weights (EMA), the ones that are exported."""
    objective: str = "rpgan"
    gamma: float = 1.0
    """Weight of the gradient penalties; annealed to a tenth."""
    judge_learning_rate: float = 2e-4
    adversarial: float = 0.02
    """Weight of the two discriminators' verdicts in the analyser's loss."""
    information: float = 0.02
    """Weight of the Q head's reading."""
    chance: float = 0.3
    """Probability of each augmentation of the discriminators' images."""

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Config":
        """Rebuild a configuration from `asdict`, as checkpoints and exports hold it."""
        mixture = Mixture(**values["mixture"])
        return cls(**{**values, "mixture": mixture, "widths": tuple(values["widths"])})


class Progress(NamedTuple):
    """One step done; losses stay tensors, so that only who prints them waits for them."""

    step: int
    losses: dict[str, Tensor]


class Trainer:
    """Networks, optimisers and the step count of one run."""

    def __init__(self, config: Config) -> None:
        torch.manual_seed(config.seed)
        self.config = config
        self.step = 0
        self.analyser = Analyser(config.widths).to(memory_format=torch.channels_last)
        self.averaged = deepcopy(self.analyser).requires_grad_(False).eval()
        self.optimiser = AdamW(self.analyser.parameters(), config.learning_rate, weight_decay=1e-2)
        self.judges = nn.ModuleDict()
        if config.mixture.adversarial:
            self.judges = nn.ModuleDict({"scene": Discriminator(), "cloth": Discriminator()})
            self.judge_optimiser = Adam(
                self.judges.parameters(), config.judge_learning_rate, betas=(0.0, 0.99)
            )
        self.objective = OBJECTIVES[config.objective]

    def train(self, batches: Iterable[Batch]) -> Iterator[Progress]:
        """Take one step per batch until the configuration's last; yield after each."""
        for batch in batches:
            if self.step >= self.config.steps:
                return
            self.step += 1
            # Drawn anew each step: a resumed run needs no saved generator to be bit-identical.
            torch.manual_seed(self.config.seed * 1_000_003 + self.step)
            yield Progress(self.step, self._take_step(batch))

    def _take_step(self, batch: Batch) -> dict[str, Tensor]:
        self.analyser.train()
        labelled, adversarial = len(batch.images), len(batch.photos)
        groups = (batch.images, batch.photos, batch.reals) if adversarial else (batch.images,)
        seen = self.analyser(torch.cat(groups).contiguous(memory_format=torch.channels_last))
        report = losses.supervised(Analysis(*(part[:labelled] for part in seen)), batch)
        total = sum(report.values())
        if adversarial:
            fakes = self._fakes(seen, batch)
            report |= self._step_judges(fakes)
            verdict = self._verdict(fakes)
            report |= verdict
            total = total + sum(verdict.values())
        self._descend(self.optimiser, total, self.config.learning_rate * self._pace())
        self._average()
        return {name: value.detach() for name, value in report.items()}

    def _fakes(self, seen: Analysis, batch: Batch) -> "Fakes":
        labelled, adversarial = len(batch.images), len(batch.photos)
        mattes = seen.matte[labelled:].sigmoid()
        matte, real_matte = mattes[:adversarial], mattes[adversarial:].detach()
        keep = seen.keep[labelled : labelled + adversarial].sigmoid()
        base = base_colours(batch.photos, matte)
        # Asked for: the colours of the real products beside it, so that colour tells nothing.
        target = base_colours(batch.reals, real_matte)
        scenes = recolour(batch.photos, matte * (1 - keep), base, target)
        side = min(CLOTH_SIDE, self.config.side * 3 // 8)
        pairs = {
            "scene": tuple(_reduced(images) for images in (batch.reals, scenes)),
            "cloth": (
                losses.cloth_crops(batch.reals, real_matte, side),
                losses.cloth_crops(scenes, matte.detach(), side),
            ),
        }
        draws = torch.Generator().manual_seed(torch.initial_seed())
        chance = self.config.chance
        pairs = {
            name: tuple(augment(*pair, generator=draws, chance=chance))
            for name, pair in pairs.items()
        }
        return Fakes(pairs, target, matte)

    def _step_judges(self, fakes: "Fakes") -> dict[str, Tensor]:
        self.judges.requires_grad_(True)
        gamma = self.config.gamma * 0.1 ** (self.step / self.config.steps)
        report = {}
        for name, (real, fake) in fakes.pairs.items():
            judge, fake = self.judges[name], fake.detach()
            judged = judge(fake)
            loss = self.objective.discriminator(judge(real).logits, judged.logits)
            if self.objective.penalty:
                critic = lambda images, judge=judge: judge(images).logits  # noqa: E731
                loss = loss + gamma * self.objective.penalty(critic, real, fake)
            report[f"{name} judge"] = loss + losses.reading_error(judged, fakes.target)
        self._descend(self.judge_optimiser, sum(report.values()), self.config.judge_learning_rate)
        if bound := self.objective.clip:
            with torch.no_grad():
                for value in self.judges.parameters():
                    value.clamp_(-bound, bound)
        return report

    def _verdict(self, fakes: "Fakes") -> dict[str, Tensor]:
        self.judges.requires_grad_(False)
        report = {"coverage": losses.plausible_coverage(fakes.matte)}
        for name, (real, fake) in fakes.pairs.items():
            judged = self.judges[name](fake)
            verdict = self.objective.generator(self.judges[name](real).logits, judged.logits)
            report[name] = self.config.adversarial * verdict
            reading = losses.reading_error(judged, fakes.target)
            report[f"{name} colour"] = self.config.information * reading
        return report

    def _descend(self, optimiser: Optimizer, loss: Tensor, rate: float) -> None:
        for group in optimiser.param_groups:
            group["lr"] = rate
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        for group in optimiser.param_groups:
            nn.utils.clip_grad_norm_(group["params"], 5.0)
        optimiser.step()

    def _pace(self) -> float:
        """Share of the peak learning rate at this step."""
        done = self.step / self.config.steps
        return min(1.0, done / 0.03) * (0.05 + 0.95 * (1 + math.cos(math.pi * done)) / 2)

    @torch.no_grad()
    def _average(self) -> None:
        # A fixed decay would hold on to the random start for a thousand steps.
        decay = min(self.config.averaging, (1 + self.step) / (10 + self.step))
        current = self.analyser.state_dict()
        for name, value in self.averaged.state_dict().items():
            if value.is_floating_point():
                value.lerp_(current[name], 1 - decay)
            else:
                value.copy_(current[name])

    def state_dict(self) -> dict[str, Any]:
        """Everything needed to go on exactly; plain data and tensors only."""
        state = {
            "config": asdict(self.config),
            "step": self.step,
            "analyser": self.analyser.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "judges": self.judges.state_dict(),
        }
        if self.judges:
            state["judge_optimiser"] = self.judge_optimiser.state_dict()
        return state

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where `state_dict` was taken, in a trainer of the same configuration."""
        self.step = state["step"]
        for name in ("analyser", "averaged", "optimiser", "judges"):
            getattr(self, name).load_state_dict(state[name])
        if self.judges:
            self.judge_optimiser.load_state_dict(state["judge_optimiser"])

    def start_from(self, state: dict[str, Any]) -> None:
        """Take over another run's averaged analyser as the start of this one."""
        self.analyser.load_state_dict(state["averaged"])
        self.averaged.load_state_dict(state["averaged"])


def _reduced(images: Tensor) -> Tensor:
    factor = images.shape[-1] // SCENE_SIDE
    return avg_pool2d(images, factor) if factor > 1 else images


class Fakes(NamedTuple):
    """What the discriminators compare in one step."""

    pairs: dict[str, tuple[Tensor, Tensor]]
    """By discriminator: (real, fake), augmented alike."""
    target: Tensor
    matte: Tensor
