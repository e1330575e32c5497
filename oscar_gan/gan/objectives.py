"""Adversarial objectives by name: pure functions of logits, and the penalties they need.

Written from the papers: `ns` Goodfellow et al. 2014; `lsgan` Mao et al. 2017; `wgan` Arjovsky et
al. 2017; `wgan-gp` Gulrajani et al. 2017; `rpgan` Jolicoeur-Martineau 2018 with the two
zero-centred penalties of Huang et al. 2024 (R3GAN). All losses are means over the batch; logits
are (N,), higher for "real". Each fake is paired with a real, though only `rpgan` looks at pairs.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, softplus

from .networks import Judgement

Critic = Callable[[Tensor], Tensor]
Loss = Callable[[Tensor, Tensor], Tensor]


class Objective(NamedTuple):
    """What the discriminator and the generator minimise, from (real, fake) logits."""

    discriminator: Loss
    generator: Loss
    penalty: Callable[[Critic, Tensor, Tensor], Tensor] | None = None
    """Of (critic, real images, fake images); the loop weighs it by gamma."""
    clip: float | None = None
    """Bound put on every weight of the discriminator after each of its steps."""


def gradient_penalty(logits: Tensor, images: Tensor) -> Tensor:
    """Squared norm of the logits' gradient per image (N,): R1 on real images, R2 on fakes."""
    (gradient,) = torch.autograd.grad(logits.sum(), images, create_graph=True)
    return gradient.square().flatten(1).sum(1)


def zero_centred_penalty(critic: Critic, real: Tensor, fake: Tensor) -> Tensor:
    """R1 + R2, halved: the discriminator becomes flat on both distributions."""
    penalties = []
    for images in (real, fake):
        images = images.detach().requires_grad_()
        penalties.append(gradient_penalty(critic(images), images))
    return (penalties[0] + penalties[1]).mean() / 2


def one_centred_penalty(critic: Critic, real: Tensor, fake: Tensor) -> Tensor:
    """Squared distance of the gradient's norm from 1, at random points between the pairs."""
    mix = torch.rand(len(real), 1, 1, 1, device=real.device)
    between = torch.lerp(real.detach(), fake.detach(), mix).requires_grad_()
    squared = gradient_penalty(critic(between), between)
    return ((squared + 1e-12).sqrt() - 1).square().mean()  # sqrt has no slope at 0


def reading_error(judgement: Judgement, code: Tensor, *, values_weight: float = 1.0) -> Tensor:
    """Negative log-likelihood of the code (N, C) that the Q head read (InfoGAN, Chen et al. 2016).

    The first `judgement.categories` columns are shares of each category, the others values with a
    Gaussian error; `values_weight` is how much these count beside the categories. What is not
    known of an image is NaN (categories all together) and left out, as in semi-supervised InfoGAN
    (Spurr et al. 2017).
    """
    chosen, values = code.tensor_split([judgement.categories], dim=1)
    read = judgement.code[:, judgement.categories :]
    log_variance = judgement.log_variance[:, judgement.categories :]
    known = values.isfinite()
    # Filled before it is used: masked later, NaN would still come back as a gradient.
    gap = read - values.nan_to_num()
    errors = 0.5 * (gap.square() / log_variance.exp() + log_variance)
    total = values_weight * torch.where(known, errors, 0).sum() / known.sum().clamp_min(1)
    if judgement.categories:
        known = chosen.isfinite().all(1)
        misread = cross_entropy(
            judgement.code[:, : judgement.categories], chosen.nan_to_num(), reduction="none"
        )
        total = total + torch.where(known, misread, 0).sum() / known.sum().clamp_min(1)
    return total


OBJECTIVES = {
    "ns": Objective(
        discriminator=lambda real, fake: (softplus(-real) + softplus(fake)).mean(),
        generator=lambda real, fake: softplus(-fake).mean(),
    ),
    "lsgan": Objective(
        discriminator=lambda real, fake: ((real - 1).square() + fake.square()).mean() / 2,
        generator=lambda real, fake: (fake - 1).square().mean() / 2,
    ),
    "wgan": Objective(
        discriminator=lambda real, fake: (fake - real).mean(),
        generator=lambda real, fake: -fake.mean(),
        clip=0.01,
    ),
    "wgan-gp": Objective(
        discriminator=lambda real, fake: (fake - real).mean(),
        generator=lambda real, fake: -fake.mean(),
        penalty=one_centred_penalty,
    ),
    "rpgan": Objective(
        discriminator=lambda real, fake: softplus(fake - real).mean(),
        generator=lambda real, fake: softplus(real - fake).mean(),
        penalty=zero_centred_penalty,
    ),
}

PENALTIES = {
    "own": None,
    "none": None,
    "zero-centred": zero_centred_penalty,
    "one-centred": one_centred_penalty,
}
"""Choices for objectives that do without one, or should do with another."""
