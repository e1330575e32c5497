import numpy as np
import torch

from oscar_gan.gan.recolour import base_colours, oklab_to_srgb, recolour, srgb_to_oklab
from oscar_gan.imaging import colour


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
