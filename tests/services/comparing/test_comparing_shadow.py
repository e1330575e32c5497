"""The shop's own photos in a comparison: which are used, and whether decisions are agreed with."""

import json

import numpy as np
import pytest

from oscar_gan.imaging.overlap import score_matte
from oscar_gan.models import Review, TrainingRun
from oscar_gan.services import comparing, media, review
from oscar_gan.services.comparing import shadow
from tests.benches import Painter, picture, scene

pytestmark = pytest.mark.django_db
REASONS = Review.Reason


def row(comparison, code, group="all", where="shadow"):
    (found,) = [
        row for row in comparison.report["rows"]
        if (row["code"], row["group"], row["set"]) == (code, group, where)
    ]  # fmt: skip
    return found


def test_a_shops_own_photos_decide(compare, shop):
    for seed in range(8):
        shop.add(seed)
    better = compare(Painter(), Painter(grow=-3), manifest=shop.manifest)
    assert better.passed
    assert better.report["shadow"]["count"] == 8
    assert row(better, "matte-iou")["n"] == 8
    assert "this shop's own photos" in better.report["verdict"]
    sources = {entry["source"] for entry in better.report["pictures"]}
    assert sources == {entry["source"] for entry in shop.manifest["photos"]}


def test_photos_that_changed_or_went_are_counted(compare, shop):
    for seed in range(3):
        shop.add(seed)
    shop.add(3, sha256="0" * 64)
    shop.add(4, source=999_999)
    gone = shop.add(5)
    gone.original.storage.delete(gone.original.name)
    shop.add(6, split="train")
    shop.add(7, label="rejected", matte=None)
    report = compare(Painter(), manifest=shop.manifest).report
    assert report["shadow"] == {
        "count": 3, "skipped": {"photo-changed": 2, "unusable-photo": 1}
    }  # fmt: skip


def test_an_approved_outline_does_not_favour_who_drew_it(compare, shop):
    """It is the champion's own: whoever comes near enough is as good."""
    shop.add(0, label="approved")
    shop.add(1, label="approved")
    found = row(compare(Painter(), manifest=shop.manifest), "matte-iou")
    assert found["champion"] == found["challenger"] == pytest.approx(0.97)


def agreed(compare, shop, new, old=None):
    found = row(compare(new, old, manifest=shop.manifest), "agreement")
    return found["champion"], found["challenger"]


def test_an_approval_is_kept_by_a_like_picture_and_lost_by_a_refusal(compare, shop):
    source = shop.add(0)
    shop.decide(source)
    assert agreed(compare, shop, Painter(grow=-6)) == (1, 0)
    assert agreed(compare, shop, Painter(refuses=True)) == (1, 0)


def test_a_rejection_is_heeded_by_a_better_outline(compare, shop):
    pixels, matte, keep = scene(1000, printed=False)
    bad = np.zeros_like(matte)
    bad[:, :48] = matte[:, :48]  # half the product
    source = shop.add(0, before=bad)
    rejected = np.where(bad[..., None] > 0, picture(matte, keep, "#24345C"), pixels)
    shop.decide(source, made=rejected, reason=REASONS.EDGE)
    assert score_matte(bad / 255, matte / 255).iou < 0.9
    assert agreed(compare, shop, Painter(grow=-12), Painter()) == (1, 0)


def test_rejections_of_colour_and_looks_say_nothing_about_outlines(compare, shop):
    source = shop.add(0)
    shop.decide(source, reason=REASONS.WRONG_COLOUR)
    shop.decide(source, kind="print")
    rows = compare(Painter(), manifest=shop.manifest).report["rows"]
    assert not [each for each in rows if each["code"] == "agreement"]


def test_the_last_decisions_of_a_photo_are_made_again_undone_ones_not(shop):
    source = shop.add(0)
    variants = [shop.decide(source) for _ in range(4)]
    review.undo(variant=variants[3], reviewer=shop.staff)
    review.undo(variant=variants[0], reviewer=shop.staff)
    review.approve(variant=variants[0], reviewer=shop.staff)
    found = list(shadow.decisions_on(shop.entries[0]))
    assert [each.file_name for each in found] == [variants[place].file_name for place in (0, 2, 1)]


def test_at_most_sixty_photos_are_compared_the_newest():
    photo = {"split": "shadow", "label": "corrected", "matte": {"name": "m"}}
    photos = [{**photo, "source": n, "variants": [n]} for n in range(90)]
    chosen = shadow.entries_of({"photos": photos})
    assert [each["source"] for each in chosen] == list(range(89, 29, -1))


def test_a_version_is_compared_on_its_own_trainings_manifest_else_on_the_newest(
    champion, challenger
):
    assert comparing.manifest_for(champion) is None
    runs = {}
    for place, result in enumerate([None, challenger, None]):
        data = json.dumps({"photos": [], "created": place}).encode()
        name, digest = media.store_draft(data, folder="manifests", extension=".json")
        runs[place] = TrainingRun.objects.create(
            name="recolour", base=champion, result=result, status=TrainingRun.Status.DONE,
            steps=1, budget_seconds=1, manifest_name=name, manifest_digest=digest,
        )  # fmt: skip
    assert comparing.manifest_for(challenger)["created"] == 1
    assert comparing.manifest_for(champion)["created"] == 2
