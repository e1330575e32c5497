"""Fine-tuning a tiny champion; what it gains on real photos is measured in `benchmarks`."""

from dataclasses import replace

import pytest
import torch

from oscar_gan.gan.analysis import AnalyserSettings
from oscar_gan.gan.checkpoints import CHECKPOINT, save_checkpoint
from oscar_gan.gan.collapse import TrainingCollapsed
from oscar_gan.gan.config import Config
from oscar_gan.gan.corpus import open_corpus
from oscar_gan.gan.data import Mixture
from oscar_gan.gan.export import export_checkpoint
from oscar_gan.gan.exported import UnusableCheckpoint, blended, read_export
from oscar_gan.gan.lessons import begin
from oscar_gan.gan.retraining import (
    CHAMPIONS_SHARE,
    collect_feedback,
    export_challenger,
    fine_tune,
    settings_for,
)
from oscar_gan.inference.analyser import WEIGHTS

from .test_feedback import labelled

TINY = AnalyserSettings(
    side=64, widths=(8, 8, 16, 16, 16), mixture=Mixture(photos=2, cutouts=0, shapes=1, worn=0)
)


@pytest.fixture(scope="module")
def champion(tmp_path_factory):
    """A tiny network, exported as the shipped one is."""
    folder = tmp_path_factory.mktemp("champion")
    trainer = begin("analyser", Config(), TINY)
    for value in trainer.averaged.state_dict().values():  # of equal tensors an export keeps one
        if value.is_floating_point():
            value.add_(0.02 * torch.rand_like(value))
    save_checkpoint(trainer, folder / CHECKPOINT, corpus="none")
    export_checkpoint(folder / CHECKPOINT, folder / "analyser.onnx", version="1")
    return folder / "analyser.onnx"


@pytest.fixture(scope="module")
def corpus(champion, tmp_path_factory):
    folder = tmp_path_factory.mktemp("feedback")
    labels = ("corrected", "approved", "approved", "rejected")
    photos = [labelled(seed, label) for seed, label in enumerate(labels)]
    collect_feedback(folder, photos, champion=champion)
    return open_corpus(folder)


def settings_of(champion, **changed):
    config, settings = settings_for(champion, steps=4, seed=3)
    return replace(config, **changed), replace(settings, mixture=TINY.mixture)


def tune(folder, corpus, champion, config=None, **more):
    own, settings = settings_of(champion)
    return fine_tune(
        folder, corpus, champion=champion, config=config or own, settings=settings, **more
    )


def same(one, other):
    return all(torch.equal(value, other[name]) for name, value in one.items())


def test_the_champion_says_how_wide_it_is_and_at_what_side_it_sees(champion):
    config, settings = settings_for(champion, steps=7, seed=5)
    assert (config.steps, config.seed) == (7, 5)
    assert (settings.side, settings.widths) == (TINY.side, TINY.widths)
    assert settings_for(WEIGHTS / "analyser.onnx", steps=1, seed=1)[1].side == 128


def test_it_starts_from_the_champion(champion, corpus, tmp_path):
    config, _ = settings_of(champion, learning_rate=0.0)
    trainer = tune(tmp_path, corpus, champion, config)
    given = read_export(champion)["averaged"]
    parameters = {name for name, _ in trainer.networks.named_parameters()}
    assert parameters <= given.keys()
    for name, value in trainer.averaged.state_dict().items():
        if name in parameters:
            assert torch.equal(value, given[name]), name


def test_a_share_of_the_challengers_weights_is_the_champions(champion, corpus, tmp_path):
    trainer = tune(tmp_path, corpus, champion)
    export_challenger(
        tmp_path / CHECKPOINT, tmp_path / "new.onnx", champion=champion, version="2", data="own"
    )
    given, made = read_export(champion)["averaged"], read_export(tmp_path / "new.onnx")["averaged"]
    name = "analyser.head.weight"
    learnt = trainer.averaged.state_dict()[name] - given[name]
    assert learnt.norm() > 0
    torch.testing.assert_close(made[name] - given[name], (1 - CHAMPIONS_SHARE) * learnt)


def test_another_network_cannot_be_blended(champion):
    with pytest.raises(UnusableCheckpoint, match="holds another network"):
        blended({"analyser.other.weight": torch.zeros(1)}, champion, 0.5)


def test_a_killed_run_ends_bit_identical(champion, corpus, tmp_path):
    class Killed(Exception):
        pass

    def until_the_third(steps, first, last):
        for done in steps:
            if done.step == 3:
                raise Killed
            yield done

    straight = tune(tmp_path / "straight", corpus, champion)
    with pytest.raises(Killed):  # between the checkpoints of steps 2 and 4
        tune(tmp_path / "killed", corpus, champion, every=2, progress=until_the_third)
    resumed = tune(tmp_path / "killed", corpus, champion, every=2)
    assert resumed.step == straight.step == 4
    for name in ("networks", "averaged"):
        assert same(straight.state_dict()[name], resumed.state_dict()[name]), name


def test_it_stops_when_asked_and_validates_as_it_goes(champion, corpus, tmp_path):
    trainer = tune(tmp_path, corpus, champion, held_out=corpus, stop=lambda: True)
    assert trainer.step == 1
    assert "held-out photo_iou" in (tmp_path / "history.json").read_text()
    assert tune(tmp_path, corpus, champion, held_out=corpus).step == 4


def test_numbers_that_are_not_finite_leave_nothing_to_export(champion, corpus, tmp_path):
    config, _ = settings_of(champion, learning_rate=1e30, warm_up=0.0)
    with pytest.raises(TrainingCollapsed):
        tune(tmp_path, corpus, champion, config)
    assert not (tmp_path / CHECKPOINT).exists()


def test_frozen_statistics_stay_and_weights_learn(champion, corpus, tmp_path):
    config, settings = settings_of(champion)
    trainer = fine_tune(
        tmp_path,
        corpus,
        champion=champion,
        config=config,
        settings=replace(settings, frozen_statistics=True),
    )
    given = read_export(champion)["averaged"]
    for name, value in trainer.averaged.state_dict().items():
        if "running" in name:
            assert torch.allclose(value, given[name]), name
    assert not torch.equal(trainer.averaged["analyser"].head.weight, given["analyser.head.weight"])
