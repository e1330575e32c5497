"""Prints and stripes: what stays, what is dyed, and the mixed pixels between."""

import cv2
import numpy as np
import pytest

from oscar_gan.imaging.bases import find_bases
from oscar_gan.imaging.calibrate import Dye, calibrate, slope_at, transform
from oscar_gan.imaging.colour import linear_to_srgb, parse_hex, srgb_to_linear, srgb_to_oklab
from oscar_gan.imaging.compose import compose
from oscar_gan.imaging.dye import closed_form
from oscar_gan.imaging.lut import ColourLut, UsedColours
from oscar_gan.imaging.outlines import SHARP, sharpness
from oscar_gan.imaging.prepare import prepare
from oscar_gan.imaging.seams import NO_SEAMS, REACH, means_near
from oscar_gan.imaging.swatch import sample_positions

from .scenes import product_matte, shading

SIDE = 400
INK = "#E8DCC0"


def printed(cloth, ink=INK, *, blur=0.0):
    """A cloth with a printed word: pixels (h, w, 3), matte (h, w), ink (h, w) in [0, 1]."""
    word = np.zeros((4 * SIDE, 4 * SIDE), np.uint8)
    cv2.putText(word, "DOCK", (430, 880), cv2.FONT_HERSHEY_SIMPLEX, 8, 255, 48)
    word = cv2.resize(word, (SIDE, SIDE), interpolation=cv2.INTER_AREA) / 255
    if blur:
        word = cv2.GaussianBlur(word, (0, 0), blur)
    matte = product_matte(SIDE, SIDE)
    albedo = [srgb_to_linear(parse_hex(colour)) for colour in (cloth, ink)]
    light = word[..., None] * albedo[1] + (1 - word[..., None]) * albedo[0]
    light = light * shading(SIDE, SIDE)[..., None]
    ground = srgb_to_linear(parse_hex("#D8D5CF"))
    light = matte[..., None] * light + (1 - matte[..., None]) * ground
    pixels = np.rint(linear_to_srgb(light.clip(0, 1)) * 255).astype(np.uint8)
    return pixels, np.rint(matte * 255).astype(np.uint8), word


def recoloured(ready, pixels, target, seams):
    aim = srgb_to_oklab(parse_hex(target))
    own = [base for base in ready.colours if base.is_own]
    kept = [Dye(base.material) for base in own[1:]] + [Dye(each) for each in ready.prints]
    dyes = [Dye(ready.material, aim, closed_form(ready.material, aim)), *kept]
    dyes[0] = calibrate(ready.swatch, ready.samples, dyes)
    indices, colours = ready.lattice
    lut = ColourLut(indices, transform(colours, dyes), slope_at(dyes))
    return compose(pixels, ready.solid, ready.edges, lut, None, seams)


@pytest.mark.parametrize(
    ("cloth", "target"),
    [
        ("#9B2226", "#F4F1EA"),
        ("#1F3A93", "#F5D76E"),
        ("#1F3A93", "#C0392B"),
        ("#2E7D32", "#F2C4CE"),
    ],
)
def test_no_line_of_the_old_colour_stays_around_a_print(cloth, target):
    pixels, matte, word = printed(cloth)
    ready = prepare(pixels, matte, np.zeros_like(matte))
    truth = printed(target)[0].astype(int)
    mixed = (word > 0.02) & (word < 0.98)
    error = [
        np.abs(recoloured(ready, pixels, target, seams) - truth)[mixed].mean()
        for seams in (NO_SEAMS, ready.seams)
    ]
    assert error[1] < 0.7 * error[0]


@pytest.mark.parametrize("cloth", ["#9B2226", "#1F3A93", "#202020"])
def test_a_light_print_is_no_highlight_and_stays(cloth):
    pixels, matte, word = printed(cloth)
    ready = prepare(pixels, matte, np.zeros_like(matte))
    result = recoloured(ready, pixels, "#E0A030", ready.seams).astype(int)
    assert np.abs(result - pixels)[word > 0.99].mean() < 2
    assert np.abs(result - pixels)[(word == 0) & (matte == 255)].mean() > 20


def test_plain_cloth_has_neither_seams_nor_prints():
    pixels, matte, _ = printed("#9B2226", "#9B2226")
    ready = prepare(pixels, matte, np.zeros_like(matte))
    assert (len(ready.seams.positions), ready.prints, len(ready.colours)) == (0, (), 1)


def test_only_the_outline_of_a_kept_print_is_touched():
    pixels, matte, word = printed("#9B2226")
    keep = np.where(word > 0, 255, 0).astype(np.uint8)
    ready = prepare(pixels, matte, keep)
    result = recoloured(ready, pixels, "#F4F1EA", ready.seams)
    assert np.array_equal(result[ready.keep == 255], pixels[ready.keep == 255])
    assert (ready.keep[word > 0.999] == 255).mean() > 0.9
    verdict = ready.baseline.assess(result, [(ready.swatch, "#F4F1EA")])
    assert verdict.protected_max == 0
    assert verdict.structure > 0.75


def test_means_are_taken_of_the_kind_asked_for_within_reach():
    rng = np.random.default_rng(7)
    small = rng.integers(0, 256, (30, 40, 3)).astype(np.uint8)
    kinds = rng.integers(0, 2, (30, 40)).astype(np.uint8)
    y, x = np.array([0, 12, 29, 17]), np.array([0, 20, 39, 39])
    two = np.array([[0, 1, 0, 1], [1, 0, 1, 0]], np.uint8)
    means = means_near(small, kinds, y, x, two)
    for place, side in np.ndindex(4, 2):
        around = tuple(slice(max(0, at[place] - REACH), at[place] + REACH + 1) for at in (y, x))
        mean = small[around][kinds[around] == two[side, place]].mean(axis=0)
        assert np.abs(means[place, side] - mean).max() <= 0.5


def test_sharp_outlines_are_told_from_soft_ones():
    measured = []
    for blur in (0.5, 6.0):
        pixels, _, word = printed("#9B2226", blur=blur)
        colours = srgb_to_oklab(np.stack([parse_hex("#9B2226"), parse_hex(INK)]))
        measured.append(sharpness(pixels, (word > 0.5).astype(np.uint8), colours)[1])
    assert measured[0] > SHARP > measured[1]


def test_a_small_print_is_no_base_colour_but_known():
    pixels, matte, _ = printed("#9B2226")
    used = UsedColours()
    used.add(pixels)
    positions = sample_positions(matte)
    everywhere = np.ones(len(positions), bool)
    pixels[130:160, 150:190] = (30, 90, 160)
    used.add(pixels)
    bases, prints = find_bases(pixels, matte, positions, everywhere, used.lattice())
    assert bases[0].weight > 0.8
    assert sum(base.weight for base in bases) == pytest.approx(1)
    blue = srgb_to_oklab(np.array([30, 90, 160]) / 255)
    distances = [np.linalg.norm(each.base - blue) for each in prints]
    assert min(distances) < 0.05
