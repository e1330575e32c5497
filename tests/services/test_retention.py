"""Files of rejected pictures are deleted after a while; what anybody needs stays."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from oscar_gan.errors import InvalidTransition, StorageUnavailable
from oscar_gan.models import Review, VariantImage
from oscar_gan.services import media, retention, review
from oscar_gan.services.requests import request_variants
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kept_for_a_month(settings, sent):
    settings.OSCAR_GAN = {"KEEP_REJECTED_DAYS": 30}


@pytest.fixture
def rejected(source, staff):
    """A picture that was rejected so many days ago."""

    def rejected(days: int, **fields) -> VariantImage:
        variant = factories.make_variant(source, **fields)
        review.reject(variant=variant, reviewer=staff, reason="edge")
        age(variant, days)
        return variant

    return rejected


def age(variant, days: int) -> None:
    then = timezone.now() - timedelta(days=days)
    VariantImage.objects.filter(pk=variant.pk).update(created_at=then)
    Review.objects.filter(variant=variant).update(created_at=then)


def exists(variant) -> bool:
    return media.drafts().exists(variant.file_name)


def test_old_rejected_pictures_lose_their_files_and_nothing_else_does(rejected, source, staff):
    old, young = rejected(31, target="#101010"), rejected(29, target="#202020")
    waiting, approved = (
        factories.make_variant(source, target=colour) for colour in ("#303030", "#404040")
    )
    review.approve(variant=approved, reviewer=staff)
    for each in (waiting, approved):
        age(each, 400)
    assert retention.prune(dry_run=True).files == [old.file_name]
    assert exists(old)
    assert retention.prune().files == [old.file_name]
    assert [exists(each) for each in (old, young, waiting, approved)] == [False, True, True, True]
    old.refresh_from_db()
    assert (old.status, old.has_picture) == ("rejected", False)
    assert old.reviews.count() == 1
    assert retention.prune().pictures == 0


def test_a_decision_taken_back_lately_keeps_it(rejected, staff):
    variant = rejected(90)
    review.undo(variant=variant, reviewer=staff)
    review.reject(variant=variant, reviewer=staff, reason="other")
    assert retention.prune().pictures == 0


def test_a_file_that_another_picture_shares_stays(rejected, source):
    variant = rejected(90)
    factories.make_variant(source, target="#303030", file_name=variant.file_name)
    done = retention.prune()
    assert (done.pictures, done.files) == (1, [])
    assert exists(variant)


def test_without_the_setting_nothing_is_deleted(rejected, settings):
    settings.OSCAR_GAN = {}
    variant = rejected(4000)
    assert retention.prune().days is None
    assert exists(variant)


def test_a_storage_that_is_down_is_tried_again_the_next_night(rejected, monkeypatch):
    variant = rejected(90)

    def fail(name):
        raise StorageUnavailable("Storage does not answer.")

    with monkeypatch.context() as broken:
        broken.setattr(media, "delete_draft", fail)
        with pytest.raises(StorageUnavailable):
            retention.prune()
    variant.refresh_from_db()
    assert variant.has_picture
    assert retention.prune().files == [variant.file_name]


def test_it_cannot_be_brought_back_but_made_again(source, staff):
    request = request_variants(
        source=source, targets=factories.targets("Navy"), requested_by=staff
    )
    variant = request.variants.get()
    fields = {"status": "awaiting_review", "delta_e": 0.4, "file_name": factories.make_draft()}
    VariantImage.objects.filter(pk=variant.pk).update(**fields)
    variant.refresh_from_db()
    review.reject(variant=variant, reviewer=staff, reason="edge")
    age(variant, 90)
    retention.prune()
    variant.refresh_from_db()

    for take_back in (review.undo, review.approve_take):
        with pytest.raises(InvalidTransition, match="ask for the colour again"):
            take_back(variant=variant, reviewer=staff)
    (outcome,) = review.decide_many(variants=[variant.pk], reviewer=staff, decision="undone")
    assert "deleted" in outcome.problem

    again = request_variants(source=source, targets=factories.targets("Navy"), requested_by=staff)
    assert again.created == 1
    variant.refresh_from_db()
    assert (variant.status, variant.pruned_at, variant.request) == ("queued", None, again)


def test_the_command_reports(rejected):
    rejected(90)
    out = io.StringIO()
    call_command("prune_variants", "--dry-run", stdout=out)
    assert "1 rejected pictures older than 30 days, 1 files" in out.getvalue()
    out = io.StringIO()
    call_command("prune_variants", "--json", stdout=out)
    assert json.loads(out.getvalue())["pictures"] == 1
