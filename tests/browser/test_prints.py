"""A print in a real browser: designed from noise, saved, laid on a product, made, reviewed."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from oscar_gan.models import GenerationRequest, Print, PrintSheet, SheetTile, VariantImage
from oscar_gan.services import generation, requests, sheets, wishes
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
PRINTED: set[str] = set()
"""Sheets that were printed already, by any of these tests."""
ALL_READY = f"{wishes.TILES} tiles are ready."
WIDTH = "Width of one tile (per cent of the product's width)"
PIXELS = """async ([url, count, inks]) => {
    const { Weights } = await import("/static/oscar_gan/dashboard/tiles.js");
    const [weights] = await Weights.load(url, count, 512);
    return [...weights.coloured(inks).data];
}"""
"""What the browser makes of a tile's weights in these inks, as one list of levels."""


@pytest.fixture(autouse=True)
def _worker(sent):
    """Messages go nowhere: the test itself does the worker's work, when it wants to."""


@pytest.fixture
def clerk(staff):
    factories.grant(staff, "view_product", "add_product", "change_product", "delete_product")
    return staff


@pytest.fixture
def tee(photo, partner):
    """A red T-shirt whose photo is analysed."""
    product = factories.make_product(title="Harbour T-shirt", partner=partner, photo=False)
    requests.request_analysis(source=factories.add_photo(product, photo))
    work()
    return product


def work() -> None:
    """Do everything that waits, as workers do."""
    for pk in PrintSheet.objects.filter(status="queued").values_list("pk", flat=True):
        sheets.run(pk)
    for pk in GenerationRequest.objects.filter(status="queued").values_list("pk", flat=True):
        generation.run(pk)


def print_tiles(page) -> None:
    """Print the sheet that the page asks for, and wait until it shows it.

    Only once the page has its answer: the shop's threads share this test's database.
    """
    page.wait_for_function(
        """printed => {
            const { value } = document.querySelector("[data-gan-designer]").elements.sheet;
            return value && !printed.includes(value);
        }""",
        arg=list(PRINTED),
    )
    PRINTED.add(page.locator("[name=sheet]").first.input_value())
    work()
    expect(page.locator("[data-gan-designer]:not([aria-busy])")).to_be_visible()
    expect(page.locator("[data-gan-status]")).to_have_text(ALL_READY)


def inks_of(page) -> list[str]:
    return [field.input_value() for field in page.locator("[name=ink]:enabled").all()]


def shown_in_exactly_these_inks(page, inks: list[str]) -> None:
    """The browser mixes inks as the shop does when it saves the tile."""
    tile = SheetTile.objects.get(position=4)
    url = f"/dashboard/variants/prints/sheets/{tile.sheet_id}/4/weights/"
    seen = np.array(page.evaluate(PIXELS, [url, len(inks), inks])).reshape(512, 512, 4)
    made = sheets.coloured(tile, inks).picture()
    assert np.abs(seen[..., :3] - made.astype(int)).max() <= 1
    assert {"#0B3D91", "#F4C20D"} <= set(inks)


def test_from_noise_to_a_printed_product(page, log_in, shoot, clerk, tee):
    log_in(clerk)
    page.goto("/dashboard/variants/prints/")
    expect(page.locator(".gan-empty")).to_contain_text("No prints yet")
    page.get_by_role("link", name="Design a print", exact=True).click()
    print_tiles(page)
    page.get_by_role("radio", name="Floral tile 5, seed 5").check(force=True)

    # Exact inks, at once.
    page.get_by_role("textbox", name="Ink 1", exact=True).fill("#0B3D91")
    page.get_by_role("textbox", name="Ink 2", exact=True).fill("#F4C20D")
    shown_in_exactly_these_inks(page, inks_of(page))

    # On the product, small and at once.
    page.locator("[data-gan-place] > summary").click()
    page.locator("[data-gan-place] label", has_text="Harbour T-shirt").click()
    place = page.locator("[data-gan-place]")
    expect(place.locator("[data-gan-look-picture]")).to_have_attribute("src", re.compile("^blob:"))
    page.get_by_label(WIDTH).fill("30")
    expect(place.locator("[data-gan-look-status]")).to_contain_text("Preview.")
    shoot("designer")

    page.get_by_label("Name of the print").fill("Harbour garden")
    page.get_by_label("After saving, go on to make it").check(force=True)
    page.get_by_role("button", name="Save print").click()
    page.wait_for_url(f"**/products/{tee.pk}/?*")
    design = Print.objects.get()
    assert design.inks[:2] == ["#0B3D91", "#F4C20D"]
    expect(page.get_by_label("Harbour garden")).to_be_checked()
    expect(page.get_by_label(WIDTH)).to_have_value("30")
    status = page.locator("[data-gan-look=print] [data-gan-look-status]")
    expect(status).to_contain_text("Preview.")
    page.locator("[data-gan-look=style] > summary").click()
    page.locator("label", has_text="Stone wash").click()
    expect(page.locator("[data-gan-estimate]")).to_contain_text("2 images")
    shoot("looks")

    page.get_by_role("button", name="Generate", exact=True).click()
    page.wait_for_url(f"**/products/{tee.pk}/#gan_variants")
    work()
    summary = page.locator("[data-gan-summary]")
    expect(summary).to_have_text("2 variant images are ready for review.")
    page.get_by_role("link", name="Review now").click()
    expect(page.locator("[data-gan-card]")).to_have_count(2)
    shoot("review-looks")
    printed = VariantImage.objects.get(print=design)
    assert printed.delta_e < 3
    assert printed.background_max == 0
    card = page.locator(f"#variant-{printed.pk}")
    for ink in design.inks[:2]:
        expect(card).to_contain_text(ink)
    card.get_by_role("button", name="Approve").click()
    expect(card.locator("[data-gan-badge]")).to_have_text("Approved")

    # And seen by a shopper.
    card.get_by_role("link", name="Publish…").click()
    page.get_by_role("button", name="Publish").click()
    page.wait_for_url("**/publications/")
    page.goto(tee.get_absolute_url())
    page.get_by_role("radio", name="Harbour garden").click()
    expect(page.get_by_role("img", name="Harbour T-shirt, Harbour garden").first).to_be_visible()
    shoot("storefront-print")
    page.goto("/dashboard/variants/prints/")
    shoot("prints")
    page.get_by_role("link", name="Harbour garden", exact=True).click()
    page.get_by_label("Ink 1", exact=True).fill("#7A1F2B")
    picture = page.locator("[data-gan-print-picture]")
    expect(picture).to_have_attribute("src", re.compile("ink=%237A1F2B"))
    shoot("print")


