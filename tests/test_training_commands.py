"""The shop's commands of the training lab: what they learn from, print, and how they exit."""

import io
import json
import os
import signal

import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from PIL import Image

from oscar_gan.management.commands.train_generator import Command
from oscar_gan.services import publishing
from oscar_gan.services.training import catalogue_photos
from tests import factories

pytest.importorskip("torch", reason="torch is not installed (extra: train)")

from oscar_gan.gan.checkpoints import read_checkpoint  # noqa: E402
from tests.gan.conftest import product_photo  # noqa: E402

pytestmark = pytest.mark.django_db
TINY = (
    *("--side", "64", "--widths", "8", "8", "16", "16", "16", "--every", "1"),
    *("--mixture-photos", "2", "--mixture-shapes", "1", "--mixture-scenes", "0"),
    *("--mixture-cutouts", "0"),
)


def picture(seed):
    file = io.BytesIO()
    Image.fromarray(product_photo(np.random.default_rng(seed))[0]).save(file, "JPEG")
    return file.getvalue()


@pytest.fixture
def catalogue(product):
    """Five photos of a product."""
    product.images.all().delete()
    for seed in range(1, 6):
        file = ContentFile(picture(seed), f"{seed}.jpg")
        product.images.create(original=file, display_order=seed)
    return product


@pytest.fixture
def told():
    """Run a command with its output kept; returns exit code, stdout and stderr."""

    def told(*arguments):
        out, err, code = io.StringIO(), io.StringIO(), 0
        try:
            call_command(*map(str, arguments), stdout=out, stderr=err)
        except CommandError as error:
            code = error.returncode
            err.write(str(error))
        except SystemExit as exit:
            code = exit.code
        return code, out.getvalue(), err.getvalue()

    return told


def test_a_network_learns_from_the_catalogue_and_is_scored_on_what_it_has_not_seen(
    catalogue, told, tmp_path
):
    run = tmp_path / "run"
    code, out, err = told("train_generator", "analyser", run, "--steps", "2", *TINY)
    assert code == 0, err
    assert "of 4 photos (left out: none)" in out
    assert "of 1 photos" in out
    assert f"evaluate_generator {run}" in out
    assert read_checkpoint(run / "checkpoint.pt")["step"] == 2
    for name in ("samples.png", "curves.png", "history.json"):
        assert (run / name).exists()
    _, out, _ = told("evaluate_generator", run, "--json")
    found = json.loads(out)
    assert found["lesson"] == "analyser"
    assert 0 <= found["scores"]["photo_iou"] <= 1
    code, out, _ = told("evaluate_generator", run, "--catalogue")
    assert "analyser after step 2" in out
    assert "photo_iou" in out


def test_ctrl_c_leaves_a_checkpoint_and_the_line_to_go_on_with(
    catalogue, told, tmp_path, monkeypatch
):
    def interrupted(steps, first, last):
        for done in steps:
            os.kill(os.getpid(), signal.SIGINT)
            yield done

    monkeypatch.setattr(Command, "again", "manage.py train_generator analyser run --steps 3")
    command = ("train_generator", "analyser", tmp_path / "run", "--steps", "3", *TINY)
    with monkeypatch.context() as patched:
        patched.setattr("oscar_gan.gan.console._bar", interrupted)
        code, out, err = told(*command)
    assert code == 130
    assert "Stopped after step 1. Resume with: manage.py train_generator analyser" in err
    assert read_checkpoint(tmp_path / "run" / "checkpoint.pt")["step"] == 1
    code, out, err = told(*command)
    assert code == 0, err
    assert "photos (left out" not in out  # collected before
    assert read_checkpoint(tmp_path / "run" / "checkpoint.pt")["step"] == 3


def test_a_folder_that_is_not_there_is_named(told, tmp_path):
    code, _, err = told("train_generator", "analyser", tmp_path, "--photos", "/no/such/folder")
    assert code == 2
    assert "There is no folder /no/such/folder." in err


def test_an_empty_catalogue_is_refused(told, tmp_path):
    code, _, err = told("train_generator", "analyser", tmp_path)
    assert code == 2
    assert "None of the 0 photos" in err


def test_a_run_that_is_not_there_is_named(told, tmp_path):
    code, _, err = told("evaluate_generator", tmp_path)
    assert code == 2
    assert f"There is no checkpoint at {tmp_path}" in err


def test_without_torch_the_command_says_what_to_install(told, monkeypatch, capsys):
    monkeypatch.setattr("oscar_gan.services.training.find_spec", lambda name: None)
    with pytest.raises(SystemExit) as exit:
        Command(stderr=io.StringIO()).run_from_argv(["manage.py", "train_generator", "--help"])
    assert exit.value.code == 2
    code, _, err = told("train_generator", "analyser", "run")
    assert code == 2
    assert "pip install 'django-oscar-gan[train]'" in err


def test_pictures_that_this_plugin_published_are_not_learnt_from(source, staff):
    variant = factories.make_variant(source, status="approved")
    publishing.publish(variant=variant, scope="gallery", published_by=staff)
    assert source.product.images.count() == 2
    assert [name for name, _ in catalogue_photos()] == [source.original.name]
