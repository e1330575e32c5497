"""The outline editor and mapped colours in a real browser: by mouse, by keyboard, no scripts."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from oscar_gan.imaging.photo import read_photo
from oscar_gan.models import GenerationRequest, Matte, VariantImage
from oscar_gan.services import generation, mattes, media
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


@pytest.fixture
def editor_url(source) -> str:
    """The editor of the T-shirt; saving leads to the review list, which asks for nothing more."""
    return f"/dashboard/variants/sources/{source.pk}/outline/?next=/dashboard/variants/"


@pytest.fixture
def outline(page, log_in, staff, editor_url):
    """The editor, open."""
    log_in(staff)
    page.goto(editor_url)
    expect(page.locator("[data-gan-tools]")).to_be_visible()
    return page


def tool(page, name: str) -> None:
    page.get_by_role("group", name="Tool").get_by_label(name, exact=True).check()


def layer(page, name: str) -> None:
    page.get_by_role("group", name="Layer").get_by_label(name).check()


def drag(page, *places) -> None:
    """Drag over places of the photo, in fractions of its width and height."""
    page.locator("[data-gan-stage]").scroll_into_view_if_needed()
    box = page.locator("[data-gan-sheet]").bounding_box()
    at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]
    page.mouse.move(*at[0])
    page.mouse.down()
    for place in at:
        page.mouse.move(*place, steps=4)
    page.mouse.up()


def shown(page, x: float, y: float) -> list[int]:
    """What lies over the photo at a place: red, green, blue, alpha."""
    return page.evaluate(
        """([x, y]) => {
            const canvas = document.querySelector("[data-gan-overlay]");
            const at = [Math.floor(x * canvas.width), Math.floor(y * canvas.height)];
            return [...canvas.getContext("2d").getImageData(...at, 1, 1).data];
        }""",
        [x, y],
    )


def is_product(page, x: float, y: float) -> bool:
    """Whether the overlay leaves a place free: it is recoloured."""
    return shown(page, x, y)[3] < 20


def stored(matte) -> Image.Image:
    return Image.open(io.BytesIO(media.read_draft(matte.file_name)))


def pixel(matte, x: float, y: float) -> int:
    picture = stored(matte)
    return picture.getpixel((int(x * picture.width), int(y * picture.height)))


def test_an_outline_is_corrected_by_clicks_and_the_picture_made_again(
    page, log_in, shoot, staff, source
):
    work(request_variants(source=source, targets=factories.targets("Navy")))
    old = VariantImage.objects.get()
    log_in(staff)
    page.goto("/dashboard/variants/")
    page.get_by_role("link", name="The outline is wrong?").click()
    sheet = page.locator("[data-gan-sheet]")
    status = page.locator("[data-gan-status]")

    page.get_by_label("Keep as it is").check()
    size = sheet.bounding_box()
    sheet.click(position={"x": size["width"] * 0.5, "y": size["height"] * 0.45})
    expect(page.locator(".gan-mark-keep")).to_have_count(1)
    expect(status).to_contain_text("Keep as it is: 50 %, 45 %")
    page.get_by_label("Not product").check()
    sheet.click(position={"x": size["width"] * 0.06, "y": size["height"] * 0.9})
    expect(page.locator(".gan-mark")).to_have_count(2)
    expect(status).to_contain_text("Not product: 6 %, 90 %")
    assert not is_product(page, 0.5, 0.45)
    shoot("outline")

    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".gan-mark")).to_have_count(0)
    page.get_by_role("button", name="Redo").click()
    expect(page.locator(".gan-mark-keep")).to_have_count(1)

    page.get_by_role("button", name="Save the outline").click()
    page.wait_for_url("**/dashboard/variants/")
    expect(page.locator("#messages")).to_contain_text("1 picture is made again with it.")
    matte = mattes.staff_matte(source)
    assert matte.created_by == staff
    assert pixel(matte, 0.5, 0.45) == 0
    old.refresh_from_db()
    assert old.status == "rejected"
    work()
    page.reload()
    expect(page.locator("[data-gan-card]")).to_have_count(1)
    assert VariantImage.objects.get(status="awaiting_review").request.matte.origin == "staff"


def test_paint_erase_fill_protect_save_and_find_it_again(outline, shoot, source, editor_url):
    page, corner, edge = outline, (0.1, 0.1), (0.35, 0.6)
    work(request_variants(source=source, targets=factories.targets("Navy")))
    page.reload()
    undo, redo = (page.get_by_role("button", name=name) for name in ("Undo", "Redo"))
    status = page.locator("[data-gan-status]")
    expect(undo).to_be_disabled()

    tool(page, "Brush")
    drag(page, corner, (0.2, 0.1))
    expect(undo).to_be_enabled()
    expect(status).to_contain_text("Brush: What is product.")
    assert is_product(page, *corner)
    tool(page, "Eraser")
    drag(page, edge, (0.36, 0.62))
    assert not is_product(page, *edge)

    undo.click()
    assert is_product(page, *edge)
    undo.click()
    assert not is_product(page, *corner)
    expect(undo).to_be_disabled()
    page.keyboard.press("Control+Shift+z")
    redo.click()
    expect(redo).to_be_disabled()
    assert is_product(page, *corner)
    assert not is_product(page, *edge)

    tool(page, "Brush")
    layer(page, "What stays as it is")
    drag(page, (0.4, 0.35), (0.6, 0.35))
    assert shown(page, 0.5, 0.35)[0] > 100  # hatched in amber, not in blue
    tool(page, "Patches")
    layer(page, "What is product")
    expect(status).to_have_text("")  # the patches are there
    drag(page, (0.9, 0.9), (0.901, 0.901))
    expect(status).to_have_text("Patch filled.")
    assert is_product(page, 0.9, 0.9)
    drag(page, (0.9, 0.9), (0.901, 0.901))
    expect(status).to_have_text("Patch cleared.")
    drag(page, (0.9, 0.9), (0.95, 0.9))
    shoot("outline-painted")
    page.get_by_role("button", name="Outline", exact=True).click()
    shoot("outline-line")
    page.get_by_role("button", name="Cut out").click()
    assert shown(page, 0.02, 0.5)[3] == 255
    page.get_by_role("button", name="Hatching").click()

    page.get_by_role("button", name="Save the outline").click()
    expect(page.locator("#messages")).to_contain_text("1 picture is made again with it.")
    matte = mattes.staff_matte(source)
    assert [pixel(matte, *place) for place in (corner, edge, (0.5, 0.35))] == [255, 0, 0]
    assert pixel(matte, 0.9, 0.9) == 255
    work()
    assert VariantImage.objects.get(status="awaiting_review").recipe["keep"] == "by-staff"

    page.goto(editor_url)
    expect(page.locator("[data-gan-tools]")).to_be_visible()
    assert is_product(page, *corner)
    assert not is_product(page, *edge)
    assert shown(page, 0.5, 0.35)[0] > 100
    tool(page, "Eraser")
    layer(page, "What stays as it is")
    drag(page, (0.5, 0.35), (0.52, 0.35))
    assert is_product(page, 0.5, 0.35)
    page.get_by_role("link", name="Start from Found automatically v1").click()
    expect(page.locator("[aria-current=true]")).to_contain_text("Found automatically v1")


def test_points_see_what_was_painted_and_leave_it(outline):
    page = outline
    tool(page, "Brush")
    drag(page, (0.1, 0.1), (0.2, 0.1))
    tool(page, "Points")
    page.get_by_label("Keep as it is").check()
    sheet = page.locator("[data-gan-sheet]")
    size = sheet.bounding_box()
    sheet.click(position={"x": size["width"] * 0.5, "y": size["height"] * 0.45})
    expect(page.locator("[data-gan-status]")).to_contain_text("Keep as it is: 50 %, 45 %")
    assert is_product(page, 0.15, 0.1)
    assert not is_product(page, 0.5, 0.45)


def test_everything_goes_by_keyboard(outline, source):
    page = outline
    stage, status = page.locator("[data-gan-stage]"), page.locator("[data-gan-status]")
    page.locator("[data-gan-mode]").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-gan-mode][value=not-product]")).to_be_checked()
    page.keyboard.press("Tab")
    expect(stage).to_be_focused()
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowLeft")
    expect(status).to_have_text("50 %, 44 %")
    page.keyboard.press("Enter")
    expect(page.locator(".gan-mark-not-product")).to_have_count(1)
    expect(status).to_contain_text("Not product: 50 %, 44 %")
    page.keyboard.press("Control+z")
    expect(page.locator(".gan-mark")).to_have_count(0)
    page.keyboard.press("Control+Shift+z")
    expect(page.locator(".gan-mark")).to_have_count(1)
    page.keyboard.press("Control+z")

    page.keyboard.press("e")
    expect(page.locator("[data-gan-tool][value=eraser]")).to_be_checked()
    before = page.locator("[data-gan-size-text]").inner_text()
    page.keyboard.press("]")
    assert page.locator("[data-gan-size-text]").inner_text() != before
    assert is_product(page, 0.42, 0.6)
    page.keyboard.press("p")
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    for _ in range(8):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("e")
    page.keyboard.press("Space")
    expect(status).to_have_text("The brush is down: arrow keys paint.")
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(status).to_have_text("The brush is up.")
    assert not is_product(page, 0.42, 0.6)
    assert not is_product(page, 0.45, 0.6)
    page.keyboard.press("b")
    page.keyboard.press("x")
    expect(page.locator("[data-gan-layer][value=protect]")).to_be_checked()
    page.keyboard.press("x")
    page.keyboard.press("s")
    expect(status).to_have_text("")
    page.keyboard.press("Enter")
    expect(status).to_contain_text("Patch")

    page.keyboard.press("+")
    page.keyboard.press("+")
    expect(page.locator("[data-gan-zoom-text]")).to_have_text("200 %")
    page.keyboard.press("m")
    before = stage.evaluate("frame => frame.scrollTop")
    page.keyboard.press("ArrowDown")
    page.wait_for_function(
        "before => document.querySelector('[data-gan-stage]').scrollTop > before", arg=before
    )
    page.keyboard.press("0")
    expect(page.locator("[data-gan-zoom-text]")).to_have_text("100 %")
    page.get_by_role("button", name="Save the outline").press("Enter")
    expect(page.locator("#messages")).to_contain_text("The outline was saved")
    assert pixel(mattes.staff_matte(source), 0.42, 0.6) == 0


def test_what_is_not_saved_survives_a_reload_and_a_refusal(outline, source, editor_url):
    page = outline
    page.on("dialog", lambda dialog: dialog.accept())
    tool(page, "Brush")
    drag(page, (0.1, 0.1), (0.2, 0.1))
    page.wait_for_function("Object.keys(sessionStorage).some(k => k.startsWith('gan-outline-'))")
    page.reload()
    expect(page.locator("[data-gan-status]")).to_contain_text("is here again")
    assert is_product(page, 0.15, 0.1)

    Matte.objects.filter(source=source).update(source_digest="0" * 64)
    page.get_by_role("button", name="Save the outline").click()
    expect(page.get_by_role("alert")).to_contain_text("The photo was replaced")
    photo = read_photo(media.read_original(source))
    Matte.objects.filter(source=source).update(source_digest=photo.digest)
    page.reload()
    expect(page.locator("[data-gan-status]")).to_contain_text("is here again")
    page.get_by_role("button", name="Save the outline").click()
    expect(page.locator("#messages")).to_contain_text("The outline was saved")
    assert pixel(mattes.staff_matte(source), 0.15, 0.1) == 255
    page.goto(f"{editor_url}&start={source.gan_mattes.last().pk}")
    expect(page.locator("[data-gan-tools]")).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()


def test_a_matte_is_loaded_into_a_layer_and_downloaded_at_full_size(outline, source, tmp_path):
    page, status = outline, outline.locator("[data-gan-status]")
    with Image.open(source.original.path) as photo:
        size = photo.size
        photo.save(tmp_path / "photo.png")
    half = Image.new("L", size)
    half.paste(255, (0, 0, size[0] // 2, size[1]))
    half.save(tmp_path / "half.png")
    Image.new("L", (300, 100)).save(tmp_path / "wide.png")
    load = page.get_by_role("button", name="Put it into the layer")
    expect(load).to_be_disabled()
    for name, told in {
        "wide.png": "their shapes differ",
        "photo.png": "The picture has colours",
        "half.png": "is in the layer now",
    }.items():
        page.set_input_files("[name=matte]", tmp_path / name)
        load.click()
        expect(status).to_contain_text(told)
    assert is_product(page, 0.1, 0.1)
    assert not is_product(page, 0.9, 0.9)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the matte").click()
    got = Image.open(download.value.path())
    assert (got.mode, got.size) == ("L", size)
    assert (got.getpixel((9, 9)), got.getpixel((size[0] - 9, 9))) == (255, 0)
    assert not Matte.objects.filter(origin="staff").exists()


def test_an_outline_is_used_on_the_products_other_photos(outline, shoot, shirt, source, photo):
    same = factories.add_photo(shirt, photo)
    small = factories.add_photo(shirt)
    page = outline
    page.reload()
    expect(page.locator("[data-gan-tools]")).to_be_visible()
    page.get_by_role("button", name="Save, and use it on other photos").click()
    page.wait_for_url("**/siblings/**")
    boxes = page.locator("[name=photos]")
    expect(boxes).to_have_count(2)
    expect(page.locator(f"#gan_sibling_{same.pk}")).to_contain_text("Fits")
    expect(page.locator(f"#gan_sibling_{small.pk}")).to_contain_text("Another size")
    expect(boxes.nth(1)).to_be_disabled()
    shoot("outline-siblings")
    page.get_by_role("button", name="Use the outline there").click()
    expect(page.locator("#messages")).to_contain_text("1 photo has this outline now, too.")
    assert mattes.staff_matte(same).digest == mattes.staff_matte(source).digest


def test_painted_layers_are_saved_and_used_on_other_photos(outline, shirt, photo):
    factories.add_photo(shirt, photo)
    page = outline
    page.reload()
    expect(page.locator("[data-gan-tools]")).to_be_visible()
    tool(page, "Brush")
    drag(page, (0.2, 0.8), (0.4, 0.8))
    page.get_by_role("button", name="Save, and use it on other photos").click()
    page.wait_for_url("**/siblings/**")
    assert Matte.objects.filter(origin="staff").count() == 1


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
    with page.expect_response("**/analyse/"):  # nothing is queued before that
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

    with page.expect_navigation():  # to the same page
        page.get_by_role("button", name="Generate", exact=True).click()
    work()
    variant = VariantImage.objects.get(label="Navy on cream")
    assert variant.recipe["targets"] == {"#AF2430": "#0B3D91", "#F4F1EA": None}
    page.goto("/dashboard/variants/")
    table = page.locator(f"#variant-{variant.pk}").get_by_role("table", name="Mapped colours")
    expect(table.get_by_role("row")).to_have_count(3)
    expect(table).to_contain_text("#F4F1EA stays", use_inner_text=True)
    shoot("mapping-review")
