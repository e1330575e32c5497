"""`python -m oscar_gan.gan`, from pictures to weights that serve."""

import json
import shutil

import pytest

from oscar_gan.gan.__main__ import main
from oscar_gan.inference.analyser import read_manifest

TINY = (
    *("--steps", "1", "--side", "64", "--widths", "8", "8", "16", "16", "16"),
    *("--mixture-photos", "2", "--mixture-cutouts", "2", "--mixture-shapes", "0"),
    *("--mixture-scenes", "0", "--mixture-worn", "0"),
)


def called(*arguments):
    return main([str(argument) for argument in arguments])


@pytest.fixture
def photos(picture_folder, tmp_path):
    """A folder with three photos."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in ("1.jpg", "2.jpg", "3.jpg"):
        shutil.copy(picture_folder / "photos" / name, folder)
    return folder


@pytest.mark.slow
def test_from_pictures_to_weights_that_serve(photos, picture_folder, tmp_path, capsys):
    corpus, run, weights = (tmp_path / name for name in ("corpus", "run", "weights"))
    cutouts = ("--cutouts", picture_folder / "cutouts", "--hold-out", "[1-9]*")
    assert called("collect", corpus, "--photos", photos, *cutouts) == 0
    assert json.loads(capsys.readouterr().out)["counts"] == {
        "photos": 3,
        "cutouts": 1,
        "scenes": 0,
    }
    assert called("train", "analyser", corpus, run, *TINY) == 0
    assert "Teaching the analyser from 3 photos, 1 cut-outs" in capsys.readouterr().out
    checkpoint = run / "checkpoint.pt"
    assert called("relabel", corpus, checkpoint, tmp_path / "corrected") == 0
    assert json.loads(capsys.readouterr().out)["photos"] == 3
    assert called("evaluate", checkpoint, tmp_path / "corrected") == 0
    assert set(json.loads(capsys.readouterr().out)) == {"matte_iou", "keep_iou", "photo_iou"}
    weights.mkdir()
    assert called("export", checkpoint, weights, "--version", "3", "--data", "ours (CC0)") == 0
    registered = read_manifest(weights)["recolour"]
    assert registered.version == "3"
    assert registered.analyser[1] in capsys.readouterr().out


def test_unusable_input_ends_with_a_message_and_2(tmp_path, capsys):
    assert called("train", "analyser", tmp_path, tmp_path / "run", *TINY) == 2
    assert "error:" in (told := capsys.readouterr().err)
    assert "the corpus is missing or unfinished" in told
    assert called("evaluate", tmp_path / "none.pt", tmp_path) == 2
    assert "There is no checkpoint" in capsys.readouterr().err


def test_an_export_must_say_what_it_was_trained_on(tmp_path, capsys):
    with pytest.raises(SystemExit):
        called("export", tmp_path / "checkpoint.pt", tmp_path)
    assert "--data" in capsys.readouterr().err
