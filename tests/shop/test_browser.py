"""The check's browser reads forms as a real one would."""

from __future__ import annotations

import pytest

from shop.browser import BrowserError, Page, _Reader

HTML = """
<a href="/next/" data-gan-swatch="Navy">Navy</a>
<form action="/do/" data-gan-generate>
  <input type="hidden" name="token" value="t">
  <input type="checkbox" name="colours" value="a" checked>
  <input type="checkbox" name="colours" value="b">
  <input type="radio" name="scope" value="x" checked disabled>
  <input name="title" value="Bag"><textarea name="more"></textarea>
  <input type="file" name="matte"><button type="submit" name="go" value="1">Go</button>
</form>
<form><input name="other" value="o"></form>
"""


@pytest.fixture
def page() -> Page:
    page = Page("http://shop.test/here/", HTML.encode(), "text/html")
    _Reader(page).feed(HTML)
    return page


def test_a_form_sends_what_is_ticked_typed_or_hidden(page):
    form = page.form("data-gan-generate")
    assert form.action == "http://shop.test/do/"
    assert form.fields == [("token", "t"), ("colours", "a"), ("title", "Bag"), ("more", "")]


def test_a_field_can_be_ticked_otherwise(page):
    form = page.form("data-gan-generate")
    form.set("colours", "b", "c")
    assert form.values("colours") == ["b", "c"]
    assert form.values("token") == ["t"]


def test_a_form_without_an_address_goes_to_its_own_page(page):
    assert page.forms[1].action == "http://shop.test/here/"


def test_links_are_absolute(page):
    assert page.link("/next/") == "http://shop.test/next/"


@pytest.mark.parametrize("ask", [lambda page: page.form("id", "x"), lambda page: page.link("/x/")])
def test_what_is_not_on_the_page_is_named(page, ask):
    with pytest.raises(BrowserError, match="http://shop.test/here/ has no"):
        ask(page)
