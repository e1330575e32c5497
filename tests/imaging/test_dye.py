"""The dye model: tone, chroma, what is not dyed, and calibration to a target."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_gan.imaging.calibrate import Dye, calibrate, reachable, slope_at, transform
from oscar_gan.imaging.colour import (
    bytes_to_oklab,
    delta_e00,
    oklab_to_lab,
    parse_hex,
    srgb_to_lab,
    srgb_to_oklab,
)
from oscar_gan.imaging.dye import (
    MAX_SLOPE,
    Grade,
    Material,
    closed_form,
    dye,
    fit_material,
    off_plane_share,
    tone_curve,
)
from oscar_gan.imaging.swatch import estimate_swatch, sample_positions

from .scenes import render

LIGHTNESS = st.floats(0.03, 0.99)


def oklab(text):
    return srgb_to_oklab(parse_hex(text))


def material(text, spread=0.05):
    return Material(oklab(text), spread)


def dyed(text, own, target):
    """One colour of a photo, dyed with its material."""
    m, t = material(own), oklab(target)
    return dye(oklab(text)[None], m, t, closed_form(m, t))[0]


@given(LIGHTNESS, LIGHTNESS)
def test_tone_is_monotone_bounded_and_never_too_steep(base, target):
    curve = tone_curve(base, target)
    steps = np.diff(curve)
    assert (steps >= -1e-9).all()
    assert steps.max() <= MAX_SLOPE / (len(curve) - 1) + 1e-9
    assert curve.min() >= 0
    assert curve.max() <= 1 + 1e-9


@given(LIGHTNESS)
def test_dyeing_with_its_own_lightness_keeps_the_tones(lightness):
    curve = tone_curve(lightness, lightness)
    near = np.abs(np.linspace(0, 1, len(curve)) - lightness) < 0.12
    np.testing.assert_allclose(curve[near], np.linspace(0, 1, len(curve))[near], atol=0.03)


@pytest.mark.parametrize("target", ["#F5D76E", "#1B1B1B", "#F4F1EA", "#C0392B"])
@pytest.mark.parametrize("own", ["#1F3A93", "#2A2A2A", "#EFEFEF", "#AD5C4A"])
def test_the_swatch_becomes_the_target(own, target):
    assert delta_e00(oklab_to_lab(dyed(own, own, target)), srgb_to_lab(parse_hex(target))) < 5


def test_prints_of_another_colour_stay():
    np.testing.assert_allclose(dyed("#F57C20", "#1F3A93", "#C0392B"), oklab("#F57C20"), atol=1e-6)


def test_white_prints_stay_white_on_every_colour():
    for target in ("#C0392B", "#1B1B1B", "#2E7D32"):
        light, *chroma = dyed("#FFFFFF", "#1F3A93", target)
        assert light > 0.95
        assert np.hypot(*chroma) < 0.02


def test_highlights_take_the_lights_colour_not_the_dyes():
    body = dyed("#1F3A93", "#1F3A93", "#C0392B")
    highlight = dyed("#CDD3E6", "#1F3A93", "#C0392B")
    assert highlight[0] > body[0] + 0.2
    assert np.hypot(*highlight[1:]) < 0.6 * np.hypot(*body[1:])


def test_a_dyed_shadow_has_the_dyes_hue_and_less_of_it():
    shadow = dyed("#0C1A4A", "#1F3A93", "#C0392B")
    target = oklab("#C0392B")
    assert shadow[0] < target[0]
    assert 0 < np.hypot(*shadow[1:]) < np.hypot(*target[1:])
    hue, wanted = (np.degrees(np.arctan2(c[2], c[1])) for c in (shadow, target))
    assert abs(hue - wanted) < 12


def test_the_spread_of_a_material_ignores_its_print():
    pixels, matte = render("#1F3A93", print_colour="#F57C20")
    samples = bytes_to_oklab(pixels.reshape(-1, 3)[sample_positions(matte)])
    plain, _ = render("#1F3A93")
    clean = bytes_to_oklab(plain.reshape(-1, 3)[sample_positions(matte)])
    base = oklab("#1F3A93")
    spread = fit_material(base, samples)
    assert spread.spread == pytest.approx(fit_material(base, clean).spread, abs=0.01)
    assert off_plane_share(samples, spread) == pytest.approx(2000 / (matte > 200).sum(), abs=0.05)


@pytest.mark.parametrize("own", ["#1F3A93", "#262626", "#EDEDED", "#C0392B"])
@pytest.mark.parametrize("target", ["#C0392B", "#F5D76E", "#1F3A93", "#F4F1EA", "#1B1B1B"])
def test_calibration_hits_the_target(own, target):
    pixels, matte = render(own)
    positions = sample_positions(matte)
    swatch = estimate_swatch(bytes_to_oklab(pixels.reshape(-1, 3)[positions]), positions)
    samples = bytes_to_oklab(pixels.reshape(-1, 3)[swatch.positions])
    m, aim = fit_material(swatch.oklab, samples), oklab(target)
    grade = closed_form(m, aim)
    dye = calibrate(swatch, samples, [Dye(m, aim, grade)])
    made = swatch.of_samples(srgb_to_oklab(transform(samples, [dye])))
    assert delta_e00(oklab_to_lab(made), oklab_to_lab(aim)) < 0.5


def test_pure_white_and_black_are_approached_so_that_folds_survive():
    for text in ("#FFFFFF", "#000000"):
        moved = oklab_to_lab(reachable(oklab(text)))
        assert 0.5 < delta_e00(moved, srgb_to_lab(parse_hex(text))) < 1.2
    np.testing.assert_array_equal(reachable(oklab("#1F3A93")), oklab("#1F3A93"))


def test_going_lighter_is_steep_and_staying_is_not():
    dark, target = material("#202020"), oklab("#F5D76E")
    assert slope_at([Dye(dark, target, closed_form(dark, target))]) > 1.5
    same = oklab("#202020")
    assert slope_at([Dye(dark, same, closed_form(dark, same))]) == pytest.approx(1, abs=0.15)


def test_a_graders_residual_is_added():
    m, target = material("#1F3A93"), oklab("#C0392B")
    residual = np.zeros((9, 9, 9, 3))
    residual[..., 0] = 0.05
    grade = Grade(tone=tone_curve(m.base[0], target[0]), residual=residual)
    plain = transform(m.base[None], [Dye(m, target, closed_form(m, target))])
    lighter = transform(m.base[None], [Dye(m, target, grade)])
    gained = srgb_to_oklab(lighter)[0, 0] - srgb_to_oklab(plain)[0, 0]
    assert gained == pytest.approx(0.05, abs=0.01)


def test_rendered_truth_is_matched_pixel_by_pixel():
    """The same product really rendered in the target colour, own colour known only as a swatch."""
    before, matte = render("#3A6EA5")
    truth, _ = render("#B5483A")
    positions = sample_positions(matte)
    samples = bytes_to_oklab(before.reshape(-1, 3)[positions])
    swatch = estimate_swatch(samples, positions)
    aim = swatch.measure(truth)
    m = fit_material(swatch.oklab, samples)
    grade = closed_form(m, aim)
    frozen = bytes_to_oklab(before.reshape(-1, 3)[swatch.positions])
    dye = calibrate(swatch, frozen, [Dye(m, aim, grade)])
    made = srgb_to_lab(transform(samples, [dye]))
    error = delta_e00(made, srgb_to_lab(truth.reshape(-1, 3)[positions] / 255))
    assert np.median(error) < 1.5
    assert np.percentile(error, 90) < 4
