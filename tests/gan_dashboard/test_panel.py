"""The tab on Oscar's product page, and the progress it shows without a reload."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from oscar_gan.errors import InvalidColour
from oscar_gan.gan_dashboard import panel
from oscar_gan.imaging.findings import Finding
from oscar_gan.models import VariantImage
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(browser, product):
    """Oscar's product page, as text."""
    url = reverse("dashboard:catalogue-product", args=[product.pk])
    return lambda: browser.get(url).content.decode()


@pytest.fixture
def status(browser):
    def status(request) -> dict:
        return browser.get(reverse("oscar_gan:gan-request-status", args=[request.pk])).json()

    return status


def test_the_product_page_has_the_tab_and_the_button(page, product):
    html = page()
    assert 'href="#gan_variants"' in html
    assert reverse("oscar_gan:gan-product-generate", args=[product.pk]) in html


def test_a_product_that_is_not_saved_yet_has_no_tab(browser, product):
    url = reverse("dashboard:catalogue-product-create", args=[product.product_class.slug])
    html = browser.get(url).content.decode()
    assert "Product details" in html
    assert "gan_variants" not in html


def test_a_shop_that_hides_the_feature_has_no_tab(page, settings):
    settings.OSCAR_HIDDEN_FEATURES = ["image-variants"]
    assert "#gan_variants" not in page()


def test_nothing_of_the_panel_is_a_form_inside_oscars_form(page, ask):
    ask("Navy")
    html = page()
    tab = html[html.index('id="gan_variants"') : html.index("fixed-actions-group")]
    assert "data-gan-cancel" in tab
    assert "<form" not in tab
    assert re.search(r'<form id="gan_panel_form" method="post"', html)


def test_staff_who_may_not_look_have_no_tab(login, bystander, product, made):
    factories.grant(bystander, "view_product", "add_product", "change_product", "delete_product")
    html = (
        login(bystander)
        .get(reverse("dashboard:catalogue-product", args=[product.pk]))
        .content.decode()
    )
    assert 'id="product_images"' in html
    assert "#gan_variants" not in html
    assert f"/images/{made.pk}/" not in html


def test_requests_under_way_are_shown_when_the_tab_is_opened_again(page, ask, run):
    request = ask("Navy", "Red")
    assert str(request.pk) in page()
    run(request)
    html = page()
    assert str(request.pk) not in html
    assert "Review 2 images" in html


def test_status_tells_each_step(ask, run, status):
    request = ask("Navy", "Red")
    before = status(request)
    assert (before["done"], before["total"], before["finished"]) == (0, 2, False)
    assert before["summary"] == "0 of 2 finished"
    run(request)
    after = status(request)
    assert (after["done"], after["percent"], after["finished"]) == (2, 100, True)
    assert after["summary"] == "2 variant images are ready for review."
    urls = {variant["image_url"] for variant in after["variants"]}
    pks = VariantImage.objects.values_list("pk", flat=True)
    assert urls == {reverse("oscar_gan:gan-variant-image", args=[pk]) for pk in pks}


def test_status_tells_what_was_not_made_and_why(ask, run, status, stub_generator):
    stub_generator.refuse["#24345C"] = Finding("too-dark", "Far too dark.", {})
    stub_generator.fail["#AF2430"] = InvalidColour("No such dye.")
    after = status(run(ask("Navy", "Red", "Mustard")))
    assert after["summary"] == (
        "1 variant image is ready for review. 2 were not made; see why below."
    )
    problems = {variant["label"]: variant["problem"] for variant in after["variants"]}
    assert problems == {"Navy": "Far too dark.", "Red": "No such dye.", "Mustard": ""}
    missing = [v for v in after["variants"] if v["label"] != "Mustard"]
    assert {variant["image_url"] for variant in missing} == {None}


def test_status_of_an_analysis_that_failed_gives_the_reason(status, source):
    request = factories.make_request(source, status="failed", problem="Not a photo.")
    assert status(request)["problem"] == "Not a photo."
    assert status(request)["finished"]


def test_status_is_never_cached(browser, ask):
    response = browser.get(reverse("oscar_gan:gan-request-status", args=[ask("Navy").pk]))
    assert response["Cache-Control"] == "no-store"


def test_cancelling_answers_script_and_page(browser, ask):
    url = reverse("oscar_gan:gan-request-cancel", args=[ask("Navy").pk])
    data = browser.post(url, headers={"accept": "application/json"}).json()
    assert data["finished"]
    assert [variant["status"] for variant in data["variants"]] == ["cancelled"]
    assert browser.post(url, {"next": "/dashboard/"}).url == "/dashboard/"


def test_what_failed_can_be_tried_again_from_the_tab(page, browser, ask, run, stub_generator):
    stub_generator.fail["#24345C"] = InvalidColour("No such dye.")
    request = run(ask("Navy"))
    url = reverse("oscar_gan:gan-request-retry", args=[request.pk])
    assert url in page()
    stub_generator.fail.clear()
    browser.post(url)
    variant = VariantImage.objects.get()
    assert variant.status == "queued"
    run(variant.request)
    assert VariantImage.objects.get().status == "awaiting_review"


def test_trying_again_what_went_well_is_refused(browser, ask, run):
    url = reverse("oscar_gan:gan-request-retry", args=[run(ask("Navy")).pk])
    response = browser.post(url, headers={"accept": "application/json"})
    assert response.status_code == 409
    assert "nothing to try again" in response.json()["message"]


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:1"])
def test_nobody_is_sent_to_another_site(browser, ask, elsewhere):
    url = reverse("oscar_gan:gan-request-cancel", args=[ask("Navy").pk])
    assert browser.post(url, {"next": elsewhere}).url == reverse("oscar_gan:gan-request-list")


def test_a_child_without_photos_shows_what_its_parents_photo_gave(browser, parent, ask, run):
    run(ask("Navy", source=parent.images.get()))
    child = parent.children.filter(images__isnull=True).first()
    html = browser.get(reverse("dashboard:catalogue-product", args=[child.pk])).content.decode()
    assert "Review 1 image" in html
    assert f"/dashboard/variants/?product={parent.pk}" in html


def test_a_request_that_nobody_claims_says_that_it_waits(ask, status):
    request = ask("Navy")
    request.created_at -= panel.WONDERING
    request.save()
    assert status(request)["summary"] == "0 of 1 finished, waiting for a worker"
