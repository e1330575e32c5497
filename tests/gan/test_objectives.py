import math

import pytest
import torch
from torch import nn

from oscar_gan.gan.networks import Judgement
from oscar_gan.gan.objectives import (
    OBJECTIVES,
    gradient_penalty,
    one_centred_penalty,
    reading_error,
    zero_centred_penalty,
)

REAL, FAKE = torch.tensor([2.0, 0.5]), torch.tensor([-1.0, 0.0])


def softplus(value):
    return math.log1p(math.exp(value))


EXPECTED = {  # worked out by hand from each paper's formula
    "ns": (
        (softplus(-2.0) + softplus(-1.0) + softplus(-0.5) + softplus(0.0)) / 2,
        (softplus(1.0) + softplus(0.0)) / 2,
    ),
    "lsgan": ((1.0 + 1.0 + 0.25 + 0.0) / 4, (4.0 + 1.0) / 4),
    "wgan": (-1.75, 0.5),
    "wgan-gp": (-1.75, 0.5),
    "rpgan": (
        (softplus(-3.0) + softplus(-0.5)) / 2,
        (softplus(3.0) + softplus(0.5)) / 2,
    ),
}


def test_a_values_weight_leaves_the_categories_alone():
    code, read = torch.tensor([[1.0, 0.0, 0.5]]), torch.tensor([[2.0, 1.0, 0.0]])
    judgement = Judgement(torch.zeros(1), read, torch.zeros_like(read), 2)
    categories, values = softplus(-1.0), 0.5 * 0.25
    for weight in (1.0, 0.1):
        error = reading_error(judgement, code, values_weight=weight).item()
        assert error == pytest.approx(categories + weight * values, abs=1e-6)


def test_every_objective_has_expected_values():
    assert set(OBJECTIVES) == set(EXPECTED)


@pytest.mark.parametrize("name", OBJECTIVES)
def test_losses_have_the_papers_values(name):
    discriminator, generator = EXPECTED[name]
    objective = OBJECTIVES[name]
    assert objective.discriminator(REAL, FAKE).item() == pytest.approx(discriminator, abs=1e-6)
    assert objective.generator(REAL, FAKE).item() == pytest.approx(generator, abs=1e-6)


def test_only_the_relativistic_generator_looks_at_the_reals():
    moved = {
        name: not torch.equal(objective.generator(REAL, FAKE), objective.generator(REAL + 1, FAKE))
        for name, objective in OBJECTIVES.items()
    }
    assert [name for name, changed in moved.items() if changed] == ["rpgan"]


def quadratic(images):
    """Half the squared length of an image: the gradient is the image itself."""
    return images.square().flatten(1).sum(1) / 2


def test_gradient_penalty_is_the_squared_norm_per_image():
    images = torch.tensor([3.0, 4.0]).reshape(2, 1, 1, 1).requires_grad_()
    assert gradient_penalty(quadratic(images), images).tolist() == [9.0, 16.0]


def test_zero_centred_penalty_is_half_of_r1_plus_r2():
    real, fake = torch.full((2, 1, 1, 1), 3.0), torch.full((2, 1, 1, 1), 1.0)
    assert zero_centred_penalty(quadratic, real, fake).item() == pytest.approx((9 + 1) / 2)


@pytest.mark.parametrize(("slope", "expected"), [(1.0, 0.0), (3.0, 4.0), (0.0, 1.0)])
def test_one_centred_penalty_wants_slope_one(slope, expected):
    def critic(images):
        return slope * images.flatten(1).sum(1)

    real, fake = torch.rand(4, 1, 1, 1), torch.rand(4, 1, 1, 1)
    assert one_centred_penalty(critic, real, fake).item() == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("name", OBJECTIVES)
def test_two_steps_move_a_tiny_generator_towards_the_reals(name):
    torch.manual_seed(3)
    objective = OBJECTIVES[name]
    judge = nn.Sequential(nn.Flatten(), nn.Linear(12, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1))
    offset = nn.Parameter(torch.full((3,), -0.5))  # the generator: one colour
    real = torch.full((8, 3, 2, 2), 0.5)
    judge_optimiser = torch.optim.Adam(judge.parameters(), 0.02)
    for _ in range(30):
        fake = offset.detach().reshape(1, 3, 1, 1).expand_as(real)
        loss = objective.discriminator(judge(real)[:, 0], judge(fake)[:, 0])
        if objective.penalty:
            loss = loss + objective.penalty(lambda x: judge(x)[:, 0], real, fake)
        judge_optimiser.zero_grad()
        loss.backward()
        judge_optimiser.step()
    optimiser = torch.optim.SGD([offset], 0.05)
    before = offset.detach().clone()
    for _ in range(2):
        fake = offset.reshape(1, 3, 1, 1).expand_as(real)
        optimiser.zero_grad()
        objective.generator(judge(real)[:, 0], judge(fake)[:, 0]).backward()
        optimiser.step()
    assert (offset.detach() - before).mean() > 0


def judgement(code, log_variance, categories=0):
    return Judgement(torch.zeros(len(code)), code, log_variance, categories)


def test_values_are_read_with_a_gaussian_error():
    seen = judgement(torch.tensor([[1.0, 0.0]]), torch.log(torch.tensor([[4.0, 1.0]])))
    expected = ((1 / 4 + math.log(4)) / 2 + (4 + 0) / 2) / 2
    assert reading_error(seen, torch.tensor([[0.0, 2.0]])).item() == pytest.approx(expected)


def test_a_category_is_read_by_cross_entropy_beside_the_values():
    seen = judgement(torch.tensor([[2.0, 0.0, 0.5]]), torch.zeros(1, 3), categories=2)
    expected = math.log(1 + math.exp(-2.0)) + 0.5 * 0.25
    code = torch.tensor([[1.0, 0.0, 1.0]])
    assert reading_error(seen, code).item() == pytest.approx(expected)


def test_what_is_not_known_of_a_picture_teaches_nothing():
    code = torch.tensor([[2.0, 0.0, 0.5], [9.0, -9.0, 7.0]], requires_grad=True)
    nothing = [math.nan] * 3
    known = torch.tensor([[1.0, 0.0, 1.0], nothing])
    error = reading_error(judgement(code, torch.zeros(2, 3), categories=2), known)
    alone = reading_error(judgement(code[:1], torch.zeros(1, 3), categories=2), known[:1])
    assert error.item() == pytest.approx(alone.item())
    error.backward()
    assert code.grad[1].tolist() == [0, 0, 0]
    empty = reading_error(
        judgement(code, torch.zeros(2, 3), categories=2), torch.tensor([nothing] * 2)
    )
    assert empty.item() == 0
