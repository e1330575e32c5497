"""Erasing a photo: nothing of it is left, nothing else is touched, and the report is true."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from oscar.core.loading import get_model

from oscar_gan.errors import StorageUnavailable
from oscar_gan.models import AuditEvent, GenerationRequest, Matte, Review, VariantImage
from oscar_gan.services import erasure, feedback, media, publishing, renditions, review
from tests import factories
from tests.feedback import Photo, make_run

pytestmark = pytest.mark.django_db


def files(storage) -> set[str]:
    folder = Path(storage.location)
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def published_storage():
    return get_model("catalogue", "ProductImage")._meta.get_field("original").storage


@pytest.fixture
def other():
    """Another product's photo with a picture of its own."""
    product = factories.make_product(title="Somebody's hat")
    source = product.images.get()
    factories.make_matte(source)
    return factories.make_variant(source)


@pytest.fixture
def used(source, staff, matte_data, sent):
    """A photo with one published, one rejected and one queued picture and two outlines."""
    from oscar_gan.services import mattes

    mattes.add_staff_matte(source=source, data=matte_data)
    factories.make_matte(source)
    shown = factories.make_variant(source, label="Navy")
    review.approve(variant=shown, reviewer=staff)
    publication = publishing.publish(variant=shown, scope="gallery", published_by=staff)
    assert renditions.make(publication.images.get().image_id)
    refused = factories.make_variant(source, label="Mustard", target="#AA8020")
    review.reject(variant=refused, reviewer=staff, reason="edge")
    factories.make_request(source)
    return source


def test_nothing_of_the_photo_is_left_and_all_else_is(used, other, staff, published_storage):
    gallery = used.product.images
    assert gallery.count() == 2
    original = used.original.name
    assert any("renditions" in name for name in files(published_storage))
    report = erasure.erase(source=used, by=staff)

    assert (report.variants, report.published, report.mattes, report.reviews) == (2, 1, 2, 2)
    assert list(gallery.values_list("pk", flat=True)) == [used.pk]
    assert not VariantImage.objects.filter(source=used).exists()
    assert not Matte.objects.filter(source=used).exists()
    assert not GenerationRequest.objects.filter(source=used).exists()
    assert not Review.objects.exists()
    left = files(media.drafts())
    assert not left & set(report.files)
    assert other.file_name in left
    assert VariantImage.objects.get() == other
    left = files(published_storage)
    assert not {name for name in left if "variants" in name or "renditions" in name}
    assert published_storage.exists(original)
    event = AuditEvent.objects.get(action="erased")
    assert (event.actor, event.after["variants"]) == (staff, 2)


def test_a_dry_run_reports_the_same_and_touches_nothing(used, other):
    before = files(media.drafts())
    dry = erasure.erase(source=used, dry_run=True)
    assert files(media.drafts()) == before
    assert VariantImage.objects.filter(source=used).count() == 2
    report = erasure.erase(source=used)
    assert {**dry.to_json(), "dry_run": False} == report.to_json()


def test_with_the_photo_itself(used, published_storage):
    name, pk = used.original.name, used.pk
    assert erasure.erase(source=used, with_source=True).source_deleted
    assert not get_model("catalogue", "ProductImage").objects.filter(pk=pk).exists()
    assert not published_storage.exists(name)


def test_bytes_that_another_photo_has_too_stay(source, other):
    twin = factories.make_variant(source, file_name=other.file_name)
    report = erasure.erase(source=source)
    assert (report.files, report.shared) == ([], [twin.file_name])
    assert media.read_draft(other.file_name)


def test_a_storage_that_is_down_keeps_the_rows_for_the_next_try(used, monkeypatch):
    deleted = []

    def fail_late(name):
        if deleted:
            raise StorageUnavailable("Storage does not answer.")
        deleted.append(name)

    with monkeypatch.context() as broken:
        broken.setattr(media, "delete_draft", fail_late)
        with pytest.raises(StorageUnavailable):
            erasure.erase(source=used)
    assert VariantImage.objects.filter(source=used).count() == 2
    erasure.erase(source=used)
    assert not VariantImage.objects.filter(source=used).exists()
    again = erasure.erase(source=used)
    assert (again.variants, again.files) == (0, [])


