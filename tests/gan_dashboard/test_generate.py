"""The generate page: what it proposes, what it queues, what it refuses."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from oscar_gan.models import Colourway, GenerationRequest, Matte, VariantImage
from oscar_gan.services import publishing, review
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(product) -> str:
    return reverse("oscar_gan:gan-product-generate", args=[product.pk])


@pytest.fixture
def choose(browser, url, source):
    """Post the form with the primary photo and these keys and fields."""

    def choose(*keys, **fields):
        return browser.post(url, {"source": source.pk, "colours": keys, **fields})

    return choose


def option_key(name: str) -> str:
    option = factories.AttributeOption.objects.get(group__name="colour", option=name)
    return f"option:{option.pk}"


def ticked(response) -> set[str]:
    return {row.choice.label for row in response.context["form"].option_rows if row.checked}


def test_colours_without_a_picture_are_ticked(browser, parent):
    url = reverse("oscar_gan:gan-product-generate", args=[parent.pk])
    assert ticked(browser.get(url)) == {"Navy", "Forest green"}


def test_opening_the_page_queues_nothing(browser, url, colourways):
    browser.get(url)
    assert not GenerationRequest.objects.exists()


def test_pressing_generate_queues_a_job_and_opens_the_tab(choose, product, colourways, sent):
    response = choose(option_key("Navy"), option_key("Red"))
    assert response.url == f"/dashboard/catalogue/products/{product.pk}/#gan_variants"
    request = GenerationRequest.objects.get()
    assert {variant.label for variant in request.variants.all()} == {"Navy", "Red"}
    assert request.queue == "interactive"


def test_without_access_to_oscars_page_our_own_shows_the_progress(login, product, colourways):
    user = factories.make_user("generate_variants")
    url = reverse("oscar_gan:gan-product-generate", args=[product.pk])
    source = product.images.get()
    client = login(user)
    response = client.post(url, {"source": source.pk, "colours": [option_key("Navy")]})
    assert response.url == url
    assert "0 of 1 finished" in client.get(url).content.decode()


def test_asking_twice_says_that_it_exists(choose, browser, colourways):
    choose(option_key("Navy"))
    response = choose(option_key("Navy"))
    assert "exists already" in browser.get(response.url).content.decode()
    assert VariantImage.objects.count() == 1


def test_typed_colours_may_have_names(choose):
    choose(more="#1F3A93 Midnight\n#fa0")
    made = VariantImage.objects.order_by("pk").values_list("label", "target")
    assert list(made) == [("Midnight", "#1F3A93"), ("#FFAA00", "#FFAA00")]


@pytest.mark.parametrize("text", ["blue", "#12345", "#1F3A93 Midnight\nnope"])
def test_typed_nonsense_is_refused_in_place(choose, text):
    response = choose(more=text)
    assert "Nothing is queued yet" in response.content.decode()
    assert "is not a colour" in response.context["form"].errors["more"][0]
    assert not VariantImage.objects.exists()


def test_no_colour_at_all_is_refused(choose):
    assert "colours" in choose().context["form"].errors


def test_foreign_photos_and_options_are_refused(browser, url, choose):
    other = factories.make_product()
    response = browser.post(url, {"source": other.images.get().pk, "more": "#123456"})
    assert "source" in response.context["form"].errors
    assert "colours" in choose("option:999999").context["form"].errors


class TestAColourNobodyKnows:
    @pytest.fixture
    def dusk(self, product):
        group = factories.AttributeOptionGroup.objects.get(name="colour")
        return factories.AttributeOption.objects.create(group=group, option="Dusk")

    def test_is_asked_for(self, choose, dusk):
        response = choose(f"option:{dusk.pk}")
        assert f"colour-{dusk.pk}" in response.context["form"].errors
        assert not VariantImage.objects.exists()

    def test_is_not_ticked_before(self, browser, url, dusk, colourways):
        assert "Dusk" not in ticked(browser.get(url))

    def test_is_made_as_typed_for_that_option(self, choose, dusk):
        choose(f"option:{dusk.pk}", **{f"colour-{dusk.pk}": "#5a4a78"})
        variant = VariantImage.objects.get()
        assert (variant.label, variant.target, variant.option) == ("Dusk", "#5A4A78", dusk)
        assert not Colourway.objects.filter(name="Dusk").exists()

    def test_is_remembered_when_wanted(self, choose, dusk):
        fields = {f"colour-{dusk.pk}": "#5a4a78", f"keep-{dusk.pk}": "on"}
        choose(f"option:{dusk.pk}", **fields)
        colourway = Colourway.objects.get(name="Dusk")
        assert (colourway.colour, colourway.option) == ("#5A4A78", dusk)

    def test_cannot_be_remembered_without_permission(self, login, url, dusk, source):
        client = login(factories.make_user("generate_variants"))
        assert f"keep-{dusk.pk}" not in client.get(url).content.decode()
        fields = {f"colour-{dusk.pk}": "#5a4a78", f"keep-{dusk.pk}": "on"}
        client.post(url, {"source": source.pk, "colours": [f"option:{dusk.pk}"], **fields})
        assert VariantImage.objects.count() == 1
        assert not Colourway.objects.exists()


class TestOwnMatte:
    def test_is_kept_and_used(self, choose, matte_data):
        choose(more="#123456", matte=SimpleUploadedFile("matte.png", matte_data))
        assert GenerationRequest.objects.get().matte == Matte.objects.get()

    def test_that_is_no_picture_is_refused_in_place(self, choose):
        response = choose(more="#123456", matte=SimpleUploadedFile("matte.png", b"nonsense"))
        assert "matte" in response.context["form"].errors
        assert not Matte.objects.exists()
        assert not GenerationRequest.objects.exists()

    def test_that_is_too_large_is_refused_before_reading(self, choose, settings, matte_data):
        settings.OSCAR_GAN = {"MAX_PHOTO_BYTES": 100}
        response = choose(more="#123456", matte=SimpleUploadedFile("matte.png", matte_data))
        assert "the limit is 100" in response.context["form"].errors["matte"][0]


class TestPhotos:
    def test_of_less_than_1000_pixels_are_marked(self, browser, url):
        assert "Small" in browser.get(url).content.decode()

    def test_of_1000_pixels_are_not(self, browser, url, source):
        source.delete()
        product = source.product
        factories.add_photo(product, factories.photo_bytes(size=(1000, 700)))
        assert "Small" not in browser.get(url).content.decode()

    def test_that_are_lost_are_said_to_be(self, browser, url, source):
        source.original.storage.delete(source.original.name)
        response = browser.get(url)
        assert response.status_code == 200
        assert "Cannot be read" in response.content.decode()

    def test_that_we_published_are_no_sources(self, browser, url, made, staff, product):
        review.approve(variant=made, reviewer=staff)
        publishing.publish(variant=made, scope="gallery", published_by=staff)
        assert product.images.count() == 2
        assert len(browser.get(url).context["sources"]) == 1

    def test_of_the_parent_serve_a_child_without_any(self, browser, parent):
        child = parent.children.filter(images__isnull=True).first()
        url = reverse("oscar_gan:gan-product-generate", args=[child.pk])
        sources = browser.get(url).context["sources"]
        assert [it.image for it in sources] == list(parent.images.all())

    def test_may_be_missing_altogether(self, browser, product, url):
        product.images.all().delete()
        page = browser.get(url).content.decode()
        assert "has no photo yet" in page
        assert "data-gan-generate" not in page


class TestAnalysis:
    @pytest.fixture
    def analyse(self, browser, product, source):
        url = reverse("oscar_gan:gan-analyse", args=[product.pk])
        return lambda pk=source.pk: browser.post(url, {"source": pk})

    def test_is_queued_once_and_then_shown(self, analyse, run):
        first, second = analyse().json(), analyse().json()
        assert first["matte"] is None
        assert first["status_url"] == second["status_url"]
        run(GenerationRequest.objects.get())
        matte = analyse().json()["matte"]
        assert matte["swatch"] == "#AF2430"
        assert matte["coverage"].endswith("% of the photo")

    def test_makes_no_variant_image(self, analyse, run):
        analyse()
        run(GenerationRequest.objects.get())
        assert not VariantImage.objects.exists()

    def test_of_a_lost_photo_says_so(self, analyse, source):
        source.original.storage.delete(source.original.name)
        response = analyse()
        assert response.status_code == 409
        assert "missing" in response.json()["message"]

    @pytest.mark.parametrize("pk", ["", "x", "999999"])
    def test_of_no_photo_is_not_found(self, analyse, pk):
        assert analyse(pk).status_code == 404


@pytest.mark.parametrize(
    ("variants", "text"),
    [
        ("4", "4 images, about 4 s, "),
        ("1", "1 image, about 1 s, "),
        ("200", "200 images, about 4 min, "),
        ("0", "Nothing ticked yet."),
        ("-3", "Nothing ticked yet."),
        ("", "Nothing ticked yet."),
        ("9" * 40, "Nothing ticked yet."),
    ],
)
def test_the_estimate_is_in_words(browser, variants, text):
    url = reverse("oscar_gan:gan-estimate")
    assert browser.get(url, {"variants": variants}).json()["text"].startswith(text)


def test_the_estimate_counts_what_waits_before(browser, source):
    factories.make_variant(source, status="queued")
    text = browser.get(reverse("oscar_gan:gan-estimate"), {"variants": 1}).json()["text"]
    assert text.endswith("1 job ahead")
