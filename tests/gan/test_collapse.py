from typing import NamedTuple

import pytest
import torch
from torch import Tensor, nn

from oscar_gan.gan.collapse import CollapseWatch, TrainingCollapsed, told_apart, variety
from oscar_gan.gan.config import Config
from oscar_gan.gan.networks import Discriminator
from oscar_gan.gan.training import Study, Trainer


def test_a_judge_that_is_never_fooled_scores_one():
    assert told_apart(torch.tensor([2.0, 3.0]), torch.tensor([1.0, -1.0])) == 1
    assert told_apart(torch.tensor([2.0, 0.0]), torch.tensor([1.0, -1.0])) == 0.75
    assert told_apart(torch.zeros(4), torch.zeros(4)) == 0.5  # no opinion


def test_variety_is_relative_to_the_real_pictures():
    real = torch.rand(8, 3, 4, 4)
    assert variety(real, real / 2).item() == pytest.approx(0.5)
    assert variety(real, real[:1].expand_as(real)) == 0


def test_one_picture_has_no_variety_to_lose():
    assert variety(torch.rand(1, 3, 4, 4), torch.rand(1, 3, 4, 4)) == 1


def test_a_judge_that_always_wins_ends_the_run_with_the_step_it_began():
    watch = CollapseWatch(patience=5)
    watch.observe(1, {"scene verdict": 0.9})
    for step in range(2, 6):
        watch.observe(step, {"scene verdict": 1.0})
    with pytest.raises(TrainingCollapsed, match="scene judge .* since step 2, for 5 steps"):
        watch.observe(6, {"scene verdict": 1.0})


def test_one_mistake_of_the_judge_is_enough_to_go_on():
    watch = CollapseWatch(patience=3)
    for step in range(1, 30):
        watch.observe(step, {"scene verdict": 0.99 if step % 3 == 0 else 1.0})


def test_pictures_that_are_all_the_same_end_the_run():
    watch = CollapseWatch(patience=2)
    watch.observe(1, {"cloth variety": 0.01})
    with pytest.raises(TrainingCollapsed, match="cloth judge are all the same since step 1"):
        watch.observe(2, {"cloth variety": 0.01})


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_infinite_numbers_end_the_run_at_once(value):
    with pytest.raises(TrainingCollapsed, match="'matte' is .* at step 7"):
        CollapseWatch(patience=0).observe(7, {"loss 'matte'": value})


def test_without_patience_only_infinite_numbers_count():
    watch = CollapseWatch(patience=0)
    for step in range(1, 2000):
        watch.observe(step, {"scene verdict": 1.0})


def test_a_symptom_makes_uneasy_before_it_ends_the_run():
    watch = CollapseWatch(patience=100)
    for step in range(1, 11):
        watch.observe(step, {"scene verdict": 1.0})
        assert not watch.uneasy(step)
    watch.observe(11, {"scene verdict": 1.0})
    assert watch.uneasy(11)


class Pictures(NamedTuple):
    real: Tensor


class OneColour:
    """A lesson whose network makes one grey, so that any judge can tell."""

    def __init__(self):
        self.networks = nn.ModuleDict({"grey": nn.Conv2d(3, 3, 1)})
        self.judges = nn.ModuleDict({"scene": Discriminator((4, 8))})

    def study(self, batch, step):
        made = self.networks["grey"](torch.zeros_like(batch.real))
        return Study({}, {"scene": (batch.real, made)})


def test_a_trainer_notices_that_all_its_pictures_are_the_same():
    trainer = Trainer(OneColour(), Config(steps=50, patience=3, chance=0.0))
    batches = [Pictures(torch.rand(4, 3, 8, 8))] * 50
    with pytest.raises(TrainingCollapsed, match="all the same since step 1"):
        list(trainer.train(batches))
    assert trainer.step == 3
