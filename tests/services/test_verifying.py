"""Verification: a shop in order has nothing to report, and each thing that is wrong is named."""

from __future__ import annotations

import json
import os
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from oscar_gan.models import GenerationRequest, Publication, PublishedImage, VariantImage
from oscar_gan.services import clock, mattes, media, published_files, publishing, renditions
from oscar_gan.services.verifying import verify
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(source, staff):
    """A picture in a gallery, with its renditions."""
    variant = factories.make_variant(source, status="approved")
    publication = publishing.publish(variant=variant, scope="gallery", published_by=staff)
    picture = publication.images.get()
    renditions.make(picture.image_id)
    return picture


def found(**options) -> list[str]:
    return [violation.code for violation in verify(**options)]


def overwrite(storage, name: str) -> None:
    with open(storage.path(name), "wb") as file:
        file.write(b"something else")


def test_a_shop_in_order_has_no_violations(published, source, matte_data, ask, run):
    mattes.add_staff_matte(source=source, data=matte_data)
    run(ask("Navy", "Red"))
    assert found() == []


def forget_variant(published):
    request = factories.make_request(published.image, status="done")
    factories.make_variant(published.image, status="queued", request=request)


def silence(published):
    long_ago = clock.database_now() - timedelta(hours=1)
    factories.make_request(
        published.image,
        status="running",
        lease_token="6c84fb90-12c4-11e1-840d-7b25c5ee775a",
        lease_expires_at=long_ago,
    )


def fail_silently(published):
    factories.make_request(published.image, status="failed")


def lose_draft(published):
    media.drafts().delete(VariantImage.objects.get().file_name)


def change_draft(published):
    overwrite(media.drafts(), VariantImage.objects.get().file_name)


def lose_picture(published):
    published_files.storage().delete(published.file_name)


def change_picture(published):
    overwrite(published_files.storage(), published.file_name)


def empty_picture(published):
    type(published.image).objects.filter(pk=published.image_id).update(original="")


def lose_rendition(published):
    name = published.image.gan_renditions.file_names()[0]
    published_files.storage().delete(name)


def show_reverted(published):
    Publication.objects.update(reverted_at=clock.database_now())


def show_replaced(published):
    PublishedImage.objects.update(replaced_by=published.publication)


def leave_orphan(published):
    name, _ = media.store_draft(b"orphan", folder="variants", extension=".jpg")
    os.utime(media.drafts().path(name), (0, 0))


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (forget_variant, "variant-forgotten"),
        (silence, "request-silent"),
        (fail_silently, "request-without-reason"),
        (lose_draft, "draft-missing"),
        (change_draft, "draft-changed"),
        (lose_picture, "published-missing"),
        (change_picture, "published-changed"),
        (empty_picture, "published-without-file"),
        (lose_rendition, "rendition-missing"),
        (show_reverted, "reverted-but-shown"),
        (show_replaced, "replaced-but-shown"),
        (leave_orphan, "orphan"),
    ],
)
def test_what_is_wrong_is_named(published, spoil, code):
    spoil(published)
    assert code in found()
    assert len({violation.code for violation in verify()}) <= 2


def test_rows_alone_are_asked_without_reading_a_file(published, django_assert_num_queries):
    lose_draft(published)
    with django_assert_num_queries(10):
        assert found(files=False) == []


def test_the_command_says_so_and_fails(published, capsys):
    call_command("variants_status", "--verify", "--json")
    assert json.loads(capsys.readouterr().out)["violations"] == []
    lose_draft(published)
    with pytest.raises(CommandError, match="1 violation"):
        call_command("variants_status", "--verify")
    assert "lost: draft-missing" in capsys.readouterr().out
    assert GenerationRequest.objects.exists()
