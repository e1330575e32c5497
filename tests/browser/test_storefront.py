"""Choosing a colour on the product page, with mouse, keyboard, history and without JavaScript."""

from __future__ import annotations

import re

import haystack
import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from oscar_gan.models import Colourway
from oscar_gan.services import renditions
from tests import factories
from tests.storefront import child_of, publish

ASKED = "performance.getEntriesByType('resource').map(e => new URL(e.name).pathname)"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bag(product, source, colourways):
    """A red bag whose gallery has a navy and a mustard picture too."""
    for label in ("Navy", "Mustard"):
        publish(source, label=label)
    return product


@pytest.fixture
def tee(parent):
    """Red children have photos, navy ones a published picture, forest-green ones nothing."""
    publish(parent.images.get(), label="Navy", scope="colour")
    return parent


@pytest.fixture
def rendered(bag):
    """The bag with every rendition made."""
    for image in bag.images.all():
        renditions.make(image.pk)
    return bag


@pytest.fixture
def listed(tee, bag, tmp_path):
    """Lists show the shop's products, all renditions made: Oscar's come from a search index."""
    for product in (tee, *tee.children.all(), bag):
        for image in product.images.all():
            renditions.make(image.pk)
    simple = haystack.connections.connections_info["default"]
    whoosh = "haystack.backends.whoosh_backend.WhooshEngine"
    index = {"ENGINE": whoosh, "PATH": str(tmp_path / "whoosh")}
    haystack.connections.connections_info["default"] = index
    haystack.connections.reload("default")
    call_command("rebuild_index", interactive=False, verbosity=0)
    yield
    haystack.connections.connections_info["default"] = simple
    haystack.connections.reload("default")


def radio(page, name):
    return page.get_by_role("radio", name=re.compile(rf"^{name}\b"))


def shown(page):
    """The alternative texts of the gallery's pictures."""
    return page.locator("[data-gan-strip] img").evaluate_all("all => all.map(i => i.alt)")


def heading_kept(page):
    """Whether the page was swapped in place: a reload would lose the mark."""
    return page.evaluate("window.markedByTest === true")


def mark(page):
    page.evaluate("window.markedByTest = true")


def test_a_click_swaps_the_pictures_in_place(page, bag):
    page.goto(bag.get_absolute_url())
    mark(page)
    expect(page.get_by_role("radiogroup", name="Colour")).to_be_visible()
    expect(radio(page, "Red")).to_be_checked()
    radio(page, "Navy").click()
    expect(page).to_have_url(re.compile(r"\?colour=navy$"))
    expect(radio(page, "Navy")).to_be_checked()
    assert shown(page) == ["Canvas bag, Navy"]
    expect(page.get_by_role("status").filter(has_text="Navy")).to_have_count(1)
    assert heading_kept(page)


def test_back_and_forward_restore_the_colour(page, bag):
    page.goto(bag.get_absolute_url())
    mark(page)
    for name in ("Navy", "Mustard"):
        radio(page, name).click()
        expect(page).to_have_url(re.compile(rf"colour={name.lower()}"))
    page.go_back()
    expect(radio(page, "Navy")).to_be_checked()
    page.go_back()
    expect(radio(page, "Red")).to_be_checked()
    assert shown(page) == ["Canvas bag, Red"]
    page.go_forward()
    expect(radio(page, "Navy")).to_be_checked()
    assert heading_kept(page)


