"""The analyser's lesson: find the product by labels, and by recolouring it believably.

ReDO (Chen et al. 2019): recolouring a product must not leave the distribution of real photos. So
the analyser's own matte recolours a photo, and two judges look at the result: one sees the scene,
one a crop of the cloth. InfoGAN's Q head reads the asked colour back from the picture, which
forbids the empty matte, the cheapest way to look real.
"""

from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d

from . import losses
from .corpus import Corpus, UnusableCorpus, open_corpus
from .data import Batch, Batches, Mixture
from .evaluation import VALIDATION_SEED, validate_on_cutouts, validate_on_photos
from .judging import Pairs
from .networks import Analyser, Analysis, Discriminator
from .options import option
from .pictures import contact_sheet
from .precision import moved
from .recolour import base_colours, recolour
from .serving import ServedAnalyser
from .training import Study

SCENE_SIDE = 128
"""Pixels that the scene judge sees at most: larger scenes are reduced to it."""
CLOTH_SIDE = 64
"""Side in pixels of the crop that the cloth judge sees, at the photo's own scale."""
NAVY = (0.32, -0.01, -0.11)
"""OKLab colour that samples are dyed with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyserSettings:
    """What is particular to an analyser."""

    side: int = option(128, "side in pixels of the pictures trained on")
    mixture: Mixture = field(default_factory=Mixture)
    widths: tuple[int, ...] = option((20, 40, 80, 160, 240), "channels at strides 2 to 32")
    frozen_statistics: bool = option(
        False, "leave batch normalisation's statistics as they are; to fine-tune on few photos"
    )
    keep_weight: float = option(1.0, "how much the keep matte counts beside the matte")


class AnalyserLesson:
    """Teaches an `Analyser`; judged if the mixture has adversarial pictures."""

    name: ClassVar[str] = "analyser"
    generator: ClassVar[str] = "recolour"
    open_corpus = staticmethod(open_corpus)
    Settings: ClassVar[type] = AnalyserSettings

    def __init__(self, settings: AnalyserSettings) -> None:
        self.settings = settings
        analyser = Analyser(settings.widths).to(memory_format=torch.channels_last)
        self.networks = nn.ModuleDict({"analyser": analyser})
        self.judges = nn.ModuleDict()
        if settings.mixture.adversarial:
            self.judges = nn.ModuleDict({"scene": Discriminator(), "cloth": Discriminator()})

    def study(self, batch: Batch, step: int) -> Study:
        """Compare both mattes with their labels, and recolour the unlabelled photos by them."""
        if self.settings.frozen_statistics:
            freeze_statistics(self.networks)
        labelled, adversarial = len(batch.images), len(batch.photos)
        groups = (batch.images, batch.photos, batch.reals) if adversarial else (batch.images,)
        pictures = torch.cat(groups).contiguous(memory_format=torch.channels_last)
        seen = self.networks["analyser"](pictures)
        report = losses.supervised(Analysis(*(part[:labelled] for part in seen)), batch)
        for name in ("keep", "keep overlap"):
            report[name] = self.settings.keep_weight * report[name]
        if not adversarial:
            return Study(report)
        mattes = seen.matte[labelled:].sigmoid()
        matte, real_matte = mattes[:adversarial], mattes[adversarial:].detach()
        keep = seen.keep[labelled : labelled + adversarial].sigmoid()
        report["coverage"] = losses.plausible_coverage(matte)
        # Asked for: the colours of the real products beside it, so that colour tells nothing.
        target = base_colours(batch.reals, real_matte)
        made = recolour(
            batch.photos, matte * (1 - keep), base_colours(batch.photos, matte), target
        )
        return Study(report, self._pairs(batch.reals, made, real_matte, matte.detach()), target)

    def _pairs(self, reals: Tensor, made: Tensor, real_matte: Tensor, matte: Tensor) -> Pairs:
        side = min(CLOTH_SIDE, self.settings.side * 3 // 8)
        return {
            "scene": (_reduced(reals), _reduced(made)),
            "cloth": (
                losses.cloth_crops(reals, real_matte, side),
                losses.cloth_crops(made, matte, side),
            ),
        }

    def batches(self, corpus: Corpus, seed: int) -> Batches:
        """Training batches by step; `UnusableCorpus` where the adversary has nothing to see."""
        if self.settings.mixture.adversarial and not len(corpus.photos):
            raise UnusableCorpus(
                "The corpus holds no photos, and the adversary needs some: collect some, or set"
                " --mixture-adversarial 0."
            )
        return Batches(corpus, self.settings.mixture, self.settings.side, seed)

    @torch.no_grad()
    def samples(self, networks: nn.ModuleDict, corpus: Corpus) -> NDArray[np.uint8]:
        """Fixed pictures: each with the wanted and the found matte, keep, and it dyed navy."""
        few = replace(
            self.settings.mixture, photos=10, cutouts=8, shapes=2, scenes=4, adversarial=0
        )
        batch = Batches(corpus, few, self.settings.side, VALIDATION_SEED).at(0)
        batch = moved(batch, next(networks.parameters()).device)
        images, seen = batch.images, networks["analyser"](batch.images)
        matte, keep = seen.matte.sigmoid(), seen.keep.sigmoid()
        target = torch.tensor(NAVY, device=images.device).expand(len(images), 3)
        dyed = recolour(images, matte * (1 - keep), base_colours(images, matte), target)
        unknown = torch.full_like(matte, 0.5)
        wanted = torch.lerp(unknown, batch.matte, batch.matte_weight)
        return contact_sheet(images, wanted, matte, keep, dyed)

    def validate(self, networks: nn.ModuleDict, corpus: Corpus) -> dict[str, float]:
        """Score on fixed composites of a held-out corpus' cut-outs, and on its photos."""
        analyser, side = networks["analyser"], self.settings.side
        scores = validate_on_cutouts(analyser, corpus, side=side)._asdict()
        return scores | {"photo_iou": validate_on_photos(analyser, corpus, side=side)}

    def served(self, networks: nn.ModuleDict) -> ServedAnalyser:
        """The network as it is exported."""
        return ServedAnalyser(networks["analyser"], self.settings.side)


def freeze_statistics(networks: nn.Module) -> None:
    """Let batch normalisation use the statistics that it has gathered, and gather no more."""
    for part in networks.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.eval()


def _reduced(images: Tensor) -> Tensor:
    factor = images.shape[-1] // SCENE_SIDE
    return avg_pool2d(images, factor) if factor > 1 else images
