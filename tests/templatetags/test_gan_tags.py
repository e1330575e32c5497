"""The storefront's tags on real product pages of the demo shop."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from oscar.apps.partner.strategy import Selector

from tests import factories
from tests.storefront import child_of, publish

pytestmark = pytest.mark.django_db


class Page(HTMLParser):
    """The elements of a page, in order, as (tag, attributes)."""

    def __init__(self, response) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.html = response.content.decode()
        self.feed(self.html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def swatches(self):
        return [a for tag, a in self.elements if tag == "a" and "data-gan-swatch" in a]

    def pictures(self):
        return [a for tag, a in self.elements if tag == "img" and a.get("alt")]


@pytest.fixture
def visit(client):
    def visit(url):
        response = client.get(url)
        assert response.status_code == 200
        return Page(response)

    return visit


def test_the_server_draws_the_chosen_colour(visit, product, source):
    publish(source, label="Navy")
    page = visit(f"{product.get_absolute_url()}?colour=navy")
    current = [a["data-gan-swatch"] for a in page.swatches() if a.get("aria-current")]
    assert current == ["Navy"]
    assert [p["alt"] for p in page.pictures()] == ["Canvas bag, Navy"]


def test_swatches_are_links_to_pages_that_exist(visit, parent):
    page = visit(parent.get_absolute_url())
    assert [a["data-gan-swatch"] for a in page.swatches()] == ["Red", "Navy", "Forest green"]
    for swatch in page.swatches():
        current = [a for a in visit(swatch["href"]).swatches() if a.get("aria-current")]
        assert [a["data-gan-swatch"] for a in current] == [swatch["data-gan-swatch"]]


def test_only_the_first_picture_is_urgent_and_all_have_sizes(visit, parent):
    pictures = visit(child_of(parent, "Red").get_absolute_url()).pictures()
    assert [p.get("fetchpriority") for p in pictures] == ["high", None]
    assert [p.get("loading") for p in pictures] == [None, "lazy"]
    assert all((p["width"], p["height"]) == ("96", "72") for p in pictures)
    assert all(p["alt"] for p in pictures)


def test_small_pictures_are_offered_once_and_not_enlarged(visit, product):
    (picture,) = visit(product.get_absolute_url()).pictures()
    assert picture["srcset"].count(" ") == 1
    assert picture["srcset"].endswith("96w")


def test_large_pictures_come_in_three_sizes(visit):
    product = factories.make_product(photo=False)
    factories.add_photo(product, factories.photo_bytes(size=(2000, 1500)))
    (picture,) = visit(product.get_absolute_url()).pictures()
    assert re.findall(r"(\d+)w", picture["srcset"]) == ["480", "960", "1440"]
    assert (picture["width"], picture["height"]) == ("1440", "1080")


def test_a_colour_without_photo_says_so(visit, parent):
    page = visit(child_of(parent, "Navy").get_absolute_url())
    assert "Photo shows another colour." in page.html
    assert page.html.count("no photo in this colour yet") == 2  # navy and forest green


def test_no_inline_style_or_script_and_no_bare_hex_codes(visit, product, source):
    publish(source, label="#4A2E6B", target="#4A2E6B")
    template = Template("{% load gan_tags %}{% gan_gallery product %}")
    html = template.render(Context({"product": product}))
    assert "style=" not in html
    assert "<script>" not in html
    text = re.sub(r"<[^>]*>", "", html)
    assert not re.search(r"#[0-9A-Fa-f]{6}", text)
    assert "Dark purple" in text


def test_a_missing_file_does_not_break_the_page(visit, product, source):
    source.original.storage.delete(source.original.name)
    (picture,) = visit(product.get_absolute_url()).pictures()
    assert picture["src"] == source.original.url
    assert "width" not in picture


def test_a_product_without_pictures_says_so(visit):
    page = visit(factories.make_product(photo=False).get_absolute_url())
    assert page.pictures() == []
    assert "No picture yet" in page.html


def test_names_are_escaped(visit, parent):
    option = parent.children.first().attr.colour
    option.option = '"><script>alert(1)</script>'
    option.save()
    page = visit(parent.get_absolute_url())
    assert "<script>alert(1)" not in page.html


def test_stock_pages_stay_as_oscar_draws_them(client, product, source, settings):
    publish(source, label="Navy")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": []}]
    html = client.get(product.get_absolute_url()).content.decode()
    assert 'id="product_gallery"' in html
    assert html.count("carousel-item") == 2
    assert "gan-" not in html.replace("images/", "")


def test_a_warm_gallery_asks_storage_nothing(visit, product, source, monkeypatch):
    publish(source, label="Navy")
    url = f"{product.get_absolute_url()}?colour=navy"
    visit(url)

    def refuse(*args, **kwargs):
        raise AssertionError("storage was asked")

    for method in ("_open", "_save", "exists", "size"):
        monkeypatch.setattr(f"django.core.files.storage.FileSystemStorage.{method}", refuse)
    assert len(visit(url).pictures()) == 1


@pytest.mark.parametrize(
    ("of", "queries"),
    [
        ("product", 3),  # pictures, attributes, colourways
        ("parent", 6),  # and children, their stock, the product class
        ("child", 7),  # and the parent, which Oscar's page asks for anyway
    ],
)
def test_a_warm_gallery_costs_few_queries(
    rf, product, parent, of, queries, django_assert_num_queries
):
    shown = {"product": product, "parent": parent, "child": child_of(parent, "Red")}[of]
    template = Template(
        "{% load gan_tags %}{% gan_pictures product %}{% gan_swatches product %}"
        "{% gan_choices product %}"
    )

    def context():
        request = rf.get("/")
        request.strategy = Selector().strategy()
        fresh = type(shown).objects.get(pk=shown.pk)
        return Context({"product": fresh, "request": request})

    template.render(context())  # makes the thumbnails
    warm = context()
    with django_assert_num_queries(queries):
        template.render(warm)


@pytest.mark.parametrize("of", ["parent", "child"])
def test_a_page_with_swatches_asks_no_more_than_oscars_own(client, parent, of, settings):
    url = {"parent": parent, "child": child_of(parent, "Red")}[of].get_absolute_url()

    def queries():
        client.get(url)  # makes the thumbnails
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        return len(asked)

    ours = queries()
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": []}]
    assert ours <= queries()


def test_a_list_shows_the_colours_of_its_products(rf, product, parent):
    template = Template(
        "{% load gan_tags %}{% gan_preload products %}"
        "{% for product in products %}[{% gan_dots product 2 %}]{% endfor %}"
    )
    context = Context({"products": [product, parent], "request": rf.get("/")})
    alone, several = re.findall(r"\[([^]]*)]", template.render(context))
    assert alone.strip() == ""
    assert 'aria-label="3 colours"' in several
    assert re.findall(r'aria-label="[^"]*, ([^"]*)"', several) == ["Red", "Navy"]
    assert "+1" in several


def test_dots_ask_nothing_where_nothing_was_preloaded(rf, parent, django_assert_num_queries):
    template = Template("{% load gan_tags %}{% gan_dots product %}")
    with django_assert_num_queries(0):
        assert template.render(Context({"product": parent, "request": rf.get("/")})) == ""


def test_a_chosen_colour_goes_into_the_basket_with_its_picture(client, parent):
    publish(parent.images.get(), label="Navy", scope="colour")
    navy = child_of(parent, "Navy")
    page = Page(client.get(navy.get_absolute_url()))
    action = reverse("basket:add", kwargs={"pk": navy.pk})
    assert action in [a.get("action") for tag, a in page.elements if tag == "form"]
    client.post(action, {"quantity": 1})
    basket = client.get(reverse("basket:summary"))
    line = basket.context["basket"].lines.get()
    assert line.product == navy
    assert line.product.primary_image().gan_published.publication.variant.label == "Navy"
