"""The command line, run as a person runs it."""

import json
import os
import re
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from oscar_gan.imaging.photo import read_photo
from oscar_gan.imaging.provenance import read_provenance
from oscar_gan.imaging.tiles import encode_tile, read_tile

from .imaging.scenes import encoded, quartered, render, tile_of

KEYS = {
    "photo", "output", "colour", "made", "delta_e", "colours", "structure", "background_max",
    "protected_max", "warnings", "refused", "generator", "seconds",
}  # fmt: skip

INKS = ("#B5483A", "#E8D9B8", "#2F6B4A", "#1F3A93")


def run(folder, *arguments):
    """Run the command line in a folder, with the baseline so that results are known."""
    command = [sys.executable, "-m", "oscar_gan", *map(str, arguments)]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def recolour(folder, photo, *arguments):
    return run(folder, "recolour", photo, "--generator", "classic", *arguments)


def lines(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A folder with a photo, its matte, and a photo too dark to lighten."""
    folder = tmp_path_factory.mktemp("photos")
    pixels, matte = render("#3A6EA5")
    (folder / "shirt.jpg").write_bytes(encoded(pixels, "JPEG", quality=90))
    (folder / "matte.png").write_bytes(encoded(matte))
    (folder / "black.png").write_bytes(encoded(render("#030303")[0]))
    (folder / "flat.png").write_bytes(encoded(np.full((99, 99, 3), 200, np.uint8)))
    (folder / "text.jpg").write_text("not a photo")
    (folder / "tile.png").write_bytes(encode_tile(tile_of(quartered, INKS)))
    return folder


def test_several_colours_go_to_a_folder_one_json_line_each(files, tmp_path):
    done = recolour(tmp_path, files / "shirt.jpg", "--colour", "#C0392B", "--colour", "1b1b1b",
                    "--colour", "c0392b", "--output", "made/here", "--json")  # fmt: skip
    assert done.returncode == 0, done.stderr
    results = lines(done)
    assert [result["colour"] for result in results] == ["#C0392B", "#1B1B1B"]
    for result in results:
        assert result.keys() >= KEYS
        assert result["refused"] is None
        assert result["delta_e"] < 0.5
        data = (tmp_path / result["output"]).read_bytes()
        assert read_photo(data).format == "JPEG"
        assert read_provenance(data)["colour"] == result["colour"]
    assert sorted(p.name for p in (tmp_path / "made/here").iterdir()) == [
        "shirt-1b1b1b.jpg",
        "shirt-c0392b.jpg",
    ]


def test_a_png_output_is_lossless(files, tmp_path):
    done = recolour(tmp_path, files / "shirt.jpg", "--colour", "#C0392B", "--output", "x.png")
    assert done.returncode == 0, done.stderr
    before = read_photo((files / "shirt.jpg").read_bytes()).pixels
    after = read_photo((tmp_path / "x.png").read_bytes()).pixels
    assert np.array_equal(before[:15], after[:15]), "the background is bit-exact"
    assert "ΔE" in done.stdout


def test_each_colour_of_a_product_is_mapped(files, tmp_path):
    stripes = np.arange(240)[:, None, None] // 30 % 2 == 0
    striped = np.where(stripes, render("#1F3A93")[0], render("#E8D9B8")[0])
    (tmp_path / "striped.png").write_bytes(encoded(striped))
    done = recolour(tmp_path, "striped.png", "--matte", files / "matte.png", "--json",
                    "--map", "#1F3A93=#C0392B", "--map", "#E8D9B8=keep")  # fmt: skip
    assert done.returncode == 0, done.stderr
    (result,) = lines(done)
    assert result.keys() >= KEYS
    assert re.fullmatch(r"#\w{6}=(#C0392B #\w{6}=keep|keep #\w{6}=#C0392B)", result["colour"])
    (made,) = result["colours"]
    assert made["target"] == "#C0392B"
    assert made["delta_e"] == result["delta_e"] < 0.5
    assert result["output"] in ("striped-c0392b-keep.png", "striped-keep-c0392b.png")
    data = (tmp_path / result["output"]).read_bytes()
    assert read_provenance(data)["colour"] == result["colour"]


@pytest.mark.parametrize(("name", "format"), [("x.webp", "WEBP"), ("x.avif", "AVIF")])
def test_the_outputs_ending_says_the_format(files, tmp_path, name, format):
    recolour(tmp_path, files / "shirt.jpg", "--colour", "#C0392B", "--output", name)
    assert Image.open(tmp_path / name).format == format


def test_a_drawn_matte_is_obeyed(files, tmp_path):
    half = np.zeros((240, 200), np.uint8)
    half[:120] = np.asarray(Image.open(files / "matte.png"))[:120]
    (tmp_path / "half.png").write_bytes(encoded(half))
    done = recolour(tmp_path, files / "shirt.jpg", "--colour", "#C0392B", "--matte", "half.png",
                    "--output", "x.png")  # fmt: skip
    assert done.returncode == 0, done.stderr
    before = read_photo((files / "shirt.jpg").read_bytes()).pixels
    after = read_photo((tmp_path / "x.png").read_bytes()).pixels
    assert np.array_equal(before[120:], after[120:])
    assert not np.array_equal(before[60:100, 80:120], after[60:100, 80:120])


def test_clicks_correct_the_matte(files, tmp_path):
    """A drawn matte that misses the lower half is completed by one click there."""
    half = np.asarray(Image.open(files / "matte.png")).copy()
    half[120:] = 0
    (tmp_path / "half.png").write_bytes(encoded(half))
    done = run(tmp_path, "analyse", files / "shirt.jpg", "--generator", "classic", "--matte",
               "half.png", "--product", "0.5,0.7", "--output", "seen", "--json")  # fmt: skip
    assert done.returncode == 0, done.stderr
    matte = np.asarray(Image.open(tmp_path / lines(done)[0]["output"]["matte"])) > 127
    truth = np.asarray(Image.open(files / "matte.png")) > 127
    assert (matte & truth).sum() / (matte | truth).sum() > 0.97


def restyle(folder, photo, *arguments):
    return run(folder, "restyle", photo, "--generator", "classic", *arguments)


def test_a_style_is_laid_on_with_its_sliders(files, tmp_path):
    done = restyle(tmp_path, files / "shirt.jpg", "--style", "stone-wash", "--set", "amount=0.3",
                   "--set", "folds=0", "--seed", 4, "--colour", "#1F3A93", "--json")  # fmt: skip
    assert done.returncode == 0, done.stderr
    (result,) = lines(done)
    assert result.keys() >= KEYS
    assert result["output"] == "shirt-stone-wash.jpg"
    assert result["colour"] == "stone-wash: #1F3A93"
    assert result["delta_e"] < 1
    assert result["background_max"] == 0
    data = (tmp_path / result["output"]).read_bytes()
    assert read_provenance(data)["colour"] == result["colour"]


def test_a_print_is_laid_on_in_other_inks_and_in_centimetres(files, tmp_path):
    done = restyle(tmp_path, files / "shirt.jpg", "--print", files / "tile.png", "--tile-cm", 30,
                   "--product-cm", 60, "--rotation", 15, "--offset", "0.5,0.25", "--drape", 0,
                   "--colours", "#111,#C0392B,#F4F1EA,#2E7D32", "--output", "x.png",
                   "--json")  # fmt: skip
    assert done.returncode == 0, done.stderr
    (result,) = lines(done)
    asked = ["#111111", "#C0392B", "#F4F1EA", "#2E7D32"]
    assert [made["target"] for made in result["colours"]] == asked
    assert result["delta_e"] < 1
    assert result["colour"].startswith("print ")
    assert Image.open(tmp_path / "x.png").size == (200, 240)


def test_a_recipe_is_another_where_a_placement_is(files, tmp_path):
    recipes = set()
    for scale in (0.2, 0.2, 0.3):
        restyle(tmp_path, files / "shirt.jpg", "--print", files / "tile.png", "--scale", scale,
                "--output", "x.jpg")  # fmt: skip
        recipes.add(read_provenance((tmp_path / "x.jpg").read_bytes())["recipe"])
    assert len(recipes) == 2


def test_another_products_look_is_taken(files, tmp_path):
    (tmp_path / "red.jpg").write_bytes(encoded(render("#B5483A")[0], "JPEG", quality=92))
    done = restyle(tmp_path, files / "shirt.jpg", "--reference", "red.jpg", "--json")
    assert done.returncode == 0, done.stderr
    (result,) = lines(done)
    assert result["output"] == "shirt-like-red.jpg"
    red, green, blue = (int(result["made"][i : i + 2], 16) for i in (1, 3, 5))
    assert red > green + 60
    assert red > blue + 60


def test_the_same_seed_prints_the_same_tile_in_the_inks_asked_for(files, tmp_path):
    asked = ["print", "--kind", "floral", "--seed", 7, "--size", 128,
             "--colours", "#0B3D91,#F4C20D,#fff"]  # fmt: skip
    done = run(tmp_path, *asked, "--json")
    assert done.returncode == 0, done.stderr
    (result,) = lines(done)
    assert result["output"] == "floral-7.png"
    assert result["colours"] == ["#0B3D91", "#F4C20D", "#FFFFFF"]
    first = (tmp_path / "floral-7.png").read_bytes()
    assert read_tile(first).colours == ("#0B3D91", "#F4C20D", "#FFFFFF")
    run(tmp_path, *asked, "--output", "again.png")
    run(tmp_path, *asked, "--more-like-this", 3, "--output", "like.png")
    assert (tmp_path / "again.png").read_bytes() == first
    assert (tmp_path / "like.png").read_bytes() != first


def test_a_refused_look_exits_1_and_writes_no_file(files, tmp_path):
    done = restyle(tmp_path, files / "black.png", "--matte", files / "matte.png", "--print",
                   files / "tile.png", "--json")  # fmt: skip
    assert done.returncode == 1
    assert lines(done)[0]["refused"]["code"] == "too-dark"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("point", ["0.5", "0.5,1.2", "a,b", "nan,0.5"])
def test_a_point_off_the_photo_is_a_usage_error(files, tmp_path, point):
    done = run(tmp_path, "analyse", files / "shirt.jpg", "--keep", point)
    assert done.returncode == 2
    assert "two fractions from 0 to 1" in done.stderr


def test_analyse_reports_and_writes_mattes_and_palette(files, tmp_path):
    done = run(tmp_path, "analyse", files / "shirt.jpg", "--generator", "classic",
               "--output", "seen", "--json")  # fmt: skip
    assert done.returncode == 0, done.stderr
    (found,) = lines(done)
    assert re.fullmatch(r"#[0-9A-F]{6}", found["swatch"])
    assert 0.3 < found["coverage"] < 0.7
    assert found["palette"][0]["weight"] > 0.9
    assert Image.open(tmp_path / found["output"]["matte"]).size == (200, 240)
    assert Image.open(tmp_path / found["output"]["keep"]).mode == "L"
    palette = json.loads((tmp_path / found["output"]["palette"]).read_text())
    assert palette["swatch"] == found["swatch"]


def test_analyse_without_output_writes_nothing(files, tmp_path):
    done = run(tmp_path, "analyse", files / "shirt.jpg", "--generator", "classic")
    assert done.returncode == 0
    assert "palette" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_refused_result_exits_1_and_writes_no_file(files, tmp_path):
    done = recolour(tmp_path, files / "black.png", "--matte", files / "matte.png",
                    "--colour", "#F4F1EA", "--colour", "#101010", "--json")  # fmt: skip
    assert done.returncode == 1
    refused, made = lines(done)
    assert refused["refused"]["code"] == "too-dark"
    assert refused["output"] is None
    assert made["refused"] is None
    assert [path.name for path in tmp_path.iterdir()] == ["black-101010.png"]


@pytest.mark.parametrize("command", ["recolour", "analyse"])
def test_a_photo_without_a_product_is_refused(files, tmp_path, command):
    colour = ["--colour", "#C0392B"] if command == "recolour" else []
    done = run(tmp_path, command, files / "flat.png", "--generator", "classic", *colour, "--json")
    assert done.returncode == 1
    (result,) = lines(done)
    assert result["refused"]["code"] == "unusable-matte"
    if command == "recolour":
        assert result.keys() >= KEYS


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["recolour"], "required: PHOTO"),
        (["recolour", "shirt.jpg"], "--colour --map is required"),
        (["recolour", "shirt.jpg", "--map", "#C0392B"], "'#C0392B' maps no colour.*=keep"),
        (["recolour", "shirt.jpg", "--map", "#f00=#00f", "--map", "#f00=#0f0"], "#f00 twice"),
        (["recolour", "shirt.jpg", "--generator", "classic", "--map", "#00FF00=#FFF"],
         "#00FF00 is no base colour.*The palette found is 0: #"),
        (["recolour", "shirt.jpg", "--colour", "navy"], "'navy' is not a colour.*#1F3A93"),
        (["recolour", "missing.jpg", "--colour", "#fff"], "missing.jpg: No such file"),
        (["recolour", ".", "--colour", "#fff"], "directory"),
        (["recolour", "text.jpg", "--colour", "#fff"], "text.jpg: .*not a JPEG, PNG"),
        (["recolour", "shirt.jpg", "--colour", "#fff", "--generator", "x"], "Choose from"),
        (["recolour", "shirt.jpg", "--colour", "#fff", "--matte", "text.jpg"], "matte"),
        (["recolour", "shirt.jpg", "--colour", "#fff", "--output", "a.doc"], "a.doc.*ending"),
        (["recolour", "shirt.jpg", "--colour", "#fff", "--output", "shirt.jpg"], "photo itself"),
        (["recolour", "shirt.jpg", "--colour", "#fff", "--colour", "#000", "--output", "a.png"],
         "one file, but 2 pictures"),
        (["analyse", "shirt.jpg", "--output", "text.jpg"], "text.jpg is a file"),
        (["polish", "shirt.jpg"], "invalid choice"),
        (["print", "--kind", "tartan"], "'tartan'; choose from: stripe, check"),
        (["print", "--kind", "dot", "--colours", "#fff"], "2 to 4 colours, not 1"),
        (["print", "--kind", "dot", "--colours", "#fff,navy"], "'navy' is not a colour"),
        (["print", "--kind", "dot", "--contrast", "3"], "contrast is 3.0; it must be"),
        (["print", "--kind", "dot", "--output", "x.jpg"], "a tile is a PNG"),
        (["restyle", "shirt.jpg"], "--style --print --reference is required"),
        (["restyle", "shirt.jpg", "--style", "denim"], "'denim'. Choose from: pastel, vivid"),
        (["restyle", "shirt.jpg", "--style", "pastel", "--set", "size=1"],
         "no slider 'size'. Choose from: strength, softness"),
        (["restyle", "shirt.jpg", "--style", "pastel", "--set", "strength=9"],
         "strength of pastel is 9.0; it is a number from 0 to 1"),
        (["restyle", "shirt.jpg", "--style", "pastel", "--set", "strong"], "such as strength=0.8"),
        (["restyle", "shirt.jpg", "--style", "pastel", "--scale", "1"], "--scale goes with"),
        (["restyle", "shirt.jpg", "--print", "tile.png", "--seed", "1"], "--seed goes with"),
        (["restyle", "shirt.jpg", "--print", "tile.png", "--style", "pastel"], "not allowed with"),
        (["restyle", "shirt.jpg", "--print", "tile.png", "--scale", "3"], "from 0.02 to 2"),
        (["restyle", "shirt.jpg", "--print", "tile.png", "--offset", "1"], "such as 0.5,0"),
        (["restyle", "shirt.jpg", "--print", "tile.png", "--tile-cm", "9"], "go together"),
        (["restyle", "shirt.jpg", "--print", "tile.png", "--tile-cm", "9", "--product-cm", "2"],
         "Choose 0.04 to 4 cm"),
        (["restyle", "shirt.jpg", "--print", "tile.png", "--colour", "#fff"],
         "1 colours were given for a print of 4 inks"),
        (["restyle", "shirt.jpg", "--print", "text.jpg"], "text.jpg: .*cannot be read"),
        (["restyle", "shirt.jpg", "--reference", "text.jpg"], "text.jpg: .*not a JPEG"),
        (["restyle", "shirt.jpg", "--reference", "flat.png", "--generator", "classic"],
         "flat.png: No product"),
        (["restyle", "shirt.jpg", "--reference", "shirt.jpg", "--colour", "#fff"],
         "a reference brings its own"),
    ],
)  # fmt: skip
def test_wrong_usage_exits_2_with_a_sentence_and_no_traceback(files, arguments, message):
    before = sorted(files.iterdir())
    done = run(files, *arguments)
    assert done.returncode == 2
    assert re.search(message, done.stderr.replace("\n", " "))
    assert "Traceback" not in done.stderr
    assert sorted(files.iterdir()) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_unwritable_folder_is_named(files, tmp_path):
    tmp_path.chmod(0o500)
    done = recolour(files, "shirt.jpg", "--colour", "#C0392B", "--output", tmp_path / "x.png")
    assert done.returncode == 2
    assert "Permission denied" in done.stderr


def test_a_failed_write_leaves_nothing(monkeypatch, tmp_path):
    from oscar_gan.cli import output

    def full(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr(output.os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        output.write(tmp_path / "x.jpg", b"data")
    assert list(tmp_path.iterdir()) == []


def test_help_loads_no_engine():
    command = [sys.executable, "-X", "importtime", "-m", "oscar_gan", "recolour", "--help"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0
    assert "--colour HEX" in done.stdout
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "oscar_gan.cli" in loaded
    assert not loaded & {"numpy", "cv2", "PIL", "onnxruntime", "torch", "django"}
