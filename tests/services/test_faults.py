"""Faults in small: what is cut, full, deadly or decided in the middle costs no picture.

The same in large, with real workers that are killed: `make chaos`.
"""

from __future__ import annotations

import errno
import os
from contextlib import nullcontext
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import OperationalError, transaction

from oscar_gan.models import GenerationRequest, Publication, PublishingRun, VariantImage
from oscar_gan.services import (
    clock,
    generation,
    housekeeping,
    leases,
    media,
    publish_runs,
    published_files,
    publishing,
    registry,
)
from oscar_gan.services.announcing import after_commit
from oscar_gan.services.publish_rules import Rule
from oscar_gan.services.verifying import verify
from tests import factories

pytestmark = pytest.mark.django_db
Status = VariantImage.Status
RequestStatus = GenerationRequest.Status
HOURS_AHEAD = timedelta(hours=30)


class FullDisk(FileSystemStorage):
    """Has room for a hundred bytes of each file."""

    def _save(self, name, content):
        super()._save(name, ContentFile(content.read(100)))
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def full_disk(settings, tmp_path):
    """Switch the drafts storage to a full disk, and back."""
    working = settings.STORAGES
    drafts = working["oscar_gan_drafts"]
    full = {**drafts, "BACKEND": "tests.services.test_faults.FullDisk"}

    def full_disk(is_full: bool) -> None:
        settings.STORAGES = {**working, "oscar_gan_drafts": full} if is_full else working

    return full_disk


@pytest.fixture
def wrong_clock(monkeypatch):
    """This process' clock is more than a day ahead; the database's is right."""
    monkeypatch.setattr(
        "django.utils.timezone.now", lambda: datetime.now(timezone.utc) + HOURS_AHEAD
    )


@pytest.fixture
def variant(source):
    return factories.make_variant(source, status="approved")


def files(folder) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def statuses(request) -> set[str]:
    return set(request.variants.values_list("status", flat=True))


class TestDatabase:
    @pytest.mark.django_db(transaction=True)  # the connection is closed
    def test_a_cut_connection_costs_an_attempt(self, ask, run, stub_generator):
        request = ask("Navy", "Mustard")
        stub_generator.fail["#D29B2A"] = OperationalError("server closed the connection")

        run(request)
        assert (request.status, request.attempts) == (RequestStatus.QUEUED, 1)
        stub_generator.fail.clear()
        run(request)

        assert (request.status, statuses(request)) == (RequestStatus.DONE, {"awaiting_review"})
        assert stub_generator.made == ["#24345C", "#D29B2A"]

    @pytest.mark.django_db(transaction=True)  # the connection is closed
    def test_a_database_that_never_answers_fails_with_the_reason(
        self, ask, run, stub_generator, settings
    ):
        settings.OSCAR_GAN = {"MAX_ATTEMPTS": 1}
        stub_generator.fail["#24345C"] = OperationalError("secret host")
        request = run(ask("Navy"))
        assert request.variants.get().problem_code == "database-unavailable"
        assert "secret" not in request.problem

    @pytest.mark.parametrize("error", [OperationalError("cut"), RuntimeError("after the commit")])
    def test_files_of_a_commit_in_doubt_stay(self, variant, staff, error, monkeypatch):
        """Nobody knows whether a commit that was cut succeeded; the sweeper asks the rows."""

        def commit_and_fail(*args):
            publish(*args)
            raise error

        publish = publishing._publish
        monkeypatch.setattr(publishing, "_publish", commit_and_fail)
        committing = SimpleNamespace(atomic=nullcontext, on_commit=transaction.on_commit)
        monkeypatch.setattr(publishing, "transaction", committing)
        with pytest.raises(type(error)):
            publishing.publish(variant=variant, scope="gallery", published_by=staff)

        assert Publication.objects.count() == 1
        assert list(verify()) == []

    def test_a_replaced_pictures_file_goes_after_the_commit_only(
        self, source, variant, staff, monkeypatch, django_capture_on_commit_callbacks
    ):
        old = publishing.publish(variant=variant, scope="gallery", published_by=staff)
        name = old.images.get().file_name
        new = factories.make_variant(source, status="approved")

        with django_capture_on_commit_callbacks() as callbacks:
            publishing.publish(variant=new, scope="gallery", published_by=staff, replace=True)
        assert published_files.storage().exists(name)  # killed now, nothing would be missing
        for callback in callbacks:
            callback()

        assert not published_files.storage().exists(name)
        assert list(verify()) == []

    def test_a_file_that_came_back_before_it_was_taken_down_stays(self, variant, staff, product):
        publication = publishing.publish(variant=variant, scope="gallery", published_by=staff)
        name = publication.images.get().file_name
        published_files.take_down([name], [product.pk])
        assert published_files.storage().exists(name)


