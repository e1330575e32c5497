"""The review queue by keyboard alone, by mouse, on a phone and without scripts."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from playwright.sync_api import expect

from oscar_gan.gan_dashboard.views.review import VariantListView
from oscar_gan.models import Review, VariantImage
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/dashboard/variants/"


@pytest.fixture(autouse=True)
def _worker(sent, stub_generator):
    """Messages go nowhere, no network is loaded."""


@pytest.fixture
def source(partner, colourways):
    factories.make_product_class()
    product = factories.make_product(title="Harbour T-shirt", partner=partner, photo=False)
    return factories.add_photo(product, factories.photo_bytes(size=(480, 400)))


@pytest.fixture
def variants(source):
    """Six variant images, in the order of the queue."""
    noise = {"code": "noise", "message": "Noise grew 3.1 times.", "values": {}}
    made = []
    for number, label in enumerate([*factories.COLOURS, "Sand", "Slate"]):
        made.append(
            factories.make_variant(
                source,
                label=label,
                target=factories.COLOURS.get(label, f"#80807{number}"),
                delta_e=2.4 - 0.3 * number,
                findings=[noise] if number == 0 else [],
            )
        )
    return made


@pytest.fixture
def enter(page, live_server):
    """Open an address as somebody, without the login page: that is tested elsewhere."""

    def enter(user, address: str = LIST) -> None:
        client = Client()
        client.force_login(user)
        value = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
        page.goto(address)
        page.wait_for_load_state("networkidle")

    return enter


@pytest.fixture
def queue(page, enter, staff, variants):
    """The queue, opened; its cards."""
    enter(staff)
    cards = page.locator("[data-gan-card]")
    expect(cards).to_have_count(6)
    return cards


def press(page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def state(card, text: str) -> None:
    expect(card.locator("[data-gan-badge]")).to_have_text(text)


def statuses() -> list[str]:
    return list(VariantImage.objects.order_by("pk").values_list("status", flat=True))


def test_a_run_by_keyboard(page, queue, variants):
    press(page, "ArrowRight")
    expect(queue.nth(0)).to_be_focused()
    press(page, "a")
    expect(queue.nth(1)).to_be_focused()  # at once: nobody waits for the shop
    state(queue.nth(0), "Approved")
    press(page, "r", "3")
    expect(queue.nth(2)).to_be_focused()
    state(queue.nth(1), "Rejected")
    press(page, "r", "0")
    expect(queue.nth(3)).to_be_focused()
    state(queue.nth(2), "Rejected")
    expect(page.locator("[data-gan-toast]")).to_contain_text("was rejected: Other.")
    reasons = Review.objects.filter(decision="rejected").values_list("reason", flat=True)
    assert list(reasons) == ["edge", "other"]
    assert statuses() == ["approved", "rejected", "rejected", *["awaiting_review"] * 3]


def test_undo_goes_back_step_by_step(page, queue):
    press(page, "ArrowRight", "a", "a")
    state(queue.nth(1), "Approved")
    press(page, "u")
    expect(queue.nth(1)).to_be_focused()
    state(queue.nth(1), "Awaiting review")
    press(page, "u")
    expect(queue.nth(0)).to_be_focused()
    state(queue.nth(0), "Awaiting review")
    assert set(statuses()) == {"awaiting_review"}
    press(page, "a")
    state(queue.nth(0), "Approved")
    page.locator("[data-gan-toast-undo]").click()
    state(queue.nth(0), "Awaiting review")


def test_decided_cards_are_passed_over(page, queue):
    press(page, "ArrowRight", "ArrowRight", "a")
    expect(queue.nth(2)).to_be_focused()
    press(page, "ArrowLeft", "ArrowLeft", "a")
    expect(queue.nth(2)).to_be_focused()


def test_arrows_move_in_the_grid(page, queue):
    press(page, "ArrowDown")
    expect(queue.nth(0)).to_be_focused()
    press(page, "ArrowDown")
    expect(queue.nth(2)).to_be_focused()
    press(page, "ArrowRight", "ArrowUp")
    expect(queue.nth(1)).to_be_focused()
    press(page, "ArrowUp")
    expect(queue.nth(0)).to_be_focused()


def test_many_at_once_by_keyboard(page, queue):
    press(page, "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight")
    count = page.locator("[data-gan-chosen-count]")
    expect(count).to_have_text("3 chosen")
    press(page, "x")
    expect(count).to_have_text("2 chosen")
    with page.expect_response("**/images/decide/"):
        press(page, "r", "2")
    state(queue.nth(0), "Rejected")
    state(queue.nth(1), "Rejected")
    expect(queue.nth(2)).to_be_focused()
    expect(page.locator("[data-gan-toast]")).to_contain_text("2 pictures were rejected.")
    press(page, "u")
    state(queue.nth(1), "Awaiting review")
    assert set(statuses()) == {"awaiting_review"}
    press(page, "x")
    expect(count).to_have_text("1 chosen")
    press(page, "Escape")
    expect(count).to_have_text("Nothing chosen")


def test_many_at_once_by_mouse(page, queue):
    picks = page.locator("[data-gan-pick]")
    picks.nth(0).click()
    picks.nth(3).click(modifiers=["Shift"])
    expect(page.locator("[data-gan-chosen-count]")).to_have_text("4 chosen")
    page.get_by_label("All on this page").check()
    expect(page.locator("[data-gan-chosen-count]")).to_have_text("6 chosen")
    VariantImage.objects.filter(label="Navy").update(status="rejected")  # somebody was faster
    page.locator("[data-gan-bulk]").get_by_role("button", name="Approve").click()
    toast = page.locator("[data-gan-toast]")
    expect(toast).to_contain_text("5 pictures were approved. Navy: This picture is rejected.")
    expect(toast).to_have_class(re.compile("is-trouble"))
    assert sorted(statuses()) == ["approved"] * 5 + ["rejected"]


def test_what_the_shop_refuses_is_undecided_again(page, queue, variants):
    page.route("**/approve/", lambda route: route.fulfill(json={"message": "No."}, status=409))
    press(page, "ArrowRight", "a")
    expect(page.locator("[data-gan-toast]")).to_have_text(re.compile("No."))
    expect(queue.nth(0)).to_have_attribute("data-status", "awaiting_review")
    assert set(statuses()) == {"awaiting_review"}


def test_the_original_while_b_is_held(page, queue):
    press(page, "ArrowRight")
    over = queue.nth(0).locator(".gan-over")
    clip = "element => getComputedStyle(element).clipPath"
    assert over.evaluate(clip) != "none"
    page.keyboard.down("b")
    assert over.evaluate(clip) == "none"
    page.keyboard.up("b")
    assert over.evaluate(clip) != "none"


def test_the_slider_wipes_by_keyboard(page, queue):
    slider = queue.nth(0).get_by_label("Original from the left")
    slider.focus()
    press(page, "End")
    over = queue.nth(0).locator(".gan-over")
    expect(over).to_have_css("clip-path", "inset(0px 0% 0px 0px)")
    press(page, "ArrowLeft")  # the slider's own, not the grid's
    expect(slider).to_have_value("99")
    press(page, "a")
    state(queue.nth(0), "Approved")


def test_zoom_moves_both_pictures_together(page, queue, screenshot):
    press(page, "ArrowRight", "z")
    dialog = page.locator("[data-gan-zoom-dialog]")
    expect(dialog).to_be_visible()
    press(page, "+", "+", "ArrowRight", "ArrowDown")
    expect(page.locator("[data-gan-zoom-level]")).to_have_text("200 %")
    images = dialog.locator(".gan-pane img")
    moved = "element => getComputedStyle(element).transform"
    transforms = {images.nth(number).evaluate(moved) for number in range(3)}
    assert len(transforms) == 1
    assert "matrix(2, 0, 0, 2, -" in transforms.pop()
    page.keyboard.down("b")
    expect(dialog.locator(".gan-flicker")).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.keyboard.up("b")
    screenshot("review-zoom", full_page=False)
    press(page, "0")
    expect(page.locator("[data-gan-zoom-level]")).to_have_text("100 %")
    press(page, "Escape")
    expect(dialog).to_be_hidden()
    expect(queue.nth(0)).to_be_focused()
    press(page, "z", "z")
    expect(dialog).to_be_hidden()
    press(page, "z", "a")
    expect(dialog).to_be_hidden()
    state(queue.nth(0), "Approved")
    expect(queue.nth(1)).to_be_focused()
    state(queue.nth(1), "Awaiting review")


def test_keys_are_listed_and_can_be_switched_off(page, queue):
    press(page, "ArrowRight", "?")
    expect(page.locator("[data-gan-help]")).to_be_visible()
    press(page, "a")  # for nobody while the list is open
    press(page, "Escape")
    expect(queue.nth(0)).to_be_focused()
    page.get_by_text("Keyboard shortcuts", exact=True).first.click()
    press(page, "ArrowRight", "a")
    page.reload()
    expect(page.get_by_role("checkbox", name="Keyboard shortcuts")).not_to_be_checked()
    press(page, "a")
    assert not Review.objects.exists()


def test_another_take_and_back_to_the_card(page, queue, variants, shoot):
    press(page, "ArrowRight", "ArrowRight", "g")
    page.wait_for_url(re.compile(r"/images/\d+/takes/"))
    shoot("takes")
    page.get_by_role("link", name="Back to the review").click()
    expect(page.locator(f"#variant-{variants[1].pk}")).to_be_focused()


def test_the_queue_fills_itself(page, log_in, staff, variants, monkeypatch):
    monkeypatch.setattr(VariantListView, "paginate_by", 4)
    log_in(staff)
    page.goto(LIST, wait_until="domcontentloaded")
    cards = page.locator("[data-gan-card]")
    press(page, "ArrowRight", "a")
    expect(cards).to_have_count(5)  # the three that are left here, and the next one
    rest = page.get_by_role("link", name="All decided here")
    for number in range(1, 6):
        expect(cards.nth(number)).to_be_focused()
        press(page, "a")
    expect(rest).to_be_focused()
    expect(cards).to_have_count(6)
    expect(page.locator("[data-gan-count=awaiting]")).to_have_text("0")
    expect(page.locator("[data-gan-pace]")).to_contain_text("s per decision")
    assert set(statuses()) == {"approved"}


def test_pages_at_both_sizes(page, queue, shoot):
    shoot("review-queue")
    page.locator("summary", has_text="More filters").click()
    page.get_by_label("All on this page").check()
    shoot("review-filters")


def test_many_without_scripts(browser, live_server, staff, variants):
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto(f"/dashboard/login/?next={LIST}%3Fcolour=S")
    page.fill("#id_username", staff.email)
    page.fill("#id_password", "secret")
    page.press("#id_password", "Enter")
    for label in ("Sand", "Slate"):
        page.get_by_label(f"Choose Harbour T-shirt in {label}").check()
    bulk = page.locator("[data-gan-bulk]")
    bulk.locator("summary").click()
    bulk.get_by_role("button", name="Edge or halo").click()
    expect(page.locator("#messages")).to_contain_text("2 pictures were rejected.")
    expect(page).to_have_url(re.compile("colour=S"))
    context.close()
    assert statuses()[-2:] == ["rejected", "rejected"]
