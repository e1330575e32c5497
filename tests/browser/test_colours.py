"""Colours in a real browser: tables, palettes, the eyedropper, cloth, quotas, runs and the log."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from oscar_gan.imaging.colour import delta_e00, linear_to_srgb, parse_hex, srgb_to_lab
from oscar_gan.models import Colourway, GenerationRequest, Palette, Quota, VariantImage
from oscar_gan.services import backfill, generation, review
from oscar_gan.services.selection import Selection
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
COLOURWAYS = "/dashboard/variants/colourways/"


@pytest.fixture(autouse=True)
def _worker(sent):
    """Messages go nowhere: the test itself does the worker's work, when it wants to."""


@pytest.fixture
def tee(photo, partner, colourways):
    parent = factories.make_parent(
        colours=("Red", "Navy", "Forest green", "Mustard"), with_photo=("Red",), partner=partner
    )
    parent.images.all().delete()
    parent.title = "Harbour T-shirt"
    parent.save()
    factories.add_photo(parent, photo)
    return parent


def table(*lines: str) -> dict:
    text = "\n".join(["name,hex,L,a,b,tolerance,palette", *lines, ""])
    return {"name": "brand.csv", "mimeType": "text/csv", "buffer": text.encode()}


def cloth_photo(colour: str = "#24345C") -> bytes:
    """Cloth with a grey card on it, under a tungsten lamp."""
    rng = np.random.default_rng(3)
    scene = np.broadcast_to(((parse_hex(colour) + 0.055) / 1.055) ** 2.4, (600, 900, 3)).copy()
    scene[150:450, 100:350] = 0.18
    scene *= np.array([1.25, 0.95, 0.62]) * (1 + rng.normal(0, 0.03, (600, 900, 1)))
    pixels = np.rint(np.clip(linear_to_srgb(scene), 0, 1) * 255).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def test_a_table_is_looked_at_then_imported_and_a_bad_one_refused(
    page, log_in, shoot, staff, colourways
):
    log_in(staff)
    page.goto(COLOURWAYS)
    page.get_by_role("link", name="Import").click()
    page.set_input_files(
        "input[name=table]", table("Navy,#101830,,,,1.5,Sea", "Kelp,green,,,,,Sea")
    )
    page.get_by_role("button", name="Look at what it does").click()
    expect(page.locator(".alert-danger")).to_contain_text("Line 3: 'green' is not a colour")
    expect(page.get_by_role("button", name="Import", exact=True)).to_have_count(0)
    shoot("colourway-import-refused")
    assert not Palette.objects.exists()

    lines = ("Navy,#101830,,,,1.5,Sea", "Kelp,,20,-8,6,,Sea", "Signal,,45,85,70,,")
    page.set_input_files("input[name=table]", table(*lines))
    page.get_by_role("button", name="Look at what it does").click()
    expect(page.get_by_role("row", name="Kelp")).to_contain_text("New")
    expect(page.get_by_role("row", name="Signal")).to_contain_text("Outside sRGB")
    shoot("colourway-import")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator("#messages")).to_contain_text(
        "Imported: 2 new, 1 changed, 0 as they were."
    )
    assert Colourway.objects.get(name="Kelp").lab == [20, -8, 6]
    shoot("colourways-palettes")


def test_a_palette_is_made_and_ticks_its_colours(page, log_in, shoot, staff, tee, partner):
    Colourway.objects.create(name="Kelp", colour="#203020")
    log_in(staff)
    page.goto("/dashboard/variants/palettes/new/")
    page.fill("input[name=name]", "Spring")
    page.locator("label", has_text="Kelp").click()
    page.locator("label", has_text="Navy").click()
    page.locator("select[name=partner]").select_option(str(partner.pk), force=True)
    shoot("palette-form")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#messages")).to_contain_text("Palette Spring was created.")

    Palette.objects.create(name="Sea").colourways.add(Colourway.objects.get(name="Mustard"))
    page.goto(f"/dashboard/variants/products/{tee.pk}/")
    ticked = page.locator("input[name=colours]:checked")
    # The sellers' own palette, and the colours that children lack.
    expect(ticked).to_have_count(4)
    shoot("generate-palettes")
    page.get_by_role("link", name="Sea").click()
    expect(ticked).to_have_count(1)
    expect(page.locator("label", has_text="Mustard").locator("input")).to_be_checked()
    expect(page.locator("[data-gan-palette-status]")).to_have_text("Ticked: Sea")
    expect(page.locator("[data-gan-estimate]")).to_contain_text("1 image")


def test_a_colour_is_picked_from_a_photo_by_mouse_and_by_keyboard(page, log_in, shoot, staff, tee):
    log_in(staff)
    page.goto(f"{COLOURWAYS}pick/")
    page.locator("[data-gan-photo]").first.check(force=True)
    stage = page.locator("[data-gan-dropper-stage]")
    expect(stage).to_be_visible()
    stage.click()
    picked = page.locator("[data-gan-picked]")
    expect(picked).to_have_text(re.compile("#[0-9A-F]{6}"))
    red = picked.inner_text()
    assert int(red[1:3], 16) > int(red[3:5], 16) + 40  # the T-shirt is red
    shoot("eyedropper")

    stage.focus()
    for _ in range(26):
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(picked).not_to_have_text(red)  # the backdrop in the corner

    page.get_by_role("button", name="Make it a colourway").click()
    page.wait_for_url("**/colourways/new/?colour=*")
    assert page.input_value("input[name=colour]").startswith("#")


