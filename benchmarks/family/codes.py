"""What became of InfoGAN's codes: read back from made pictures, and set beside the real kinds."""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from oscar_gan.gan.metrics.classifier import as_tensor
from oscar_gan.gan.networks import Judgement

from .lesson import FamilySettings, draw
from .scores import Pictures, painted

SEED = 7


class Codes(NamedTuple):
    """How well the Q head reads."""

    own: float
    """Share of made pictures whose category it reads rightly."""
    kinds: float
    """Share of real pictures whose category stands for their kind, categories matched to kinds one
    to one in the best way. No label was ever shown; chance is a tenth and a little."""
    values: tuple[float, ...]
    """R² of each value as read from made pictures: 1 is perfect, 0 a guess at the mean."""


def read_codes(
    settings: FamilySettings,
    painter: nn.Module,
    critic: nn.Module,
    real: Pictures,
    kinds: NDArray[np.integer],
) -> Codes:
    """Make as many pictures as there are real ones, and let the critic read both."""
    noise, code = draw(settings, len(real), generator=torch.Generator().manual_seed(SEED))
    split = settings.categories
    read = _read(critic, as_tensor(painted(painter, noise)))
    seen = _read(critic, as_tensor(real))
    own = (read.code[:, :split].argmax(1) == code[:, :split].argmax(1)).float().mean()
    categories = seen.code[:, :split].argmax(1).numpy()
    return Codes(
        own=float(own),
        kinds=best_match(categories, kinds, split),
        values=determination(read.code[:, split:], code[:, split:]),
    )


def determination(read: Tensor, true: Tensor) -> tuple[float, ...]:
    """R² by column (n, c)."""
    rest = (read - true).square().sum(0)
    return tuple((1 - rest / (true - true.mean(0)).square().sum(0)).tolist())


def best_match(categories: NDArray[np.integer], kinds: NDArray[np.integer], count: int) -> float:
    """Share of right answers under the best one-to-one match of categories to kinds (n,).

    Exact: the best match of the first categories to each set of kinds, one category more at a
    time; 2^count sets.
    """
    together = np.zeros((count, count), int)
    np.add.at(together, (categories, kinds), 1)
    best = {0: 0}
    for row in together:
        longer: dict[int, int] = {}
        for taken, right in best.items():
            for kind in range(count):
                if not taken >> kind & 1:
                    key = taken | 1 << kind
                    longer[key] = max(longer.get(key, 0), right + int(row[kind]))
        best = longer
    return best[2**count - 1] / len(kinds)


@torch.no_grad()
def _read(critic: nn.Module, pictures: Tensor) -> Judgement:
    critic.eval()
    parts = [critic(part) for part in pictures.split(250)]
    columns = list(zip(*parts, strict=True))[:3]
    return Judgement(*(torch.cat(column) for column in columns), parts[0].categories)
