"""The shipped printer: seamless, repeatable, exact in its inks, various, quick; plain refusals."""

import subprocess
import sys
from dataclasses import asdict, replace

import numpy as np
import pytest

from oscar_gan.inference.layout import NODES, rolled
from oscar_gan.inference.onnx import open_session
from oscar_gan.inference.printer import (
    KINDS,
    SIDE,
    Design,
    InvalidDesign,
    check_design,
    drawn,
    open_printer,
)

DESIGNS = [Design(kind, seed=3) for kind in KINDS]


@pytest.fixture(scope="module")
def printer():
    return open_printer(device="cpu")


def named(design):
    return design.kind


def border_step(levels):
    """Mean step of levels across the tile's border, over the mean step within."""
    levels = levels.astype(float)
    steps = [np.abs(levels - np.roll(levels, 1, axis)).mean((1 - axis, 2)) for axis in (0, 1)]
    return max(step[0] / max(step[1:].max(), 1) for step in steps)


def test_the_printer_keeps_its_contract(printer):
    session = open_session(printer.path, digest=printer.digest)
    assert [value.name for value in session.get_inputs()] == [
        "planes", "noise", "way", "mood", "mode", "style",
    ]  # fmt: skip
    assert [value.name for value in session.get_outputs()] == ["logits"]
    metadata = session.get_modelmeta().custom_metadata_map
    assert metadata["name"] == "printer"
    assert "MIT" in metadata["data"]


@pytest.mark.parametrize("design", DESIGNS, ids=named)
@pytest.mark.parametrize(("side", "inks"), [(100, 4), (256, 3), (331, 2)])
def test_weights_add_up_and_the_border_is_no_edge(printer, design, side, inks):
    levels = printer.weights(design, side=side, inks=inks)
    assert levels.shape == (side, side, inks)
    assert levels.dtype == np.uint8
    assert (levels.sum(2, dtype=int) == 255).all()
    assert border_step(levels) < 1.5


@pytest.mark.parametrize("kind", KINDS)
def test_rolling_what_it_is_drawn_from_rolls_the_tile(printer, kind):
    layout, *rest = drawn(Design(kind, seed=5, angle=30))
    still = printer.logits(layout, *rest)
    moved = printer.logits(rolled(layout, 2, 1), *rest)
    step = SIDE // NODES
    gap = np.abs(moved - np.roll(still, (step, 2 * step), (1, 2)))
    assert np.quantile(gap, 0.999) < 0.02


def test_the_same_design_gives_the_same_tile_and_another_seed_another(printer):
    design = Design("floral", seed=11)
    one, again = (printer.weights(design, side=128) for _ in range(2))
    assert np.array_equal(one, again)
    other = printer.weights(replace(design, seed=12), side=128)
    assert np.abs(one.astype(int) - other).mean() > 8


def test_a_stray_is_nearer_than_another_seed(printer):
    def gap(one, other):
        return np.abs(
            printer.weights(one, side=128) - printer.weights(other, side=128) * 1.0
        ).mean()

    near, far = [], []
    for seed in range(6):
        design = Design("geometric", seed=seed)
        near.append(gap(design, replace(design, strays=(seed + 50,))))
        far.append(gap(design, replace(design, seed=seed + 100)))
    assert 0 < np.mean(near) < np.mean(far)


@pytest.mark.parametrize("kind", KINDS)
def test_designs_of_one_kind_differ(printer, kind):
    tiles = [printer.weights(Design(kind, seed=seed), side=64) / 255 for seed in range(12)]
    gaps = [
        np.abs(one - other).mean()
        for place, one in enumerate(tiles)
        for other in tiles[place + 1 :]
    ]
    assert np.quantile(gaps, 0.1) > 0.05


def test_contrast_fades_the_inks_into_the_ground(printer):
    full, pale = (
        printer.weights(Design("dot", seed=2, contrast=contrast), side=128)[..., 1:].sum()
        for contrast in (1.0, 0.4)
    )
    assert pale == pytest.approx(0.4 * full, rel=0.03)


def test_scale_decides_how_often_a_stripe_repeats(printer):
    def turns(scale):
        ground = printer.weights(Design("stripe", seed=4, scale=scale), side=256)[..., 0] > 127
        return int((ground != np.roll(ground, 1, 1)).sum(1).mean())

    assert turns(0.0) > 1.5 * turns(1.0)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"kind": "paisley"}, "stripe, check, dot"),
        ({"scale": 1.5}, "scale is 1.5; it must be from 0 to 1"),
        ({"contrast": 0.0}, "from 0.1 to 1"),
        ({"angle": float("nan")}, "angle is nan"),
        ({"seed": -1}, "whole number"),
        ({"seed": 2**63}, "2\\^63"),
        ({"strays": (1.5,)}, "whole number"),
        ({"strays": (1,) * 65}, "65 steps"),
    ],
)
def test_a_design_that_cannot_be_is_refused_with_the_limits(changes, told):
    with pytest.raises(InvalidDesign, match=told):
        check_design(replace(Design("dot"), **changes))


@pytest.mark.parametrize("asked", [{"side": 8}, {"side": 5000}, {"inks": 1}, {"inks": 5}])
def test_sizes_and_inks_have_limits(printer, asked):
    with pytest.raises(InvalidDesign, match="must be from"):
        printer.weights(Design("dot"), **asked)


def test_a_design_survives_json():
    design = Design("check", seed=9, strays=(1, 2))
    values = asdict(design)
    values["strays"] = tuple(values["strays"])
    assert Design(**values) == design


def test_importing_it_loads_neither_the_runtime_nor_torch_nor_opencv():
    code = (
        "import oscar_gan.inference.printer, sys;"
        "print([m for m in ('onnxruntime', 'torch', 'django', 'cv2') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
