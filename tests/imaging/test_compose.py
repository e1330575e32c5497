"""Tables, gain fields, edges and laying the result back on the photo."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from oscar_gan.imaging.colour import (
    LINEAR_OF_BYTE,
    linear_to_srgb,
    oklab_to_srgb,
    parse_hex,
    srgb_to_linear,
)
from oscar_gan.imaging.compose import Coat, compose, parts_of
from oscar_gan.imaging.edges import find_edges
from oscar_gan.imaging.gain import (
    MAX_LOG_GAIN,
    GainField,
    encoded,
    multiply_light,
    to_bytes,
)
from oscar_gan.imaging.lut import ColourLut, UsedColours
from oscar_gan.imaging.smooth import quietening
from oscar_gan.imaging.tints import Tints

from .scenes import render


def used_by(*pictures):
    used = UsedColours()
    for pixels in pictures:
        used.add(pixels)
    return used.lattice()


def lut_of(change, *pictures, slope=1.0):
    """A table that applies `change` to sRGB (n, 3), filled for the pictures' colours."""
    indices, oklab = used_by(*pictures)
    return ColourLut(indices, change(oklab_to_srgb(oklab)), slope)


def swap(rgb):
    return rgb[:, ::-1]


def nothing_kept(matte):
    return np.zeros_like(matte)


def solid(matte, keep):
    return np.where((matte == 255) & (keep == 0), 255, 0).astype(np.uint8)


@settings(max_examples=20)
@given(hnp.arrays(np.uint8, (4, 5, 3)))
def test_an_identity_table_changes_nothing(pixels):
    assert np.array_equal(lut_of(lambda rgb: rgb, pixels)(pixels), pixels)


def test_every_8_bit_colour_meets_its_own_table_entry():
    levels = np.arange(256, dtype=np.uint8)
    pixels = np.stack([levels, levels[::-1], (levels * 7) % 255], axis=-1)[None]
    table = lut_of(swap, pixels)
    np.testing.assert_array_equal(table(pixels), pixels[..., ::-1])
    np.testing.assert_allclose(table.exact(pixels) * 255, pixels[..., ::-1], atol=5e-3)


def test_a_curved_transform_is_interpolated_within_half_a_level():
    pixels = np.random.default_rng(2).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    table = lut_of(lambda rgb: np.clip(rgb, 0, 1) ** 0.6, pixels)
    exact = (pixels[pixels > 24] / 255) ** 0.6 * 255
    np.testing.assert_allclose((table.exact(pixels) * 255)[pixels > 24], exact, atol=0.5)


def test_floats_between_levels_get_values_between_levels():
    ramp = np.tile(np.linspace(0.2, 0.3, 500, dtype=np.float32)[None, :, None], (1, 1, 3))
    table = lut_of(lambda rgb: rgb * 2, np.rint(ramp * 255).astype(np.uint8))
    assert len(np.unique(table.exact(ramp))) > 400


def test_only_the_product_changes_and_the_background_not_by_one_level():
    pixels, matte = render("#1F3A93")
    keep = nothing_kept(matte)
    keep[110:130, 90:110] = 255
    edges = find_edges(pixels, matte, keep)
    table = lut_of(swap, pixels, edges.mixed_colour[None])
    result = compose(pixels, solid(matte, keep), edges, table)
    untouched = (matte == 0) | (keep == 255)
    assert np.array_equal(result[untouched], pixels[untouched])
    dyed = (matte == 255) & (keep == 0)
    assert np.array_equal(result[dyed], pixels[dyed][:, ::-1])


def test_a_gap_between_two_parts_of_a_product_stays():
    pixels, matte = render("#1F3A93", height=900)
    matte = np.where(matte > 127, 255, 0).astype(np.uint8)
    matte[300:600] = 0  # taller than the strips that are worked on
    edges = find_edges(pixels, matte, nothing_kept(matte))
    result = compose(pixels, matte, edges, lut_of(swap, pixels))
    assert np.array_equal(result[300:600], pixels[300:600])
    assert np.array_equal(result[matte == 255], pixels[matte == 255][:, ::-1])


