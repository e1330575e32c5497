"""Cloth measured beside a card: the truth is known, because the photo is made here."""

import numpy as np
import pytest

from oscar_gan.errors import UnusableSwatch
from oscar_gan.imaging.cloth import Spot, measure_cloth
from oscar_gan.imaging.colour import (
    delta_e00,
    lab_to_srgb,
    linear_to_srgb,
    parse_hex,
    srgb_to_lab,
    srgb_to_linear,
)

CARD = Spot(0.2, 0.5, 0.2)
CLOTH = Spot(0.7, 0.5, 0.3)
CASTS = {
    "none": (1, 1, 1),
    "tungsten": (1.25, 0.95, 0.62),
    "shade": (0.82, 0.97, 1.3),
    "green": (0.9, 1.15, 0.8),
}


def photo(colour="#24345C", *, cast=(1, 1, 1), light=1.0, card=0.18, noise=0.02, fall_off=0.0):
    """A card at the left, cloth at the right, in coloured light; with noise and weave."""
    rng = np.random.default_rng(5)
    scene = np.full((300, 500, 3), 0.4)
    scene[:, :200] = card
    scene[:, 200:] = srgb_to_linear(parse_hex(colour))
    scene *= np.asarray(cast) * light
    scene *= 1 + rng.normal(0, noise, scene.shape[:2])[..., None]
    scene[:, 200:] *= np.linspace(1, 1 - fall_off, 300)[:, None, None] if fall_off else 1
    return np.rint(np.clip(linear_to_srgb(scene), 0, 1) * 255).astype(np.uint8)


@pytest.mark.parametrize("cast", CASTS.values(), ids=CASTS)
@pytest.mark.parametrize("colour", ["#24345C", "#AF2430", "#D29B2A", "#235A3C", "#C9C2B6"])
def test_the_light_is_taken_out(colour, cast):
    cloth = measure_cloth(photo(colour, cast=cast, light=0.8), card=CARD, cloth=CLOTH)
    truth = srgb_to_lab(parse_hex(colour))
    assert delta_e00(np.array(cloth.lab), truth) < 1
    assert delta_e00(srgb_to_lab(parse_hex(cloth.hex)), truth) < 1


def test_a_white_card_serves_as_well_and_an_unknown_one_corrects_only_the_cast():
    white = photo(card=0.88, cast=CASTS["tungsten"], light=0.6)
    truth = srgb_to_lab(parse_hex("#24345C"))
    lab = np.array(measure_cloth(white, card=CARD, cloth=CLOTH, kind="white").lab)
    assert delta_e00(lab, truth) < 0.7

    unknown = measure_cloth(white, card=CARD, cloth=CLOTH, kind="unknown")
    assert unknown.lab[0] < lab[0] - 2  # the photo was dark, and nobody can know
    hue = np.degrees(np.arctan2(unknown.lab[2], unknown.lab[1]))
    assert hue == pytest.approx(np.degrees(np.arctan2(truth[2], truth[1])), abs=3)


def test_without_a_card_the_cast_would_have_been_measured():
    cloth = measure_cloth(photo(cast=CASTS["tungsten"]), card=CARD, cloth=CLOTH)
    before = srgb_to_lab(parse_hex(cloth.before))
    assert delta_e00(before, np.array(cloth.lab)) > 5


def test_the_spread_tells_smooth_cloth_from_coarse():
    smooth = measure_cloth(photo("#AF2430", noise=0.005), card=CARD, cloth=CLOTH)
    coarse = measure_cloth(photo("#AF2430", noise=0.15), card=CARD, cloth=CLOTH)
    assert smooth.spread < 0.5 < 1.5 < coarse.spread


def test_a_colour_outside_srgb_says_by_how_much():
    assert measure_cloth(photo(), card=CARD, cloth=CLOTH).clipped_by < 0.5
    scene = np.full((300, 500, 3), 0.18)
    scene[:, 200:] = (1.3, 0.1, 0.1)  # redder than sRGB's red; the lamp has little red
    seen = linear_to_srgb(scene * (0.6, 1.0, 1.2))
    cloth = measure_cloth(np.rint(seen * 255).astype(np.uint8), card=CARD, cloth=CLOTH)
    assert cloth.hex.startswith("#FF")
    assert cloth.clipped_by > 2


@pytest.mark.parametrize(
    ("picture", "complaint"),
    [
        (photo(light=6.5), "card is overexposed"),
        (photo("#F4F0E8", light=1.3), "cloth is overexposed"),
        (photo(light=0.1), "card is too dark"),
        (photo("#030303"), "cloth is too dark"),
        (photo(cast=(1.6, 0.9, 0.3)), "card is not grey"),
        (photo("#D29B2A", fall_off=0.7), "cloth is uneven"),
    ],
)
def test_what_would_be_wrong_is_refused(picture, complaint):
    with pytest.raises(UnusableSwatch, match=complaint):
        measure_cloth(picture, card=CARD, cloth=CLOTH)


def test_a_shadow_on_the_card_is_refused():
    picture = photo()
    picture[:, :100] //= 2
    with pytest.raises(UnusableSwatch, match="card is uneven"):
        measure_cloth(picture, card=CARD, cloth=CLOTH)


def test_spots_at_the_edge_are_moved_in_and_tiny_ones_refused():
    picture = photo()
    moved = measure_cloth(picture, card=Spot(0, 0, 0.2), cloth=Spot(1, 1, 0.3))
    assert delta_e00(np.array(moved.lab), srgb_to_lab(parse_hex("#24345C"))) < 0.7
    with pytest.raises(UnusableSwatch, match="at least 8"):
        measure_cloth(picture, card=CARD, cloth=Spot(0.7, 0.5, 0.01))


def test_lab_and_srgb_are_inverse():
    rgb = np.random.default_rng(2).random((50, 3))
    assert np.allclose(lab_to_srgb(srgb_to_lab(rgb)), rgb, atol=1e-6)
