"""Outline page and mapped colours in a real browser: by mouse, by keyboard, without scripts."""

from __future__ import annotations

import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from oscar_gan.models import GenerationRequest, Matte, VariantImage
from oscar_gan.services import generation, mattes
from oscar_gan.services.requests import request_analysis, request_variants
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _worker(sent):
    """Messages go nowhere: the test itself does the worker's work, when it wants to."""


@pytest.fixture
def shirt(photo, partner, colourways):
    """A T-shirt whose photo a worker has analysed."""
    product = factories.make_product(title="Harbour T-shirt", partner=partner, photo=False)
    factories.add_photo(product, photo)
    work(request_analysis(source=product.images.get())[1])
    return product


@pytest.fixture
def source(shirt):
    return shirt.images.get()


def work(*requests) -> None:
    """Run these requests, or all that are queued, as a worker does."""
    for request in requests or GenerationRequest.objects.filter(status="queued"):
        generation.run(request.pk)


def test_an_outline_is_corrected_by_clicks_and_the_picture_made_again(
    page, log_in, shoot, staff, source
):
    work(request_variants(source=source, targets=factories.targets("Navy")))
    old = VariantImage.objects.get()
    log_in(staff)
    page.goto("/dashboard/variants/")
    page.get_by_role("link", name="The outline is wrong?").click()
    stage = page.locator("[data-gan-stage]")
    matte = page.locator("[data-gan-matte]")
    status = page.locator("[data-gan-status]")
    before = matte.get_attribute("src")

    page.get_by_label("Keep as it is").check()
    size = stage.bounding_box()
    stage.click(position={"x": size["width"] * 0.5, "y": size["height"] * 0.45})
    expect(page.locator(".gan-mark-keep")).to_have_count(1)
    expect(status).to_contain_text("Keep as it is: 50 %, 45 %")
    expect(matte).to_have_attribute("src", re.compile("^blob:"))
    page.get_by_label("Not product").check()
    stage.click(position={"x": size["width"] * 0.06, "y": size["height"] * 0.9})
    expect(page.locator(".gan-mark")).to_have_count(2)
    expect(status).to_contain_text("Not product: 6 %, 90 %")
    shoot("outline")

    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".gan-mark")).to_have_count(0)
    expect(matte).to_have_attribute("src", before)
    page.get_by_role("button", name="Redo").click()
    expect(page.locator(".gan-mark-keep")).to_have_count(1)
    expect(status).to_contain_text("Keep as it is")

    page.get_by_role("button", name="Save the outline").click()
    page.wait_for_url("**/dashboard/variants/")
    expect(page.locator("#messages")).to_contain_text("1 picture is made again with it.")
    assert mattes.staff_matte(source).created_by == staff
    old.refresh_from_db()
    assert old.status == "rejected"
    work()
    page.reload()
    expect(page.locator("[data-gan-card]")).to_have_count(1)
    assert VariantImage.objects.get(status="awaiting_review").request.matte.origin == "staff"


def test_everything_goes_by_keyboard(page, log_in, staff, source):
    log_in(staff)
    page.goto(f"/dashboard/variants/sources/{source.pk}/outline/")
    page.locator("[data-gan-mode]").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-gan-mode][value=not-product]")).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.locator("[data-gan-stage]")).to_be_focused()
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator("[data-gan-status]")).to_have_text("50 %, 44 %")
    page.keyboard.press("Enter")
    expect(page.locator(".gan-mark-not-product")).to_have_count(1)
    expect(page.locator("[name=clicks]")).to_have_value('[["not-product",0.496,0.44]]')
    page.keyboard.press("Control+z")
    expect(page.locator(".gan-mark")).to_have_count(0)
    page.keyboard.press("Control+Shift+z")
    expect(page.locator(".gan-mark")).to_have_count(1)


def test_without_scripts_a_matte_is_handed_in(browser, live_server, staff, source, tmp_path):
    drawn = tmp_path / "matte.png"
    with Image.open(source.original.path) as photo:
        matte = Image.new("L", photo.size)
    matte.paste(255, (0, 0, matte.width // 2, matte.height))
    matte.save(drawn)
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto(f"/dashboard/login/?next=/dashboard/variants/sources/{source.pk}/outline/")
    page.fill("#id_username", staff.email)
    page.fill("#id_password", "secret")
    page.press("#id_password", "Enter")
    page.set_input_files("[name=matte]", drawn)
    page.click("text=Save the outline")
    expect(page.locator("#messages")).to_contain_text("The outline was saved")
    context.close()
    assert Matte.objects.filter(origin="staff").count() == 1


def test_colours_are_mapped_once_the_photo_is_analysed(
    page, log_in, shoot, staff, product, stub_generator
):
    stub_generator.palette = (("#AF2430", 0.7), ("#F4F1EA", 0.3))
    log_in(staff)
    page.goto(f"/dashboard/variants/products/{product.pk}/")
    mapping = page.locator("[data-gan-mapping]")
    expect(mapping).to_be_hidden()
    expect(page.locator("[data-gan-working]")).to_be_visible()
    work()
    expect(mapping.locator("[data-gan-map-row]")).to_have_count(2)
    mapping.get_by_label("New colour of #AF2430").fill("#0b3d91")
    expect(page.locator("[data-gan-estimate]")).to_contain_text("3 images")
    mapping.get_by_label("Name of the result").fill("Navy on cream")
    shoot("mapping")

    page.get_by_role("button", name="Generate", exact=True).click()
    page.wait_for_load_state()
    work()
    variant = VariantImage.objects.get(label="Navy on cream")
    assert variant.recipe["targets"] == {"#AF2430": "#0B3D91", "#F4F1EA": None}
    page.goto("/dashboard/variants/")
    table = page.locator(f"#variant-{variant.pk}").get_by_role("table", name="Mapped colours")
    expect(table.get_by_role("row")).to_have_count(3)
    expect(table).to_contain_text("#F4F1EA stays", use_inner_text=True)
    shoot("mapping-review")
