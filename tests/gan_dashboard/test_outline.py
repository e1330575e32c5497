"""The outline page: what it shows, saves, refuses; where it leads."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from oscar_gan.imaging.layers import Layers, read_layers
from oscar_gan.models import GenerationRequest, Matte, VariantImage
from oscar_gan.services import mattes, media
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
    assert matte.getpixel((48, 14))[0] == 255
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


def painted(preview, base, rows, columns) -> SimpleUploadedFile:
    """The layers of `base` with a square painted, as the editor sends them."""
    layers = read_layers(preview(base=base.pk).content, (96, 72))
    layers.product[rows, columns] = 255
    return SimpleUploadedFile("layers.png", layers.png())


def test_what_was_painted_is_saved(browser, url, base, preview, source):
    browser.post(
        url, {"base": base.pk, "layers": painted(preview, base, slice(0, 9), slice(0, 9))}
    )
    matte = mattes.staff_matte(source)
    picture = Image.open(io.BytesIO(media.read_draft(matte.file_name)))
    assert (matte.version, picture.getpixel((4, 4)), picture.getpixel((90, 4))) == (2, 255, 0)


def test_points_are_previewed_on_what_was_painted(browser, base, preview):
    layers = painted(preview, base, slice(0, 9), slice(0, 9))
    response = preview(base=base.pk, clicks=CLICKS, layers=layers)
    matte = Image.open(io.BytesIO(response.content))
    assert (matte.getpixel((4, 4))[0], matte.getpixel((48, 14))[0]) == (255, 255)


def test_too_large_a_painting_is_refused_with_the_limit(preview, base, settings):
    settings.OSCAR_GAN = {"MAX_PHOTO_BYTES": 2000}
    layers = SimpleUploadedFile("layers.png", b"x" * 2001)
    response = preview(base=base.pk, clicks=CLICKS, layers=layers)
    assert response.status_code == 409
    assert "takes 2,001 bytes; the limit is 2,000" in response.json()["message"]


def test_a_painting_of_another_size_is_refused_in_place(browser, url, base):
    other = Layers(*np.zeros((2, 50, 60), np.uint8)).png()
    page = browser.post(url, {"base": base.pk, "layers": SimpleUploadedFile("layers.png", other)})
    assert page.status_code == 200
    assert "60 × 50 pixels, and the outline 96 × 72" in page.content.decode()
    assert "data-refused" in page.content.decode()


def test_all_painted_away_is_refused_in_place(browser, url, base, preview, source):
    nothing = SimpleUploadedFile("n.png", Layers(*np.zeros((2, 72, 96), np.uint8)).png())
    page = browser.post(url, {"base": base.pk, "layers": nothing})
    assert "selects 0.00% of the photo" in page.content.decode()
    assert mattes.staff_matte(source) == base


def test_the_matte_is_downloaded_as_it_would_be_saved(browser, url, base, preview):
    layers = painted(preview, base, slice(0, 9), slice(0, 9))
    response = browser.post(url, {"base": base.pk, "layers": layers, "download": "1"})
    assert "attachment" in response["Content-Disposition"]
    matte = Image.open(io.BytesIO(response.content))
    assert (matte.mode, matte.size, matte.getpixel((4, 4))) == ("L", (96, 72), 255)
    assert Matte.objects.count() == 1


def test_a_download_that_fails_says_why(browser, url, base):
    layers = SimpleUploadedFile("layers.png", b"nonsense")
    response = browser.post(url, {"base": base.pk, "layers": layers, "download": "1"})
    assert response.status_code == 409
    assert "cannot be read" in response.json()["message"]


def test_patches_cover_the_photo(browser, source):
    response = browser.get(reverse("oscar_gan:gan-outline-patches", args=[source.pk]))
    assert Image.open(io.BytesIO(response.content)).size == (96, 72)


def test_patches_of_a_broken_photo_say_so(browser, product):
    broken = factories.add_photo(product, b"no picture")
    response = browser.get(reverse("oscar_gan:gan-outline-patches", args=[broken.pk]))
    assert response.status_code == 409


class TestOtherPhotos:
    @pytest.fixture
    def page(self, source) -> str:
        return reverse("oscar_gan:gan-outline-siblings", args=[source.pk])

    @pytest.fixture
    def other(self, product):
        return factories.add_photo(product)

    def test_the_editor_leads_there_where_there_are_any(self, browser, url, base, page, product):
        assert page not in browser.get(url).content.decode()
        factories.add_photo(product)
        assert page in browser.get(url).content.decode()
        response = browser.post(url, {"base": base.pk, "clicks": CLICKS, "share": "1"})
        newest = Matte.objects.first()
        assert response.url.startswith(f"{page}?matte={newest.pk}&next=")

    def test_they_are_shown_with_the_outline(self, browser, page, base, other, product):
        factories.add_photo(product, factories.photo_bytes(size=(120, 80)))
        shown = browser.get(page, {"matte": base.pk})
        assert [each.fits for each in shown.context["siblings"]] == [True, False]
        assert "120 × 80 pixels" in shown.content.decode()

    def test_ticked_ones_get_it_and_new_pictures(self, browser, page, base, other):
        made = factories.make_variant(other)
        data = {"matte": base.pk, "photos": [other.pk], "again": "on"}
        told = browser.post(page, data, follow=True).content.decode()
        assert "1 photo has this outline now, too. 1 picture is made again" in told
        assert mattes.staff_matte(other).digest == base.digest
        made.refresh_from_db()
        assert made.status == VariantImage.Status.REJECTED

    def test_nothing_ticked_says_so(self, browser, page, base, other):
        response = browser.post(page, {"matte": base.pk})
        assert response.status_code == 200
        assert "Tick at least one photo." in response.content.decode()

    def test_another_size_is_refused_in_place(self, browser, page, base, product):
        large = factories.add_photo(product, factories.photo_bytes(size=(120, 80)))
        response = browser.post(page, {"matte": base.pk, "photos": [large.pk]})
        assert "An outline suits photos of its own size." in response.content.decode()

    def test_photos_of_other_products_cannot_be_chosen(self, browser, page, base):
        foreign = factories.make_product(title="Other").images.get()
        browser.post(page, {"matte": base.pk, "photos": [foreign.pk]})
        assert mattes.staff_matte(foreign) is None

    def test_without_an_outline_there_is_nothing_to_use(self, browser, page):
        assert browser.get(page).status_code == 404


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