def test_soft_keep_mattes_fade():
    pixels, matte = render("#1F3A93")
    keep = nothing_kept(matte)
    keep[110:130, 90:110] = 128
    edges = find_edges(pixels, matte, keep)
    result = compose(pixels, solid(matte, keep), edges, lut_of(swap, pixels))
    light, before = (srgb_to_linear(image[120, 100] / 255) for image in (result, pixels))
    np.testing.assert_allclose(light, (before + before[::-1]) / 2, atol=0.01)


@pytest.mark.parametrize(("own", "target"), [("#1F3A93", "#C0392B"), ("#C0392B", "#F0E6D0")])
def test_edges_show_no_fringe_of_the_old_colour(own, target):
    """Compare with the same scene rendered in the target colour, on the rim alone."""
    before, matte = render(own)
    truth, _ = render(target)
    ratio = srgb_to_linear(parse_hex(target)) / srgb_to_linear(parse_hex(own))

    def recolour(rgb):
        return np.clip(linear_to_srgb(srgb_to_linear(np.clip(rgb, 0, 1)) * ratio), 0, 1)

    edges = find_edges(before, matte, nothing_kept(matte))
    table = lut_of(recolour, before, edges.mixed_colour[None])
    made = compose(before, solid(matte, nothing_kept(matte)), edges, table)
    rim = (matte > 20) & (matte < 235)
    error = np.abs(made[rim].astype(int) - truth[rim]).mean()
    share = matte[rim][:, None] / 255
    naive = share * recolour(before[rim] / 255) * 255 + (1 - share) * before[rim]
    assert error < 0.6 * np.abs(naive - truth[rim]).mean()
    assert error < 8


def test_a_print_that_reaches_the_edge_is_dyed_as_it_is():
    pixels, matte = render("#1F3A93")
    rim = (matte > 0) & (matte < 255)
    pixels[rim] = (255, 120, 0)  # neither product nor background
    edges = find_edges(pixels, matte, nothing_kept(matte))
    assert edges.mixed_share.sum() < 0.1 * rim.sum()
    assert edges.plain_share.sum() > 0.85 * (matte[rim] / 255).sum()


def test_a_hard_matte_has_no_edges():
    pixels, matte = render("#1F3A93")
    hard = np.where(matte > 127, 255, 0).astype(np.uint8)
    assert len(find_edges(pixels, hard, nothing_kept(matte)).positions) == 0


@given(
    hnp.arrays(np.float64, (50, 3), elements=st.floats(0, 1)),
    hnp.arrays(np.float64, (50, 3), elements=st.floats(-MAX_LOG_GAIN, MAX_LOG_GAIN)),
)
def test_gain_multiplies_linear_light(srgb, log_gain):
    gain = np.exp(log_gain)
    wanted = linear_to_srgb(srgb_to_linear(srgb) * gain)
    error = np.abs(multiply_light(srgb, gain) - wanted)
    assert error[(srgb > 0.04) & (wanted > 0.04)].max(initial=0) < 1 / 255
    assert error.max() < 7.5 / 255


def test_gain_is_bounded_and_smooth_between_cells():
    field = np.array([[-5.0, 5.0]])
    across = np.linspace(0.01, 0.99, 50)
    gain = GainField(field).at(np.full(50, 0.5), across)[:, 0]
    assert gain.min() == pytest.approx(np.exp(-MAX_LOG_GAIN), rel=1e-4)
    assert gain.max() == pytest.approx(np.exp(MAX_LOG_GAIN), rel=1e-4)
    assert (np.diff(gain) >= 0).all()


def test_a_gain_field_brightens_where_it_says_and_only_the_product():
    pixels, matte = render("#1F3A93", height=300)
    field = np.zeros((8, 8))
    field[:4] = 0.5
    edges = find_edges(pixels, matte, nothing_kept(matte))
    table = lut_of(lambda rgb: rgb, pixels, edges.mixed_colour[None])
    result = compose(pixels, solid(matte, nothing_kept(matte)), edges, table, GainField(field))
    light, before = (srgb_to_linear(image[80, 100] / 255) for image in (result, pixels))
    np.testing.assert_allclose(light / before, np.exp(0.5), rtol=0.06)
    assert np.array_equal(result[240:][matte[240:] == 255], pixels[240:][matte[240:] == 255])
    assert np.array_equal(result[matte == 0], pixels[matte == 0])


