"""Files of training runs: what is kept, fetched back, cleaned, and never touched."""

import os
import time
import uuid

import pytest

from oscar_gan.models import TrainingRun
from oscar_gan.services import media, training_files

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(start):
    return start()


@pytest.fixture
def checkpoint(tmp_path):
    path = tmp_path / "checkpoint.pt"
    path.write_bytes(b"all of its state")
    return path


def test_what_is_stored_is_fetched_back(run, checkpoint, tmp_path):
    name = training_files.store(run, checkpoint)
    assert name.startswith(f"training/{run.pk}/")
    back = tmp_path / "back.pt"
    assert training_files.fetch(name, back)
    assert back.read_bytes() == checkpoint.read_bytes()


def test_a_damaged_file_is_not_taken_for_it(run, checkpoint, tmp_path, own_files):
    name = training_files.store(run, checkpoint)
    with media.drafts().open(name, "wb") as file:
        file.write(b"half of its state")
    assert not training_files.fetch(name, tmp_path / "back.pt")
    assert not (tmp_path / "back.pt").exists()


def test_dropping_what_is_gone_is_no_error(run, checkpoint):
    name = training_files.store(run, checkpoint)
    training_files.drop(name, "", name)
    assert media.drafts_in("training") == []


def test_cleaning_waits_for_no_storage(run, checkpoint, monkeypatch, caplog):
    """The row is finished by then; the sweeper has another go."""
    training_files.store(run, checkpoint)

    def refuse(*args):
        raise ConnectionError("no route to the S3 server")

    monkeypatch.setattr(media.drafts().__class__, "listdir", refuse)
    training_files.clean(run.pk)
    assert "The sweeper will delete it." in caplog.text


class TestTidying:
    def folder(self, name, *, hours=0):
        folder = training_files.working_folder() / str(name)
        (folder / "work-1").mkdir(parents=True)
        then = time.time() - 3600 * hours
        os.utime(folder, (then, then))
        return folder

    def test_folders_of_finished_runs_go_at_once(self, run):
        folder = self.folder(run.pk, hours=48)
        training_files.tidy()
        assert folder.exists()
        TrainingRun.objects.update(status="cancelled")
        training_files.tidy()
        assert not folder.exists()

    def test_those_of_another_shop_only_when_they_are_old(self, run):
        theirs, old = self.folder(uuid.uuid4()), self.folder(uuid.uuid4(), hours=25)
        training_files.tidy()
        assert theirs.exists()
        assert not old.exists()

    def test_what_is_no_run_is_never_touched(self, run):
        folder = self.folder("photos-of-the-wedding", hours=9999)
        training_files.tidy()
        assert folder.exists()


def test_the_default_folder_is_closed_to_others(settings, monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    settings.OSCAR_GAN = {}
    folder = training_files.working_folder()
    assert folder.parent == tmp_path
    assert folder.stat().st_mode & 0o777 == 0o700
