"""The lesson that all members of the family are taught: pictures from noise, before one judge.

The networks are DCGAN's (Radford et al. 2016), as small as Lucic et al. (2018) had them for
comparisons, and the same for all: a generator with normalised batches, and a judge without,
because a penalty on its gradient supposes that a logit depends on one picture.
"""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import one_hot

from oscar_gan.gan.networks import Judgement
from oscar_gan.gan.options import option
from oscar_gan.gan.training import Study

SIDE = 28
START = 7
"""Side of the generator's first layer: a quarter of the picture's."""
INITIAL_SPREAD = 0.02
"""Standard deviation of all first weights, DCGAN's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilySettings:
    """What is particular to a member beside how it is taught."""

    batch: int = option(32, "pictures a step")
    critic_steps: int = option(1, "steps of the judge a step, each on pictures of its own")
    noise: int = option(64, "values that a picture is made from, codes not counted")
    widths: tuple[int, int] = option((16, 32), "channels at 14 and at 7 pixels a side")
    categories: int = option(0, "of InfoGAN's code; 0: no code")
    values: int = option(0, "continuous codes beside it, each in ±1")

    @property
    def codes(self) -> int:
        """Columns of a code."""
        return self.categories + self.values


class Real(NamedTuple):
    """A batch."""

    pictures: Tensor
    """(critic steps, N, 1, 28, 28) in [0, 1]."""


class Painter(nn.Module):
    """DCGAN's generator: noise and code (N, n) to pictures (N, 1, 28, 28) in [0, 1]."""

    def __init__(self, settings: FamilySettings) -> None:
        super().__init__()
        fine, coarse = settings.widths
        self.body = nn.Sequential(
            nn.Linear(settings.noise + settings.codes, coarse * START**2, bias=False),
            nn.Unflatten(1, (coarse, START, START)),
            nn.BatchNorm2d(coarse),
            nn.ReLU(),
            nn.ConvTranspose2d(coarse, fine, 4, 2, 1, bias=False),
            nn.BatchNorm2d(fine),
            nn.ReLU(),
            nn.ConvTranspose2d(fine, 1, 4, 2, 1),
            nn.Sigmoid(),
        )
        _initialise(self)

    def forward(self, noise: Tensor) -> Tensor:
        return self.body(noise)


class Critic(nn.Module):
    """DCGAN's discriminator without normalisation, and InfoGAN's Q head on the same trunk."""

    def __init__(self, settings: FamilySettings) -> None:
        super().__init__()
        fine, coarse = settings.widths
        self.categories = settings.categories
        self.trunk = nn.Sequential(
            nn.Conv2d(1, fine, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(fine, coarse, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.Flatten(),
        )
        self.judge = nn.Linear(coarse * START**2, 1)
        self.reader = None
        if settings.codes:
            hidden = nn.Linear(coarse * START**2, coarse)
            self.reader = nn.Sequential(
                hidden, nn.LeakyReLU(0.2), nn.Linear(coarse, 2 * settings.codes)
            )
        _initialise(self)

    def forward(self, pictures: Tensor) -> Judgement:
        seen = self.trunk(2 * pictures - 1)
        logits = self.judge(seen)[:, 0]
        if self.reader is None:
            nothing = seen[:, :0]
            return Judgement(logits, nothing, nothing)
        code, log_variance = self.reader(seen).chunk(2, dim=1)
        return Judgement(logits, code, log_variance.clamp(-6, 2), self.categories)


class FamilyLesson:
    """Teaches a `Painter` to make pictures like those it is shown, nothing else."""

    name: ClassVar[str] = "family"
    Settings: ClassVar[type] = FamilySettings

    def __init__(self, settings: FamilySettings) -> None:
        self.settings = settings
        layout = torch.channels_last  # a quarter faster on a CPU
        self.networks = nn.ModuleDict({"painter": Painter(settings).to(memory_format=layout)})
        self.judges = nn.ModuleDict({"picture": Critic(settings).to(memory_format=layout)})

    def study(self, batch: Real, step: int) -> Study:
        """Make as many pictures as the batch holds; the last of them carry gradient."""
        *others, last = batch.pictures
        with torch.no_grad():
            earlier = [{"picture": (real, self._made(len(real))[0])} for real in others]
        made, code = self._made(len(last))
        return Study({}, {"picture": (last, made)}, code, earlier=earlier)

    def _made(self, count: int) -> tuple[Tensor, Tensor | None]:
        noise, code = draw(self.settings, count)
        return self.networks["painter"](noise), code

    def batches(self, pictures: NDArray[np.uint8], seed: int) -> "FamilyBatches":
        """Training batches by step, of pictures (n, 28, 28)."""
        return FamilyBatches(pictures, self.settings, seed)


@dataclass(frozen=True, slots=True)
class FamilyBatches:
    """Batches of pictures, each a pure function of seed and step."""

    pictures: NDArray[np.uint8]
    settings: FamilySettings
    seed: int

    def at(self, step: int) -> Real:
        """Make the batch of one step."""
        random = np.random.default_rng([self.seed, step])
        size = (self.settings.critic_steps, self.settings.batch)
        chosen = self.pictures[random.integers(len(self.pictures), size=size)]
        return Real(torch.from_numpy(chosen[:, :, None]).float() / 255)


def draw(
    settings: FamilySettings, count: int, *, generator: torch.Generator | None = None
) -> tuple[Tensor, Tensor | None]:
    """What `count` pictures are made from (count, n), and the code in it, if there is one."""
    noise = torch.randn(count, settings.noise, generator=generator)
    if not settings.codes:
        return noise, None
    kinds = torch.randint(settings.categories, (count,), generator=generator)
    values = 2 * torch.rand(count, settings.values, generator=generator) - 1
    code = torch.cat([one_hot(kinds, settings.categories).float(), values], 1)
    return torch.cat([noise, code], 1), code


def _initialise(network: nn.Module) -> None:
    for part in network.modules():
        if isinstance(part, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
            nn.init.normal_(part.weight, 0, INITIAL_SPREAD)
            if part.bias is not None:
                nn.init.zeros_(part.bias)
