"""Mixing dyes by weights, and the fields that say how much of each there is where."""

import numpy as np
import pytest

from oscar_gan.imaging.blotches import Worn, yarns
from oscar_gan.imaging.bridging import bridge
from oscar_gan.imaging.calibrate import Dye, transform
from oscar_gan.imaging.colour import linear_to_srgb, parse_hex, srgb_to_linear, srgb_to_oklab
from oscar_gan.imaging.dye import Material, closed_form
from oscar_gan.imaging.fibres import SIDE, fibre_weights
from oscar_gan.imaging.fields import Along, Field
from oscar_gan.imaging.mixture import Mixture, Untouched
from oscar_gan.imaging.passages import even_passage
from oscar_gan.imaging.plans import Ink, in_gamut


class Flat:
    """A coating of one colour, whatever is below."""

    def __init__(self, level):
        self.level = level

    def over(self, pixels, part):
        return np.full((*pixels[part].shape[:2], 3), self.level, np.uint8)

    def at(self, colours, positions, shape):
        return np.full(colours.shape, srgb_to_linear(np.float64(self.level / 255)), np.float32)


class Fixed(Field):
    """The same weights everywhere."""

    def __init__(self, *weights):
        self.inks, self.weights = len(weights), weights

    def at(self, y, x, footprint=1.0):
        shape = np.broadcast_shapes(y.shape, x.shape)
        return np.stack([np.full(shape, weight, np.float32) for weight in self.weights])


PIXELS = np.arange(16 * 16 * 3, dtype=np.uint8).reshape(16, 16, 3)
ALL = np.s_[0:16, 0:16]


def test_one_ink_alone_is_its_dye_to_the_bit():
    made = Mixture([Flat(90), Untouched()], Fixed(0, 1)).over(PIXELS, ALL)
    assert np.array_equal(made, PIXELS)


def test_inks_mix_in_linear_light():
    made = Mixture([Flat(0), Flat(255)], Fixed(0.5, 0.5)).over(PIXELS, ALL)
    assert np.unique(made).tolist() == [188]


def test_edges_get_the_same_mixture_as_the_inside():
    mixture = Mixture([Flat(10), Flat(200), Untouched()], Fixed(0.2, 0.5, 0.3))
    inside = srgb_to_linear(mixture.over(PIXELS, ALL) / 255).reshape(-1, 3)
    edge = mixture.at(PIXELS.reshape(-1, 3), np.arange(256), (16, 16))
    assert np.abs(inside - edge).max() < 0.005


def test_inks_along_a_direction_add_up_and_follow_each_other():
    field = Along([0.3, 0.6], [0.2, 0.2], (0.0, 0.0), (100.0, 0.0))
    weights = field.over(np.s_[0:100, 0:1])[:, :, 0]
    assert np.allclose(weights.sum(axis=0), 1)
    assert weights.argmax(axis=0).tolist() == sorted(weights.argmax(axis=0))
    assert weights[:, [5, 45, 95]].argmax(axis=0).tolist() == [0, 1, 2]


def test_a_passage_from_dark_to_light_is_even_to_the_eye():
    dark, light = (Ink(targets=(srgb_to_oklab(parse_hex(c)),)) for c in ("#101010", "#FFFFFF"))
    share = even_passage(dark, light)
    ends = [srgb_to_linear(parse_hex(colour))[0] for colour in ("#101010", "#FFFFFF")]
    middle = (1 - share[128]) * ends[0] + share[128] * ends[1]
    lightness = np.cbrt(middle)
    assert lightness == pytest.approx((np.cbrt(ends[0]) + np.cbrt(ends[1])) / 2, abs=0.05)


def test_fibres_are_seamless_and_cover_what_is_asked():
    weights = fibre_weights(0.4, seed=5)
    second = weights[..., 1] / 255
    assert second.mean() == pytest.approx(0.4, abs=0.06)
    for axis in (0, 1):
        inner = np.abs(np.diff(second, axis=axis)).mean(axis=(1 - axis))
        border = np.abs(np.take(second, 0, axis) - np.take(second, SIDE - 1, axis)).mean()
        assert border <= inner.max()


def test_worn_yarns_repeat_with_the_seed_and_average_out_from_afar():
    place = np.zeros((40, 40), np.float32)
    box = np.s_[0:800, 0:800]
    fields = [Worn(place, box, softness=1.0, grain=0.4, seed=seed) for seed in (1, 1, 2)]
    near = [field.over(np.s_[0:64, 0:64])[1] for field in fields]
    assert np.array_equal(near[0], near[1])
    assert not np.array_equal(near[0], near[2])
    assert near[0].std() > 0.1
    y, x = np.arange(40)[:, None] * 20.0 + 10, np.arange(40)[None] * 20.0 + 10
    assert fields[0].at(y, x, 20.0)[1].std() < 0.01
    assert yarns(np.random.default_rng(0)).shape == (256, 256)


def test_colours_between_two_dyed_ones_are_dyed_too():
    bases = [srgb_to_linear(parse_hex(colour)) for colour in ("#1F3A93", "#E8C14A")]
    target = srgb_to_oklab(parse_hex("#B5483A"))
    dyes = []
    for base in bases:
        material = Material(srgb_to_oklab(linear_to_srgb(base)), 0.05)
        dyes.append(Dye(material, target, closed_form(material, target)))
    middle = srgb_to_oklab(linear_to_srgb(0.5 * bases[0] + 0.5 * bases[1]))[None]
    before = transform(middle, dyes)
    after = bridge(middle, before, dyes)
    wanted = parse_hex("#B5483A")
    assert np.abs(after[0] - wanted).max() < 0.12
    assert np.abs(after[0] - wanted).max() < 0.5 * np.abs(before[0] - wanted).max()


def test_a_colour_that_stays_makes_no_bridge():
    materials = [Material(srgb_to_oklab(parse_hex(c)), 0.05) for c in ("#1F3A93", "#E8C14A")]
    target = srgb_to_oklab(parse_hex("#B5483A"))
    dyes = [Dye(materials[0], target, closed_form(materials[0], target)), Dye(materials[1])]
    colours = srgb_to_oklab(np.random.default_rng(1).random((50, 3)))
    made = transform(colours, dyes)
    assert bridge(colours, made, dyes) is made


def test_chroma_beyond_srgb_is_cut_at_the_same_lightness_and_hue():
    colour = np.array([0.6, 0.3, 0.2])
    made = in_gamut(colour)
    assert made[0] == 0.6
    assert made[1] / made[2] == pytest.approx(1.5)
    assert 0 < made[1] < 0.3
    assert np.array_equal(in_gamut(np.array([0.6, 0.05, 0.02])), [0.6, 0.05, 0.02])
