"""Generators in a real browser: a training goes on live, a challenger is promoted by keyboard."""

from __future__ import annotations

import io
import math
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from oscar_gan.models import GeneratorEvent, GeneratorVersion, TrainingRun
from oscar_gan.services import feedback, media, registry, retraining, review
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

Status = GeneratorVersion.Status
VERDICT = (
    "Passed: every gate holds, and on this shop's own photos: matte overlap +0.030 IoU on 24"
    " photos (95 % interval +0.020 to +0.040, p = 0.004)."
)


@pytest.fixture(autouse=True)
def services(monkeypatch, sent):
    """Deciding is tested with the services; here it moves the rows that the pages read."""

    def serve(kind, version, by, note):
        reigning = GeneratorVersion.objects.get(name=version.name, status=Status.CHAMPION)
        GeneratorVersion.objects.filter(pk=reigning.pk).update(status=Status.RETIRED)
        GeneratorVersion.objects.filter(pk=version.pk).update(status=Status.CHAMPION)
        GeneratorEvent.objects.create(
            version=version, previous=reigning, kind=kind, by=by, note=note
        )

    def promote(*, version, by, note=""):
        serve("promoted", version, by, note)

    def roll_back(*, name, by, to, note=""):
        serve("rolled-back", to, by, note)

    def cancel(*, run, by):
        return bool(TrainingRun.objects.filter(pk=run.pk).update(status="cancelled"))

    monkeypatch.setattr(registry, "promote", promote, raising=False)
    monkeypatch.setattr(registry, "roll_back", roll_back, raising=False)
    monkeypatch.setattr(retraining, "cancel", cancel)


@pytest.fixture
def trainer(db):
    return factories.make_user("train_generators")


@pytest.fixture
def versions(source, staff):
    """A shipped champion, two of the shop's own before it, and a challenger that passed."""
    shipped = factories.make_generator_version(version="2", status=Status.RETIRED)
    first = factories.make_generator_version(
        version="2+shop.1", status=Status.CHAMPION, parent=shipped
    )
    second = factories.make_generator_version(
        version="2+shop.2", status=Status.CHALLENGER, parent=first
    )
    for version, approved, rejected in ((shipped, 7, 5), (first, 11, 2)):
        request = factories.make_request(source, generator=version)
        for number in range(approved + rejected):
            picture = factories.make_variant(
                source, request=request, delta_e=0.3 + 0.05 * number / version.pk
            )
            if number < approved:
                review.approve(variant=picture, reviewer=staff)
            else:
                review.reject(variant=picture, reviewer=staff, reason="edge")
    GeneratorEvent.objects.create(version=first, previous=shipped, kind="promoted", by=staff)
    comparison = factories.make_full_comparison(second, first, photo=source)
    comparison.report["verdict"] = VERDICT
    comparison.save()
    return shipped, first, second


@pytest.fixture
def run(versions, staff, trainer):
    """A training of the champion, at step 120 of 400."""
    sheet = io.BytesIO()
    Image.new("RGB", (640, 256), "#AF2430").save(sheet, "PNG")
    samples, _digest = media.store_draft(sheet.getvalue(), folder="trainings", extension=".png")
    run = factories.make_training(
        versions[1],
        status="running",
        phase="training",
        step=120,
        seconds=312.0,
        decisions=312,
        started_by=trainer,
        history=history(120),
        samples_name=samples,
        manifest_digest="5b1f0c9a" * 8,
        summary={
            "labels": {"corrected": 18, "approved": 97, "rejected": 31},
            "splits": {"train": 101, "validation": 15, "shadow": 30},
            "left_out": {"opted-out": 4, "says-nothing-about-outline": 22, "photo-gone": 1},
            "decisions": {"quality": 312, "new": 312, "ignored": {"not-wanted": 9}},
            "settings": {"reviewer_share": 0.5},
            "licence": "the shop's own photos",
            "reviewers": [
                reviewer(staff.pk, 210, 150, 0.5),
                reviewer(trainer.pk, 60, 41, 0.5),
                reviewer(None, 42, 0, 0.0, "rejects everything"),
            ],
        },
    )
    TrainingRun.objects.filter(pk=run.pk).update(created_at=timezone.now() - timedelta(minutes=6))
    return run


def reviewer(who, decisions, approved, share, left_out="") -> dict:
    return {
        "id": who,
        "decisions": decisions,
        "approved": approved,
        "drawn": 3,
        "weight": 40 * share,
        "share": share,
        "left_out": left_out,
    }


