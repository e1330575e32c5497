"""How a set of pictures stands to the real ones: all figures of one row of the table."""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from oscar_gan.gan.collapse import LEAST_VARIETY, variety
from oscar_gan.gan.metrics.classifier import Classifier, as_tensor, judge
from oscar_gan.gan.metrics.distances import frechet_distance, kernel_distance
from oscar_gan.gan.metrics.manifolds import compare_manifolds
from oscar_gan.gan.metrics.modes import count_modes
from oscar_gan.gan.metrics.wavelets import wavelet_distance

from .data import KINDS

MARGIN = 2
"""Black pixels put around: wavelet packets want sides that can be halved four times."""

Pictures = NDArray[np.floating]
"""(n, 28, 28, 1) in [0, 1]"""


class Scores(NamedTuple):
    """Pictures against as many real ones; features are the classifier's."""

    kid: float
    """Kernel distance of the features, × 1000."""
    fd: float
    """Fréchet distance of the features."""
    fwd: float
    """Fréchet Wavelet Distance: no network."""
    precision: float
    recall: float
    density: float
    coverage: float
    modes: int
    """Kinds made at least once."""
    divergence: float
    """Kullback-Leibler divergence of the kinds' shares from the real ones', in nats."""
    variety: float
    """Spread over the pictures, relative to the real ones'."""

    @property
    def collapsed(self) -> bool:
        """Whether the pictures are all the same, or half of the kinds are never made."""
        return self.variety < LEAST_VARIETY or self.modes <= len(KINDS) // 2


class Reference:
    """The real pictures (n, 28, 28, 1), looked at once."""

    def __init__(self, classifier: Classifier, real: Pictures, kinds: NDArray[np.integer]) -> None:
        self.classifier = classifier
        self.pictures = real
        self.features, _ = judge(classifier, real)
        self.shares = np.bincount(kinds, minlength=len(KINDS)) / len(kinds)

    def score(self, pictures: Pictures) -> Scores:
        """Compare a set with the first as many real ones."""
        count = len(pictures)
        features, seen = judge(self.classifier, pictures)
        real, true = self.pictures[:count], self.features[:count]
        modes = count_modes(seen, len(KINDS), self.shares)
        return Scores(
            kid=1000 * kernel_distance(features, true),
            fd=frechet_distance(features, true),
            fwd=wavelet_distance(_framed(pictures), _framed(real)),
            **compare_manifolds(true, features)._asdict(),
            modes=modes.found,
            divergence=modes.divergence,
            variety=float(variety(as_tensor(real), as_tensor(pictures))),
        )

    def kid(self, pictures: Pictures) -> float:
        """Kernel distance × 1000 alone, which is quick."""
        features, _ = judge(self.classifier, pictures)
        return 1000 * kernel_distance(features, self.features[: len(pictures)])


@torch.no_grad()
def painted(painter: torch.nn.Module, noise: torch.Tensor) -> NDArray[np.float32]:
    """What a painter makes of noise (n, k): 8-bit levels in [0, 1], as the real pictures are."""
    painter.eval()
    made = torch.cat([painter(part) for part in noise.split(250)])
    return (made.permute(0, 2, 3, 1) * 255).round().numpy() / 255


def _framed(pictures: Pictures) -> Pictures:
    return np.pad(pictures, ((0, 0), (MARGIN, MARGIN), (MARGIN, MARGIN), (0, 0)))
