"""The enlarged picture: by click, keys, buttons and pinch, and back to where one was."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from oscar_gan.services import renditions
from tests import factories
from tests.storefront import child_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tee(parent):
    """A red child with two large pictures, all renditions made."""
    red = child_of(parent, "Red")
    red.images.all().delete()
    parent.images.all().delete()
    for colour in ("#AF2430", "#8F1420"):
        image = factories.add_photo(red, factories.photo_bytes(colour, size=(2200, 2000)))
        renditions.make(image.pk)
    return red


@pytest.fixture
def dialog(page):
    return page.get_by_role("dialog", name="Enlarged picture")


def pixels(page, selector: str) -> int:
    """The width in pixels of the file behind a picture, whatever its format."""
    return page.locator(selector).first.evaluate(
        "async i => { await i.decode();"
        " return (await createImageBitmap(await (await fetch(i.currentSrc)).blob())).width; }"
    )


def test_by_keyboard_alone(page, tee, dialog):
    page.goto(tee.get_absolute_url())
    picture = page.locator("[data-gan-open]").first
    picture.focus()
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    status = dialog.get_by_role("status")
    expect(status).to_have_text("Picture 1 of 2, 100 %")
    page.keyboard.press("+")
    page.keyboard.press("+")
    expect(status).to_have_text("Picture 1 of 2, 200 %")
    place = "document.querySelector('[data-gan-stage]').scrollLeft"
    before = page.evaluate(place)
    page.keyboard.press("ArrowRight")  # moves the enlarged picture
    page.wait_for_function(f"{place} > {before}")
    expect(status).to_have_text("Picture 1 of 2, 200 %")
    page.keyboard.press("0")
    page.keyboard.press("ArrowRight")  # turns to the next
    expect(status).to_have_text("Picture 2 of 2, 100 %")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(picture).to_be_focused()
    assert page.url.endswith(tee.get_absolute_url())


def test_it_has_twice_the_pixels(page, tee, dialog):
    page.goto(tee.get_absolute_url())
    page.locator("[data-gan-open]").first.click()
    expect(dialog).to_be_visible()
    shown = page.locator("[data-gan-strip] img").first.bounding_box()["width"]
    assert pixels(page, "[data-gan-stage] img") >= 2 * shown


def test_buttons_have_names_and_know_their_limits(page, tee, dialog):
    page.goto(tee.get_absolute_url())
    page.locator("[data-gan-open]").first.click()
    expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    expect(dialog.get_by_role("button", name="Zoom out")).to_be_disabled()
    for _ in range(4):
        dialog.get_by_role("button", name="Zoom in").click()
    expect(dialog.get_by_role("status")).to_contain_text("400 %")
    expect(dialog.get_by_role("button", name="Zoom in")).to_be_disabled()
    dialog.get_by_role("button", name="Next picture").click()
    expect(dialog.get_by_role("status")).to_have_text("Picture 2 of 2, 100 %")
    boxes = dialog.get_by_role("button").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect()).map(b => [b.width, b.height])"
    )
    assert all(min(box) >= 44 for box in boxes)
    dialog.get_by_role("button", name="Close").click()
    expect(page.locator("[data-gan-open]").first).to_be_focused()


def test_two_fingers_enlarge_about_their_middle(browser, live_server, tee):
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 360, "height": 740}, has_touch=True
    )
    page = context.new_page()
    page.goto(tee.get_absolute_url())
    page.locator("[data-gan-open]").first.tap()
    status = page.get_by_role("dialog").get_by_role("status")
    expect(status).to_contain_text("100 %")
    touch = context.new_cdp_session(page)
    for kind, gap in (("touchStart", 40), ("touchMove", 80), ("touchMove", 120)):
        points = [{"x": 180 - gap / 2, "y": 400}, {"x": 180 + gap / 2, "y": 400}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(status).to_contain_text("300 %")
    context.close()


def test_without_javascript_the_picture_is_a_link_to_its_file(browser, live_server, tee):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(tee.get_absolute_url())
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.locator("[data-gan-open]").first.click()
    assert re.search(r"/media/images/products/.*\.jpg$", page.url)
    context.close()


def test_a_script_that_does_not_come_leaves_the_link(page, tee):
    page.route("**/zoom.js", lambda route: route.abort())
    page.goto(tee.get_absolute_url())
    page.locator("[data-gan-open]").first.click()
    page.wait_for_url(re.compile(r"/media/images/products/"))


def test_pictures(page, tee, dialog, screenshot):
    for name, size in {"": (1280, 900), "-phone": (360, 740)}.items():
        page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
        page.goto(tee.get_absolute_url())
        page.locator("[data-gan-open]").first.click()
        expect(dialog).to_be_visible()
        dialog.get_by_role("button", name="Zoom in").click()
        page.wait_for_load_state("networkidle")
        screenshot(f"storefront-zoom{name}", full_page=False)
