import torch

from oscar_gan.gan.augment import augment


def draws(seed=0):
    return torch.Generator().manual_seed(seed)


def test_reals_and_fakes_are_transformed_alike():
    images = torch.rand(6, 3, 32, 32)
    one, other = augment(images, images.clone(), generator=draws(), chance=1.0)
    assert torch.equal(one, other)
    assert not torch.equal(one, images)


def test_colours_are_never_changed():
    images = torch.rand(6, 3, 1, 1).expand(6, 3, 32, 32)
    (result,) = augment(images, generator=draws(), chance=1.0)
    kept = result == images
    black = result == 0
    assert (kept | black).all()
    assert 0.2 < kept.float().mean() < 0.95


def test_no_chance_means_no_change():
    images = torch.rand(2, 3, 16, 16)
    assert torch.equal(augment(images, generator=draws(), chance=0.0)[0], images)


def test_gradients_pass_through():
    images = torch.rand(2, 3, 16, 16, requires_grad=True)
    augment(images, generator=draws(), chance=1.0)[0].sum().backward()
    assert images.grad.sum() > 0
