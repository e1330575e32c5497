"""Renditions come with pictures, are shared by equal ones and go with the last."""

from __future__ import annotations

import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from oscar.core.loading import get_model
from PIL import Image

from oscar_gan.imaging.provenance import mark_of
from oscar_gan.models import RenditionSet
from oscar_gan.services import housekeeping, publishing, renditions
from tests import factories
from tests.imaging.test_renditions import XMP
from tests.storefront import publish

pytestmark = pytest.mark.django_db
ProductImage = get_model("catalogue", "ProductImage")
EACH = 3
"""Formats."""


@pytest.fixture
def files(settings):
    """Names of all renditions in storage."""

    def files() -> set[str]:
        root = Path(settings.MEDIA_ROOT)
        return {
            path.relative_to(root).as_posix() for path in root.glob("images/renditions/**/*.*")
        }

    return files


@pytest.fixture
def committed(django_capture_on_commit_callbacks, sent):
    """What a block sends once its changes are committed."""

    class Committed:
        def __enter__(self):
            self._capture = django_capture_on_commit_callbacks(execute=True)
            self._capture.__enter__()
            sent.clear()
            return sent

        def __exit__(self, *exception):
            return self._capture.__exit__(*exception)

    return Committed()


def test_every_file_of_the_row_is_in_storage_and_no_other(source, files):
    before = source.original.read()
    made = renditions.make(source.pk)
    made.refresh_from_db()
    assert made.sizes == [[96, 72]]
    assert set(made.file_names()) == files()
    assert len(files()) == 2 * EACH  # the width and the thumb
    assert ProductImage.objects.get(pk=source.pk).original.read() == before


def test_making_them_twice_makes_nothing(source, files, monkeypatch):
    first = renditions.make(source.pk)
    monkeypatch.setattr("oscar_gan.services.media.read_original", None)
    assert renditions.make(source.pk) == first


def test_names_hold_the_digest_that_lets_caches_keep_them(source):
    from oscar_gan.storages import DIGEST

    assert all(DIGEST.search(Path(name).name) for name in renditions.make(source.pk).file_names())


def test_provenance_and_profile_are_in_every_file(product, files, settings):
    photo = io.BytesIO()
    with Image.open(io.BytesIO(factories.photo_bytes(size=(500, 400)))) as picture:
        picture.save(photo, "JPEG", xmp=XMP)
    renditions.make(factories.add_photo(product, photo.getvalue()).pk)
    assert len(files()) == 4 * EACH
    for name in files():
        with Image.open(Path(settings.MEDIA_ROOT) / name) as picture:
            assert picture.info["xmp"] == mark_of(XMP)
            assert b"Ada Lens" not in picture.info["xmp"]
            assert picture.info["icc_profile"]


def test_a_camera_s_editing_history_is_left_out(product, files, settings):
    photo = io.BytesIO()
    with Image.open(io.BytesIO(factories.photo_bytes())) as picture:
        picture.save(photo, "JPEG", xmp=b"<x:xmpmeta>lens and rating</x:xmpmeta>")
    renditions.make(factories.add_photo(product, photo.getvalue()).pk)
    for name in files():
        with Image.open(Path(settings.MEDIA_ROOT) / name) as picture:
            assert "xmp" not in picture.info


class TestSharing:
    def test_sizes_of_a_colour_share_their_files(self, parent, files):
        publication = publish(parent.images.get(), label="Navy", scope="colour")
        first, second = (renditions.make(each.image_id) for each in publication.images.all())
        assert first.source_name != second.source_name
        assert first.stem == second.stem
        assert files() == set(first.file_names())

    def test_files_stay_while_one_picture_shows_them(self, parent, files):
        publication = publish(parent.images.get(), label="Navy", scope="colour")
        first, second = (renditions.make(each.image_id) for each in publication.images.all())
        ProductImage.objects.filter(pk=first.image_id).delete()
        assert renditions.forget(first.stem) == 0
        ProductImage.objects.filter(pk=second.image_id).delete()
        assert renditions.forget(first.stem) == 2 * EACH
        assert files() == set()

    def test_a_picture_that_comes_again_takes_names_of_its_own(self, product, source):
        old = renditions.make(source.pk).stem
        data = source.original.read()
        source.delete()
        assert renditions.make(factories.add_photo(product, data).pk).stem != old


