"""The engine as its callers use it: a photo and a colour in, a judged picture out."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from oscar_gan import engine
from oscar_gan.engine import shipped
from oscar_gan.errors import InvalidColour, UnknownGenerator, UnusableMatte, WeightsMismatch
from oscar_gan.imaging.colour import oklab_to_srgb, to_hex
from oscar_gan.imaging.dye import Grade, closed_form
from oscar_gan.imaging.gate import MIN_CONFIDENCE
from oscar_gan.imaging.looks import PrintLook
from oscar_gan.inference import analyser

from .imaging.scenes import encoded, photo_of, quartered, render, tile_of


@pytest.fixture(scope="module")
def generator():
    return engine.open_generator("classic")


@pytest.fixture(scope="module")
def photo():
    return photo_of(render("#3A6EA5", height=480, width=400)[0], "JPEG", quality=92)


@pytest.fixture(scope="module")
def analysis(generator, photo):
    return generator.analyse(photo)


def test_the_product_is_found_with_its_colour(analysis):
    _, truth = render("#3A6EA5", height=480, width=400)
    found, product = analysis.matte > 127, truth > 127
    assert (found & product).sum() / (found | product).sum() > 0.97
    assert analysis.coverage == pytest.approx(truth.mean() / 255, abs=0.02)
    assert analysis.keep.max() == 0
    assert analysis.palette[0][1] > 0.9
    red, green, blue = (int(analysis.swatch[i : i + 2], 16) for i in (1, 3, 5))
    assert red < green < blue


@pytest.mark.parametrize("colour", ["#C0392B", "#F5D76E", "#1B1B1B", "#F4F1EA", "#2E7D32"])
def test_the_colour_asked_for_is_made_and_nothing_else_changes(generator, photo, analysis, colour):
    result = generator.recolour(photo, analysis, colour)
    verdict = result.assessment
    assert verdict.refusal is None
    assert verdict.delta_e < 0.5
    assert verdict.structure > 0.7
    assert (verdict.background_max, verdict.protected_max) == (0, 0)
    outside = analysis.matte == 0
    assert np.array_equal(result.pixels[outside], photo.pixels[outside])


def test_the_result_resembles_the_product_really_made_in_that_colour(generator, photo, analysis):
    truth, matte = render("#B5483A", height=480, width=400)
    wanted = analysis.prepared.swatch.measure(truth)
    hexadecimal = to_hex(oklab_to_srgb(wanted))
    made = generator.recolour(photo, analysis, hexadecimal).pixels
    error = np.abs(made.astype(int) - truth)[matte == 255].mean()
    assert error < 6


def test_the_same_request_gives_the_same_bytes(photo):
    files = []
    for _ in range(2):
        generator = engine.open_generator("classic")
        result = generator.recolour(photo, generator.analyse(photo), "#C0392B")
        provenance = engine.Provenance(
            generator="classic", version="1", recipe="r", source=photo.digest, colour="#C0392B"
        )
        files.append(engine.encode(result.pixels, photo, provenance).data)
    assert files[0] == files[1]


def test_staffs_matte_is_taken_as_it_is(generator, photo):
    _, matte = render("#3A6EA5", height=480, width=400)
    assert generator.analyse(photo, matte=matte).matte is matte


@pytest.mark.parametrize("name", ["classic", "recolour"])
def test_a_drawn_matte_spares_the_search(monkeypatch, photo, name):
    def never(*_):
        raise AssertionError("the matte was at hand")

    monkeypatch.setattr(shipped, "grabcut_matte", never)
    monkeypatch.setattr(shipped, "refine_matte", never)
    generator = engine.open_generator(name, device="cpu")
    _, matte = render("#3A6EA5", height=480, width=400)
    analysis = generator.analyse(photo, matte=matte)
    assert "weak-matte" not in [finding.code for finding in analysis.findings]
    with pytest.raises(AssertionError, match="at hand"):
        generator.analyse(photo)


@pytest.mark.parametrize("find_keep", [True, False])
def test_whoever_drew_what_stays_gets_nothing_more_kept(find_keep):
    def segment(view, drawn):
        keep = np.zeros((256, 256), np.float32)
        keep[105:135, 110:150] = 1
        return engine.Segmentation(None, keep)

    generator = engine.Generator("keeper", "1", "", segment)
    pixels, matte = render("#3A6EA5", height=480, width=400)
    pixels[190:260, 165:240] = (240, 150, 30)  # a print
    analysis = generator.analyse(photo_of(pixels), matte=matte, find_keep=find_keep)
    assert (analysis.keep[225, 200] > 200) == find_keep


def test_many_colours_are_no_news_to_who_maps_them(generator, striped):
    before, matte, _ = striped
    photo = photo_of(before)
    analysis = generator.analyse(photo, matte=matte)
    codes = [
        {
            finding.code
            for finding in generator.recolour(photo, analysis, target).assessment.warnings
        }
        for target in ("#C0392B", {0: "#C0392B"})
    ]
    assert codes[0] - codes[1] == {"many-colours"}


def test_a_matte_of_another_size_is_refused(generator, photo):
    with pytest.raises(UnusableMatte, match="50 × 40 pixels and the photo 400 × 480"):
        generator.analyse(photo, matte=np.full((40, 50), 128, np.uint8))


def test_the_shipped_network_finds_and_recolours_a_product(photo):
    generator = engine.open_generator("recolour", device="cpu")
    analysis = generator.analyse(photo)
    truth = render("#3A6EA5", height=480, width=400)[1] > 127
    found = analysis.matte > 127
    assert (found & truth).sum() / (found | truth).sum() > 0.9
    verdict = generator.recolour(photo, analysis, "#C0392B").assessment
    assert verdict.refusal is None
    assert verdict.delta_e < 0.5
    assert (verdict.background_max, verdict.protected_max) == (0, 0)
    assert generator.digest != engine.open_generator("classic").digest


def test_alpha_survives(generator):
    pixels, matte = render("#3A6EA5")
    image = Image.fromarray(pixels)
    image.putalpha(Image.fromarray(matte))
    file = io.BytesIO()
    image.save(file, "PNG")
    photo = engine.read_photo(file.getvalue())
    result = generator.recolour(photo, generator.analyse(photo, matte=matte), "#C0392B")
    provenance = engine.Provenance(
        generator="classic", version="1", recipe="r", source="s", colour="#C0392B"
    )
    made = engine.read_photo(engine.encode(result.pixels, photo, provenance).data)
    assert np.array_equal(made.alpha, photo.alpha)


def test_black_without_signal_is_refused_a_light_colour(generator):
    pixels, matte = render("#030303")
    photo = photo_of(pixels)
    analysis = generator.analyse(photo, matte=matte)
    refusal = generator.recolour(photo, analysis, "#F4F1EA").assessment.refusal
    assert refusal.code == "too-dark"
    assert "lighter product" in refusal.message


def test_a_photo_without_a_product_is_refused(generator):
    with pytest.raises(UnusableMatte, match="No product was found.*Draw a matte"):
        generator.analyse(photo_of(np.full((200, 200, 3), 200, np.uint8)))


@pytest.fixture(scope="module")
def striped():
    """A photo of a product in two colours, its matte, and the same in two others."""
    stripes = np.arange(480)[:, None] // 40 % 2 == 0

    def made(one, other):
        pictures = [render(colour, height=480, width=400) for colour in (one, other)]
        return np.where(stripes[..., None], pictures[0][0], pictures[1][0]), pictures[0][1]

    before, matte = made("#1F3A93", "#E8D9B8")
    return before, matte, made("#2E7D32", "#F29CA3")[0]


def test_each_base_colour_takes_its_own_target(generator, striped):
    before, matte, truth = striped
    photo = photo_of(before)
    analysis = generator.analyse(photo, matte=matte)
    assert len(analysis.palette) == 2
    wanted = [
        to_hex(oklab_to_srgb(base.swatch.measure(truth))) for base in analysis.prepared.colours
    ]
    target = {analysis.palette[0][0]: wanted[0], 1: wanted[1]}
    result = generator.recolour(photo, analysis, target)
    verdict = result.assessment
    assert [colour.target for colour in verdict.colours] == wanted
    assert [colour.base for colour in verdict.colours] == [hex for hex, _ in analysis.palette]
    assert verdict.delta_e == max(colour.delta_e for colour in verdict.colours) < 0.5
    error = np.abs(result.pixels.astype(int) - truth)[matte == 255]
    assert error.mean() < 6


@pytest.mark.parametrize("kept", [0, 1])
def test_a_base_colour_that_is_kept_does_not_change(generator, striped, kept):
    before, matte, truth = striped
    photo = photo_of(before)
    analysis = generator.analyse(photo, matte=matte)
    result = generator.recolour(photo, analysis, {1 - kept: "#2E7D32", kept: None})
    positions = analysis.prepared.colours[kept].swatch.positions
    change = result.pixels.reshape(-1, 3)[positions].astype(int) - before.reshape(-1, 3)[positions]
    assert np.abs(change).max() <= 3
    (made,) = result.assessment.colours
    assert (made.base, made.target) == (analysis.palette[1 - kept][0], "#2E7D32")


def test_a_base_colour_that_is_not_there_is_refused_with_the_palette(generator, photo, analysis):
    with pytest.raises(InvalidColour, match=f"palette found is 0: {analysis.palette[0][0]}"):
        generator.recolour(photo, analysis, {"#FF00FF": "#2E7D32"})


def test_small_photos_are_warned_of(generator, photo, analysis):
    warnings = generator.recolour(photo, analysis, "#C0392B").assessment.warnings
    assert "small-photo" in [finding.code for finding in warnings]


def test_nonsense_is_no_colour(generator, photo, analysis):
    with pytest.raises(InvalidColour):
        generator.recolour(photo, analysis, "navy")


def test_unknown_generators_are_refused_with_the_choices():
    with pytest.raises(UnknownGenerator, match="'magic'.*classic, recolour"):
        engine.open_generator("magic")


def test_without_weights_the_baseline_is_the_default(monkeypatch, tmp_path):
    def missing(*_):
        return analyser.read_manifest(tmp_path)

    monkeypatch.setattr(shipped, "read_manifest", missing)
    assert engine.default_generator() == "classic"
    with pytest.raises(WeightsMismatch, match="manifest"):
        engine.open_generator("recolour")


def test_a_manifest_without_recolour_names_the_alternative(monkeypatch, tmp_path):
    (tmp_path / "manifest.json").write_text(json.dumps({"generators": {}}))
    monkeypatch.setattr(shipped, "read_manifest", lambda *_: analyser.read_manifest(tmp_path))
    assert engine.default_generator() == "classic"
    with pytest.raises(UnknownGenerator, match="Use 'classic'"):
        engine.open_generator("recolour")


def test_the_digest_depends_on_weights_and_version():
    def made(version, weights):
        return engine.Generator("x", version, weights, None).digest

    assert len({made("1", "a"), made("2", "a"), made("1", "b")}) == 3
    assert made("1", "a") == made("1", "a")
    assert len(made("1", "a")) == 64


def test_a_graders_gain_field_reaches_the_picture_and_the_colour_is_still_hit(photo):
    field = np.zeros((16, 16), np.float32)
    field[:8], field[8:] = 0.25, -0.25

    def segment(view, drawn):
        cut = shipped._cut(view, drawn)
        return engine.Segmentation(cut.matte, None, cut.confidence)

    def grade(seen, material, target):
        assert seen.view.shape == (128, 128, 3)
        assert 0.1 < seen.cover.mean() < 0.9
        plain = closed_form(material, target)
        return Grade(tone=plain.tone, log_gain=field)

    plain = engine.Generator("plain", "1", "", segment)
    graded = engine.Generator("graded", "1", "", segment, grade)
    analysis = graded.analyse(photo)
    with_gain = graded.recolour(photo, analysis, "#C0392B")
    without = plain.recolour(photo, analysis, "#C0392B")
    assert with_gain.assessment.delta_e < 1
    assert with_gain.assessment.background_max == 0
    upper, lower = np.s_[150:220, 150:250], np.s_[270:340, 150:250]
    ratio = with_gain.pixels.astype(float) / np.maximum(without.pixels, 1)
    assert ratio[upper].mean() > 1.15 * ratio[lower].mean()


def test_a_print_is_laid_on_with_the_photos_findings_and_none_about_colours(generator, striped):
    before, matte, _ = striped
    photo = photo_of(before)
    analysis = generator.analyse(photo, matte=matte)
    look = PrintLook(tile_of(quartered, ("#B5483A", "#E8D9B8", "#2F6B4A", "#1F3A93")))
    result = generator.restyle(photo, analysis, look)
    codes = {finding.code for finding in result.assessment.warnings}
    assert "small-photo" in codes
    assert "many-colours" not in codes
    assert result.assessment.delta_e < 1
    assert np.array_equal(result.pixels, generator.restyle(photo, analysis, look).pixels)


def test_a_print_too_is_graded_and_its_inks_are_still_hit(photo):
    field = np.zeros((16, 16), np.float32)
    field[:8], field[8:] = 0.25, -0.25

    def segment(view, drawn):
        cut = shipped._cut(view, drawn)
        return engine.Segmentation(cut.matte, None, cut.confidence)

    def grade(seen, material, target):
        return Grade(tone=closed_form(material, target).tone, log_gain=field)

    graded = engine.Generator("graded", "1", "", segment, grade)
    plain = engine.Generator("plain", "1", "", segment)
    analysis = graded.analyse(photo)
    look = PrintLook(tile_of(quartered, ("#B5483A", "#E8D9B8", "#2F6B4A", "#1F3A93")))
    with_gain, without = (each.restyle(photo, analysis, look) for each in (graded, plain))
    assert with_gain.assessment.delta_e < 1.5
    upper, lower = np.s_[150:220, 150:250], np.s_[270:340, 150:250]
    ratio = with_gain.pixels.astype(float) / np.maximum(without.pixels, 1)
    assert ratio[upper].mean() > 1.1 * ratio[lower].mean()


@pytest.mark.parametrize("module", ["oscar_gan.engine", "oscar_gan.cli"])
def test_neither_django_nor_torch_nor_onnxruntime_is_imported(module):
    code = f"import {module}, sys; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert {"django", "torch", "onnxruntime"}.isdisjoint(loaded)


@pytest.mark.slow
def test_twenty_four_megapixels_work(generator):
    pixels, matte = render("#3A6EA5", height=600, width=400)
    large = np.kron(pixels, np.ones((10, 10, 1), np.uint8))
    photo = engine.read_photo(encoded(large, "JPEG", quality=80))
    assert photo.pixels.shape == (6000, 4000, 3)
    analysis = generator.analyse(photo, matte=np.kron(matte, np.ones((10, 10), np.uint8)))
    verdict = generator.recolour(photo, analysis, "#C0392B").assessment
    assert verdict.delta_e < 0.5
    assert verdict.background_max == 0


@pytest.mark.parametrize(
    ("seen", "confidence"), [(0.99, 1.0), (0.92, MIN_CONFIDENCE), (0.7, 0.0), (0.1, 0.0)]
)
def test_an_undecided_network_is_not_trusted(seen, confidence):
    matte = np.full((8, 8), seen, np.float32)
    assert shipped._decidedness(matte) == pytest.approx(confidence, abs=1e-3)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="threads are counted in /proc")
def test_one_process_uses_one_core():
    """Else workers beside each other make no more pictures than one alone."""
    script = (
        "import os; from oscar_gan import engine;"
        "import numpy as np; np.ones((900, 900)) @ np.ones((900, 900));"
        "print(len(os.listdir('/proc/self/task')))"
    )
    bare = {name: value for name, value in os.environ.items() if "NUM_THREADS" not in name}
    done = subprocess.run(
        [sys.executable, "-c", script], env=bare, capture_output=True, check=True, text=True
    )
    assert done.stdout.strip() == "1"