class TestStorage:
    def test_a_full_disk_leaves_nothing_half_written(self, ask, run, full_disk, tmp_path):
        request = ask("Navy", "Mustard")
        full_disk(True)

        run(request)
        assert (request.status, statuses(request)) == (RequestStatus.QUEUED, {"queued"})
        assert files(tmp_path / "drafts") == []
        full_disk(False)
        run(request)

        assert (request.status, request.attempts) == (RequestStatus.DONE, 2)
        assert list(verify()) == []

    def test_a_disk_that_stays_full_fails_with_the_reason(self, ask, run, full_disk, tmp_path):
        request = ask("Navy")
        full_disk(True)
        for _ in range(3):
            run(request)
        made = request.variants.get()
        assert (made.status, made.problem_code) == (Status.FAILED, "storage-unavailable")
        assert "No space left" in made.problem
        assert files(tmp_path / "drafts") == []

    def test_a_draft_that_changed_is_not_published(self, variant, staff, product):
        path = media.drafts().path(variant.file_name)
        with open(path, "r+b") as file:
            file.truncate(200)
        with pytest.raises(media.StorageUnavailable, match="not what was stored"):
            publishing.publish(variant=variant, scope="gallery", published_by=staff)
        assert product.images.count() == 1
        assert [each.code for each in verify()] == ["draft-changed"]

    def test_half_a_file_left_by_a_killed_revert_is_replaced(self, variant):
        data = media.read_draft(variant.file_name)
        published_files.storage().save("images/products/variants/a.jpg", ContentFile(data[:99]))
        assert published_files.put_back("images/products/variants/a.jpg", data)
        assert published_files.storage().open("images/products/variants/a.jpg").read() == data

    def test_what_the_sweeper_may_take_is_written_anew(self, settings):
        name, _ = media.store_draft(b"picture", folder="variants", extension=".jpg")
        path = media.drafts().path(name)
        old = clock.database_now().timestamp() - 20 * 3600
        os.utime(path, (old, old))
        assert media.store_draft(b"picture", folder="variants", extension=".jpg")[0] == name
        assert media.drafts().get_modified_time(name).timestamp() > old + 3600
        assert media.read_draft(name) == b"picture"


class TestClocks:
    def test_a_worker_whose_clock_is_ahead_takes_nothing_from_others(self, ask, wrong_clock):
        request = ask("Navy")
        assert leases.claim(request.pk)
        assert leases.reap() == {"requeued": 0, "failed": 0, "resent": 0}
        assert leases.claim(request.pk) is None

    def test_a_sweeper_whose_clock_is_ahead_deletes_nothing_young(self, wrong_clock):
        name, _ = media.store_draft(b"about to be written", folder="variants", extension=".jpg")
        assert housekeeping.sweep() == []
        assert media.drafts().exists(name)

    def test_a_reaper_whose_clock_is_ahead_leaves_publishing_runs_alone(
        self, variant, staff, wrong_clock
    ):
        run = publish_runs.start(variants=[variant], rule=Rule(scope="gallery"), started_by=staff)
        publish_runs.send(run.pk)
        assert publish_runs.reap() == 0


