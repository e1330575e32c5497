"""People and other things in the picture: what is protected and what is named."""

import cv2
import numpy as np
import pytest

from oscar_gan.imaging.colour import parse_hex, srgb_to_oklab
from oscar_gan.imaging.dye import Material
from oscar_gan.imaging.parts import count_products
from oscar_gan.imaging.prepare import prepare
from oscar_gan.imaging.skin import find_skin, is_skin_coloured

from .scenes import render

SKINS = ["#F1D3C2", "#E0AC8C", "#C68863", "#8D5A3B", "#5C3A29"]


@pytest.mark.parametrize("colour", SKINS)
def test_skin_light_and_dark_has_one_hue(colour):
    assert is_skin_coloured(srgb_to_oklab(parse_hex(colour)))


@pytest.mark.parametrize(
    "colour", ["#C0392B", "#1F3A93", "#F5D76E", "#2E7D32", "#808080", "#F4F1EA", "#F2A0C0"]
)
def test_most_cloth_has_another(colour):
    assert not is_skin_coloured(srgb_to_oklab(parse_hex(colour)))


def worn(cloth, skin="#C68863"):
    """A product with a hand on it, and its matte."""
    pixels, matte = render(cloth)
    cv2.circle(pixels, (100, 120), 22, tuple(int(skin[i : i + 2], 16) for i in (1, 3, 5)), -1)
    return pixels, matte


def test_skin_under_the_matte_is_kept_unless_a_person_drew_it():
    pixels, matte = worn("#1F3A93")
    nothing = np.zeros_like(matte)
    ready = prepare(pixels, matte, nothing, protect_skin=True)
    assert 0.02 < ready.skin < 0.15
    assert ready.keep[115:125, 95:105].min() == 255
    assert ready.keep[60:80, 60:80].max() == 0
    drawn = prepare(pixels, matte, nothing)
    assert (drawn.skin, drawn.keep.max()) == (0, 0)


def test_a_product_of_skins_own_colour_is_no_skin():
    pixels, matte = worn("#B98560")
    assert find_skin(pixels, matte, Material(srgb_to_oklab(parse_hex("#B98560")), 0.05)) is None


def test_specks_of_that_colour_are_no_skin():
    pixels, matte = render("#1F3A93")
    pixels[::9, ::9] = (198, 136, 99)
    assert find_skin(pixels, matte, Material(srgb_to_oklab(parse_hex("#1F3A93")), 0.05)) is None


def pair(one, other, size=40):
    pixels = np.full((200, 260, 3), 230, np.uint8)
    matte = np.zeros((200, 260), np.uint8)
    for x, radius, colour in ((70, 40, one), (190, size, other)):
        rgb = tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))
        cv2.circle(pixels, (x, 100), radius, rgb, -1)
        cv2.circle(matte, (x, 100), radius, 255, -1)
    return pixels, matte


def test_a_pair_is_one_product_and_unlike_things_are_several():
    assert count_products(*render("#1F3A93")) == 1
    assert count_products(*pair("#1F3A93", "#1C3585")) == 1
    assert count_products(*pair("#1F3A93", "#C0392B")) == 2
    assert count_products(*pair("#1F3A93", "#C0392B", size=12)) == 1
