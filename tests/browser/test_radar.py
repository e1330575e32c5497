"""Missing colours in a real browser: radar → fill → approve → preview, publish → revert."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from oscar_gan.models import GenerationRequest, PublishingRun, VariantImage
from oscar_gan.services import generation, publish_runs, radar_filling
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _worker(sent):
    """Messages go nowhere: the test itself does the worker's work, when it wants to."""
    cache.clear()


@pytest.fixture
def tees(photo, partner, colourways):
    """Two T-shirts in three colours; only red has a picture."""
    tees = []
    for title in ("Harbour T-shirt", "Quayside T-shirt"):
        parent = factories.make_parent(
            colours=("Red", "Navy", "Mustard"), with_photo=("Red",), partner=partner
        )
        parent.images.all().delete()
        parent.title = title
        parent.save()
        factories.add_photo(parent, photo)
        tees.append(parent)
    return tees


def work(sent) -> None:
    """Do what a worker does with the messages of the radar, and with queued requests."""
    for _queue, name, *arguments in sent:
        if name == radar_filling.TASK:
            radar_filling.work(arguments[0])
    for pk in GenerationRequest.objects.filter(status="queued").values_list("pk", flat=True):
        generation.run(pk)


def test_from_the_radar_to_the_shop_and_back(page, log_in, shoot, superuser, tees, sent):
    log_in(superuser)
    tile = page.locator(".gan-radar-tile")
    expect(tile).to_contain_text("4 child products show another colour’s photo")
    shoot("dashboard-tile")
    tile.get_by_role("link", name="Show and fill them").click()
    expect(page.locator(".gan-family")).to_have_count(2)
    shoot("radar")

    page.get_by_role("button", name="Make 4 missing colours").click()
    expect(page.locator("#messages")).to_contain_text("The missing colours are being asked for.")
    work(sent)
    assert VariantImage.objects.filter(status="awaiting_review").count() == 4
    page.goto("/dashboard/variants/radar/")
    expect(page.locator(".gan-missing .badge").first).to_have_text("Awaiting review")
    expect(page.get_by_role("button", name=re.compile("Make"))).to_have_count(0)

    page.get_by_role("link", name="Review", exact=True).last.click()
    cards = page.locator("[data-gan-card]")
    expect(cards).to_have_count(4)
    for number in range(4):
        cards.nth(number).get_by_role("button", name="Approve").click()
        expect(cards.nth(number).locator("[data-gan-badge]")).to_have_text("Approved")

    page.goto("/dashboard/variants/radar/")
    expect(page.locator(".gan-missing .badge").first).to_have_text("Approved, not published")
    shoot("radar-filled")
    page.get_by_role("link", name="Publish 4…").click()
    changes = page.locator("[data-gan-preview]")
    expect(changes).to_contain_text("4 galleries, 4 added")
    page.get_by_text("This product's gallery and every child product of this colour").click()
    expect(changes).to_contain_text("6 galleries, 8 added")
    page.get_by_text("As the main picture").click()
    expect(changes).to_contain_text("A photo made by a person leads here")
    shoot("publish-many")
    page.get_by_role("button", name="Publish", exact=True).click()

    page.wait_for_url("**/publish/*-*/")
    status = page.locator("[data-gan-run] [role=status]")
    expect(status).to_contain_text("0 of 4 published, 4 to go")
    publish_runs.work(PublishingRun.objects.get().pk)
    expect(status).to_have_text("4 of 4 published")
    shoot("publishing-run")
    navy = tees[0].children.get(upc__contains="Navy")
    assert navy.images.count() == 1
    page.goto("/dashboard/variants/radar/")
    expect(page.locator(".gan-empty")).to_contain_text("Every colour has its picture")

    page.go_back()
    page.get_by_role("button", name="Revert all 4 publications").click()
    expect(page.locator("#messages")).to_contain_text("was taken back")
    assert navy.images.count() == 0
    assert tees[0].images.count() == 1


def test_the_publishing_page_works_without_scripts(browser, live_server, log_in, page, clerk_url):
    context = browser.new_context(
        java_script_enabled=False,
        base_url=live_server.url,
        storage_state=page.context.storage_state(),
    )
    window = context.new_page()
    window.goto(clerk_url)
    window.get_by_text("Every child product of this colour", exact=True).click()
    window.get_by_role("button", name="Show what changes").click()
    expect(window.locator("[data-gan-preview]")).to_contain_text("1 gallery, 1 added")
    window.get_by_role("button", name="Publish", exact=True).click()
    window.wait_for_url("**/publications/")
    context.close()


@pytest.fixture
def clerk_url(log_in, superuser, tees):
    """The publishing page of an approved navy picture; a superuser is logged in."""
    log_in(superuser)
    option = factories.AttributeOption.objects.get(group__name="colour", option="Navy")
    variant = factories.make_variant(tees[0].images.get(), option=option, status="approved")
    return f"/dashboard/variants/images/{variant.pk}/publish/?scope=gallery"
