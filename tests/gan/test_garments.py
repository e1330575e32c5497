import numpy as np
import torch

from oscar_gan.gan.data import Batches, Mixture
from oscar_gan.gan.garments import random_garment, spread_ground


def test_garments_are_of_all_shapes_and_lie_in_the_picture():
    random = np.random.default_rng(1)
    covered = []
    for _ in range(30):
        layers = random_garment(random, 64)
        for part in (layers.colour, layers.product):
            assert part.dtype == np.float32
            assert np.isfinite(part).all()
            assert part.min() >= 0
            assert part.max() <= 1
        border = np.concatenate([layers.product[0], layers.product[-1]])
        assert border.max() < 0.6
        covered.append(layers.product.mean())
    assert min(covered) > 0.05
    assert np.ptp(covered) > 0.15


def test_a_sheet_is_spread_on_some_grounds():
    grounds = [spread_ground(np.random.default_rng(seed), 32) for seed in range(8)]
    assert all(ground.shape == (32, 32, 3) for ground in grounds)
    assert all(0 <= ground.min() <= ground.max() <= 1 for ground in grounds)


def test_a_batch_holds_garments_only_if_asked(corpus):
    without = Mixture(photos=1, cutouts=0, shapes=1, scenes=0, worn=0)
    some = Mixture(photos=1, cutouts=0, shapes=1, scenes=0, worn=0, garments=2)
    plain, more = (Batches(corpus, mixture, 64, seed=1).at(1) for mixture in (without, some))
    assert len(more.images) == len(plain.images) + 2
    assert torch.equal(plain.images, more.images[:2])  # nothing else is drawn otherwise
    assert more.matte_weight[2:].min() == 1
