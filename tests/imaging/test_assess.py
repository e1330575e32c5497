"""What is measured on a result, and what the quality gate says about it."""

import re

import numpy as np
import pytest

from oscar_gan.imaging.assess import Assessment, Baseline
from oscar_gan.imaging.colour import bytes_to_oklab, parse_hex, srgb_to_oklab
from oscar_gan.imaging.dye import Material
from oscar_gan.imaging.gate import judge_photo, judge_result
from oscar_gan.imaging.swatch import estimate_swatch, sample_positions

from .scenes import render


@pytest.fixture
def before():
    return render("#3A6EA5")


def measure(before, result, *, keep=None, target="#3A6EA5"):
    pixels, matte = before
    keep = np.zeros_like(matte) if keep is None else keep
    positions = sample_positions(matte)
    swatch = estimate_swatch(bytes_to_oklab(pixels.reshape(-1, 3)[positions]), positions)
    return Baseline(pixels, matte, keep).assess(result, [(swatch, target)])


def test_an_unchanged_photo_is_measured_as_such(before):
    verdict = measure(before, before[0])
    assert verdict.structure == pytest.approx(1)
    assert verdict.noise_gain == pytest.approx(1)
    assert (verdict.background_max, verdict.protected_max) == (0, 0)


def test_the_difference_is_between_what_was_asked_and_the_swatch_of_the_result(before):
    truth, _ = render("#B5483A")
    right = measure(before, truth, target=measure(before, truth).made)
    wrong = measure(before, truth, target="#3A6EA5")
    assert right.delta_e < 0.3
    assert wrong.delta_e > 30
    assert wrong.target == "#3A6EA5"


def test_one_changed_level_in_the_background_is_seen(before):
    result = before[0].copy()
    result[2, 3, 1] += 1
    assert measure(before, result).background_max == 1


@pytest.mark.parametrize("height", [600, 601, 609])
def test_strips_change_no_measure(height, monkeypatch):
    photo, matte = render("#3A6EA5", height=height, width=501)
    matte[0] = matte[-1] = 255  # so that the product is as odd as the picture
    made, _ = render("#B5483A", height=height, width=501)
    made[300, 2] += 3
    whole = measure((photo, matte), made)
    monkeypatch.setattr("oscar_gan.imaging.sampling.STRIP", 1)
    assert measure((photo, matte), made) == whole
    assert whole.background_max >= 3


def test_one_changed_level_in_a_protected_area_is_seen(before):
    keep = np.zeros_like(before[1])
    keep[100:110, 90:100] = 255
    result = before[0].copy()
    result[105, 95, 2] -= 7
    assert measure(before, result, keep=keep).protected_max == 7
    assert measure(before, result).protected_max == 0


def test_lost_folds_cost_structure(before):
    pixels, matte = before
    flat = pixels.copy()
    flat[matte == 255] = (180, 70, 60)
    recoloured, _ = render("#B5483A")
    assert measure(before, flat).structure < 0.3
    assert measure(before, recoloured).structure > 0.95


def test_a_kept_print_may_turn_from_light_on_dark_to_dark_on_light(before):
    keep = np.zeros_like(before[1])
    keep[100:130, 80:110] = 255
    printed, lighter = before[0].copy(), render("#EFEDE6")[0].copy()
    printed[keep == 255] = lighter[keep == 255] = (150, 150, 150)
    dark = (printed, before[1])
    assert measure(dark, lighter, keep=keep).structure > 0.9
    assert measure(dark, lighter, keep=keep).structure > measure(dark, lighter).structure + 0.2


def test_inverted_folds_keep_nothing(before):
    assert measure(before, 255 - before[0]).structure == 0


def test_amplified_noise_is_measured(before):
    pixels, matte = before
    noise = np.random.default_rng(0).normal(0, 1, (*matte.shape, 1))
    quiet = np.clip(pixels + noise, 0, 255).astype(np.uint8)
    loud = np.clip(pixels + 3 * noise, 0, 255).astype(np.uint8)
    assert measure((quiet, matte), loud).noise_gain == pytest.approx(2.5, abs=0.6)


FINE = {"side": 2000, "confidence": 0.9, "border": 0.0, "off_plane": 0.1, "clipped": 0.0}


def test_a_good_photo_has_no_findings():
    assert judge_photo(**FINE) == ()


