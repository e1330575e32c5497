"""Thumbnails are there before the first shopper, and one failure spoils nothing."""

from __future__ import annotations

from pathlib import Path

import oscar
import pytest

from oscar_gan.services import publishing, thumbnails
from tests.storefront import publish

pytestmark = pytest.mark.django_db

SIZES = len(thumbnails.OSCAR_THUMBNAILS)


def test_warming_makes_every_size_of_every_copy(parent):
    publication = publish(parent.images.get(), label="Navy", scope="colour")
    assert publication.images.count() == 2
    assert thumbnails.warm(publication.pk) == 2 * SIZES


def test_the_gallerys_are_warmed_where_no_renditions_are_wanted(source, settings):
    settings.OSCAR_GAN = {"RENDITIONS": ()}
    publication = publish(source, label="Navy")
    assert thumbnails.warm(publication.pk) == SIZES + len(thumbnails.WIDTHS) + 1


def test_oscars_own_pages_find_their_thumbnails_warm(client, product, source, monkeypatch):
    thumbnails.warm(publish(source, label="Navy").pk)
    published = product.images.get(gan_published__isnull=False)
    product.images.exclude(pk=published.pk).delete()

    def refuse(*args, **kwargs):
        raise AssertionError("a thumbnail was made while a shopper waited")

    monkeypatch.setattr("django.core.files.storage.FileSystemStorage._save", refuse)
    for options in thumbnails.OSCAR_THUMBNAILS:
        assert thumbnails.get_thumbnailer().generate_thumbnail(published.original, **options).url
    assert client.get(product.get_absolute_url()).status_code == 200


def test_sizes_are_those_of_oscars_templates():
    templates = Path(oscar.__file__).parent / "templates"
    asked = "".join(path.read_text(encoding="utf-8") for path in templates.rglob("*.html"))
    for options in thumbnails.OSCAR_THUMBNAILS:
        words = f'"{options["size"]}"'
        words += ' crop="center"' if "crop" in options else " upscale=False"
        assert words in asked


def test_a_reverted_publication_has_nothing_to_warm(source, superuser):
    publication = publish(source, label="Navy")
    publishing.revert(publication=publication, reverted_by=superuser)
    assert thumbnails.warm(publication.pk) == 0


def test_a_lost_file_is_logged_and_the_others_are_warmed(parent, caplog):
    publication = publish(parent.images.get(), label="Navy", scope="colour")
    image = publication.images.first().image
    image.original.storage.delete(image.original.name)
    assert thumbnails.warm(publication.pk) == SIZES
    assert f"of {image.original.name} was not made" in caplog.text