def test_the_keyboard_chooses_and_keeps_its_place(page, bag):
    page.goto(bag.get_absolute_url())
    radio(page, "Red").focus()
    page.keyboard.press("ArrowRight")
    expect(radio(page, "Navy")).to_be_checked()
    expect(page).to_have_url(re.compile("colour=navy"))
    expect(radio(page, "Navy")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(radio(page, "Mustard")).to_be_checked()
    expect(page).to_have_url(re.compile("colour=mustard"))
    stops = page.locator("[data-gan-swatch]").evaluate_all(
        "all => all.filter(e => e.tabIndex === 0).length"
    )
    assert stops == 1


def test_hurried_choices_end_with_the_last(page, bag):
    page.goto(bag.get_absolute_url())
    page.evaluate(
        "for (const key of ['navy', 'mustard', 'navy', 'mustard'])"
        " document.querySelector(`[data-gan-key=${key}]`).click()"
    )
    expect(page).to_have_url(re.compile("colour=mustard"))
    assert shown(page) == ["Canvas bag, Mustard"]


def test_a_shared_address_is_right_on_first_paint_without_javascript(browser, live_server, bag):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{bag.get_absolute_url()}?colour=navy")
    assert page.locator("[data-gan-strip] img").get_attribute("alt") == "Canvas bag, Navy"
    page.get_by_role("link", name="Mustard").click()
    assert page.url.endswith("?colour=mustard")
    assert page.locator("[data-gan-strip] img").get_attribute("alt") == "Canvas bag, Mustard"
    context.close()


def test_a_failing_server_still_leads_to_the_page(page, bag):
    page.goto(bag.get_absolute_url())
    mark(page)
    answers = iter([500])
    page.route(
        "**/*colour=navy",
        lambda route: (
            route.fulfill(status=code) if (code := next(answers, None)) else route.continue_()
        ),
    )
    radio(page, "Navy").click()
    expect(page).to_have_url(re.compile("colour=navy"))
    expect(radio(page, "Navy")).to_be_checked()
    assert not heading_kept(page)


def test_a_colour_and_size_go_into_the_basket(page, tee):
    page.goto(tee.get_absolute_url())
    mark(page)
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    radio(page, "Navy").click()
    expect(page).to_have_url(re.compile(r"-m_\d+/$|_\d+/$"))
    page.get_by_role("link", name="L", exact=True).click()
    expect(radio(page, "Navy")).to_be_checked()
    page.get_by_role("button", name="Add to basket").click()
    page.goto("/basket/")
    navy = child_of(tee, "Navy", "L")
    expect(
        page.locator(f'.basket-items a[href="{navy.get_absolute_url()}"]').first
    ).to_be_visible()


def test_a_swap_brings_the_chosen_childs_buy_button(page, tee):
    page.goto(child_of(tee, "Red", "L").get_absolute_url())
    mark(page)
    radio(page, "Navy").click()
    navy = child_of(tee, "Navy", "L")
    expect(page).to_have_url(re.compile(re.escape(navy.get_absolute_url())))
    action = page.locator("#add_to_basket_form").get_attribute("action")
    assert action == f"/basket/add/{navy.pk}/"
    assert heading_kept(page)


def test_a_colour_without_photo_admits_it(page, tee):
    page.goto(tee.get_absolute_url())
    radio(page, "Forest green").click()
    expect(page.get_by_text("Photo shows another colour.")).to_be_visible()
    name = radio(page, "Forest green").text_content()
    assert "no photo in this colour yet" in " ".join(name.split())


def test_thumbnails_move_the_strip_and_follow_it(page, tee):
    page.goto(child_of(tee, "Red").get_absolute_url())
    second = page.get_by_role("link", name=re.compile("^Show picture 2 of 2"))
    second.click()
    expect(second).to_have_attribute("aria-current", "true")
    page.wait_for_function("document.querySelector('[data-gan-strip]').scrollLeft > 100")


def test_browsers_take_the_smallest_format_and_nothing_twice(page, rendered):
    page.goto(rendered.get_absolute_url())
    page.wait_for_load_state("networkidle")
    radio(page, "Navy").click()
    expect(page).to_have_url(re.compile("colour=navy"))
    page.wait_for_load_state("networkidle")
    pictures = [path for path in page.evaluate(ASKED) if path.startswith("/media/")]
    assert len(pictures) == len(set(pictures)) == 2
    assert all(path.endswith(".avif") for path in pictures)


def test_only_pointing_at_a_swatch_fetches_ahead(page, rendered):
    page.goto(rendered.get_absolute_url())
    page.wait_for_load_state("networkidle")
    before = page.evaluate(ASKED)
    radio(page, "Navy").hover()
    page.wait_for_function(f"({ASKED}).length > {len(before) + 1}")  # the page, its picture
    assert "colour" not in page.url
    expect(radio(page, "Red")).to_be_checked()
    ahead = len(page.evaluate(ASKED))
    radio(page, "Navy").click()
    expect(page).to_have_url(re.compile("colour=navy"))
    assert shown(page) == ["Canvas bag, Navy"]
    later = page.evaluate(ASKED)[ahead:]
    assert [path for path in later if not path.endswith("mark.svg")] == []  # the tab's icon


def test_the_shops_analytics_hear_of_a_colour(page, bag):
    page.goto(bag.get_absolute_url())
    page.evaluate(
        "window.heard = []; document.addEventListener('gan:colour', e => heard.push(e.detail))"
    )
    radio(page, "Navy").click()
    page.wait_for_function("window.heard.length === 1")
    assert page.evaluate("window.heard[0].key") == "navy"
    assert page.evaluate("window.heard[0].url").endswith("?colour=navy")


def test_a_cards_picture_and_links_follow_its_swatch(page, tee, listed):
    page.goto("/catalogue/")
    card = page.locator("[data-gan-card]").filter(has_text=tee.title)
    picture = card.locator("img").first
    expect(card.get_by_role("link", name=re.compile("Navy$"))).to_be_visible()
    before = picture.evaluate("i => i.currentSrc")
    card.get_by_role("link", name=re.compile("Navy$")).hover()
    page.wait_for_function("i => i[0].currentSrc !== i[1]", arg=[picture.element_handle(), before])
    navy = child_of(tee, "Navy")
    links = card.locator("h3 a")
    expect(links).to_have_attribute("href", re.compile(re.escape(navy.get_absolute_url())))
    links.click()
    expect(radio(page, "Navy")).to_be_checked()


def test_cards_work_without_javascript(browser, live_server, tee, listed):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/catalogue/")
    page.get_by_role("link", name=f"{tee.title}, Navy").click()
    assert child_of(tee, "Navy").get_absolute_url() in page.url
    context.close()


@pytest.mark.parametrize("way", ["icon", "text"])
def test_a_label_is_there_where_the_market_wants_it(page, bag, settings, way, screenshot):
    settings.OSCAR_GAN = {"SIMULATED_LABEL": {"": way}}
    page.goto(bag.get_absolute_url())
    expect(page.get_by_text("Colour simulated from a photo")).to_have_count(0)
    radio(page, "Navy").click()
    label = page.get_by_text("Colour simulated from a photo")
    if way == "icon":
        expect(label).to_be_hidden()
        page.locator(".gan-label summary").focus()
        page.keyboard.press("Enter")
    expect(label).to_be_visible()
    screenshot(f"storefront-label-{way}", full_page=False)


def test_a_list_is_worth_looking_at(page, tee, bag, listed, shoot):
    for label, target in (("Snow", "#FFFFFF"), ("Ink", "#000000"), ("Sage", "#9CAF88")):
        Colourway.objects.get_or_create(name=label, defaults={"colour": target})
        publish(bag.images.first(), label=label, target=target)
    page.goto("/catalogue/")
    shoot("storefront-list")
    page.goto(bag.get_absolute_url())
    shoot("storefront-product")


def test_targets_are_large_and_rings_show_white_and_black(page, product, source):
    for label, target in (("Snow", "#FFFFFF"), ("Ink", "#000000")):
        Colourway.objects.get_or_create(name=label, defaults={"colour": target})
        publish(source, label=label, target=target)
    page.goto(product.get_absolute_url())
    boxes = page.locator("[data-gan-swatch]").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect()).map(b => [b.width, b.height])"
    )
    assert all(width >= 44 and height >= 44 for width, height in boxes)
    ring = page.locator(".gan-swatch__disc").first.evaluate("e => getComputedStyle(e).stroke")
    assert ring == "rgb(118, 118, 118)"  # 4.5:1 on white, 4.6:1 on black


def test_nothing_moves_while_loading_or_choosing(page, bag):
    page.add_init_script(
        """window.shift = 0; new PerformanceObserver(list => {
            for (const entry of list.getEntries()) window.shift += entry.value;
        }).observe({type: 'layout-shift', buffered: true});"""
    )
    page.goto(bag.get_absolute_url())
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.shift") == 0
    places = {
        selector: page.locator(selector).bounding_box()
        for selector in (".gan-pictures", ".gan-swatches", "h1")
    }
    radio(page, "Navy").click()
    expect(page).to_have_url(re.compile("colour=navy"))
    for selector, place in places.items():
        assert page.locator(selector).bounding_box() == place


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_fit_the_screen(page, tee, width, screenshot):
    page.set_viewport_size({"width": width, "height": 900})
    factories.make_product(title="Another one")
    for name, url in {
        "storefront-child": child_of(tee, "Navy").get_absolute_url(),
        "storefront-parent": tee.get_absolute_url(),
    }.items():
        page.goto(url)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        screenshot(f"{name}-{width}")