def history(last: int) -> dict:
    steps = range(1, last + 1)
    wobble = [0.05 * math.sin(1.7 * step) for step in steps]
    falling = [0.4 * math.exp(-step / 90) + 0.2 for step in steps]
    return {
        name: [[step, scale * (f + w)] for step, f, w in zip(steps, falling, wobble, strict=True)]
        for name, scale in {
            "matte": 1.0,
            "overlap": 0.4,
            "keep": 0.2,
            "scene judge": 2.0,
            "held-out photo_iou": 1.5,
        }.items()
    }


def test_a_training_is_watched_and_its_challenger_promoted_by_keyboard(
    page, log_in, shoot, trainer, versions, run
):
    shipped, first, second = versions
    complaints = []
    page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
    log_in(trainer)
    page.goto("/dashboard/")
    assert page.get_by_role("link", name="Generators", include_hidden=True).count()
    page.goto("/dashboard/variants/generators/")
    expect(page.get_by_role("button", name="Train now")).to_be_disabled()
    expect(page.locator("[data-gan-text=steps]")).to_have_text("Step 120 of 400")
    expect(page.get_by_role("img", name="Approved, in % of the quality decisions")).to_be_visible()
    shoot("generators")

    page.get_by_role("link", name="Watch").click()
    expect(page.locator("[data-gan-charts=main] svg")).to_have_count(4)
    shoot("training")
    curve = page.locator("[data-gan-charts=main] polyline").first.get_attribute("points")
    TrainingRun.objects.filter(pk=run.pk).update(
        step=260, seconds=676.0, history=history(260), samples_name=factories.make_draft()
    )
    expect(page.locator("[data-gan-text=steps]")).to_have_text("Step 260 of 400")
    expect(page.get_by_role("progressbar")).to_have_js_property("value", 260)
    expect(page.locator("[data-gan-charts=main] polyline").first).not_to_have_attribute(
        "points", curve
    )
    expect(page.locator("[data-gan-samples] img")).to_have_js_property("naturalWidth", 96)
    TrainingRun.objects.filter(pk=run.pk).update(
        status="done", phase="comparing", step=400, result=second
    )
    expect(page.locator("[data-gan-text=summary]")).to_have_text(
        "Finished: it made recolour 2+shop.2."
    )
    expect(page.get_by_role("button", name="Cancel training")).to_be_hidden()
    page.get_by_role("link", name="Show the result").click()
    page.get_by_role("link", name="Show the comparison").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("recolour 2+shop.2 against 2+shop.1")
    shoot("comparison")

    page.goto("/dashboard/variants/generators/")
    page.get_by_role("link", name="Promote… recolour 2+shop.2").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/comparisons/*/")
    page.get_by_label("Note (optional)").focus()
    page.keyboard.type("Better rims")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == "Promote 2+shop.2"
    page.keyboard.press("Enter")
    page.wait_for_url("**/generators/")
    expect(page.locator(".alert-success")).to_contain_text("recolour 2+shop.2 serves from now on.")
    expect(page.locator(".gan-champion")).to_have_text("recolour 2+shop.2")
    expect(page.locator("body")).to_contain_text("Better rims")

    page.get_by_role("link", name="Roll back to 2+shop.1").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Roll back to recolour 2+shop.1?")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Roll back").press("Enter")
    expect(page.locator(".gan-champion")).to_have_text("recolour 2+shop.1")
    assert complaints == []


def test_without_scripts_a_page_asks_and_reloading_shows_progress(
    browser, live_server, trainer, versions, run
):
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    window = context.new_page()
    window.goto("/dashboard/login/")
    window.fill("#id_username", trainer.email)
    window.fill("#id_password", "secret")
    window.press("#id_password", "Enter")
    window.goto(f"/dashboard/variants/generators/runs/{run.pk}/")
    TrainingRun.objects.filter(pk=run.pk).update(step=300)
    window.locator("noscript a, a:has-text('Reload')").first.click()
    expect(window.locator("[data-gan-text=steps]")).to_have_text("Step 300 of 400")
    window.get_by_role("button", name="Cancel training").click()
    expect(window.locator("[data-gan-text=summary]")).to_contain_text("Cancelled")
    window.goto("/dashboard/variants/generators/")
    window.get_by_role("link", name="Roll back to 2", exact=True).click()
    expect(window.get_by_role("heading", level=1)).to_have_text("Roll back to recolour 2?")
    window.get_by_role("button", name="Roll back").click()
    expect(window.locator(".gan-champion")).to_have_text("recolour 2")
    context.close()


@pytest.fixture(autouse=True)
def enough(monkeypatch):
    """What counting the decisions gives; the tests' shop has too few of them."""
    monkeypatch.setattr(feedback, "new_decisions", lambda name: DECISIONS)


class DECISIONS:
    total, wanted, photos, wanted_photos, enough_photos = 312, 100, 57, 40, True
