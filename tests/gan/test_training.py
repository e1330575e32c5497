from dataclasses import replace

import numpy as np
import pytest
import torch

from oscar_gan.gan.analysis import AnalyserSettings
from oscar_gan.gan.checkpoints import (
    UnusableCheckpoint,
    read_checkpoint,
    resume,
    save_checkpoint,
    start_from,
)
from oscar_gan.gan.data import Mixture
from oscar_gan.gan.lessons import begin
from oscar_gan.gan.objectives import OBJECTIVES
from oscar_gan.gan.runs import run
from oscar_gan.gan.training import Config

from .conftest import product_photo

SHORT = Config(steps=4)
TINY = AnalyserSettings(
    side=64,
    widths=(8, 8, 16, 16, 16),
    mixture=Mixture(photos=2, cutouts=2, shapes=0, scenes=0, adversarial=2),
)


def trainer_of(config=SHORT, settings=TINY):
    return begin("analyser", config, settings)


def batches(corpus, trainer):
    return trainer.lesson.batches(corpus, trainer.config.seed).after(trainer.step)


def same(one, other):
    return all(torch.equal(value, other[name]) for name, value in one.items())


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_every_objective_takes_steps_and_stays_finite(corpus, objective):
    trainer = trainer_of(Config(objective=objective, steps=2))
    before = {name: value.clone() for name, value in trainer.judges.state_dict().items()}
    progress = list(trainer.train(batches(corpus, trainer)))
    assert [done.step for done in progress] == [1, 2]
    assert all(value.isfinite() for done in progress for value in done.losses.values())
    assert not same(before, trainer.judges.state_dict())


def test_clipping_bounds_every_weight(corpus):
    trainer = trainer_of(Config(objective="wgan", steps=1))
    list(trainer.train(batches(corpus, trainer)))
    assert max(value.abs().max() for value in trainer.judges.parameters()) <= 0.01


def test_a_resumed_run_is_bit_identical(corpus, tmp_path):
    straight = trainer_of()
    list(straight.train(batches(corpus, straight)))
    broken_off = trainer_of()
    steps = broken_off.train(batches(corpus, broken_off))
    next(steps), next(steps)
    save_checkpoint(broken_off, tmp_path / "checkpoint.pt", corpus=corpus.digest)
    torch.rand(5)  # whatever happened in between
    path = tmp_path / "checkpoint.pt"
    resumed = resume("analyser", SHORT, TINY, path, corpus=corpus.digest)
    assert resumed.step == 2
    list(resumed.train(batches(corpus, resumed)))
    for name in ("networks", "averaged", "judges"):
        assert same(straight.state_dict()[name], resumed.state_dict()[name]), name


def test_other_settings_or_another_corpus_are_not_resumed(tmp_path):
    path = tmp_path / "checkpoint.pt"
    save_checkpoint(trainer_of(), path, corpus="one")
    with pytest.raises(UnusableCheckpoint, match="other settings"):
        resume("analyser", replace(SHORT, seed=2), TINY, path, corpus="one")
    with pytest.raises(UnusableCheckpoint, match="other settings"):
        resume("analyser", SHORT, replace(TINY, side=32), path, corpus="one")
    with pytest.raises(UnusableCheckpoint, match="another corpus"):
        resume("analyser", SHORT, TINY, path, corpus="two")


def test_a_run_starts_from_the_averaged_weights_of_another(tmp_path):
    first, second = trainer_of(), trainer_of(Config(seed=2))
    assert not same(first.averaged.state_dict(), second.networks.state_dict())
    save_checkpoint(first, tmp_path / "checkpoint.pt", corpus="one")
    start_from(second, tmp_path / "checkpoint.pt")
    assert same(first.averaged.state_dict(), second.networks.state_dict())
    assert same(first.averaged.state_dict(), second.averaged.state_dict())


def test_weights_of_another_shape_are_refused_as_a_start(tmp_path):
    save_checkpoint(trainer_of(), tmp_path / "checkpoint.pt", corpus="one")
    wider = trainer_of(settings=replace(TINY, widths=(8, 8, 16, 16, 32)))
    with pytest.raises(UnusableCheckpoint, match="analyser of .* has another shape"):
        start_from(wider, tmp_path / "checkpoint.pt")


def test_a_damaged_checkpoint_is_named(tmp_path):
    (tmp_path / "checkpoint.pt").write_bytes(b"PK half a file")
    with pytest.raises(UnusableCheckpoint, match=r"checkpoint\.pt is damaged"):
        read_checkpoint(tmp_path / "checkpoint.pt")


def test_a_checkpoint_with_code_in_it_is_refused(tmp_path):
    torch.save({"config": print}, tmp_path / "checkpoint.pt")
    with pytest.raises(UnusableCheckpoint):
        read_checkpoint(tmp_path / "checkpoint.pt")


def test_a_short_training_from_nothing_finds_products(corpus, tmp_path):
    """A few dozen pictures and under a minute: a matte that was random becomes usable."""
    config = Config(steps=90, learning_rate=4e-3, averaging=0.95)
    settings = AnalyserSettings(
        side=64,
        widths=(12, 16, 24, 32, 48),
        mixture=Mixture(photos=6, cutouts=6, shapes=0, scenes=0),
    )
    start = _iou_on_new_photos(trainer_of(config, settings))
    trainer = run("analyser", config, settings, corpus, tmp_path, held_out=corpus, every=90)
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
            found = trainer.averaged["analyser"](photo).matte[0, 0].numpy() > 0
        overlaps.append((found & matte).sum() / max((found | matte).sum(), 1))
    return float(np.mean(overlaps))
