"""Private pictures: streamed from this machine, signed links elsewhere, never cached by others."""

from __future__ import annotations

import pytest
from django.core.files.storage import Storage, storages
from django.urls import reverse

from oscar_gan.services import mattes, media
from tests import factories

pytestmark = pytest.mark.django_db


class RemoteStorage(Storage):
    """A storage without paths whose links are signed, as django-storages' S3 is."""

    def url(self, name: str) -> str:
        return f"https://bucket.example/{name}?signature=abc"


def image_url(variant) -> str:
    return reverse("oscar_gan:gan-variant-image", args=[variant.pk])


def test_local_files_are_streamed_for_this_person_only(browser, made):
    response = browser.get(image_url(made))
    assert b"".join(response.streaming_content) == media.read_draft(made.file_name)
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"].startswith("private")
    assert "sandbox" in response["Content-Security-Policy"]


def test_remote_files_are_signed_links_that_are_not_kept_longer(browser, made, monkeypatch):
    monkeypatch.setattr("oscar_gan.services.media.drafts", RemoteStorage)
    response = browser.get(image_url(made))
    assert response.url == f"https://bucket.example/{made.file_name}?signature=abc"
    assert response["Cache-Control"] == "private, max-age=300"


def test_pictures_that_are_not_made_or_lost_are_not_found(browser, made, source):
    queued = factories.make_variant(source, status="queued")
    assert browser.get(image_url(queued)).status_code == 404
    storages["oscar_gan_drafts"].delete(made.file_name)
    assert browser.get(image_url(made)).status_code == 404


def test_storage_that_is_down_says_so(browser, made, monkeypatch):
    def refuse(self, name, mode="rb"):
        raise ConnectionError("no route")

    monkeypatch.setattr("django.core.files.storage.FileSystemStorage.open", refuse)
    assert browser.get(image_url(made)).status_code == 503


def test_mattes_are_pngs(browser, source, matte_data):
    matte = mattes.add_staff_matte(source=source, data=matte_data)
    response = browser.get(reverse("oscar_gan:gan-matte-image", args=[matte.pk]))
    assert response["Content-Type"] == "image/png"


def test_source_previews_come_from_the_shops_thumbnailer(browser, source):
    url = reverse("oscar_gan:gan-source-preview", args=[source.pk])
    response = browser.get(url)
    assert response.status_code == 302
    assert "/cache/" in response.url
    source.original.storage.delete(source.original.name)
    assert browser.get(url).status_code in (302, 404)
