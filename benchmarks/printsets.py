"""Sets of prints to compare, and two readers of them that no generator was taught by."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch.optim import Adam

from oscar_gan.gan.inks import WEIGHTS
from oscar_gan.gan.inventions import TILE, WINDOW, draw_codes, invention
from oscar_gan.gan.metrics.classifier import Classifier, Settings, teach
from oscar_gan.gan.networks import Discriminator
from oscar_gan.gan.objectives import reading_error
from oscar_gan.gan.patterns import Patterns
from oscar_gan.gan.printer import awoken
from oscar_gan.gan.printing import CODES, LOWEST_CONTRAST, code_of
from oscar_gan.inference.layout import KINDS
from oscar_gan.inference.printer import Design, Printer, drawn
from oscar_gan.inference.ways import KIND_OF, WAYS

Pictures = NDArray[np.float32]

FIRST_SEED = 1_000_000
"""Of the designs that are measured; nobody looked at them before."""
BATCH = 32


class Prints(NamedTuple):
    """Pieces of prints with their codes."""

    pictures: Pictures
    """(n, 64, 64, 3): the inks beside the ground, a quarter of a tile of 128 px."""
    kinds: NDArray[np.int64]
    codes: NDArray[np.float32]
    """(n, CODES), as in `oscar_gan.gan.printing`."""


def inventions(corpus: Patterns, count: int, *, seed: int = 0) -> Prints:
    """The first pieces of a corpus, at random contrasts."""
    random = np.random.default_rng(seed)
    pictures, codes = [], []
    for row in range(min(count, len(corpus.pieces))):
        made = invention(corpus.first + row)
        contrast = random.uniform(LOWEST_CONTRAST, 1)
        pictures.append(WEIGHTS[corpus.pieces[row], 1:].mean(2) * np.float32(contrast))
        codes.append(code_of(made.way, made.layout, contrast))
    return _prints(pictures, codes)


def designs(printer: Printer, count: int) -> Prints:
    """As many new designs: kinds in turn, scales, angles and contrasts drawn alike."""
    pictures, codes = [], []
    for design, random in drawn_designs(count):
        levels = printer.weights(design, side=TILE)
        down, across = random.integers(TILE, size=2)
        piece = np.roll(levels, (-down, -across), (0, 1))[:WINDOW, :WINDOW, 1:]
        pictures.append(piece / np.float32(255))
        layout, way, *_ = drawn(design)
        codes.append(code_of(way, layout, design.contrast))
    return _prints(pictures, codes)


def drawn_designs(count: int) -> Iterator[tuple[Design, np.random.Generator]]:
    """Designs to measure, and the generator that goes on from each."""
    for number in range(count):
        random = np.random.default_rng([5, number])
        scale, angle = draw_codes(random)
        contrast = float(random.uniform(LOWEST_CONTRAST, 1))
        kind = KINDS[number % len(KINDS)]
        yield Design(kind, FIRST_SEED + number, scale, contrast, angle), random


def _prints(pictures: list[Pictures], codes: list[NDArray]) -> Prints:
    found = np.stack(codes)
    return Prints(np.stack(pictures), kinds_of(found), found)


def kinds_of(codes: NDArray[np.float32]) -> NDArray[np.int64]:
    """Kinds (n,) of the likeliest ways of codes (n, CODES)."""
    return KIND_OF[codes[:, : len(WAYS)].argmax(1)].argmax(1)


def taught_classifier(prints: Prints, epochs: int) -> Classifier:
    """One that tells the kinds apart; its features are what sets are compared by."""
    torch.manual_seed(7)
    classifier = Classifier(Settings(side=WINDOW, classes=KINDS, widths=(24, 48, 64, 96)))
    for _ in teach(classifier, prints.pictures, prints.kinds, epochs=epochs, seed=7):
        pass
    return classifier


def taught_reader(prints: Prints, steps: int) -> Discriminator:
    """A reader of the codes, taught by real prints alone."""
    torch.manual_seed(8)
    reader = Discriminator((16, 32, 64, 96), CODES, len(WAYS))
    for layer in (reader.stem, *reader.blocks):
        layer.apply(awoken)
    optimiser = Adam(reader.parameters(), 2e-3)
    random = np.random.default_rng(8)
    for step in range(steps):
        chosen = random.integers(len(prints.kinds), size=BATCH)
        seen = reader(_views(prints.pictures[chosen]))
        loss = reading_error(seen, torch.from_numpy(prints.codes[chosen]))
        optimiser.param_groups[0]["lr"] = 2e-3 * (1 - step / steps)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return reader


@torch.no_grad()
def read_codes(reader: Discriminator, prints: Prints) -> NDArray[np.float32]:
    """(n, CODES): what a reader reads off prints."""
    views = _views(prints.pictures)
    return torch.cat([reader(part).code for part in views.split(128)]).numpy()


def _views(pictures: Pictures) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(pictures[:, ::2, ::2].transpose(0, 3, 1, 2)))
