"""The outline page: what it shows, saves, refuses; where it leads."""

from __future__ import annotations

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from oscar_gan.models import GenerationRequest, Matte, VariantImage
from oscar_gan.services import mattes
from tests import factories

pytestmark = pytest.mark.django_db
CLICKS = json.dumps([["product", 0.5, 0.2]])


@pytest.fixture
def base(source, matte_data):
    return mattes.add_staff_matte(source=source, data=matte_data)


@pytest.fixture
def url(source) -> str:
    return reverse("oscar_gan:gan-outline", args=[source.pk])


@pytest.fixture
def preview(browser, source):
    def preview(**fields):
        return browser.post(reverse("oscar_gan:gan-outline-preview", args=[source.pk]), fields)

    return preview


def test_the_page_shows_the_matte_in_use_and_all_versions(browser, url, base, source):
    page = browser.get(url)
    assert page.context["base"] == base
    assert list(page.context["versions"]) == [base]
    assert reverse("oscar_gan:gan-matte-image", args=[base.pk]) in page.content.decode()


def test_without_a_matte_it_waits_for_one(browser, url):
    page = browser.get(url).content.decode()
    assert "data-gan-search" in page
    assert "data-gan-stage" not in page


def test_the_preview_is_a_small_picture_of_the_new_outline(preview, base):
    response = preview(base=base.pk, clicks=CLICKS)
    matte = Image.open(io.BytesIO(response.content))
    assert response["Content-Type"] == "image/png"
    assert matte.getpixel((48, 14)) == 255
    assert Matte.objects.count() == 1


@pytest.mark.parametrize("clicks", ["nonsense", '[["eraser", 0.1, 0.1]]'])
def test_a_preview_of_nonsense_says_so(preview, base, clicks):
    response = preview(base=base.pk, clicks=clicks)
    assert response.status_code == 409
    assert "reload the page" in response.json()["message"]


def test_another_photos_matte_does_not_exist_here(preview, browser, url, matte_data):
    other = factories.make_product().images.get()
    foreign = mattes.add_staff_matte(source=other, data=matte_data)
    assert preview(base=foreign.pk).status_code == 404
    assert preview().status_code == 404
    assert browser.get(url, {"start": foreign.pk}).status_code == 404
    assert browser.post(url, {"base": foreign.pk, "clicks": CLICKS}).status_code == 404


def test_saving_keeps_a_new_version_and_leads_back(browser, url, base, source, staff):
    back = reverse("oscar_gan:gan-variant-list")
    response = browser.post(url, {"base": base.pk, "clicks": CLICKS, "next": back})
    assert response.url == back
    assert mattes.staff_matte(source).version == 2
    assert mattes.staff_matte(source).created_by == staff


def test_it_never_leads_to_another_site(browser, url, base, product):
    data = {"base": base.pk, "clicks": CLICKS, "next": "https://evil.example/"}
    page = reverse("oscar_gan:gan-product-generate", args=[product.pk])
    assert browser.post(url, data).url.startswith(page)


def test_a_matte_may_be_handed_in_instead(browser, url, matte_data, source):
    browser.post(url, {"matte": SimpleUploadedFile("matte.png", matte_data)})
    assert mattes.staff_matte(source).version == 1


def test_an_unusable_matte_is_refused_in_place(browser, url):
    response = browser.post(url, {"matte": SimpleUploadedFile("matte.png", b"nonsense")})
    assert "matte" in response.context["form"].errors


def test_nothing_at_all_is_refused_in_place(browser, url):
    assert "matte" in browser.post(url, {}).context["form"].errors


def test_points_survive_a_refusal(browser, url, base):
    clicks = json.dumps([["keep", x / 10, y / 10] for x in range(3, 8) for y in range(1, 10)])
    response = browser.post(url, {"base": base.pk, "clicks": clicks})
    assert response.status_code == 200
    assert response.context["clicks"] == clicks
    assert "selects" in response.content.decode()


def test_undecided_pictures_are_made_again_if_wanted(browser, url, base, made, staff):
    assert "Make the undecided picture of this photo again" in browser.get(url).content.decode()
    browser.post(url, {"base": base.pk, "clicks": CLICKS, "again": "on"})
    made.refresh_from_db()
    assert made.status == VariantImage.Status.REJECTED
    assert GenerationRequest.objects.filter(matte=mattes.staff_matte(made.source)).count() == 1


def test_pictures_are_left_alone_if_not(browser, url, base, made):
    browser.post(url, {"base": base.pk, "clicks": CLICKS})
    made.refresh_from_db()
    assert made.status == VariantImage.Status.AWAITING_REVIEW


def test_review_and_generate_lead_here(browser, url, made, product):
    for page in ("gan-variant-list", "gan-product-generate"):
        about = [product.pk] if page.endswith("generate") else []
        assert url in browser.get(reverse(f"oscar_gan:{page}", args=about)).content.decode()


def test_published_pictures_have_no_outline_of_their_own(browser, published):
    copy = published.images.get().image
    assert browser.get(reverse("oscar_gan:gan-outline", args=[copy.pk])).status_code == 404
