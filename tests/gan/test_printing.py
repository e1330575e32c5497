"""The printer's lesson: what it sees, what it is taught, and what is exported of it."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from oscar_gan.gan.checkpoints import save_checkpoint
from oscar_gan.gan.config import Config
from oscar_gan.gan.corpus import UnusableCorpus
from oscar_gan.gan.export import export_checkpoint
from oscar_gan.gan.inks import INKS, MIXTURE, STATES, WEIGHTS
from oscar_gan.gan.inventions import TILE, WINDOW, invention
from oscar_gan.gan.lessons import begin
from oscar_gan.gan.patterns import collect_patterns, open_patterns
from oscar_gan.gan.printer import STYLE, Printer, inked, reading
from oscar_gan.gan.printing import CODES, PrinterSettings, drawn
from oscar_gan.inference.layout import NODES, Maps, draw_layout, grid, mood_of, rolled
from oscar_gan.inference.printer import Design, InvalidDesign
from oscar_gan.inference.printer import Printer as ShippedPrinter
from oscar_gan.inference.ways import WAYS, one_way

TINY = PrinterSettings(pieces=4, judged=2, width=12, depth=1)


@pytest.fixture(scope="module")
def patterns(tmp_path_factory):
    folder = tmp_path_factory.mktemp("patterns")
    collect_patterns(folder, inventions=12)
    return open_patterns(folder)


def batch_of(patterns, settings=TINY, step=1):
    return begin("printer", Config(), settings).lesson.batches(patterns, 1).at(step)


def test_states_mix_two_inks_evenly():
    assert WEIGHTS.shape == (STATES, INKS)
    assert np.array_equal(WEIGHTS.sum(1), np.ones(STATES))
    assert WEIGHTS[MIXTURE[1, 3]].tolist() == [0, 0.5, 0, 0.5]
    assert MIXTURE[2, 2] == 2
    assert np.array_equal(MIXTURE, MIXTURE.T)


def test_batches_are_a_function_of_the_step(patterns):
    one, again, other = (batch_of(patterns, step=step) for step in (1, 1, 2))
    assert all(torch.equal(a, b) or a.isnan().any() for a, b in zip(one, again, strict=True))
    assert not torch.equal(one.planes, other.planes)


def test_a_batch_tells_where_what_and_which_codes(patterns):
    batch = batch_of(patterns)
    side = WINDOW // 2
    assert batch.states.shape == (4, 4, side, side)
    assert batch.planes.shape[2:] == (side, side)
    assert batch.reals.shape == (4, 3, side, side)
    assert batch.code.shape == batch.known.shape == (4, CODES)
    assert torch.equal(batch.code[:, : len(WAYS)], batch.way)
    assert torch.allclose(batch.rows.sum(2), torch.ones(4, side))
    contrast = batch.known[:, len(WAYS) + 1]
    assert ((contrast >= 0.3) & (contrast <= 1)).all()


def test_pieces_of_the_corpus_are_the_inventions_of_their_seeds(patterns):
    assert np.array_equal(patterns.pieces[5], invention(5).states())


def test_rolling_the_noise_rolls_the_tile_by_the_stride():
    printer = Printer(16, 2)
    where = grid(TILE)
    read = torch.from_numpy(reading(where))[None]
    way, style = torch.from_numpy(one_way("daisies"))[None], torch.randn(1, STYLE)

    @torch.no_grad()
    def tile(layout):
        planes = torch.from_numpy(Maps(layout, where, where).planes())[None]
        noise = torch.from_numpy(layout.noise)[None]
        mood = torch.tensor([mood_of(layout)])
        return printer(planes, noise, read, read, way, mood, style)[0].numpy()

    layout = draw_layout(np.random.default_rng(1), "floral", scale=0.4, angle=20)
    stride = TILE // NODES
    gap = np.abs(tile(rolled(layout, 1, 2)) - np.roll(tile(layout), (2 * stride, stride), (1, 2)))
    assert np.quantile(gap, 0.999) < 1e-3


def test_contrast_fades_all_inks_alike():
    logits = torch.randn(2, STATES, 4, 4)
    full, half = (inked(logits, torch.full((2,), value)) for value in (1.0, 0.5))
    assert torch.allclose(half, full / 2)


def test_what_is_drawn_again_comes_nearer_to_the_invention(patterns):
    settings = replace(TINY, judged=0)
    config = Config(steps=40, learning_rate=5e-3, warm_up=0.1, seed=3)
    trainer = begin("printer", config, settings)
    batches = trainer.lesson.batches(patterns, 1)
    losses = [
        float(done.losses["drawn again"])
        for done in trainer.train(batches.at(step) for step in range(1, 41))
    ]
    assert np.mean(losses[-8:]) < np.mean(losses[:4]) - 0.1


@pytest.mark.parametrize("objective", ["rpgan", "ns", "lsgan", "wgan"])
def test_any_objective_teaches_the_printer_alone_or_beside_inventions(patterns, objective):
    for settings in (TINY, replace(TINY, taught=0.0)):
        trainer = begin("printer", Config(steps=1, objective=objective), settings)
        before = trainer.networks["printer"].last.common.detach().clone()
        (done,) = trainer.train([trainer.lesson.batches(patterns, 1).at(1)])
        assert not torch.equal(before, trainer.networks["printer"].last.common)
        assert {"print judge", "print reader", "print labels"} <= set(done.losses)
        assert ("drawn again" in done.losses) == bool(settings.taught)


def test_samples_and_scores_are_of_a_held_out_corpus(patterns):
    lesson = begin("printer", Config(), TINY).lesson
    assert lesson.samples(lesson.networks, patterns).ndim == 3
    assert 0 <= lesson.validate(lesson.networks, patterns)["right"] <= 1


def test_an_exported_printer_prints_what_torch_would(patterns, tmp_path):
    trainer = begin("printer", Config(), TINY)
    save_checkpoint(trainer, tmp_path / "checkpoint.pt", corpus=patterns.digest)
    path = tmp_path / "printer.onnx"
    digest = export_checkpoint(tmp_path / "checkpoint.pt", path, version="1", data="own (CC0)")
    levels = ShippedPrinter(path, digest=digest).weights(Design("dot"), side=64)
    assert (levels.sum(2, dtype=int) == 255).all()
    with pytest.raises(InvalidDesign):
        ShippedPrinter(path, digest=digest).weights(Design("dot"), side=1)


def test_drawn_weights_are_means_over_four_points():
    states = torch.zeros(1, 4, 2, 2, dtype=torch.int64)
    states[0, :2, 0, 0] = 1
    assert drawn(states)[0, :, 0, 0].tolist() == [0.5, 0, 0]


def test_a_printer_does_not_learn_from_photos(corpus_folder):
    with pytest.raises(UnusableCorpus, match="corpus of photos"):
        open_patterns(corpus_folder)
