import numpy as np
import pytest

from benchmarks.truth import (
    HARD_PAIRS,
    MIN_DIFFERENCE,
    draw_colours,
    pairs_of,
    picture_of,
    read_truth,
    scenes_in,
)
from oscar_gan.imaging.colour import delta_e00, parse_hex, srgb_to_lab, srgb_to_linear


def test_a_scene_without_its_facts_is_not_complete(truth_folder):
    (truth_folder / "00002").mkdir()
    assert [path.name for path in scenes_in(truth_folder)] == ["00001"]
    assert scenes_in(truth_folder / "nowhere") == []


def test_a_picture_in_a_colour_shows_that_albedo(truth_folder):
    scene = read_truth(truth_folder / "00001")
    picture = picture_of(scene, "#AF2430")
    inside = scene.material > 0
    light = srgb_to_linear(picture[inside] / 255)
    red, green, _ = srgb_to_linear(parse_hex("#AF2430"))
    assert np.median(light[:, 0] / light[:, 1]) == pytest.approx(red / green, rel=0.1)


def test_prints_and_ground_look_alike_in_every_colour(truth_folder):
    scene = read_truth(truth_folder / "00001")
    one, other = picture_of(scene, "#AF2430"), picture_of(scene, "#1A1A1C")
    outside = scene.material == 0
    assert np.abs(one[outside].astype(int) - other[outside]).max() <= 1


def test_a_scene_always_gets_the_same_pairs(truth_folder):
    scene = read_truth(truth_folder / "00001")
    first, again, other = (
        [pair.colours for pair in pairs_of(scene, drawn=3, hard=False, seed=seed)]
        for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_the_hard_pairs_follow_the_drawn_ones(truth_folder):
    scene = read_truth(truth_folder / "00001")
    kinds = [pair.kind for pair in pairs_of(scene, drawn=1, hard=True, seed=1)]
    assert kinds == ["drawn", *HARD_PAIRS]


def test_drawn_colours_differ_and_reach_black_white_and_saturated():
    random = np.random.default_rng(0)
    drawn = [draw_colours(random) for _ in range(60)]
    labs = srgb_to_lab(np.array([[parse_hex(c) for c in pair] for pair in drawn]))
    assert delta_e00(labs[:, 0], labs[:, 1]).min() >= MIN_DIFFERENCE
    lightness, chroma = labs[..., 0].ravel(), np.hypot(labs[..., 1], labs[..., 2]).ravel()
    for kind in (lightness < 25, lightness > 85, chroma > 50):
        assert 0.1 < kind.mean() < 0.5
