"""The grader's lesson: rendered truth pixel by pixel, and real photos before judges.

A rendered scene can be had in any colour, so what a recolouring ought to look like is known
exactly. It is known of no real photo; there the recoloured product is shown to two judges beside
products that really have that colour (ReDO, Chen et al. 2019), and InfoGAN's Q head has to read
the colour back.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from torch import Tensor, nn

from . import losses
from .corpus import Corpus, UnusableCorpus, open_corpus
from .evaluation import VALIDATION_SEED
from .grader import Grader, ServedGrader, graded, view_for, view_of
from .networks import Discriminator
from .options import option
from .pairs import Scenes, Subjects, measured, subject
from .pictures import contact_sheet
from .recolour import (
    Grades,
    closed_form,
    dye,
    linear_to_srgb,
    oklab_to_srgb,
    srgb_to_oklab,
)
from .rendering import calibrated, distance, render, truth_error
from .training import Study

CLOTH_SIDE = 64
SCALE = 10.0
"""On losses in OKLab, where a just visible difference is 0.02: they become of the order of one."""
BELIEVED = 200
"""Level from which a pseudo-matte or a print mask counts when real photos are recoloured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GraderSettings:
    """What is particular to a grader."""

    pairs: int = option(8, "rendered pairs per batch")
    judged: int = option(0, "real photos per batch that are recoloured and judged")
    widths: tuple[int, ...] = option((24, 40, 64, 96), "channels at strides 2 to 16")
    slopes: float = option(1.0, "weight of lightness gradients beside colours")
    bare: float = option(0.1, "weight of the same without the gain field")
    strength: float = option(0.35, "how far the exported grader corrects; 1: as learnt")
    field: bool = option(True, "learn the gain field, not only the tone")


class GradingBatch(NamedTuple):
    """Pairs to be met, and photos to be judged."""

    pairs: Subjects
    truth: Tensor
    """(N, 3, S, S) sRGB: the pairs' scenes in the colour asked for."""
    judged: Subjects
    reals: Tensor
    real_material: Tensor
    """(A, 3, S, S), (A, 1, S, S): photos of products that have the colours asked for."""


class GraderLesson:
    """Teaches a `Grader`; judged if its settings ask for judged photos."""

    name: ClassVar[str] = "grader"
    generator: ClassVar[str] = "recolour"
    open_corpus = staticmethod(open_corpus)
    Settings: ClassVar[type] = GraderSettings

    def __init__(self, settings: GraderSettings) -> None:
        self.settings = settings
        grader = Grader(settings.widths).to(memory_format=torch.channels_last)
        self.networks = nn.ModuleDict({"grader": grader})
        self.judges = nn.ModuleDict()
        if settings.judged:
            self.judges = nn.ModuleDict({"scene": Discriminator(), "cloth": Discriminator()})

    def study(self, batch: GradingBatch, step: int) -> Study:
        """Compare recoloured scenes with their truth, and recolour photos for the judges."""
        report = self._met(batch.pairs, batch.truth)
        if not self.settings.judged:
            return Study(report)
        subjects = batch.judged
        made = self._made(subjects, self.grades(self.networks["grader"], subjects))
        made = torch.lerp(subjects.photos, linear_to_srgb(made), subjects.material)
        pairs = {
            "scene": (view_of(batch.reals), view_of(made)),
            "cloth": (
                losses.cloth_crops(batch.reals, batch.real_material, CLOTH_SIDE),
                losses.cloth_crops(made, subjects.material, CLOTH_SIDE),
            ),
        }
        return Study(report, pairs, subjects.aim)

    def _met(self, subjects: Subjects, truth: Tensor) -> dict[str, Tensor]:
        settings, wanted = self.settings, srgb_to_oklab(truth)
        grades = self.grades(self.networks["grader"], subjects)
        report = {}
        kinds = {"": (grades, 1.0)}
        if settings.field and settings.bare:
            kinds["bare "] = (grades._replace(log_gain=None), settings.bare)
        for kind, (grade, weight) in kinds.items():
            made = self._made(subjects, grade)
            colour, slope = truth_error(made, wanted, subjects.material)
            report[f"{kind}colour"] = SCALE * weight * colour
            report[f"{kind}slope"] = SCALE * weight * settings.slopes * slope
        return report

    def grades(self, grader: nn.Module, subjects: Subjects) -> Grades:
        """How a grader would grade some subjects."""
        plain = closed_form(subjects.base, subjects.aim)
        photo, material = view_of(subjects.photos), view_of(subjects.material)
        lab = srgb_to_oklab(photo)
        dyed = oklab_to_srgb(dye(lab, subjects.base, subjects.spread, subjects.aim, plain))
        view = view_for(photo, dyed, material, subjects.base, subjects.aim)
        grades = graded(plain.tone, grader(view))
        return grades if self.settings.field else grades._replace(log_gain=None)

    @staticmethod
    def _made(subjects: Subjects, grades: Grades) -> Tensor:
        lab = srgb_to_oklab(subjects.photos)
        return render(lab, subjects, calibrated(lab, subjects, grades), grades)

    def batches(self, corpus: Corpus, seed: int) -> "GradingBatches":
        """Training batches by step."""
        return GradingBatches(corpus, self.settings, seed)

    @torch.no_grad()
    def samples(self, networks: nn.ModuleDict, corpus: Corpus) -> NDArray[np.uint8]:
        """Fixed pairs: photo, closed form, ours, truth, the gain field (grey: no change)."""
        batch = _fixed(corpus, 16)
        subjects = batch.pairs
        grades = self.grades(networks["grader"], subjects)
        plain = self._made(subjects, closed_form(subjects.base, subjects.aim))
        made = self._made(subjects, grades)
        shown = [
            torch.lerp(subjects.photos, linear_to_srgb(light), subjects.material)
            for light in (plain, made)
        ]
        columns = [subjects.photos, *shown, batch.truth]
        if grades.log_gain is not None:
            columns.append(0.5 + grades.log_gain * view_of(subjects.material))
        small = [column if column.shape[-1] == 128 else view_of(column) for column in columns]
        return contact_sheet(*small)

    @torch.no_grad()
    def validate(self, networks: nn.ModuleDict, corpus: Corpus) -> dict[str, float]:
        """Mean 100 × OKLab distance from the truth of fixed pairs: ours and the closed form's."""
        ours, plain = [], []
        for step in range(1, 9):
            batch = _fixed(corpus, 8, step)
            subjects, wanted = batch.pairs, srgb_to_oklab(batch.truth)
            for found, grades in (
                (ours, self.grades(networks["grader"], subjects)),
                (plain, closed_form(subjects.base, subjects.aim)),
            ):
                made = self._made(subjects, grades)
                found.append(100 * float(distance(made, wanted, subjects.material)))
        return {"distance": float(np.mean(ours)), "closed form": float(np.mean(plain))}

    def served(self, networks: nn.ModuleDict) -> ServedGrader:
        """The network as it is exported."""
        return ServedGrader(networks["grader"], self.settings.strength)


