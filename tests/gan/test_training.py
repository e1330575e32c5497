from dataclasses import replace

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
from oscar_gan.gan.collapse import TrainingCollapsed
from oscar_gan.gan.config import Config
from oscar_gan.gan.corpus import UnusableCorpus
from oscar_gan.gan.data import Mixture
from oscar_gan.gan.descent import pace
from oscar_gan.gan.grading import GraderSettings
from oscar_gan.gan.judging import Judging
from oscar_gan.gan.lessons import begin
from oscar_gan.gan.objectives import OBJECTIVES
from oscar_gan.gan.runs import run

SHORT = Config(steps=4)
TINY = AnalyserSettings(
    side=64,
    widths=(8, 8, 16, 16, 16),
    mixture=Mixture(photos=2, cutouts=2, shapes=0, scenes=0, worn=0, adversarial=2),
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


def test_pictures_made_ahead_by_workers_are_the_same(corpus, tmp_path):
    alone, helped = (
        run("analyser", SHORT, TINY, corpus, tmp_path / str(workers), workers=workers)
        for workers in (0, 2)
    )
    assert same(alone.averaged.state_dict(), helped.averaged.state_dict())


@pytest.mark.parametrize(
    "changed",
    [{"penalty": "zero-centred", "gamma": 10.0}, {"judge_steps": 2}, {"noise": 0.2}],
    ids=str,
)
def test_penalties_noise_and_more_steps_change_how_judges_learn(corpus, changed):
    plain, other = (trainer_of(Config(objective="ns", steps=2, **more)) for more in ({}, changed))
    for trainer in (plain, other):
        list(trainer.train(batches(corpus, trainer)))
        assert all(value.isfinite().all() for value in trainer.judges.parameters())
    assert not same(plain.judges.state_dict(), other.judges.state_dict())


def test_the_learning_rate_rises_then_falls_to_its_final_share():
    rates = [pace(step / 100, 0.1, 0.2) for step in range(1, 101)]
    assert rates[0] == pytest.approx(0.1, abs=0.01)
    assert max(rates) == rates[9]
    assert rates[-1] == pytest.approx(0.2)
    assert rates[9:] == sorted(rates[9:], reverse=True)
    assert pace(0.7, 0, 1.0) == 1.0


def test_a_collapse_leaves_the_checkpoint_from_before_it(corpus, tmp_path, monkeypatch):
    def fooled_until_the_third_step(real, made):
        calls.append(1)
        return torch.tensor(1.0 if len(calls) > 4 else 0.5)  # two judges a step

    calls = []
    monkeypatch.setattr("oscar_gan.gan.judging.told_apart", fooled_until_the_third_step)
    config = Config(steps=50, patience=4)
    with pytest.raises(TrainingCollapsed, match=r"since step 3, for 4 steps.*--start-from it"):
        run("analyser", config, TINY, corpus, tmp_path, every=1)
    # Step 3 may have been chance; from step 4 on it no longer looked like it.
    assert read_checkpoint(tmp_path / "checkpoint.pt")["step"] == 3


def test_a_run_that_is_asked_to_stop_is_saved_and_goes_on(corpus, tmp_path):
    stopped = run("analyser", SHORT, TINY, corpus, tmp_path, stop=lambda: True)
    assert stopped.step == 1
    finished = run("analyser", SHORT, TINY, corpus, tmp_path)
    straight = run("analyser", SHORT, TINY, corpus, tmp_path / "straight")
    assert same(finished.networks.state_dict(), straight.networks.state_dict())
    assert same(finished.judges.state_dict(), straight.judges.state_dict())


def test_an_adversary_without_photos_is_refused(corpus):
    empty = replace(corpus, photos=corpus.photos[:0])
    with pytest.raises(UnusableCorpus, match="--mixture-adversarial 0"):
        trainer_of().lesson.batches(empty, seed=1)


def test_a_grader_without_rendered_scenes_is_refused(corpus):
    lesson = begin("grader", SHORT, GraderSettings(widths=(4, 4, 4, 4))).lesson
    with pytest.raises(UnusableCorpus, match="collect some with --scenes"):
        lesson.batches(corpus, seed=1)


def test_judges_learn_from_what_they_are_shown_ahead(corpus):
    plain, ahead = trainer_of(), trainer_of()
    batch = next(iter(batches(corpus, plain)))
    for trainer in (plain, ahead):
        torch.manual_seed(3)
        study = trainer.lesson.study(batch, 1)
        others = {name: (made.detach(), real) for name, (real, made) in study.pairs.items()}
        earlier = [others] if trainer is ahead else []
        trainer.judging.hear(study.pairs, study.code, 1, study.known, earlier)
    assert not same(plain.judges.state_dict(), ahead.judges.state_dict())
    assert same(plain.networks.state_dict(), ahead.networks.state_dict())


def test_gamma_falls_to_its_final_share_or_stays():
    falling, staying = (
        Judging(torch.nn.ModuleDict(), Config(gamma=10.0, **more))
        for more in ({}, {"final_gamma": 1.0})
    )
    assert [falling._gamma(done) for done in (0, 0.5, 1)] == pytest.approx([10, 10**0.5, 1])
    assert staying._gamma(1) == 10
