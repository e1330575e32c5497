"""Layouts: what they promise of the torus, of scale and angle, and of neighbours."""

import numpy as np
import pytest

from oscar_gan.inference.layout import (
    KINDS,
    NODES,
    PLANES,
    Maps,
    draw_layout,
    grid,
    repeats_at,
    rolled,
    scale_of,
    stepped,
)

SIDE = 64


def layout_of(kind="floral", seed=1, scale=0.4, angle=30.0):
    return draw_layout(np.random.default_rng(seed), kind, scale=scale, angle=angle)


def planes_of(layout, rows=None, columns=None):
    rows = grid(SIDE) if rows is None else rows
    return Maps(layout, rows, grid(SIDE) if columns is None else columns).planes()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("scale", "angle"), [(0, 0), (0.4, 33), (0.5, 45), (1, 120)])
def test_all_planes_close_around_the_tile(kind, scale, angle):
    layout = layout_of(kind, scale=scale, angle=angle)
    here = planes_of(layout)
    assert here.shape == (PLANES, SIDE, SIDE)
    assert np.isfinite(here).all()
    next_tile = planes_of(layout, grid(SIDE) + 1, grid(SIDE) - 1)
    # Float32 phases of several periods are known to a few millionths.
    assert np.quantile(np.abs(here - next_tile), 0.999) < 1e-4


@pytest.mark.parametrize("kind", KINDS)
def test_rolling_the_noise_and_the_phases_rolls_all_planes(kind):
    layout = layout_of(kind)
    moved = planes_of(rolled(layout, 1, 3))
    expected = np.roll(planes_of(layout), (3 * SIDE // NODES, SIDE // NODES), (1, 2))
    assert np.quantile(np.abs(moved - expected), 0.999) < 1e-4


def test_a_layout_does_not_depend_on_the_pixels_it_is_seen_through():
    layout = layout_of("dot")
    whole = planes_of(layout)
    part = planes_of(layout, grid(SIDE, 8, 16), grid(SIDE, 32, 8))
    assert np.allclose(part, whole[:, 8:24, 32:40], atol=1e-5)


def test_scale_and_angle_are_kept_as_nearly_as_a_tile_allows():
    for scale in (0, 0.3, 0.7, 1):
        layout = layout_of("stripe", scale=scale, angle=0)
        assert layout.waves[0].tolist() == [round(repeats_at(scale)), 0]
        assert scale_of(layout) == pytest.approx(scale, abs=0.15)
    assert layout_of("stripe", angle=45).angle == pytest.approx(np.pi / 4, abs=0.12)
    assert layout_of("stripe", angle=90).angle == pytest.approx(np.pi / 2)


def test_one_seed_keeps_its_character_while_scale_and_angle_change():
    one, other = layout_of(scale=0.2, angle=0), layout_of(scale=0.9, angle=60)
    assert one.jitter == other.jitter
    assert np.array_equal(one.noise, other.noise)
    shared = min(one.cells.shape[1], other.cells.shape[1])
    assert np.array_equal(one.cells[:, :shared], other.cells[:, :shared])


def test_a_step_goes_to_a_neighbour_on_the_same_lattice():
    layout = layout_of()
    near = stepped(layout, np.random.default_rng(2))
    assert np.array_equal(near.waves, layout.waves)
    likeness = np.corrcoef(near.noise.ravel(), layout.noise.ravel())[0, 1]
    assert 0.8 < likeness < 0.97
    assert near.noise.std() == pytest.approx(1, abs=0.1)


def test_smooth_fields_have_unit_spread():
    fields = [Maps(layout_of(seed=seed), grid(SIDE), grid(SIDE)).fields for seed in range(20)]
    assert np.std(fields) == pytest.approx(1, abs=0.15)
