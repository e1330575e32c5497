"""Renditions, labels, data for search engines and cards, as the storefront's tags write them."""

from __future__ import annotations

import json
import re

import pytest
from django.template import Context, Template
from django.utils import translation
from oscar.apps.partner.strategy import Selector
from oscar.core.loading import get_model

from oscar_gan.models import VariantImage
from oscar_gan.services import renditions
from tests import factories
from tests.storefront import child_of, publish
from tests.templatetags.test_gan_tags import Page

pytestmark = pytest.mark.django_db
ProductImage = get_model("catalogue", "ProductImage")


@pytest.fixture
def make_all():
    """Do what workers do after pictures were saved."""

    def make_all():
        for pk in ProductImage.objects.values_list("pk", flat=True):
            renditions.make(pk)

    return make_all


@pytest.fixture
def render(rf):
    def render(text, url="/", **values):
        request = rf.get(url)
        request.strategy = Selector().strategy()
        context = Context({"request": request, **values})
        return Template("{% load gan_tags %}" + text).render(context)

    return render


@pytest.fixture
def no_storage(monkeypatch):
    """From the call on, whatever asks storage for more than a URL fails the test."""

    def no_storage():
        def refuse(self, *args, **kwargs):
            raise AssertionError("storage was asked")

        asked = ("_open", "_save", "exists", "size", "listdir", "delete", "get_modified_time")
        for method in asked:
            monkeypatch.setattr(f"django.core.files.storage.FileSystemStorage.{method}", refuse)
        monkeypatch.setattr("oscar_gan.services.thumbnails.get_thumbnailer", refuse)

    return no_storage


class TestRenditions:
    def test_pages_ask_storage_nothing(self, client, parent, make_all, no_storage):
        publish(parent.images.get(), label="Navy", scope="colour")
        make_all()
        no_storage()
        for child in (parent, child_of(parent, "Navy"), child_of(parent, "Forest green")):
            assert client.get(child.get_absolute_url()).status_code == 200

    def test_a_child_page_offers_formats_and_one_urgent_picture(self, client, parent, make_all):
        make_all()
        page = Page(client.get(child_of(parent, "Red").get_absolute_url()))
        types = [a["type"] for tag, a in page.elements if tag == "source"]
        assert types == ["image/avif", "image/webp"] * 4  # two pictures, two thumbs
        images = [a for tag, a in page.elements if tag == "img" and "decoding" in a]
        assert [a.get("fetchpriority") for a in images].count("high") == 1
        assert all(a["width"] and a["height"] for a in images)
        assert all((a.get("loading") == "lazy") != ("fetchpriority" in a) for a in images)

    def test_queries_do_not_grow_with_renditions(
        self, rf, parent, make_all, django_assert_num_queries
    ):
        make_all()
        request = rf.get("/")
        request.strategy = Selector().strategy()
        red = get_model("catalogue", "Product").objects.get(pk=child_of(parent, "Red").pk)
        tags = "{% gan_pictures product %}{% gan_swatches product %}{% gan_choices product %}"
        tags += "{% gan_structured_data product %}"
        template = Template("{% load gan_tags %}" + tags)
        with django_assert_num_queries(7):
            template.render(Context({"product": red, "request": request}))

    def test_a_list_asks_storage_nothing_and_five_queries(
        self, render, parent, product, make_all, no_storage, django_assert_num_queries
    ):
        make_all()
        no_storage()
        with django_assert_num_queries(5):
            html = render(
                "{% gan_preload products %}{% for product in products %}"
                "{% gan_card_picture product %}{% gan_dots product %}{% endfor %}",
                products=[parent, product],
            )
        assert html.count("<picture>") == 2

    def test_small_colours_keep_the_place_of_thumbnails(self, render, parent):
        factories.add_photo(child_of(parent, "Red"))
        parent.images.all().delete()
        publish(child_of(parent, "Red").images.first(), label="Navy", scope="colour")
        html = render("{% gan_pictures product %}", product=child_of(parent, "Navy"))
        assert '<div class="gan-pictures__thumbs"></div>' in html


class TestLabel:
    TEXT = "Colour simulated from a photo"

    @pytest.fixture
    def navy(self, parent):
        publish(parent.images.get(), label="Navy", scope="colour")
        return child_of(parent, "Navy")

    def test_it_is_off_unless_a_market_wants_it(self, render, navy):
        assert "gan-label" not in render("{% gan_pictures product %}", product=navy)

    @pytest.mark.parametrize(
        ("language", "ways", "expected"),
        [
            ("de", {"": "off", "de": "text"}, "text"),
            ("de-at", {"": "off", "de": "text"}, "text"),
            ("de-at", {"AT": "icon", "de-at": "off", "de": "text"}, "icon"),
            ("de-at", {"de-at": "icon", "de": "text"}, "icon"),
            ("en", {"": "text", "de": "off"}, "text"),
            ("en", {"de": "text"}, "off"),
        ],
    )
    def test_the_most_exact_entry_wins(self, render, navy, settings, language, ways, expected):
        settings.OSCAR_GAN = {"SIMULATED_LABEL": ways}
        with translation.override(language):
            html = render("{% gan_pictures product %}", product=navy)
        kinds = {"text": '<p class="gan-label"', "icon": "gan-label--icon"}
        assert {way for way, mark in kinds.items() if mark in html} == {expected} - {"off"}

    def test_a_shop_that_knows_the_market_says_so(self, rf, navy, settings):
        settings.OSCAR_GAN = {"SIMULATED_LABEL": {"": "off", "FR": "text"}}
        request = rf.get("/")
        request.gan_market = "FR"
        template = Template("{% load gan_tags %}{% gan_pictures product %}")
        assert self.TEXT in template.render(Context({"product": navy, "request": request}))

    def test_simplified_chinese_shows_it_by_default(self, render, navy):
        with translation.override("zh-hans"):
            assert 'class="gan-label"' in render("{% gan_pictures product %}", product=navy)

    def test_photos_carry_none_and_prints_are_called_prints(self, render, parent, settings):
        settings.OSCAR_GAN = {"SIMULATED_LABEL": {"": "text"}}
        publish(parent.images.get(), label="Navy", scope="colour")
        variant = VariantImage.objects.get()
        VariantImage.objects.update(recipe={**variant.recipe, "kind": "print"})
        html = render("{% gan_pictures product %}", product=child_of(parent, "Navy"))
        assert html.count("Print simulated from a photo") == 1  # not on the parent's photo
        html = render("{% gan_pictures product %}", product=child_of(parent, "Red"))
        assert "gan-label" not in html