class GradingBatches:
    """Batches by step: a pure function of corpus, seed and step."""

    def __init__(self, corpus: Corpus, settings: GraderSettings, seed: int) -> None:
        if not len(corpus.scenes):
            raise UnusableCorpus(
                "The corpus holds no rendered scenes, and only they show one product in two"
                " colours: collect some with --scenes (python demo/truth.py FOLDER renders them)."
            )
        self._corpus = corpus
        self._scenes = Scenes.decoded(corpus.scenes)
        self._settings = settings
        self._seed = seed

    def at(self, step: int) -> GradingBatch:
        """Make the batch of one step."""
        random = np.random.default_rng([self._seed, step])
        pairs = [self._scenes.random_pair(random) for _ in range(self._settings.pairs)]
        subjects, truths = zip(*pairs, strict=True)
        return GradingBatch(Subjects.stacked(subjects), torch.stack(truths), *self._photos(random))

    def _photos(self, random: Generator) -> tuple[Any, Tensor, Tensor]:
        count = self._settings.judged
        if not count:
            return Subjects(*(torch.empty(0) for _ in Subjects._fields)), *torch.empty(2, 0)
        photos = [self._photo(random) for _ in range(2 * count)]
        reals, photos = photos[:count], photos[count:]
        judged = [
            subject(levels, material, *measured(levels, material), measured(*real)[0].oklab)
            for (levels, material), real in zip(photos, reals, strict=True)
        ]
        pictures, mattes = (np.stack(column) for column in zip(*reals, strict=True))
        return (
            Subjects.stacked(judged),
            torch.from_numpy(pictures.transpose(0, 3, 1, 2) / np.float32(255)),
            torch.from_numpy(mattes[:, None] / np.float32(255)),
        )

    def _photo(self, random: Generator) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """A photo with enough material that is believed: levels and material."""
        corpus = self._corpus
        while True:
            index = random.integers(len(corpus.photos))
            believed = (corpus.mattes[index] > BELIEVED) & (corpus.prints[index] < 128)
            if believed.mean() > 0.08:
                material = np.where(believed, 255, 0).astype(np.uint8)
                flip = slice(None, None, random.choice([-1, 1]))
                return (
                    np.ascontiguousarray(corpus.photos[index][:, flip]),
                    np.ascontiguousarray(material[:, flip]),
                )


def _fixed(corpus: Corpus, count: int, step: int = 0) -> GradingBatch:
    return GradingBatches(corpus, GraderSettings(pairs=count), VALIDATION_SEED).at(step)
