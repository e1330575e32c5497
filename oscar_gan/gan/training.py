"""The training loop: one for all lessons, supervised, adversarial or both, one step at a time.

A *lesson* says what is taught: it has networks, judges (discriminators) if it is adversarial, and
makes of each batch a `Study`: losses, and pairs of real and made pictures for `judging`.
"""

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import asdict
from typing import Any, NamedTuple, Protocol

import torch
from torch import Tensor, nn
from torch.optim import AdamW

from .collapse import CollapseWatch
from .config import Config
from .descent import descend, pace
from .judging import Judging, Pairs
from .parallel import average, share
from .precision import lower_precision, moved


class Study(NamedTuple):
    """What a lesson makes of one batch."""

    losses: dict[str, Tensor]
    """Supervised, already weighted."""
    pairs: Pairs = {}
    """For the judges; made pictures carry gradient. Empty without an adversary."""
    code: Tensor | None = None
    """(N, C): what the Q head of every judge has to read back from the made pictures."""
    known: Tensor | None = None
    """(N, C): the same of the real pictures, from which it learns to; NaN where not known."""
    earlier: Sequence[Pairs] = ()
    """More pairs: the judges take a step on each before the networks take theirs (WGAN)."""


class Material(Protocol):
    """A corpus as runs see it: lessons know what is in it; `str` of it tells people."""

    digest: str


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
        self.optimiser = AdamW(
            self.networks.parameters(),
            config.learning_rate,
            betas=(config.momentum, config.second_momentum),
            weight_decay=1e-2,
        )
        self.judging = Judging(self.judges, config)
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
        report, judged, signs = dict(study.losses), {}, {}
        if study.pairs:
            judged, verdict, signs = self.judging.hear(
                study.pairs, study.code, self.step, study.known, study.earlier
            )
            report |= verdict
        done = self.step / self.config.steps
        rate = self.config.learning_rate * pace(done, self.config.warm_up, self.config.final_rate)
        signs["gradient"] = descend(self.optimiser, sum(report.values()), rate)
        self._average()
        return self._checked(report | judged, signs)

    def _checked(self, report: dict[str, Tensor], signs: dict[str, Tensor]) -> dict[str, Tensor]:
        """Average losses and signs over all ranks, and let the watch see them."""
        report = {name: value.detach().clone() for name, value in report.items()}
        average((*report.values(), *signs.values()))
        seen = {**{f"loss '{name}'": value for name, value in report.items()}, **signs}
        values = torch.stack([value.float() for value in seen.values()]).tolist()
        self.watch.observe(self.step, dict(zip(seen, values, strict=True)))
        return report

    @torch.no_grad()
    def _average(self) -> None:
        # Statistics of batch normalisation are each rank's own until here.
        average(value for value in self.networks.buffers() if value.is_floating_point())
        decay = self.config.averaging
        if not self.config.hold_start:
            # A fixed decay would hold on to the random start for a thousand steps.
            decay = min(decay, (1 + self.step) / (10 + self.step))
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
        return parts | ({"judge_optimiser": self.judging.optimiser} if self.judges else {})
