"""Another product's look: colours, tone, and its print cut out and made seamless."""

from types import SimpleNamespace

import numpy as np
import pytest

from oscar_gan.imaging.colour import delta_e00, parse_hex, srgb_to_lab, srgb_to_linear
from oscar_gan.imaging.dye import closed_form
from oscar_gan.imaging.looks import ReferenceLook
from oscar_gan.imaging.prepare import prepare
from oscar_gan.imaging.quilting import seamless
from oscar_gan.imaging.reference import find_print
from oscar_gan.imaging.restyle import restyle
from oscar_gan.imaging.scene import Scene

from .scenes import photo_of, render, render_albedo

HEIGHT, WIDTH = 600, 500


def reference_of(pixels, matte, keep=None):
    keep = np.zeros_like(matte) if keep is None else keep
    ready = prepare(pixels, matte, keep)
    analysis = SimpleNamespace(matte=matte, keep=ready.keep, palette=(), prepared=ready)
    return ReferenceLook(photo_of(pixels), analysis)


def printed(pattern, *colours):
    """A product whose cloth has colours numbered by `pattern` of pixels (y, x)."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    inks = np.stack([srgb_to_linear(parse_hex(colour)) for colour in colours])
    return render_albedo(inks[pattern(y, x)])


@pytest.fixture(scope="module")
def target():
    pixels, matte = render("#3A6EA5", height=480, width=400)
    return Scene(pixels, matte, prepare(pixels, matte, np.zeros_like(matte)))


@pytest.fixture(scope="module")
def sailor():
    return reference_of(*printed(lambda y, x: (y % 48 < 20).astype(int), "#1F3A93", "#F2EFE9"))


def test_a_plain_product_gives_its_colour(target):
    look = reference_of(*render("#B5483A", height=HEIGHT, width=WIDTH))
    assert find_print(look) is None
    _, verdict = restyle(target, look, closed_form)
    swatch = look.analysis.prepared.swatch.hex
    assert verdict.target == swatch
    assert verdict.delta_e < 0.5


def test_stripes_are_found_with_their_colours_and_their_size(sailor):
    tile, placement = find_print(sailor)
    lab = srgb_to_lab(np.stack([parse_hex(colour) for colour in tile.colours]))
    for wanted in ("#1F3A93", "#F2EFE9"):
        assert delta_e00(lab, srgb_to_lab(parse_hex(wanted))).min() < 8
    rows = tile.weights[..., 0].mean(axis=1) > 127
    repeats = np.count_nonzero(np.diff(np.append(rows, rows[0]).astype(int))) / 2
    width = np.ptp(np.flatnonzero(sailor.analysis.matte.any(axis=0))) + 1
    period = placement.scale * width * tile.weights.shape[0] / tile.weights.shape[1] / repeats
    assert period == pytest.approx(48, rel=0.08)


def test_a_print_is_laid_on_as_large_as_it_was(sailor, target):
    pixels, verdict = restyle(target, sailor, closed_form)
    assert verdict.delta_e < 1
    assert verdict.background_max == 0
    column = pixels[target.box[0], 195:205].mean(axis=(1, 2))
    light = column > (column.min() + column.max()) / 2
    stripes = np.count_nonzero(np.diff(light.astype(int))) / 2
    widths = [
        np.ptp(np.flatnonzero(matte.any(axis=0))) + 1
        for matte in (sailor.analysis.matte, target.matte)
    ]
    expected = len(column) / (48 * widths[1] / widths[0])
    assert stripes == pytest.approx(expected, abs=1.5)


def test_a_logo_is_no_print():
    look = reference_of(*render("#3A6EA5", print_colour="#E8C14A", height=HEIGHT, width=WIDTH))
    assert find_print(look) is None


def test_two_halves_are_no_print(target):
    halves = printed(lambda y, x: (x > WIDTH // 2).astype(int), "#B5483A", "#E8D9B8")
    look = reference_of(*halves)
    assert find_print(look) is None
    verdict = restyle(target, look, closed_form)[1]
    assert len(verdict.colours) == 1, "one colour for one colour, the largest"


def test_a_product_of_more_colours_keeps_the_others_and_says_so():
    pixels, matte = render("#1F3A93", height=480, width=400)
    stripes = np.arange(480)[:, None, None] // 30 % 2 == 0
    pixels = np.where(stripes, pixels, render("#E8D9B8", height=480, width=400)[0])
    scene = Scene(pixels, matte, prepare(pixels, matte, np.zeros_like(matte)))
    look = reference_of(*render("#B5483A", height=HEIGHT, width=WIDTH))
    verdict = restyle(scene, look, closed_form)[1]
    assert len(verdict.colours) == 1
    assert "fewer-colours" in [finding.code for finding in verdict.warnings]


def seam_of(tile, axis):
    """Mean change across the tile's border, to the largest of any row or column inside."""
    inner = np.abs(np.diff(tile, axis=axis)).mean(axis=(1 - axis, 2))
    ends = np.take(tile, -1, axis), np.take(tile, 0, axis)
    return np.abs(ends[0] - ends[1]).mean() / inner.max()


def test_a_cut_tile_has_no_seam():
    random = np.random.default_rng(3)
    y, x = np.mgrid[0:220, 0:220]
    blobs = sum(
        np.exp(-((y - cy) ** 2 + (x - cx) ** 2) / 60) for cy, cx in random.uniform(0, 220, (90, 2))
    )
    ink = (blobs > 0.5).astype(np.float32)
    piece = np.stack([ink, 1 - ink], axis=-1)
    tile = seamless(piece)
    assert all(tile.shape[axis] < piece.shape[axis] for axis in (0, 1))
    plain = piece[: tile.shape[0], : tile.shape[1]]
    for axis in (0, 1):
        assert seam_of(tile, axis) <= 1
        assert seam_of(plain, axis) > 1.5


def test_a_regular_print_is_cut_at_its_own_repeat():
    y, x = np.mgrid[0:200, 0:200]
    ink = ((y // 10 + x // 10) % 2).astype(np.float32)
    tile = seamless(np.stack([ink, 1 - ink], axis=-1))
    assert all(side % 20 == 0 for side in tile.shape[:2])
    assert set(np.unique(tile)) == {0, 1}
