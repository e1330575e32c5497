"""The printer's lesson: inventions drawn again from their own style, new designs before a judge.

BicycleGAN's two halves (Zhu et al. 2017). A print that is known exactly, with the lattice and the
noise it was drawn from, is drawn again in the style that the stylist reads off it; and in a style
drawn at random, the printer makes a design that nobody drew, for the judge to tell from real ones
and for its Q head to read the codes back (InfoGAN, Chen et al. 2016).
"""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import one_hot

from oscar_gan.inference.layout import KINDS, Array, Layout, Maps, grid, mood_of, scale_of
from oscar_gan.inference.ways import WAYS, one_way

from .evaluation import VALIDATION_SEED
from .inks import WEIGHTS
from .inventions import TILE, WINDOW, invention
from .networks import Discriminator
from .options import option
from .patterns import Patterns, open_patterns
from .pictures import contact_sheet
from .printer import MODES, STYLE, Printer, ServedPrinter, Stylist, awoken, inked, reading
from .training import Study

LOWEST_CONTRAST = 0.3
FREE = 0.5
"""Nats that each part of a style may tell of a print at no cost."""
CODES = len(WAYS) + 4
"""Ways, scale, contrast, and cosine and sine of four times the angle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterSettings:
    """What is particular to a printer."""

    pieces: int = option(24, "prints per batch")
    judged: int = option(12, "new designs per batch that are shown to a judge; 0: no judge")
    borrowed: float = option(0.25, "share of the judge's real prints that others drew")
    width: int = option(64, "channels at each position")
    depth: int = option(4, "layers at each position, between the first and the last")
    taught: float = option(1.0, "weight of inventions drawn again")
    closeness: float = option(0.005, "weight of the styles' divergence from a normal one")
    waves: bool = option(True, "see the lattice, not only the noise")


class PrintBatch(NamedTuple):
    """Pieces of inventions, all that is known of them, and real prints for the judge."""

    planes: Tensor
    noise: Tensor
    rows: Tensor
    columns: Tensor
    way: Tensor
    mood: Tensor
    states: Tensor
    """(N, 4, h, w) int64, at four points of each pixel."""
    code: Tensor
    """(N, CODES): of the new designs, which share layout and contrast with the pieces."""
    reals: Tensor
    """(N, 3, h, w): inks of real prints, of the pieces' kinds."""
    known: Tensor
    """(N, CODES): what is known of them."""

    @property
    def where(self) -> tuple[Tensor, ...]:
        """What the printer is told besides the style."""
        return self.planes, self.noise, self.rows, self.columns, self.way, self.mood


class PrinterLesson:
    """Teaches a `Printer`, with a `Stylist` that is not exported."""

    name: ClassVar[str] = "printer"
    generator: ClassVar[str] = "print"
    Settings: ClassVar[type] = PrinterSettings
    open_corpus = staticmethod(open_patterns)

    def __init__(self, settings: PrinterSettings) -> None:
        self.settings = settings
        printer = Printer(settings.width, settings.depth, waves=settings.waves)
        self.networks = nn.ModuleDict({"printer": printer})
        if settings.taught:
            self.networks["stylist"] = Stylist()
        self.judges = nn.ModuleDict()
        if settings.judged:
            self.judges["print"] = judge = Discriminator((16, 32, 64, 96), CODES, len(WAYS))
            for layer in (judge.stem, *judge.blocks):
                layer.apply(awoken)
            for block in judge.blocks:  # linear at first, as before
                nn.init.zeros_(block.second.weight)

    def study(self, batch: PrintBatch, step: int) -> Study:
        """Draw the pieces again, and new designs for the judge."""
        report, printer = {}, self.networks["printer"]
        if self.settings.taught:
            mean, log_variance = self.networks["stylist"](
                drawn(batch.states), batch.planes, batch.way
            )
            style = mean + (0.5 * log_variance).exp() * torch.randn_like(mean)
            report["drawn again"] = self.settings.taught * misdrawn(
                printer(*batch.where, style), batch.states
            )
            printer.remember(batch.way.argmax(1), mean, log_variance)
            divergence = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).mean(0)
            # What is free keeps the printer from learning to do without any style.
            told = (divergence - FREE).clamp_min(0).sum()
            report["style"] = self.settings.closeness * told
        if not self.settings.judged:
            return Study(report)
        count = self.settings.judged
        style = new_styles(printer, batch.way[:count])
        code, known = batch.code[:count], batch.known[:count]
        logits = printer(*(part[:count] for part in batch.where), style)
        pair = batch.reals[:count], inked(logits, code[:, len(WAYS) + 1])
        return Study(report, {"print": pair}, code, known)

    def batches(self, corpus: Patterns, seed: int) -> "PrintBatches":
        """Training batches by step."""
        return PrintBatches(corpus, self.settings, seed)

    @torch.no_grad()
    def samples(self, networks: nn.ModuleDict, corpus: Patterns) -> NDArray[np.uint8]:
        """Fixed layouts: the invention, drawn again if taught to, and two new designs."""
        batch = _fixed(corpus, 36)
        torch.manual_seed(VALIDATION_SEED)
        styles = [new_styles(networks["printer"], batch.way) for _ in range(2)]
        full = torch.ones(36)
        columns = [drawn(batch.states)]
        if "stylist" in networks:
            mean, _ = networks["stylist"](columns[0], batch.planes, batch.way)
            columns.append(inked(networks["printer"](*batch.where, mean), full))
        columns += [inked(networks["printer"](*batch.where, style), full) for style in styles]
        return contact_sheet(*(1 - column for column in columns))

    @torch.no_grad()
    def validate(self, networks: nn.ModuleDict, corpus: Patterns) -> dict[str, float]:
        """How well pieces that training never saw are drawn again: share of positions right."""
        if "stylist" not in networks:
            return {}
        right = []
        for step in range(1, 5):
            batch = _fixed(corpus, 24, step)
            mean, _ = networks["stylist"](drawn(batch.states), batch.planes, batch.way)
            found = networks["printer"](*batch.where, mean).argmax(1, keepdim=True)
            right.append(float((found == batch.states).float().mean()))
        return {"right": float(np.mean(right))}

    def served(self, networks: nn.ModuleDict) -> ServedPrinter:
        """The network as it is exported."""
        return ServedPrinter(networks["printer"])


