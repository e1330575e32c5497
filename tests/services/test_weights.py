"""Weights of the shop's own: stored by content, fetched whole, and no others are ever opened."""

import multiprocessing
import os
import stat

import pytest

from oscar_gan import engine
from oscar_gan.errors import InvalidRequest, StorageUnavailable, WeightsMismatch
from oscar_gan.imaging.photo import read_photo
from oscar_gan.inference.analyser import WEIGHTS, read_manifest
from oscar_gan.models import GeneratorEvent, GeneratorVersion
from oscar_gan.services import media, registry
from oscar_gan.services.folders import working_folder
from oscar_gan.services.registry.weights import _write

pytestmark = pytest.mark.django_db

RETRAINED = WEIGHTS.joinpath("analyser.onnx").read_bytes() + b"\x72\x06\x0a\x01k\x12\x01v"
"""The shipped analyser with one more entry of metadata: other bytes, the same network."""


def only_file(version, network="analyser"):
    return version.files[network]["name"]


class TestEntering:
    def test_a_challenger_keeps_its_parents_grader(self, trained):
        version = trained(b"an analyser", note="100 decisions")

        grader = read_manifest()["recolour"].files["grader"][1]
        assert version.files["grader"]["sha256"] == grader
        assert media.read_draft(only_file(version)) == b"an analyser"
        assert (version.status, version.parent) == ("challenger", registry.champion())
        event = GeneratorEvent.objects.get()
        assert (event.kind, event.note) == ("trained", "100 decisions")

    def test_labels_count_what_grew_from_the_same_release(self, promoted, trained):
        assert [promoted(b"1").version, promoted(b"2").version, trained(b"3").version] == [
            *("stub+shop.1", "stub+shop.2", "stub+shop.3")
        ]

    def test_entering_the_same_weights_again_changes_nothing(self, trained):
        assert trained() == trained()
        assert GeneratorEvent.objects.count() == 1

    def test_storage_that_is_down_leaves_no_row(self, trained, blocked_drafts):
        with pytest.raises(StorageUnavailable):
            trained()
        assert list(GeneratorVersion.objects.all()) == [registry.champion()]
        assert not GeneratorEvent.objects.exists()

    def test_a_generator_without_weights_has_no_offspring(self, trained):
        with pytest.raises(InvalidRequest, match="classic stub has no weights"):
            trained(parent=registry.champion("classic"))


class TestOpening:
    def test_shipped_weights_lie_in_the_package(self):
        assert registry.folder_of(registry.champion()) == WEIGHTS

    def test_the_shops_own_really_work(self, trained, photo_data):
        version = trained(RETRAINED)
        generator, photo = registry.open_version(version), read_photo(photo_data)

        analysis = generator.analyse(photo)
        made = generator.recolour(photo, analysis, "#24345C")

        shipped = engine.open_weights(WEIGHTS)
        same = shipped.recolour(photo, shipped.analyse(photo), "#24345C")
        assert (made.pixels == same.pixels).all()
        assert generator.version == "stub+shop.1"

    def test_they_are_fetched_once(self, trained, break_drafts, own_temporary):
        version = trained()
        folder = registry.folder_of(version)
        break_drafts()

        assert registry.folder_of(version) == folder
        assert folder.is_relative_to(own_temporary)
        assert sorted(os.listdir(folder)) == ["analyser.onnx", "grader.onnx", "manifest.json"]

    def test_a_file_that_was_cut_short_is_fetched_again(self, trained):
        version = trained()
        folder = registry.folder_of(version)
        for name in os.listdir(folder):
            (folder / name).write_bytes(b"half")
        registry.folder_of(version)
        assert (folder / "analyser.onnx").read_bytes() == b"an analyser"
        assert engine.open_weights(folder).digest == version.digest

    def test_other_bytes_in_the_storage_are_refused(self, trained):
        version = trained()
        with open(media.drafts().path(only_file(version)), "wb") as file:
            file.write(b"somebody else's")
        with pytest.raises(WeightsMismatch, match="was changed or cut short"):
            registry.open_version(version)

    def test_a_file_that_is_gone_says_what_to_do(self, trained):
        version = trained()
        media.drafts().delete(only_file(version))
        with pytest.raises(WeightsMismatch, match=r"missing from the drafts storage.*roll back"):
            registry.open_version(version)

    def test_storage_that_is_down_is_worth_another_try(self, trained, break_drafts):
        version = trained()
        break_drafts()
        with pytest.raises(StorageUnavailable):
            registry.open_version(version)

    def test_a_full_disk_is_named(self, trained, settings, tmp_path):
        version = trained()
        folder = tmp_path / "weights"
        folder.mkdir()
        (folder / version.digest).write_bytes(b"")
        settings.OSCAR_GAN = {"WEIGHTS_FOLDER": str(folder)}
        with pytest.raises(StorageUnavailable, match="cannot be kept in .*WEIGHTS_FOLDER"):
            registry.open_version(version)


def keep_writing(path, data):
    for _ in range(50):
        _write(path, data)


def test_many_processes_may_fetch_at_once(tmp_path):
    path, data = tmp_path / "version" / "analyser.onnx", b"weights" * 50_000
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=keep_writing, args=(path, data)) for _ in range(4)]
    for writer in writers:
        writer.start()
    seen = set()
    while any(writer.is_alive() for writer in writers):
        if path.exists():
            seen.add(path.read_bytes() == data)
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * 4
    assert seen == {True}
    assert os.listdir(path.parent) == ["analyser.onnx"]


class TestWorkingFolder:
    def test_by_default_it_is_this_users_alone(self, own_temporary):
        folder = working_folder(None, purpose="weights")
        assert folder.parent == own_temporary
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert working_folder(None, purpose="weights") == folder

    def test_one_that_others_may_write_to_is_refused(self, own_temporary):
        folder = working_folder(None, purpose="weights")
        folder.chmod(0o777)
        with pytest.raises(StorageUnavailable, match="WEIGHTS_FOLDER"):
            working_folder(None, purpose="weights")

    def test_a_link_that_somebody_laid_is_refused(self, own_temporary, tmp_path):
        working_folder(None, purpose="weights").rmdir()
        target = tmp_path / "elsewhere"
        target.mkdir(mode=0o700)
        (own_temporary / f"oscar-gan-weights-{os.getuid()}").symlink_to(target)
        with pytest.raises(StorageUnavailable):
            working_folder(None, purpose="weights")

    def test_a_configured_one_is_the_shops_own_business(self, tmp_path):
        (tmp_path / "shared").mkdir(mode=0o777)
        assert working_folder(str(tmp_path / "shared"), purpose="weights").name == "shared"