def test_the_average_is_of_light_and_of_five_by_five(page, log_in, staff):
    stripes = np.zeros((50, 50, 3), np.uint8)
    stripes[:, ::2] = 255
    file = io.BytesIO()
    Image.fromarray(stripes).save(file, "PNG")
    log_in(staff)
    page.goto(f"{COLOURWAYS}pick/")
    picture = {"name": "s.png", "mimeType": "image/png", "buffer": file.getvalue()}
    page.set_input_files("[data-gan-dropper-file]", picture)
    page.locator("[data-gan-dropper-stage]").click()
    # Three or two white columns of five: 60 or 40 % of the light, which sRGB writes as CB or AA.
    assert page.locator("[data-gan-picked]").inner_text() in ("#CBCBCB", "#AAAAAA")


def test_a_colour_is_picked_on_the_generate_form(page, log_in, staff, tee):
    log_in(staff)
    page.goto(f"/dashboard/variants/products/{tee.pk}/")
    page.get_by_text("Pick a colour from the photo").click()
    page.locator("[data-gan-dropper-stage]").click()
    page.get_by_role("button", name="Add to the list").click()
    value = page.input_value("textarea[name=more]")
    assert value == page.locator("[data-gan-picked]").inner_text()


def test_cloth_is_measured_beside_a_card_and_saved(page, log_in, shoot, staff):
    log_in(staff)
    page.goto(COLOURWAYS)
    page.get_by_role("link", name="Measure cloth").click()
    picture = {"name": "cloth.png", "mimeType": "image/png", "buffer": cloth_photo()}
    page.set_input_files("input[name=photo]", picture)
    stage = page.locator("[data-gan-cloth-stage]")
    expect(stage).to_be_visible()
    box = stage.bounding_box()
    stage.click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.5})
    status = page.locator("[data-gan-cloth-status]")
    expect(status).to_have_text("Now mark the cloth.")
    stage.focus()
    for _ in range(24):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("[data-gan-cloth-lab]")).to_contain_text("L*")
    measured = page.locator("[data-gan-cloth-hex]").inner_text()
    truth = srgb_to_lab(parse_hex("#24345C"))
    assert delta_e00(srgb_to_lab(parse_hex(measured)), truth) < 1
    expect(page.locator("[data-gan-cloth-words]")).to_contain_text("Spread of the area: ΔE")
    shoot("cloth")

    page.fill("input[name=name]", "Indigo twill")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#messages")).to_contain_text("Colourway Indigo twill was created.")
    saved = Colourway.objects.get()
    assert delta_e00(np.array(saved.lab), truth) < 1


def test_cloth_that_cannot_be_measured_says_why(page, log_in, staff):
    log_in(staff)
    page.goto(f"{COLOURWAYS}cloth/")
    dark = io.BytesIO()
    Image.new("RGB", (300, 200), (8, 8, 8)).save(dark, "PNG")
    picture = {"name": "dark.png", "mimeType": "image/png", "buffer": dark.getvalue()}
    page.set_input_files("input[name=photo]", picture)
    stage = page.locator("[data-gan-cloth-stage]")
    stage.click(position={"x": 60, "y": 60})
    stage.click(position={"x": 200, "y": 60})
    expect(page.locator("[data-gan-cloth-status]")).to_contain_text("The card is too dark")
    expect(page.locator("[data-gan-cloth-result]")).to_be_hidden()


def test_what_is_left_today_is_told_and_more_is_refused(page, log_in, shoot, staff, tee):
    Quota.objects.create(user=staff, per_day=2)
    log_in(staff)
    page.goto(f"/dashboard/variants/products/{tee.pk}/")
    estimate = page.locator("[data-gan-estimate]")
    expect(estimate).to_contain_text("2 of 2 left today")
    expect(estimate).to_contain_text("too many for today")
    page.get_by_role("button", name="Generate", exact=True).click()
    expect(page.locator(".alert-danger").last).to_contain_text("but 2 of 2 are left today")
    shoot("quota")
    assert not VariantImage.objects.exists()


def test_a_run_is_watched_and_cancelled(page, log_in, shoot, staff, tee):
    products = [tee, *(factories.make_product(colour="Red") for _ in range(2))]
    selection = Selection(products=tuple(product.pk for product in products))
    run = backfill.start(selection=selection, started_by=staff)
    list(backfill.run(run=run))
    log_in(staff)
    page.goto("/dashboard/variants/runs/")
    shoot("runs")
    page.get_by_role("row", name="In progress").get_by_role("link").click()
    summary = page.locator("[data-gan-run-summary]")
    expect(summary).to_contain_text("0 of 9 finished, about")
    generation.run(GenerationRequest.objects.filter(status="queued").earliest("created_at").pk)
    expect(summary).to_contain_text("3 of 9 finished")
    shoot("run")
    page.get_by_role("button", name="Cancel the whole run").click()
    expect(page.locator("#messages")).to_contain_text("6 variant images will not be made")
    expect(page.locator("[data-gan-run-badge]")).to_have_text("Cancelled")


def test_the_log_is_filtered(page, log_in, shoot, staff, tee):
    factories.grant(staff, "view_auditevent")
    source = tee.images.get()
    for name in ("Navy", "Mustard"):
        variant = factories.make_variant(source, label=name, target=factories.COLOURS[name])
        review.approve(variant=variant, reviewer=staff)
    review.undo(variant=variant, reviewer=staff)
    log_in(staff)
    page.goto("/dashboard/variants/log/")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(3)
    page.get_by_text("Details").nth(1).click()
    shoot("log")
    page.select_option("#gan_log_action", "approved")
    page.get_by_role("button", name="Filter").click()
    expect(rows).to_have_count(2)
    with page.expect_download() as download:
        page.get_by_role("link", name="Export as CSV").click()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("when,who,action")
