"""How many queries staff pages ask: a fixed number, however many pictures there are."""

from __future__ import annotations

import oscar
import pytest
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db
MANY = 24
QUEUE = 15
TAB = 33 if oscar.VERSION >= (4, 2) else 35
"""Most of them Oscar's own: the product's form and its tables."""
REQUESTS = 8
DECISION = 15


@pytest.fixture
def pictures(source):
    """Make that many pictures of one photo that await review; returns them."""
    return lambda count: [factories.make_variant(source) for _ in range(count)]


@pytest.mark.parametrize("count", [2, MANY])
def test_the_review_queue(browser, pictures, count, django_assert_num_queries):
    pictures(count)
    browser.get("/dashboard/variants/")  # who looks, and what serves, is remembered
    with django_assert_num_queries(QUEUE):
        page = browser.get("/dashboard/variants/").content.decode()
    assert page.count("data-gan-card=") == count


@pytest.mark.parametrize("count", [2, MANY])
def test_a_products_pictures(browser, product, pictures, count, django_assert_num_queries):
    pictures(count)
    url = reverse("dashboard:catalogue-product", args=[product.pk])
    browser.get(url)
    # A full panel says how many there are beside the newest.
    with django_assert_num_queries(TAB + (count == MANY)):
        page = browser.get(url).content.decode()
    assert page.count("/images/") >= count


@pytest.mark.parametrize("count", [2, 20])
def test_requests(browser, pictures, count, django_assert_num_queries):
    pictures(count)
    url = reverse("oscar_gan:gan-request-list") + "?status=all"
    browser.get(url)
    with django_assert_num_queries(REQUESTS):
        browser.get(url)


@pytest.mark.parametrize("count", [2, MANY])
def test_a_decision(browser, pictures, count, django_assert_num_queries):
    first, second, *_ = pictures(count)
    url = "oscar_gan:gan-variant-approve"
    browser.post(reverse(url, args=[first.pk]), headers={"accept": "application/json"})
    with django_assert_num_queries(DECISION):
        browser.post(reverse(url, args=[second.pk]), headers={"accept": "application/json"})
    second.refresh_from_db()
    assert second.status == "approved"