def new_styles(printer: Printer, way: Tensor) -> Tensor:
    """Styles (N, STYLE) of prints that nobody drew, of ways (N, WAYS)."""
    modes = torch.randint(MODES, (len(way),), device=way.device)
    draws = torch.randn(len(way), STYLE, device=way.device)
    return printer.styled(way, one_hot(modes, MODES).to(way), draws)


def drawn(states: Tensor) -> Tensor:
    """Inks (N, 3, h, w) of states (N, 4, h, w) at four points of each pixel."""
    weights = torch.from_numpy(WEIGHTS[:, 1:].copy()).to(states.device)
    return weights[states].mean(1).permute(0, 3, 1, 2)


def misdrawn(logits: Tensor, states: Tensor) -> Tensor:
    """Cross-entropy of logits (N, STATES, h, w) at the four points of each pixel."""
    return -logits.log_softmax(1).gather(1, states).mean()


class PrintBatches:
    """Batches by step: a pure function of corpus, seed and step."""

    def __init__(self, corpus: Patterns, settings: PrinterSettings, seed: int) -> None:
        self._corpus = corpus
        self._settings = settings
        self._seed = seed
        self._others = [np.flatnonzero(corpus.kinds[:, 0] == kind) for kind in range(len(KINDS))]

    def at(self, step: int) -> PrintBatch:
        """Make the batch of one step."""
        random = np.random.default_rng([self._seed, step])
        examples = [self._example(random) for _ in range(self._settings.pieces)]
        return PrintBatch(
            *(torch.from_numpy(np.stack(part)) for part in zip(*examples, strict=True))
        )

    def _example(self, random: Generator) -> tuple[NDArray, ...]:
        corpus = self._corpus
        row = int(random.integers(len(corpus.pieces)))
        made = invention(corpus.first + row)
        layout, kind = made.layout, KINDS.index(made.kind)
        down, across = made.corner
        # Every second line is enough: positions are learnt one by one, at full sharpness.
        lines, files = (slice(int(start), None, 2) for start in random.integers(2, size=2))
        rows, columns = grid(TILE, down, WINDOW)[lines], grid(TILE, across, WINDOW)[files]
        states = corpus.pieces[row][lines, files].transpose(2, 0, 1).astype(np.int64)
        contrasts = random.uniform(LOWEST_CONTRAST, 1, 2)
        code = code_of(made.way, layout, contrasts[0])
        real, known = WEIGHTS[states, 1:].mean(0).transpose(2, 0, 1), code.copy()
        if len(others := self._others[kind]) and random.random() < self._settings.borrowed:
            real = self._borrowed(random, int(random.choice(others)))[:, lines, files]
            known[:] = np.nan
        known[len(WAYS) + 1] = contrasts[1]
        planes = Maps(layout, rows, columns).planes()
        where = planes, layout.noise, reading(rows), reading(columns), code[: len(WAYS)]
        mood = np.array(mood_of(layout), np.float32)
        return *where, mood, states, code, real * np.float32(contrasts[1]), known

    def _borrowed(self, random: Generator, row: int) -> Array:
        """A piece of another's tile, anywhere on its torus, turned or flipped."""
        tile = self._corpus.tiles[row][..., 1:].astype(np.float32) / 255
        tile = np.roll(tile, random.integers(TILE, size=2), (0, 1))
        piece = np.rot90(tile[:WINDOW, :WINDOW], random.integers(4))
        return np.ascontiguousarray(piece[:, :: random.choice([-1, 1])].transpose(2, 0, 1))


def code_of(way: str, layout: Layout, contrast: float) -> Array:
    """(CODES,): what a Q head has to read off a print."""
    turn = 4 * layout.angle
    values = [scale_of(layout), contrast, np.cos(turn), np.sin(turn)]
    return np.array([*one_way(way), *values], np.float32)


def _fixed(corpus: Patterns, count: int, step: int = 0) -> PrintBatch:
    return PrintBatches(corpus, PrinterSettings(pieces=count), VALIDATION_SEED).at(step)