@pytest.mark.parametrize(("cells", "most", "rows"), [(16, 0.6, 23), (4, 0.6, 23), (4, 0.08, 22)])
def test_a_field_reads_the_same_at_points_and_over_a_part(cells, most, rows):
    """Cells of six rows; of 22; and of 22 that hardly differ, where two rows share factors."""
    random = np.random.default_rng(2)
    field = GainField(random.uniform(-most, most, (cells, cells, 3)))
    part = slice(37, 37 + rows), slice(11, 140)
    grey = random.uniform(0, 1, (rows, 129, 3)).astype(np.float32)
    y, x = np.mgrid[part]
    gains = field.at((y.ravel() + 0.5) / 90, (x.ravel() + 0.5) / 150).reshape(rows, 129, 3)
    wanted = 255 * multiply_light(grey, gains).clip(0, 1)
    made = encoded(grey)
    field.multiply(made, part, (90, 150))
    assert np.abs(to_bytes(made) - wanted).max() < 1


def test_a_field_spares_what_is_not_dyed():
    pixels, matte = render("#1F3A93", height=300)
    pixels[150:170, 90:110] = 250  # a white label
    solid_matte = solid(matte, nothing_kept(matte))
    edges = find_edges(pixels, matte, nothing_kept(matte))
    table = lut_of(lambda rgb: rgb, pixels, edges.mixed_colour[None])
    share = lut_of(lambda rgb: np.repeat(rgb[:, :1] < 0.9, 3, axis=1).astype(float), pixels)
    result = compose(pixels, solid_matte, edges, table, GainField(np.full((8, 8), -0.5), share))
    label, cloth = np.s_[154:166, 94:106], np.s_[100:140, 90:110]
    assert np.array_equal(result[label], pixels[label])
    assert (result[cloth][..., 2] < 0.9 * pixels[cloth][..., 2]).all()


def test_a_field_spares_colours_that_the_product_itself_does_not_have():
    pixels, matte = render("#1F3A93")
    strange = np.array([[250, 250, 250], [200, 40, 40]], np.uint8)
    table = lut_of(lambda rgb: rgb, pixels, strange[None])
    share = lut_of(
        lambda rgb: np.repeat(rgb[:, 2:] < 0.9, 3, axis=1).astype(float), pixels, strange[None]
    )
    gain = GainField(np.full((8, 8), -0.5), share)
    coat = Coat(table, gain, Tints(pixels, solid(matte, nothing_kept(matte))))
    light = coat.at(strange, np.array([0, 1]), matte.shape)
    np.testing.assert_allclose(light[0], LINEAR_OF_BYTE[strange[0]], rtol=1e-4)
    np.testing.assert_allclose(light[1], np.exp(-0.5) * LINEAR_OF_BYTE[strange[1]], rtol=1e-4)


def test_smoothing_quietens_noise_and_leaves_edges():
    random = np.random.default_rng(0)
    picture = np.full((100, 100, 3), 30.0)
    picture[:, 50:] = 120
    noisy = np.clip(picture + random.normal(0, 1.2, (100, 100, 1)), 0, 255).astype(np.uint8)
    quiet = noisy + quietening(noisy, slope=3)[..., None]
    assert quiet[20:80, 10:40].std() < 0.6 * noisy[20:80, 10:40].std()
    assert abs((quiet[:, 51] - quiet[:, 48]).mean() - 90) < 3


def test_steep_transforms_are_smoothed_without_seams_between_strips(monkeypatch):
    monkeypatch.setattr("oscar_gan.imaging.sampling.STRIP", 4_000)
    pixels, matte = render("#202020", height=400)
    matte = np.where(matte > 127, 255, 0).astype(np.uint8)
    edges = find_edges(pixels, matte, nothing_kept(matte))
    steep = lut_of(lambda rgb: np.clip(rgb * 3, 0, 1), pixels, slope=3.0)
    result = compose(pixels, matte, edges, steep).astype(float)
    steps = np.abs(np.diff(result[40:360, 100, 0]))
    tops = [rows.start for rows, _ in parts_of(matte)]
    seams = [row - 41 for row in tops if 50 <= row < 360]
    assert len(seams) > 5
    assert steps[seams].max() <= np.percentile(steps, 99) + 2
