"""The staff's whole loop in a real browser: button → progress → review → publish → revert."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from oscar_gan.models import GenerationRequest, Publication, VariantImage
from oscar_gan.services import generation
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _worker(sent):
    """Messages go nowhere: the test itself does the worker's work, when it wants to."""


@pytest.fixture
def tee(photo, partner, colourways):
    """A T-shirt in four colours; only red has a picture."""
    parent = factories.make_parent(
        colours=("Red", "Navy", "Forest green", "Mustard"), with_photo=("Red",), partner=partner
    )
    parent.images.all().delete()
    parent.title = "Harbour T-shirt"
    parent.save()
    factories.add_photo(parent, photo)
    return parent


@pytest.fixture
def clerk(staff):
    factories.grant(staff, "view_product", "add_product", "change_product", "delete_product")
    return staff


def work() -> None:
    """Run every queued request, as a worker does."""
    for pk in GenerationRequest.objects.filter(status="queued").values_list("pk", flat=True):
        generation.run(pk)


def test_from_the_button_to_the_gallery_and_back(page, log_in, shoot, clerk, tee):
    log_in(clerk)
    page.goto(f"/dashboard/catalogue/products/{tee.pk}/")
    page.click("text=Generate variants")
    panel = page.locator("#gan_variants")
    expect(panel).to_contain_text("No variant images yet")

    # The preview is analysed by a worker while the page waits.
    with page.expect_response("**/analyse/"):
        panel.get_by_role("link", name="Generate variants").click()
    expect(page.locator("[data-gan-working]")).to_be_visible()
    work()
    expect(page.locator("[data-gan-coverage]")).to_contain_text("of the photo")
    expect(page.locator("[data-gan-matte]")).to_have_js_property("complete", True)
    estimate = page.locator("[data-gan-estimate]")
    expect(estimate).to_contain_text("3 images")
    page.locator("label", has_text="Mustard").click()
    expect(estimate).to_contain_text("2 images")
    page.locator("label", has_text="Mustard").click()
    expect(estimate).to_contain_text("3 images")
    shoot("generate")
    assert not VariantImage.objects.exists()

    page.get_by_role("button", name="Generate", exact=True).click()
    page.wait_for_url(f"**/products/{tee.pk}/#gan_variants")
    expect(page.locator("[data-gan-summary]")).to_have_text("0 of 3 finished")
    work()
    summary = page.locator("[data-gan-summary]")
    expect(summary).to_have_text("3 variant images are ready for review.")
    expect(page.locator("[data-gan-frame] img")).to_have_count(3)
    expect(page.locator("[data-gan-cancel]")).to_be_hidden()
    shoot("tab")

    page.get_by_role("link", name="Review now").click()
    expect(page.locator("[data-gan-card]")).to_have_count(3)
    shoot("review")
    approved = approve_first_by_keyboard(page)
    reject_and_undo_by_keyboard(page)

    card = page.locator(f"#variant-{approved.pk}")
    card.get_by_role("link", name="Publish…").click()
    page.wait_for_url("**/publish/")
    shoot("publish")
    page.get_by_role("button", name="Publish").click()
    page.wait_for_url("**/publications/")
    child = tee.children.get(upc__contains=approved.label)
    assert child.images.count() == 1
    shoot("publications")

    page.get_by_role("button", name="Revert").click()
    expect(page.locator("#messages")).to_contain_text("was taken out of the galleries again")
    assert child.images.count() == 0
    assert Publication.objects.live().count() == 0


def approve_first_by_keyboard(page) -> VariantImage:
    page.keyboard.press("ArrowRight")
    first = page.locator("[data-gan-card]").first
    expect(first).to_be_focused()
    page.keyboard.press("a")
    expect(first.locator("[data-gan-badge]")).to_have_text("Approved")
    expect(page.locator("[data-gan-card]").nth(1)).to_be_focused()
    expect(page.locator("[data-gan-toast]")).to_contain_text("was approved")
    return VariantImage.objects.get(status="approved")