class TestGoing:
    def test_reverting_deletes_them_and_nothing_else(self, source, superuser, files, committed):
        keeps = set(renditions.make(source.pk).file_names())
        publication = publish(source, label="Navy")
        made = renditions.make(publication.images.get().image_id)
        with committed as messages:
            publishing.revert(publication=publication, reverted_by=superuser)
        assert ("housekeeping", "oscar_gan.forget_renditions", made.stem) in messages
        assert not RenditionSet.objects.filter(pk=made.pk).exists()
        renditions.forget(made.stem)
        assert files() == keeps

    def test_what_a_lost_message_left_is_swept(self, source, files, settings):
        made = renditions.make(source.pk)
        ProductImage.objects.filter(pk=source.pk).delete()
        assert set(made.file_names()).isdisjoint(housekeeping.sweep())  # young
        for name in files():
            os.utime(Path(settings.MEDIA_ROOT) / name, (0, 0))
        assert set(made.file_names()) <= set(housekeeping.sweep())

    def test_the_sweeper_keeps_what_is_shown(self, source, files, settings):
        renditions.make(source.pk)
        kept = files()
        for name in kept:
            os.utime(Path(settings.MEDIA_ROOT) / name, (0, 0))
        housekeeping.sweep()
        assert files() == kept

    def test_a_picture_deleted_meanwhile_gets_no_row(self, source, monkeypatch):
        from oscar_gan.services import media

        def read(image):
            data = image.original.read()
            ProductImage.objects.filter(pk=image.pk).update(original="elsewhere.jpg")
            return data

        monkeypatch.setattr(media, "read_original", read)
        assert renditions.make(source.pk) is None
        assert not RenditionSet.objects.exists()


class TestAsking:
    def test_a_saved_picture_is_asked_for_once(self, product, committed):
        with committed as messages:
            image = factories.add_photo(product)
        assert messages == [("backfill", "oscar_gan.make_renditions", image.pk)]
        renditions.make(image.pk)
        with committed as messages:
            image.save()
        assert messages == []

    def test_a_published_picture_does_not_wait_behind_an_import(self, source, committed):
        with committed as messages:
            publication = publish(source, label="Navy")
        image = publication.images.get().image_id
        assert ("housekeeping", "oscar_gan.make_renditions", image) in messages

    def test_another_file_is_asked_for_again(self, source, committed):
        renditions.make(source.pk)
        with committed as messages:
            source.original.save("other.jpg", io.BytesIO(factories.photo_bytes("#24345C")))
        assert messages == [("backfill", "oscar_gan.make_renditions", source.pk)]

    def test_without_formats_nothing_is_asked_or_made(self, product, committed, settings, files):
        settings.OSCAR_GAN = {"RENDITIONS": ()}
        with committed as messages:
            image = factories.add_photo(product)
        assert messages == []
        assert renditions.make(image.pk) is None
        assert renditions.request_missing() == 0

    def test_lost_messages_of_recent_pictures_are_sent_again(self, product, source, sent):
        old = factories.add_photo(product)
        long_ago = timezone.now() - timedelta(days=30)
        ProductImage.objects.filter(pk=old.pk).update(date_created=long_ago)
        assert renditions.request_missing() == 1
        assert sent == [("backfill", "oscar_gan.make_renditions", source.pk)]
        renditions.make(source.pk)
        assert renditions.request_missing() == 0


class TestUnreadable:
    def test_it_says_why_and_is_not_tried_every_hour(self, product, files, sent):
        image = factories.add_photo(product, b"<svg xmlns='http://www.w3.org/2000/svg'/>")
        assert "SVG" in renditions.make(image.pk).problem
        assert files() == set()
        renditions.request(image.pk)
        assert sent == []

    def test_a_lost_file_too(self, source):
        source.original.storage.delete(source.original.name)
        assert "missing" in renditions.make(source.pk).problem

    def test_what_was_made_before_is_made_anew(self, product):
        image = factories.add_photo(product, b"GIF89a")
        assert renditions.make(image.pk).problem
        name = Path(image.original.path)
        name.write_bytes(factories.photo_bytes())
        assert renditions.make(image.pk, since=timezone.now()).problem == ""


class TestShowing:
    def test_formats_widths_and_size(self, product):
        image = factories.add_photo(product, factories.photo_bytes(size=(800, 600)))
        renditions.make(image.pk)
        shown = renditions.shown(ProductImage.objects.get(pk=image.pk))
        assert [source.type for source in shown.sources] == ["image/avif", "image/webp"]
        for srcset in (shown.srcset, *(source.srcset for source in shown.sources)):
            assert [part.split()[1] for part in srcset.split(", ")] == [
                *("320w", "480w", "640w", "800w")
            ]
        assert (shown.width, shown.height) == (800, 600)
        assert shown.src.endswith("-800.jpg")

    def test_missing_ones_come_from_the_thumbnailer(self, source):
        shown = renditions.shown(source)
        assert shown.sources == ()
        assert "/cache/" in shown.src

    def test_those_of_a_file_shown_before_are_not_used(self, source):
        renditions.make(source.pk)
        source.original.save("other.jpg", io.BytesIO(factories.photo_bytes("#24345C")))
        shown = renditions.shown(ProductImage.objects.get(pk=source.pk))
        assert "renditions" not in shown.src
