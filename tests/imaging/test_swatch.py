"""The swatch names a material's colour whatever the light does to it."""

import numpy as np
import pytest

from oscar_gan.errors import UnusableMatte
from oscar_gan.imaging.colour import (
    bytes_to_oklab,
    delta_e00,
    oklab_to_lab,
    parse_hex,
    srgb_to_lab,
    srgb_to_oklab,
)
from oscar_gan.imaging.palette import MAX_COLOURS, find_palette
from oscar_gan.imaging.swatch import estimate_swatch, sample_positions

from .scenes import render


def swatch_of(pixels, matte):
    positions = sample_positions(matte)
    return estimate_swatch(bytes_to_oklab(pixels.reshape(-1, 3)[positions]), positions)


@pytest.mark.parametrize("colour", ["#1F3A93", "#C0392B", "#E8D9B0", "#2B2B2B", "#2E7D32"])
def test_the_swatch_of_a_folded_product_is_near_its_colour(colour):
    made = oklab_to_lab(swatch_of(*render(colour)).oklab)
    assert delta_e00(made, srgb_to_lab(parse_hex(colour))) < 5


def test_highlights_and_deep_shadows_do_not_count():
    pixels, matte = render("#C0392B")
    plain = swatch_of(pixels, matte)
    pixels[100:125, 60:140] = 255
    pixels[60:70, 60:140] = 4
    assert delta_e00(oklab_to_lab(swatch_of(pixels, matte).oklab), oklab_to_lab(plain.oklab)) < 1.5


def test_a_result_is_measured_on_the_sources_pixels():
    pixels, matte = render("#C0392B")
    swatch = swatch_of(pixels, matte)
    np.testing.assert_allclose(swatch.measure(pixels), swatch.oklab, atol=1e-6)
    # Painting everything else must change nothing.
    painted = np.zeros_like(pixels)
    painted.reshape(-1, 3)[swatch.positions] = pixels.reshape(-1, 3)[swatch.positions]
    np.testing.assert_allclose(swatch.measure(painted), swatch.oklab, atol=1e-6)


def test_edges_stay_out_of_the_sample():
    _, matte = render("#C0392B")
    assert (matte.reshape(-1)[sample_positions(matte)] == 255).all()


def test_a_thin_strap_is_still_measured():
    matte = np.zeros((200, 200), np.uint8)
    matte[20:180, 100:102] = 255
    assert len(sample_positions(matte)) >= 24


def test_an_empty_matte_is_refused():
    with pytest.raises(UnusableMatte, match="0 pixels"):
        sample_positions(np.zeros((50, 50), np.uint8))


def colours(*parts, count=3000):
    """Shaded pixels in OKLab of colours with weights."""
    random = np.random.default_rng(3)
    pixels = []
    for colour, weight in parts:
        light = random.uniform(0.75, 1.05, (int(count * weight), 1))
        pixels.append(srgb_to_oklab(parse_hex(colour)) * light)
    return np.concatenate(pixels)


def test_one_material_in_light_and_shade_is_one_colour():
    palette = find_palette(colours(("#C0392B", 1)))
    assert len(palette.colours) == 1


def test_colours_come_with_their_weights_largest_first():
    palette = find_palette(colours(("#1F3A93", 0.2), ("#F0F0F0", 0.5), ("#C0392B", 0.3)))
    np.testing.assert_allclose(palette.weights, [0.5, 0.3, 0.2], atol=0.02)
    assert palette.colours[0][0] > 0.8
    assert palette.colours[1][1] > 0.1
    assert palette.colours[2][2] < -0.08


def test_black_and_white_stripes_are_two_colours():
    palette = find_palette(colours(("#151515", 0.5), ("#F0F0F0", 0.5)))
    assert len(palette.colours) == 2


def test_the_palette_never_has_more_than_eight_colours_and_is_deterministic():
    ten = ("#FF0000", "#00AA00", "#0000FF", "#FFFF00", "#FF00FF", "#101010", "#00FFFF", "#FF8000",
           "#F0F0F0", "#804000")  # fmt: skip
    many = colours(*[(colour, 1 / 10) for colour in ten])
    one, other = find_palette(many), find_palette(many)
    assert len(one.colours) == MAX_COLOURS == 8
    np.testing.assert_array_equal(one.colours, other.colours)
    assert one.labels.max() == 7
    assert one.labels.min() == -1, "what belongs to no colour of the eight is marked"


def test_specks_are_no_colour():
    assert len(find_palette(colours(("#C0392B", 0.997), ("#00FF00", 0.003))).colours) == 1