class TestStructuredData:
    TAG = "{% gan_structured_data product %}"

    def read(self, html: str) -> dict:
        (text,) = re.findall(r'^<script type="application/ld\+json">(.*)</script>\s*$', html, re.S)
        return json.loads(text)

    def test_a_parent_is_a_group_of_its_children(self, render, parent, make_all):
        publish(parent.images.get(), label="Navy", scope="colour")
        make_all()
        data = self.read(render(self.TAG, product=parent))
        assert (data["@context"], data["@type"]) == ("https://schema.org", "ProductGroup")
        assert data["productGroupID"] == parent.upc
        assert data["variesBy"] == ["https://schema.org/color", "https://schema.org/size"]
        assert len(data["hasVariant"]) == 6
        navy = next(v for v in data["hasVariant"] if v["sku"] == child_of(parent, "Navy").upc)
        assert navy["@type"] == "Product"
        assert (navy["color"], navy["size"]) == ("Navy", "M")
        url = child_of(parent, "Navy").get_absolute_url()
        assert navy["url"] == navy["offers"]["url"] == f"http://testserver{url}"
        assert navy["offers"]["availability"] == "https://schema.org/InStock"
        assert float(navy["offers"]["price"]) > 0
        (image,) = navy["image"]
        assert image.startswith("http://testserver/media/images/renditions/")
        assert image.endswith(".jpg")

    def test_a_variant_is_never_shown_in_another_colour(self, render, parent):
        data = self.read(render(self.TAG, product=child_of(parent, "Red")))
        pictured = {v["color"]: "image" in v for v in data["hasVariant"]}
        assert pictured == {"Red": True, "Navy": False, "Forest green": False}
        images = {v["color"]: v.get("image") for v in data["hasVariant"]}
        assert len(set(map(str, images.values()))) == 2

    def test_published_colours_of_a_standalone_product_are_no_variants(
        self, render, product, source
    ):
        publish(source, label="Navy")
        data = self.read(render(self.TAG, url="/?colour=navy", product=product))
        assert data["@type"] == "Product"
        assert data["color"] == "Red"
        assert len(data["image"]) == 1

    def test_no_text_of_a_product_can_end_the_script(self, render, parent):
        parent.title = "</script><script>alert(1)</script><!-- & more"
        parent.save()
        html = render(self.TAG, product=parent)
        assert html.count("</script>") == 1
        assert "<!--" not in html
        assert self.read(html)["name"] == parent.title

    def test_the_demo_shops_page_carries_it(self, client, parent):
        html = client.get(parent.get_absolute_url()).content.decode()
        assert '"@type": "ProductGroup"' in html


class TestCards:
    CARD = (
        "{% gan_preload products %}{% gan_card_url product as url %}<a href='{{ url }}'>"
        "{% gan_card_picture product %}</a>{% gan_dots product %}"
    )

    def test_four_swatches_and_the_rest_as_a_number(self, render):
        factories.make_colourways()
        parent = factories.make_parent(colours=("Red", "Navy", "Forest green", "Mustard"))
        other = factories.make_product(colour=None)
        for label in ("Ochre", "Teal"):
            group = parent.children.first().attr.colour.group
            option = group.options.create(option=label)
            factories.make_child(parent, option.option)
        html = render(self.CARD, products=[parent, other], product=parent)
        assert html.count("data-gan-dot") == 4
        assert "+2" in html
        assert "2 more colours" in html

    def test_it_shows_and_leads_to_the_colour_that_was_searched_for(self, render, parent):
        publish(parent.images.get(), label="Navy", scope="colour")
        html = render(self.CARD, url="/search/?q=navy+tee", products=[parent], product=parent)
        navy = child_of(parent, "Navy").get_absolute_url()
        assert f"<a href='{navy}'>" in html
        assert re.findall(r'aria-current="true" aria-label="[^"]*, (\w+)"', html) == ["Navy"]

    def test_a_search_for_a_colour_without_picture_changes_nothing(self, render, parent):
        html = render(self.CARD, url="/?q=navy", products=[parent], product=parent)
        assert f"<a href='{parent.get_absolute_url()}'>" in html

    def test_without_preloading_there_is_the_first_picture(self, render, parent):
        html = render("{% gan_card_picture product %}{% gan_dots product %}", product=parent)
        assert html.count("<picture>") == 1
        assert "data-gan-dot" not in html

    def test_a_product_without_pictures_has_an_empty_card(self, render):
        product = factories.make_product(photo=False)
        assert render("{% gan_card_picture product %}", product=product) == ""

    def test_results_of_a_search_have_swatches(self, client, parent, product, settings):
        page = client.get("/search/", {"q": "Tee"})
        assert page.status_code == 200
        assert "cards.js" in page.content.decode()