class TestLearning:
    @pytest.fixture
    def photos(self, settings, staff):
        """Photos with an outline each, on all sides of the split."""
        settings.OSCAR_GAN = {"RETRAIN_MIN_PHOTOS": 2, "RETRAIN_MIN_DECISIONS": 1}
        found = [Photo() for _ in range(40)]
        for photo in found:
            photo.decide(staff, matte=photo.draw(staff))
        return found

    def test_manifests_forget_it_and_versions_that_saw_it_are_named(self, photos):
        taught = factories.make_generator_version(version="1+shop.1", status="challenger")
        child = factories.make_generator_version(
            version="1+shop.2", status="challenger", parent=taught
        )
        run = make_run(status="done", result=taught)
        manifest = feedback.freeze(run, benched=())
        gone, kept = photos[0], photos[1]
        old = run.manifest_name

        report = erasure.erase(source=gone.source)

        assert report.manifests == [str(run.pk)]
        assert report.versions == [str(taught), str(child)]
        run.refresh_from_db()
        after = feedback.read_manifest(run)  # its digest holds
        digests = {photo["sha256"] for photo in after["photos"]}
        assert gone.sha256 not in digests
        assert kept.sha256 in digests
        assert after["left_out"]["erased"] == 1
        assert len(after["photos"]) == len(manifest["photos"]) - 1
        assert not media.drafts().exists(old)

    def test_a_training_that_learns_from_it_is_stopped(self, photos):
        run = make_run(status="queued")
        feedback.freeze(run, benched=())
        report = erasure.erase(source=photos[0].source)
        assert report.cancelled == [str(run.pk)]
        run.refresh_from_db()
        assert run.status == "cancelled"

    def test_comparisons_do_not_show_it_any_more(self, photos):
        version = factories.make_generator_version(version="1+shop.1", status="challenger")
        shown = [{"source": photo.source.pk, "photo": "comparisons/x"} for photo in photos[:2]]
        comparison = factories.make_verdict(version, pictures=shown)
        assert erasure.erase(source=photos[0].source).comparisons == [comparison.pk]
        comparison.refresh_from_db()
        assert [each["source"] for each in comparison.report["pictures"]] == [photos[1].source.pk]


class TestCommand:
    @pytest.fixture
    def run(self):
        def run(*arguments) -> str:
            out = io.StringIO()
            call_command("erase_photo", *arguments, stdout=out)
            return out.getvalue()

        return run

    def test_all_photos_of_a_product_by_upc_with_a_report(self, used, other, run, tmp_path):
        file = tmp_path / "report.json"
        upc = used.product.upc
        out = run("--product", upc, "--yes", "--report", str(file))
        assert "2 variant images, 1 published" in out
        assert json.loads(file.read_text())[0]["variants"] == 2
        assert VariantImage.objects.get() == other
        with pytest.raises(CommandError, match="is there already"):
            run("--product", upc, "--yes", "--report", str(file))

    def test_all_photos_of_a_partner(self, used, other, run, partner):
        factories.add_stock(used.product, partner)
        run("--partner", partner.name, "--yes", "--json")
        assert VariantImage.objects.get() == other

    def test_it_is_not_done_without_a_yes(self, used, run):
        with pytest.raises(CommandError, match="say --yes") as refused:
            run(str(used.pk))
        assert refused.value.returncode == 2
        assert VariantImage.objects.filter(source=used).count() == 2
        run(str(used.pk), "--dry-run")
        assert VariantImage.objects.filter(source=used).count() == 2

    def test_a_published_picture_is_no_photo(self, used, run):
        ours = used.product.images.exclude(pk=used.pk).get()
        with pytest.raises(CommandError, match="are reverted, not erased"):
            run(str(ours.pk), "--yes")