@pytest.mark.parametrize(
    ("measured", "code", "words"),
    [
        ({"side": 640}, "small-photo", "640 pixels.*1000"),
        ({"confidence": 0.1}, "weak-matte", "10%.*25%.*draw one"),
        ({"border": 0.4}, "matte-touches-border", "40%.*25%"),
        ({"off_plane": 0.6}, "many-colours", "60%.*35%"),
        ({"clipped": 0.08}, "clipped-highlights", "8%.*2%"),
        ({"skin": 0.12}, "skin", "12%.*skin.*draw a matte"),
        ({"faint": 0.3}, "faint-outline", "30%.*18%.*few clicks"),
    ],
)
def test_each_weakness_of_a_photo_is_named_with_its_limit(measured, code, words):
    (finding,) = judge_photo(**(FINE | measured))
    assert finding.code == code
    assert re.search(words, finding.message)
    assert finding.values["limit"]


def test_several_products_are_named_with_what_to_do():
    (finding,) = judge_photo(**(FINE | {"products": 3}))
    assert finding.code == "several-products"
    assert re.search("3 separate things.*Draw a matte", finding.message)


def test_several_colours_are_each_measured_and_the_worst_counts(before):
    pixels, matte = before
    positions = sample_positions(matte)
    swatch = estimate_swatch(bytes_to_oklab(pixels.reshape(-1, 3)[positions]), positions)
    asked = [(swatch, swatch.hex), (swatch, "#C0392B")]
    verdict = Baseline(pixels, matte, np.zeros_like(matte)).assess(pixels, asked)
    right, wrong = verdict.colours
    assert right.delta_e < 0.3
    assert (verdict.target, verdict.delta_e) == ("#C0392B", wrong.delta_e)


def test_structure_looks_only_at_what_was_dyed(before):
    """A print's outline turns round when dark cloth becomes lighter than the print."""
    printed, lighter = before[0].copy(), render("#EFEDE6")[0].copy()
    printed[100:130, 80:110] = lighter[100:130, 80:110] = (150, 150, 150)
    positions = sample_positions(before[1])
    swatch = estimate_swatch(bytes_to_oklab(printed.reshape(-1, 3)[positions]), positions)

    def kinds_of(small):
        return (np.ptp(small.astype(int), axis=2) < 6).astype(np.uint8)  # grey: the print

    found = [
        Baseline(printed, before[1], np.zeros_like(before[1]), kinds).assess(
            lighter, [(swatch, "#EFEDE6")]
        )
        for kinds in (None, kinds_of)
    ]
    assert found[1].structure > 0.9 > found[0].structure + 0.2


def assessment(**changed):
    values = {
        "target": "#C0392B", "made": "#C0392B", "delta_e": 0.3, "structure": 0.95,
        "background_max": 0, "protected_max": 0, "noise_gain": 1.0,
    }  # fmt: skip
    return Assessment(**(values | changed))


def judge(base="#3A6EA5", target="#C0392B", **changed):
    material = Material(srgb_to_oklab(parse_hex(base)), 0.05)
    return judge_result(assessment(**changed), [(material, srgb_to_oklab(parse_hex(target)))], ())


def test_a_good_result_passes():
    verdict = judge()
    assert (verdict.warnings, verdict.refusal) == ((), None)


@pytest.mark.parametrize(
    ("delta_e", "warned", "refused"), [(2.0, False, False), (2.5, True, False), (3.1, False, True)]
)
def test_colour_errors_are_warned_of_above_2_and_refused_above_3(delta_e, warned, refused):
    verdict = judge(delta_e=delta_e)
    assert [finding.code for finding in verdict.warnings] == ["colour-off"] * warned
    assert (verdict.refusal is not None) is refused


def test_black_without_signal_is_refused_a_light_colour_only():
    assert judge(base="#050505", target="#F5D76E").refusal.code == "too-dark"
    assert judge(base="#050505", target="#202020").refusal is None
    assert judge(base="#2A2A2A", target="#F5D76E").refusal is None


def test_noise_and_lost_structure_are_warned_of():
    codes = [finding.code for finding in judge(noise_gain=2.0, structure=0.5).warnings]
    assert codes == ["noise", "structure"]


def test_the_photos_findings_come_first():
    photo = judge_photo(**(FINE | {"side": 500}))
    material = Material(srgb_to_oklab(parse_hex("#3A6EA5")), 0.05)
    verdict = judge_result(assessment(noise_gain=2), [(material, material.base)], photo)
    assert [finding.code for finding in verdict.warnings] == ["small-photo", "noise"]
