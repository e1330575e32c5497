"""Files: content-addressed drafts, one kind of error for every backend, orphans."""

import os
import time

import pytest

from oscar_gan.errors import StorageUnavailable, UnusablePhoto
from oscar_gan.models import TrainingRun
from oscar_gan.services import housekeeping, media
from tests import factories


@pytest.mark.django_db
def test_a_draft_is_named_by_its_content_and_kept_once():
    name, digest = media.store_draft(b"picture", folder="variants", extension=".jpg")

    assert name == f"variants/{digest[:2]}/{digest}.jpg"
    assert media.store_draft(b"picture", folder="variants", extension=".jpg") == (name, digest)
    assert media.read_draft(name) == b"picture"
    assert media.drafts().listdir(f"variants/{digest[:2]}")[1] == [f"{digest}.jpg"]


def test_a_half_written_draft_is_replaced():
    name, _ = media.store_draft(b"picture", folder="variants", extension=".jpg")
    with open(media.drafts().path(name), "wb") as file:
        file.write(b"pic")

    assert media.store_draft(b"picture", folder="variants", extension=".jpg")[0] == name
    assert media.read_draft(name) == b"picture"


def test_a_missing_file_is_the_photos_fault_and_says_what_to_do():
    with pytest.raises(UnusablePhoto, match=r"variants/gone\.jpg is missing .* upload it again"):
        media.read_draft("variants/gone.jpg")


def test_whatever_a_backend_raises_becomes_storage_unavailable(blocked_drafts):
    with pytest.raises(StorageUnavailable, match="Storage failed on variants/"):
        media.store_draft(b"picture", folder="variants", extension=".jpg")


@pytest.mark.django_db
def test_the_sweeper_deletes_only_old_files_that_no_row_mentions(source):
    variant = factories.make_variant(source)
    old, _ = media.store_draft(b"old orphan", folder="variants", extension=".jpg")
    young, _ = media.store_draft(b"young orphan", folder="variants", extension=".jpg")
    matte, _ = media.store_draft(b"orphaned matte", folder="mattes", extension=".png")
    two_days_ago = time.time() - 2 * 86_400
    for name in (old, matte, variant.file_name):
        os.utime(media.drafts().path(name), (two_days_ago, two_days_ago))
    os.utime(source.original.path, (two_days_ago, two_days_ago))

    assert set(housekeeping.sweep()) == {old, matte}

    assert not media.drafts().exists(old)
    assert media.drafts().exists(young)
    assert media.drafts().exists(variant.file_name)
    assert source.original.storage.exists(source.original.name)


@pytest.mark.django_db
def test_the_sweeper_leaves_published_pictures_but_not_their_orphans(source, staff):
    from oscar_gan.services import publishing

    variant = factories.make_variant(source, status="approved")
    publication = publishing.publish(variant=variant, scope="gallery", published_by=staff)
    published = publication.images.get().image.original
    orphan = published.storage.save("images/products/variants/ab/orphan.jpg", published.file)
    for name in (published.name, orphan):
        os.utime(published.storage.path(name), (0, 0))

    assert housekeeping.sweep() == [orphan]
    assert published.storage.exists(published.name)


@pytest.mark.django_db
def test_the_sweeper_leaves_what_trainings_and_comparisons_mention():
    champion = factories.make_generator_version()
    kept, orphans = {}, []
    for folder in ("generators", "manifests", "training", "comparisons"):
        for number in range(2):
            data = f"{folder} {number}".encode()
            kept[folder, number] = media.store_draft(data, folder=folder, extension="")[0]
        orphans.append(media.store_draft(b"orphan", folder=folder, extension="")[0])
    networks = enumerate(("analyser", "grader"))
    champion.files = {each: {"name": kept["generators", n]} for n, each in networks}
    champion.save()
    pictures = [{"name": "A mug", "champion": kept["comparisons", n]} for n in range(2)]
    factories.make_verdict(champion, pictures=pictures)
    common = {"name": "recolour", "base": champion, "steps": 1, "budget_seconds": 1}
    for number, status in enumerate(("done", "running")):
        file = "samples_name" if number else "checkpoint_name"
        names = {file: kept["training", number], "manifest_name": kept["manifests", number]}
        TrainingRun.objects.create(status=status, **common, **names)
    two_days_ago = time.time() - 2 * 86_400
    for name in (*kept.values(), *orphans):
        os.utime(media.drafts().path(name), (two_days_ago, two_days_ago))

    assert sorted(housekeeping.sweep()) == sorted(orphans)

    assert all(map(media.drafts().exists, kept.values()))


@pytest.mark.django_db
def test_sweeping_an_empty_shop_does_nothing():
    assert housekeeping.sweep() == []
