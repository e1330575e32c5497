"""Colour conversions against published values, and differences against Sharma's pairs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from oscar_gan.errors import InvalidColour
from oscar_gan.imaging import colour

COLOURS = hnp.arrays(float, (4, 3), elements=st.floats(0, 1))

# L1, a1, b1, L2, a2, b2, ΔE00: table 1 of Sharma, Wu, Dalal, "The CIEDE2000 Color-Difference
# Formula: Implementation Notes, Supplementary Test Data, and Mathematical Observations", 2005.
SHARMA = np.array([
    [50.0000, 2.6772, -79.7751, 50.0000, 0.0000, -82.7485, 2.0425],
    [50.0000, 3.1571, -77.2803, 50.0000, 0.0000, -82.7485, 2.8615],
    [50.0000, 2.8361, -74.0200, 50.0000, 0.0000, -82.7485, 3.4412],
    [50.0000, -1.3802, -84.2814, 50.0000, 0.0000, -82.7485, 1.0000],
    [50.0000, -1.1848, -84.8006, 50.0000, 0.0000, -82.7485, 1.0000],
    [50.0000, -0.9009, -85.5211, 50.0000, 0.0000, -82.7485, 1.0000],
    [50.0000, 0.0000, 0.0000, 50.0000, -1.0000, 2.0000, 2.3669],
    [50.0000, -1.0000, 2.0000, 50.0000, 0.0000, 0.0000, 2.3669],
    [50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0009, 7.1792],
    [50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0010, 7.1792],
    [50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0011, 7.2195],
    [50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0012, 7.2195],
    [50.0000, -0.0010, 2.4900, 50.0000, 0.0009, -2.4900, 4.8045],
    [50.0000, -0.0010, 2.4900, 50.0000, 0.0010, -2.4900, 4.8045],
    [50.0000, -0.0010, 2.4900, 50.0000, 0.0011, -2.4900, 4.7461],
    [50.0000, 2.5000, 0.0000, 50.0000, 0.0000, -2.5000, 4.3065],
    [50.0000, 2.5000, 0.0000, 73.0000, 25.0000, -18.0000, 27.1492],
    [50.0000, 2.5000, 0.0000, 61.0000, -5.0000, 29.0000, 22.8977],
    [50.0000, 2.5000, 0.0000, 56.0000, -27.0000, -3.0000, 31.9030],
    [50.0000, 2.5000, 0.0000, 58.0000, 24.0000, 15.0000, 19.4535],
    [50.0000, 2.5000, 0.0000, 50.0000, 3.1736, 0.5854, 1.0000],
    [50.0000, 2.5000, 0.0000, 50.0000, 3.2972, 0.0000, 1.0000],
    [50.0000, 2.5000, 0.0000, 50.0000, 1.8634, 0.5757, 1.0000],
    [50.0000, 2.5000, 0.0000, 50.0000, 3.2592, 0.3350, 1.0000],
    [60.2574, -34.0099, 36.2677, 60.4626, -34.1751, 39.4387, 1.2644],
    [63.0109, -31.0961, -5.8663, 62.8187, -29.7946, -4.0864, 1.2630],
    [61.2901, 3.7196, -5.3901, 61.4292, 2.2480, -4.9620, 1.8731],
    [35.0831, -44.1164, 3.7933, 35.0232, -40.0716, 1.5901, 1.8645],
    [22.7233, 20.0904, -46.6940, 23.0331, 14.9730, -42.5619, 2.0373],
    [36.4612, 47.8580, 18.3852, 36.2715, 50.5065, 21.2231, 1.4146],
    [90.8027, -2.0831, 1.4410, 91.1528, -1.6435, 0.0447, 1.4441],
    [90.9257, -0.5406, -0.9208, 88.6381, -0.8985, -0.7239, 1.5381],
    [6.7747, -0.2908, -2.4247, 5.8714, -0.0985, -2.2286, 0.6377],
    [2.0776, 0.0795, -1.1350, 0.9033, -0.0636, -0.5514, 0.9082],
])  # fmt: skip


def test_ciede2000_matches_all_34_published_pairs():
    difference = colour.delta_e00(SHARMA[:, :3], SHARMA[:, 3:6])
    np.testing.assert_allclose(difference, SHARMA[:, 6], atol=5e-5)
    np.testing.assert_allclose(colour.delta_e00(SHARMA[:, 3:6], SHARMA[:, :3]), difference)


@pytest.mark.parametrize(
    ("text", "lab"),
    [
        ("#FF0000", (53.24, 80.09, 67.20)),
        ("#FFFFFF", (100.0, 0.0, 0.0)),
        ("#0000FF", (32.30, 79.19, -107.86)),
        ("#808080", (53.59, 0.0, 0.0)),
    ],
)
def test_cielab_of_known_colours(text, lab):
    np.testing.assert_allclose(colour.srgb_to_lab(colour.parse_hex(text)), lab, atol=0.01)


@pytest.mark.parametrize(
    ("text", "oklab"),
    [  # Ottosson's own implementation
        ("#FFFFFF", (1.0, 0.0, 0.0)),
        ("#FF0000", (0.62796, 0.22486, 0.12585)),
        ("#00FF00", (0.86644, -0.23389, 0.17950)),
        ("#0000FF", (0.45201, -0.03246, -0.31153)),
    ],
)
def test_oklab_of_known_colours(text, oklab):
    np.testing.assert_allclose(colour.srgb_to_oklab(colour.parse_hex(text)), oklab, atol=1e-4)


@given(COLOURS)
def test_oklab_and_back_changes_nothing(rgb):
    np.testing.assert_allclose(colour.oklab_to_srgb(colour.srgb_to_oklab(rgb)), rgb, atol=1e-6)


@given(COLOURS)
def test_linear_light_and_back_changes_nothing(rgb):
    np.testing.assert_allclose(colour.linear_to_srgb(colour.srgb_to_linear(rgb)), rgb, atol=1e-7)


@given(COLOURS, COLOURS)
def test_difference_is_symmetric_and_zero_only_for_equals(one, other):
    one, other = colour.srgb_to_lab(one), colour.srgb_to_lab(other)
    np.testing.assert_allclose(
        colour.delta_e00(one, other), colour.delta_e00(other, one), atol=1e-9
    )
    np.testing.assert_allclose(colour.delta_e00(one, one), 0, atol=1e-9)


def test_bytes_convert_like_floats():
    rgb = np.random.default_rng(0).integers(0, 256, (100, 3), dtype=np.uint8)
    np.testing.assert_allclose(
        colour.bytes_to_oklab(rgb), colour.srgb_to_oklab(rgb / 255), atol=2e-6
    )


@given(st.integers(0, 0xFFFFFF))
def test_hex_and_back(number):
    text = f"#{number:06X}"
    assert colour.to_hex(colour.parse_hex(text)) == text


@pytest.mark.parametrize("text", ["#fa0", "fa0", "#FFAA00", "ffaa00", " #ffaa00 "])
def test_hex_is_read_short_or_long_with_or_without_hash(text):
    assert colour.to_hex(colour.parse_hex(text)) == "#FFAA00"


@pytest.mark.parametrize("text", ["", "#", "#12", "#12345", "#1234567", "red", "#GGGGGG", None])
def test_what_is_no_colour_is_refused_with_an_example(text):
    with pytest.raises(InvalidColour, match=r"is not a colour.*#1F3A93"):
        colour.parse_hex(text)
