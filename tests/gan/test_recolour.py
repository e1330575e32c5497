import numpy as np
import pytest
import torch

from oscar_gan.gan.recolour import (
    Grades,
    base_colours,
    closed_form,
    dye,
    oklab_to_srgb,
    recolour,
    srgb_to_oklab,
)
from oscar_gan.imaging import colour
from oscar_gan.imaging.dye import Grade, Material
from oscar_gan.imaging.dye import closed_form as served_closed_form
from oscar_gan.imaging.dye import dye as served_dye


def shaded(rgb, side=24):
    """One image of a colour under light falling off from left to right."""
    light = torch.linspace(0.35, 1.0, side).reshape(1, 1, 1, side)
    return (torch.tensor(rgb).reshape(1, 3, 1, 1) * light).expand(1, 3, side, side).contiguous()


def test_oklab_agrees_with_the_engines():
    images = torch.rand(2, 3, 8, 8)
    expected = colour.srgb_to_oklab(images.permute(0, 2, 3, 1).double().numpy())
    found = srgb_to_oklab(images).permute(0, 2, 3, 1).numpy()
    assert np.abs(found - expected).max() < 1e-4
    assert torch.allclose(oklab_to_srgb(srgb_to_oklab(images)), images, atol=1e-3)


def test_the_material_takes_the_target_and_the_rest_stays():
    images = shaded([0.8, 0.2, 0.2])
    matte = torch.zeros(1, 1, 24, 24)
    matte[..., :12, :] = 1
    target = torch.tensor([[0.5, 0.0, -0.15]])
    dyed = recolour(images, matte, base_colours(images, matte), target)
    assert torch.equal(dyed[..., 12:, :], images[..., 12:, :])
    assert (base_colours(dyed, matte) - target).abs().max() < 0.02


def test_a_white_print_stays_white_on_dyed_cloth():
    images = shaded([0.75, 0.15, 0.2])
    images[..., 10:14, 10:14] = 0.97
    everywhere = torch.ones(1, 1, 24, 24)
    base = base_colours(images, everywhere)
    dyed = recolour(images, everywhere, base, torch.tensor([[0.45, -0.1, 0.05]]))
    logo = dyed[..., 10:14, 10:14]
    assert logo.min() > 0.85
    assert (logo.amax(1) - logo.amin(1)).max() < 0.06


def test_the_matte_gets_a_gradient_even_without_a_pixel_inside():
    images = shaded([0.2, 0.6, 0.3])
    matte = torch.full((1, 1, 24, 24), 0.1, requires_grad=True)
    dyed = recolour(images, matte, base_colours(images, matte), torch.tensor([[0.9, 0.0, 0.0]]))
    dyed.mean().backward()
    assert matte.grad.isfinite().all()
    assert matte.grad.abs().sum() > 0


@pytest.mark.parametrize("gate", [0.7, 1.0, 1.6])
def test_training_dyes_exactly_as_serving_does(gate):
    random = np.random.default_rng(3)
    srgb = random.uniform(0, 1, (4, 400, 3))
    lab = colour.srgb_to_oklab(srgb)
    bases = colour.srgb_to_oklab(random.uniform(0.05, 0.95, (4, 3)))
    targets = colour.srgb_to_oklab(random.uniform(0.05, 0.95, (4, 3)))
    spread = np.array([0.04, 0.06, 0.09, 0.11])
    images = torch.tensor(lab.transpose(0, 2, 1)[:, :, None])
    base, target = torch.tensor(bases), torch.tensor(targets)
    tone = closed_form(base, target).tone
    grades = Grades(tone, torch.full((4,), 0.4).double(), torch.full((4,), gate).double())
    found = dye(images, base, torch.tensor(spread), target, grades)[:, :, 0].permute(0, 2, 1)
    for k in range(4):
        material = Material(bases[k], spread[k])
        assert np.array_equal(tone[k], served_closed_form(material, targets[k]).tone)
        grade = Grade(tone=tone[k].numpy(), residual_gain=0.4, gate=gate)
        expected = served_dye(lab[k], material, targets[k], grade)
        assert np.abs(found[k].numpy() - expected).max() < 1e-6
