"""Which base colour a colour of the photo belongs to."""

import numpy as np
import pytest

from oscar_gan.imaging.colour import parse_hex, srgb_to_oklab
from oscar_gan.imaging.dye import Material, membership
from oscar_gan.imaging.separation import separate


def oklab(*texts):
    return srgb_to_oklab(np.stack([parse_hex(text) for text in texts]))


def material(text, below=0.15, above=0.08):
    base = oklab(text)[0]
    return Material(base, 0.05, (base[0] - below, base[0] + above))


def test_one_material_has_what_is_its_member():
    colours = oklab("#C0392B", "#7A241B", "#1F3A93", "#FFFFFF", "#101010")
    red = material("#C0392B")
    np.testing.assert_array_equal(
        separate(colours, [red], [1.5])[0], membership(colours, red, 1.5)
    )


@pytest.mark.parametrize(
    ("bases", "shades"),
    [
        (("#C0392B", "#F4F1EA"), ("#8E2A20", "#C9C6C0")),
        (("#1F3A93", "#F4F1EA"), ("#142662", "#C9C6C0")),
        (("#1B1B1B", "#F4F1EA"), ("#090909", "#C9C6C0")),
        (("#9DB7E8", "#1F3A93"), ("#7F98C6", "#142662")),
        (("#C0392B", "#2E7D32"), ("#8E2A20", "#1F5522")),
    ],
)
def test_each_material_has_its_own_shades(bases, shades):
    materials = [material(base) for base in bases]
    for colours in (bases, shades):
        shares = separate(oklab(*colours), materials)
        np.testing.assert_allclose(shares, np.eye(2), atol=0.06)


def test_a_print_belongs_to_none():
    shares = separate(oklab("#2E7D32"), [material("#C0392B"), material("#1F3A93")])
    assert shares.sum() < 0.01


def test_shares_change_gradually_so_that_a_table_can_hold_them():
    between = np.linspace(*oklab("#1B1B1B", "#F4F1EA"), 100)
    shares = separate(between, [material("#1B1B1B"), material("#F4F1EA")])
    assert np.abs(np.diff(shares)).max() < 0.25
    np.testing.assert_allclose(shares.sum(axis=0), 1, atol=1e-6)
