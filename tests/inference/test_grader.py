"""The shipped grader: its contract, its bounds, and what it does to a dyed product."""

import numpy as np
import pytest
from PIL import Image

from oscar_gan.imaging.colour import parse_hex, srgb_to_oklab
from oscar_gan.imaging.dye import Material, closed_form
from oscar_gan.imaging.gain import MAX_LOG_GAIN
from oscar_gan.inference.analyser import read_manifest
from oscar_gan.inference.grader import SIDE, Grader, corrected, filled
from oscar_gan.inference.onnx import open_session

from .test_weights import DEMO


@pytest.fixture(scope="module")
def grader():
    path, digest = read_manifest()["recolour"].files["grader"]
    return Grader(path, digest=digest)


@pytest.fixture(scope="module")
def chair():
    """View, cover and material of the demo shop's armchair."""
    size = (SIDE, SIDE)
    photo = Image.open(DEMO / "photos" / "cove-armchair.jpg").resize(size)
    matte = Image.open(DEMO / "mattes" / "cove-armchair.png").convert("L").resize(size)
    view = np.asarray(photo, np.float32) / 255
    cover = np.asarray(matte, np.float32) / 255
    oklab = srgb_to_oklab(view[cover > 0.99])
    return view, cover, Material(np.median(oklab, axis=0).astype(float), 0.08)


def oklab_of(colour):
    return srgb_to_oklab(parse_hex(colour))


def test_the_grader_keeps_its_contract(grader):
    session = open_session(grader.path, digest=grader.digest)
    inputs = {value.name: value.shape[1:] for value in session.get_inputs()}
    assert inputs == {
        "photo": [3, SIDE, SIDE],
        "plain": [3, SIDE, SIDE],
        "material": [1, SIDE, SIDE],
        "base": [3],
        "target": [3],
    }
    outputs = [value.name for value in session.get_outputs()]
    assert outputs == ["slopes", "residual_gain", "gate", "log_gain"]
    metadata = session.get_modelmeta().custom_metadata_map
    assert {"name", "version", "config", "data", "corpus", "step"} <= set(metadata)
    assert metadata["name"] == "grader"


@pytest.mark.parametrize("colour", ["#101014", "#F4F1EA", "#AF2430", "#F4C20D"])
def test_grades_are_bounded_and_repeatable(grader, chair, colour):
    view, cover, material = chair
    one, other = (grader(view, cover, material, oklab_of(colour)) for _ in range(2))
    assert one.log_gain.shape == (SIDE, SIDE, 3)
    assert np.abs(one.log_gain).max() <= MAX_LOG_GAIN
    assert np.array_equal(one.log_gain, other.log_gain)
    assert (np.diff(one.tone) >= 0).all()
    assert 0 <= one.residual_gain <= 1
    assert 0.4 < one.gate < 2.1


def test_its_own_colour_needs_no_correction_and_black_needs_much(grader, chair):
    view, cover, material = chair
    inside = cover > 0.99
    strength = {
        name: float(np.abs(grader(view, cover, material, target).log_gain[inside]).mean())
        for name, target in (("own", material.base), ("black", oklab_of("#101014")))
    }
    assert strength["own"] < 0.5 * strength["black"]


def test_a_curve_is_corrected_in_its_slopes_alone():
    tone = closed_form(Material(np.array([0.5, 0, 0]), 0.05), np.array([0.4, 0, 0])).tone
    assert np.allclose(corrected(tone, np.zeros(9)), tone)
    steeper = corrected(tone, np.full(9, -0.5))
    assert np.allclose(np.diff(steeper), np.diff(tone) * np.exp(-0.5))


def test_mixed_cells_take_the_gain_of_pure_ones_nearby():
    field = np.full((SIDE, SIDE, 3), 0.2, np.float32)
    field[40:44, 40:44] = -0.9
    pure = np.ones((SIDE, SIDE), bool)
    pure[40:44, 40:44] = False
    assert np.allclose(filled(field, pure), 0.2)
    assert not filled(field, np.zeros_like(pure)).any()
    assert np.array_equal(filled(field, np.ones_like(pure)), field)


def test_another_size_is_refused(grader):
    with pytest.raises(ValueError, match=r"\(128, 128, 3\)"):
        grader(np.zeros((64, 64, 3), np.float32), np.zeros((64, 64), np.float32), None, None)
