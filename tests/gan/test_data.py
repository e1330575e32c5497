import numpy as np
import pytest
import torch
from PIL import Image

from oscar_gan.gan.compositing import Place, composite
from oscar_gan.gan.cutouts import UnusableCutout, all_over, print_mask, read_cutout
from oscar_gan.gan.data import Batches, Mixture
from oscar_gan.gan.shapes import Layers


def test_the_same_step_gives_the_same_pictures(corpus):
    mixture = Mixture(photos=2, cutouts=2, shapes=2, scenes=0, worn=2, adversarial=2)
    one, other = (Batches(corpus, mixture, 64, seed=4).at(9) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(one, other, strict=True))
    assert not torch.equal(one.images, Batches(corpus, mixture, 64, seed=4).at(10).images)


def test_batches_hold_what_the_mixture_says(corpus):
    mixture = Mixture(photos=2, cutouts=3, shapes=1, scenes=2, worn=1, adversarial=2)
    batch = Batches(corpus, mixture, 64, seed=1).at(1)
    assert batch.images.shape == (9, 3, 64, 64)  # no scenes here: shapes take their place
    assert batch.photos.shape == batch.reals.shape == (2, 3, 64, 64)
    for part in batch[:5]:
        assert part.isfinite().all()
        assert part.min() >= 0
        assert part.max() <= 1.001


def test_dyed_photos_show_other_colours_and_keep_their_outlines(corpus):
    only_photos = {"photos": 6, "cutouts": 0, "shapes": 0, "scenes": 0, "worn": 0}
    plain = Batches(corpus, Mixture(**only_photos), 64, seed=3).at(1)
    dyed = Batches(corpus, Mixture(**only_photos, dyed=1.0), 64, seed=3).at(1)
    # The first photo's window is drawn before its colours are.
    assert torch.equal(plain.matte[0], dyed.matte[0])
    assert not torch.allclose(plain.images[0], dyed.images[0], atol=0.1)
    assert dyed.images.isfinite().all()


def test_composites_have_exact_mattes(corpus):
    mixture = Mixture(photos=0, cutouts=8, shapes=0, scenes=0, worn=0)
    batch = Batches(corpus, mixture, 96, seed=2).at(1)
    assert batch.matte_weight.min() == 1
    covered = (batch.matte > 0.5).float().mean((1, 2, 3))
    assert covered.min() > 0.02
    assert covered.max() < 0.95


def test_what_lies_about_is_small_and_aside():
    random = np.random.default_rng(3)
    for _ in range(50):
        place = Place.aside(random)
        assert place.size < 0.4
        assert np.hypot(*(np.array(place.centre) - 0.5)) > 0.35


def test_a_product_may_be_cut_by_the_border():
    layers = Layers(*(np.ones(shape, np.float32) for shape in ((40, 40, 3), *[(40, 40)] * 4)))
    ground = np.zeros((64, 64, 3), np.float32)
    place = Place(0.6, (1.0, 0.5))
    seen = composite(np.random.default_rng(2), layers, ground, place=place)
    assert seen.matte[:, -1].max() > 0.9
    assert seen.matte[:, 0].max() == 0


def test_a_logo_is_marked_and_shading_is_not():
    light = np.linspace(0.4, 1, 96)[None, :, None]
    colour = (np.array([0.8, 0.1, 0.15]) * light).repeat(96, 0).astype(np.float32)
    colour[40:56, 40:60] = 0.95
    product = np.zeros((96, 96), bool)
    product[4:92, 4:92] = True
    marks = print_mask(colour, product)
    assert (marks[42:54, 42:58] == 255).mean() > 0.9
    cloth = np.concatenate([marks[10:34, 10:86], marks[62:86, 10:86]])
    assert (cloth == 255).mean() < 0.02


def striped(side=96, pitch=10):
    marks = np.zeros((side, side), bool)
    for row in range(4, side, pitch):
        marks[row : row + 3] = True
    return marks


def test_stripes_are_material_and_a_logo_is_a_print():
    product = np.ones((96, 96), bool)
    logo = np.zeros((96, 96), bool)
    logo[30:60, 30:60] = striped()[30:60, 30:60]
    assert all_over(striped(), product)
    assert not all_over(logo, product)
    assert not all_over(np.zeros_like(product), product)


def test_nothing_is_kept_of_a_striped_shirt():
    product = np.zeros((96, 96), bool)
    product[3:93, 3:93] = True
    colour = np.where(striped()[..., None], 0.95, np.array([0.1, 0.15, 0.5])).astype(np.float32)
    assert not (print_mask(colour, product) == 255).any()


def test_lenses_are_product_and_kept(tmp_path):
    alpha = np.zeros((120, 120), np.uint8)
    alpha[20:100, 20:100] = 255
    alpha[40:80, 40:80] = 120  # tinted glass
    alpha[84:96, 84:96] = 0  # a hole
    picture = np.full((120, 120, 3), 255, np.uint8)
    picture[alpha > 0] = (30, 40, 50)
    Image.fromarray(picture).save(tmp_path / "shades.jpg", quality=95)
    Image.fromarray(alpha).save(tmp_path / "shades.png")
    layers = read_cutout(tmp_path / "shades.jpg")
    assert layers[160, 160, 4] == layers[160, 160, 5] == 255
    assert layers[160, 160, 3] < 160  # still seen through
    assert layers[240, 240, 4] == 0
    assert layers[80, 80, 5] != 255


def test_a_cutouts_shadow_is_not_product(tmp_path):
    alpha = np.zeros((100, 100), np.uint8)
    alpha[20:60, 30:70] = 255
    alpha[65:75, 25:75] = 120  # the cast shadow, apart
    picture = np.full((100, 100, 3), 255, np.uint8)
    picture[20:60, 30:70] = (200, 30, 30)
    picture[65:75, 25:75] = 140
    Image.fromarray(picture).save(tmp_path / "cup.jpg", quality=95)
    Image.fromarray(alpha).save(tmp_path / "cup.png")
    layers = read_cutout(tmp_path / "cup.jpg")
    assert layers[224, 160, 3] > 100
    assert layers[224, 160, 4] == 0
    assert layers[128, 160, 4] == 255


def test_a_cutout_without_matte_says_where_to_put_it(tmp_path):
    Image.new("RGB", (40, 40)).save(tmp_path / "cup.jpg")
    with pytest.raises(UnusableCutout, match=r"cup\.png"):
        read_cutout(tmp_path / "cup.jpg")