def reject_and_undo_by_keyboard(page) -> None:
    second = page.locator("[data-gan-card]").nth(1)
    page.keyboard.press("r")
    page.keyboard.press("2")
    expect(second.locator("[data-gan-badge]")).to_have_text("Rejected")
    rejected = VariantImage.objects.get(status="rejected")
    assert rejected.reviews.get().reason == "bleeding"
    page.keyboard.press("u")
    expect(second.locator("[data-gan-badge]")).to_have_text("Awaiting review")
    expect(second).to_be_focused()
    rejected.refresh_from_db()
    assert rejected.status == "awaiting_review"


def test_progress_survives_closing_the_tab(page, log_in, clerk, tee):
    factories.make_variant(tee.images.get(), status="queued", request=queued_request(tee))
    log_in(clerk)
    url = f"/dashboard/catalogue/products/{tee.pk}/#gan_variants"
    page.goto(url)
    summary = page.locator("[data-gan-summary]")
    expect(summary).to_have_text("0 of 1 finished")
    page.goto("about:blank")
    page.goto(url)
    expect(summary).to_have_text("0 of 1 finished")
    VariantImage.objects.update(status="cancelled")
    GenerationRequest.objects.update(status="done")
    expect(summary).to_contain_text("1 was not made")


def test_cancelling_happens_in_place(page, log_in, clerk, tee):
    factories.make_variant(tee.images.get(), status="queued", request=queued_request(tee))
    log_in(clerk)
    page.goto(f"/dashboard/catalogue/products/{tee.pk}/#gan_variants")
    page.click("[data-gan-cancel]")
    expect(page.locator("[data-gan-variant] [data-gan-badge]")).to_have_text("Cancelled")
    assert VariantImage.objects.get().status == "cancelled"


def test_unsaved_edits_are_not_lost_without_asking(page, log_in, clerk, tee):
    log_in(clerk)
    page.goto(f"/dashboard/catalogue/products/{tee.pk}/")
    page.fill("#id_title", "Half a new tit")
    page.click("text=Generate variants")
    questions: list[str] = []

    def stay(dialog):
        questions.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", stay)
    page.locator("#gan_variants").get_by_role("link", name="Generate variants").click()
    assert questions == ["Unsaved changes on this page will be lost. Leave it?"]
    expect(page).to_have_url(re.compile(r"/catalogue/products/"))


def test_an_unknown_colour_is_asked_for_and_ticks_itself(page, log_in, clerk, tee):
    group = factories.AttributeOptionGroup.objects.get(name="colour")
    dusk = factories.AttributeOption.objects.create(group=group, option="Dusk")
    child = tee.children.first()
    child.attr.colour = dusk
    child.save()
    log_in(clerk)
    page.goto(f"/dashboard/variants/products/{tee.pk}/")
    row = page.locator(".gan-colour", has_text="Dusk")
    row.get_by_label("Pick a colour").fill("#5a4a78")
    expect(row.get_by_label("Colour of Dusk")).to_have_value("#5A4A78")
    expect(row.locator("[data-gan-tick]")).to_be_checked()


def test_review_works_without_scripts(browser, live_server, clerk, tee):
    variant = factories.make_variant(tee.images.get())
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto("/dashboard/login/?next=/dashboard/variants/")
    page.fill("#id_username", clerk.email)
    page.fill("#id_password", "secret")
    page.press("#id_password", "Enter")
    page.click("summary:has-text('Reject')")
    page.click("button:has-text('Texture lost')")
    expect(page.locator("#messages")).to_contain_text("was rejected: Texture lost.")
    context.close()
    variant.refresh_from_db()
    assert variant.status == "rejected"


def queued_request(product) -> GenerationRequest:
    return factories.make_request(product.images.get(), status="queued")
