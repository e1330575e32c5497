"""How good an analyser is on pictures that its training kept apart."""

from typing import NamedTuple

import numpy as np
import torch
from torch.nn.functional import interpolate

from .corpus import Corpus
from .data import Batches, Mixture
from .networks import Analyser
from .precision import moved

VALIDATION_SEED = 20


class Validation(NamedTuple):
    """Means over validation pictures."""

    matte_iou: float
    keep_iou: float
    """Over pictures that show prints, where prints are known."""


@torch.no_grad()
def validate_on_cutouts(
    analyser: Analyser, corpus: Corpus, *, side: int, batches: int = 8
) -> Validation:
    """Score on fixed composites of a held-out corpus' cut-outs: truth that is exact.

    Twelve composites a batch, always the same ones; outputs are cut at one half.
    """
    mixture = Mixture(photos=0, cutouts=12, shapes=0, scenes=0, worn=0)
    source = Batches(corpus, mixture, side, VALIDATION_SEED)
    mattes, keeps = [], []
    device = next(analyser.parameters()).device
    for step in range(1, batches + 1):
        batch = moved(source.at(step), device)
        seen = analyser(batch.images)
        mattes += _overlaps(seen.matte > 0, batch.matte > 0.5, batch.matte_weight > 0.5)
        known = (batch.keep_weight > 0.2) & (batch.matte > 0.5)
        keeps += _overlaps(seen.keep > 0, batch.keep > 0.5, known)
    return Validation(float(np.mean(mattes)), float(np.mean(keeps)) if keeps else float("nan"))


@torch.no_grad()
def validate_on_photos(
    analyser: Analyser, corpus: Corpus, *, side: int, photos: int = 64
) -> float:
    """Mean overlap with the pseudo-mattes of a held-out corpus' first photos, where believed.

    Pseudo-mattes err, too: good for comparing two analysers on a shop's own photos, not as truth.
    """
    device = next(analyser.parameters()).device
    overlaps = []
    for index in range(min(photos, len(corpus.photos))):
        labels = corpus.mattes[index], corpus.trust[index]
        planes = np.stack([*corpus.photos[index].transpose(2, 0, 1), *labels])[None]
        small = interpolate(torch.from_numpy(planes).to(device) / 255, size=side, mode="area")
        photo, matte, trust = small.split([3, 1, 1], dim=1)
        overlaps += _overlaps(analyser(photo).matte > 0, matte > 0.5, trust > 0.5)
    return float(np.mean(overlaps)) if overlaps else float("nan")


def _overlaps(ours: torch.Tensor, true: torch.Tensor, known: torch.Tensor) -> list[float]:
    """Intersection over union per picture with anything to find."""
    both = (ours & true & known).sum((1, 2, 3)).float()
    either = ((ours | true) & known).sum((1, 2, 3)).float()
    found = (true & known).sum((1, 2, 3)) > 20
    return (both / either.clamp_min(1))[found].tolist()
