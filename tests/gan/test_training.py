from dataclasses import replace

import numpy as np
import pytest
import torch

from oscar_gan.gan.checkpoints import UnusableCheckpoint, read_checkpoint, resume, save_checkpoint
from oscar_gan.gan.data import Batches, Mixture
from oscar_gan.gan.objectives import OBJECTIVES
from oscar_gan.gan.runs import run
from oscar_gan.gan.training import Config, Trainer

from .conftest import product_photo

TINY = Config(
    steps=4,
    side=64,
    widths=(8, 8, 16, 16, 16),
    mixture=Mixture(photos=2, cutouts=2, shapes=0, scenes=0, adversarial=2),
)


def batches(corpus, config, after=0):
    return Batches(corpus, config.mixture, config.side, config.seed).after(after)


def same(one, other):
    return all(torch.equal(value, other[name]) for name, value in one.items())


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_every_objective_takes_steps_and_stays_finite(corpus, objective):
    trainer = Trainer(replace(TINY, objective=objective, steps=2))
    before = {name: value.clone() for name, value in trainer.judges.state_dict().items()}
    progress = list(trainer.train(batches(corpus, TINY)))
    assert [done.step for done in progress] == [1, 2]
    assert all(value.isfinite() for done in progress for value in done.losses.values())
    assert not same(before, trainer.judges.state_dict())


def test_clipping_bounds_every_weight(corpus):
    trainer = Trainer(replace(TINY, objective="wgan", steps=1))
    list(trainer.train(batches(corpus, TINY)))
    assert max(value.abs().max() for value in trainer.judges.parameters()) <= 0.01


def test_a_resumed_run_is_bit_identical(corpus, tmp_path):
    straight = Trainer(TINY)
    list(straight.train(batches(corpus, TINY)))
    broken_off = Trainer(TINY)
    steps = broken_off.train(batches(corpus, TINY))
    next(steps), next(steps)
    save_checkpoint(broken_off, tmp_path / "checkpoint.pt", corpus=corpus.digest)
    torch.rand(5)  # whatever happened in between
    resumed = resume(TINY, tmp_path / "checkpoint.pt", corpus=corpus.digest)
    assert resumed.step == 2
    list(resumed.train(batches(corpus, TINY, after=resumed.step)))
    for name in ("analyser", "averaged", "judges"):
        assert same(straight.state_dict()[name], resumed.state_dict()[name]), name


def test_another_configuration_or_corpus_is_not_resumed(corpus, tmp_path):
    path = tmp_path / "checkpoint.pt"
    save_checkpoint(Trainer(TINY), path, corpus="one")
    with pytest.raises(UnusableCheckpoint, match="other settings"):
        resume(replace(TINY, seed=2), path, corpus="one")
    with pytest.raises(UnusableCheckpoint, match="another corpus"):
        resume(TINY, path, corpus="two")


def test_a_damaged_checkpoint_is_named(tmp_path):
    (tmp_path / "checkpoint.pt").write_bytes(b"PK half a file")
    with pytest.raises(UnusableCheckpoint, match=r"checkpoint\.pt is damaged"):
        read_checkpoint(tmp_path / "checkpoint.pt")


def test_a_checkpoint_with_code_in_it_is_refused(tmp_path):
    torch.save({"config": print}, tmp_path / "checkpoint.pt")
    with pytest.raises(UnusableCheckpoint):
        read_checkpoint(tmp_path / "checkpoint.pt")


def test_a_short_training_from_nothing_finds_products(corpus, corpus_folder, tmp_path):
    """A few dozen pictures and under a minute: a matte that was random becomes usable."""
    config = Config(
        steps=90,
        side=64,
        widths=(12, 16, 24, 32, 48),
        learning_rate=4e-3,
        averaging=0.95,
        mixture=Mixture(photos=6, cutouts=6, shapes=0, scenes=0),
    )
    start = _iou_on_new_photos(Trainer(config))
    trainer = run(config, corpus, tmp_path, held_out=corpus, every=90)
    assert _iou_on_new_photos(trainer) > max(0.6, start + 0.2)
    for name in ("checkpoint.pt", "samples.png", "curves.png", "history.json"):
        assert (tmp_path / name).stat().st_size > 100


def _iou_on_new_photos(trainer):
    random = np.random.default_rng(99)
    overlaps = []
    for _ in range(12):
        picture, matte = product_photo(random, side=64)
        photo = torch.from_numpy(picture.transpose(2, 0, 1)[None].astype(np.float32) / 255)
        with torch.no_grad():
            found = trainer.averaged(photo).matte[0, 0].numpy() > 0
        overlaps.append((found & matte).sum() / max((found | matte).sum(), 1))
    return float(np.mean(overlaps))