class TestMemory:
    def test_a_bomb_is_refused_with_the_reason_at_once(self, ask, run, stub_generator):
        stub_generator.fail["#D29B2A"] = MemoryError()
        request = run(ask("Navy", "Mustard", "Red"))

        assert (request.status, request.attempts) == (RequestStatus.FAILED, 1)
        assert dict(request.variants.values_list("label", "problem_code")) == {
            "Navy": "", "Mustard": "out-of-memory", "Red": "out-of-memory",
        }  # fmt: skip
        assert "Upload a smaller one" in request.problem

    def test_attempts_that_were_used_up_before_the_limit_was_lowered_end_too(self, ask, settings):
        request = ask("Navy")
        for _ in range(2):
            leases.release(leases.claim(request.pk), problem="Storage is down.")
        settings.OSCAR_GAN = {"MAX_ATTEMPTS": 2}
        assert leases.claim(request.pk) is None
        assert leases.reap()["failed"] == 1
        assert request.variants.get().problem


def test_what_follows_a_commit_cannot_spoil_it(caplog, django_capture_on_commit_callbacks):
    def break_down(what):
        raise RuntimeError(what)

    with django_capture_on_commit_callbacks(execute=True):
        after_commit(break_down, "no mail server")
    assert "break_down" in caplog.text
    assert "no mail server" in caplog.text


def test_duplicate_messages_and_a_stalled_worker_make_one_picture(ask, run, stub_generator):
    """The first worker stalls in the middle; two messages wake others up; then it goes on."""
    request = ask("Navy")

    def stall(_target):
        stub_generator.before_recolour = lambda target: None
        GenerationRequest.objects.filter(pk=request.pk).update(
            lease_expires_at=clock.database_now() - timedelta(seconds=1)
        )
        for _ in range(2):
            generation.run(request.pk)

    stub_generator.before_recolour = stall
    run(request)
    run(request)

    assert (request.status, request.attempts) == (RequestStatus.DONE, 2)
    assert media.drafts_in("variants") == [request.variants.get().file_name]
    assert list(verify()) == []


def test_a_version_promoted_in_the_middle_makes_later_requests_only(
    ask, run, promoted, stub_generator, monkeypatch
):
    shipped, seen = registry.champion(), []

    def open_version(version):
        seen.append(version)
        return stub_generator

    monkeypatch.setattr(registry, "open_version", open_version)
    before = ask("Navy", "Mustard")
    stub_generator.before_recolour = lambda target: promoted() if len(seen) == 1 else None
    run(before)
    stub_generator.before_recolour = lambda target: None
    after = run(ask("Red"))

    assert seen == [shipped, after.generator]
    assert after.generator != shipped
    assert statuses(before) == statuses(after) == {"awaiting_review"}


def test_a_photo_deleted_before_its_outline_is_kept_fails_with_the_reason(
    ask, run, source, stub_generator, monkeypatch
):
    request, analyse = ask("Navy"), stub_generator.analyse
    monkeypatch.setattr(
        stub_generator, "analyse", lambda *a, **kw: source.delete() and None or analyse(*a, **kw)
    )
    run(request)
    assert request.status == RequestStatus.FAILED
    assert "source photo was deleted" in request.variants.get().problem


def test_a_product_deleted_before_the_work_is_done_ends_it_quietly(
    ask, product, stub_generator, monkeypatch, caplog
):
    request, analyse = ask("Navy"), stub_generator.analyse
    monkeypatch.setattr(
        stub_generator, "analyse", lambda *a, **kw: product.delete() and None or analyse(*a, **kw)
    )
    generation.run(request.pk)
    assert "Stopping without writing" in caplog.text


def test_a_picture_that_breaks_publishing_does_not_hold_up_the_others(
    source, staff, monkeypatch, django_capture_on_commit_callbacks
):
    bad, good = (factories.make_variant(source, status="approved") for _ in range(2))
    copy = published_files.copy

    def breaking(variant, *args):
        if variant == bad:
            raise MemoryError
        return copy(variant, *args)

    monkeypatch.setattr(published_files, "copy", breaking)
    rule = Rule(scope="gallery")
    run = publish_runs.start(variants=[bad, good], rule=rule, started_by=staff)
    publish_runs.work(run.pk)

    assert PublishingRun.objects.get().finished_at is not None
    assert dict(run.items.values_list("variant", "code")) == {bad.pk: "internal", good.pk: ""}