def test_tiles_are_chosen_and_saved_by_keyboard(page, log_in, clerk):
    log_in(clerk)
    page.goto("/dashboard/variants/prints/design/")
    print_tiles(page)
    page.keyboard.press("ArrowRight")  # into the grid, to the chosen tile
    expect(page.get_by_role("radio").first).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    sixth = page.locator("[name=tile]").nth(5)
    expect(sixth).to_be_focused()
    expect(sixth).to_be_checked()
    expect(page.locator("[data-gan-chosen]")).to_contain_text("tile 6")
    own = inks_of(page)

    page.keyboard.press("m")
    print_tiles(page)
    expect(page.locator("[data-gan-slot-label]").first).to_contain_text("step 1")
    assert inks_of(page) == own  # children keep their parent's inks
    expect(sixth).to_be_focused()

    page.keyboard.press("l")
    expect(page.get_by_role("checkbox", name="Lock palette")).to_be_checked()
    expect(page.locator("[data-gan-status]")).to_contain_text("locked")
    page.keyboard.press("r")
    print_tiles(page)
    assert inks_of(page) == own
    page.keyboard.press("l")
    expect(page.get_by_role("checkbox", name="Lock palette")).not_to_be_checked()

    page.keyboard.press("?")
    expect(page.locator("[data-gan-help]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-gan-help]")).to_be_hidden()
    expect(page.locator("[data-gan-help-button]")).to_be_focused()

    page.keyboard.press("s")
    expect(page.get_by_label("Name of the print")).to_be_focused()
    page.keyboard.type("Similar rooms")  # letters in a field are no shortcuts
    page.keyboard.press("Enter")
    page.wait_for_url("**/prints/")
    design = Print.objects.get()
    assert design.name == "Similar rooms"
    assert PrintSheet.objects.count() == 3


def test_keys_can_be_switched_off(page, log_in, clerk):
    log_in(clerk)
    page.goto("/dashboard/variants/prints/design/")
    print_tiles(page)
    page.locator("label", has_text="Keyboard shortcuts").click()
    page.locator("[name=tile]").first.focus()
    for key in "rml?":
        page.keyboard.press(key)
    page.keyboard.press("ArrowRight")  # that is no shortcut
    expect(page.locator("[name=tile]").nth(1)).to_be_focused()
    expect(page.get_by_role("checkbox", name="Lock palette")).not_to_be_checked()
    assert PrintSheet.objects.count() == 1


def test_going_back_shows_the_sheet_before(page, log_in, clerk):
    log_in(clerk)
    page.goto("/dashboard/variants/prints/design/")
    print_tiles(page)
    first = page.locator("[data-gan-slot-label]").first.inner_text()
    page.keyboard.press("r")
    print_tiles(page)
    expect(page.locator("[data-gan-slot-label]").first).not_to_have_text(first)
    page.go_back()
    expect(page.locator("[data-gan-slot-label]").first).to_have_text(first)


def test_a_print_is_designed_without_scripts(browser, live_server, clerk):
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto("/dashboard/login/?next=/dashboard/variants/prints/design/")
    page.fill("#id_username", clerk.email)
    page.fill("#id_password", "secret")
    page.press("#id_password", "Enter")
    page.get_by_label("Kind").select_option("dot")
    page.get_by_role("button", name="Show these tiles").click()
    expect(page.get_by_role("link", name="Reload")).to_be_visible()
    work()
    page.get_by_role("link", name="Reload").click()
    page.get_by_role("radio", name="Dot tile 3, seed 3").check(force=True)
    page.get_by_label("Name of the print").fill("Plain dots")
    page.get_by_role("button", name="Save print").click()
    expect(page.locator("#messages")).to_contain_text("Print Plain dots was saved.")
    context.close()
    assert Print.objects.get().design["seed"] == 3
