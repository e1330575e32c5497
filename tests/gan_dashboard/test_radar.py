"""The radar's page and the dashboard's tile."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.urls import reverse

from oscar_gan.models import BackfillRun, VariantImage
from oscar_gan.services import radar_filling
from tests import factories

pytestmark = pytest.mark.django_db
RADAR = "/dashboard/variants/radar/"
FILL = "/dashboard/variants/radar/fill/"


@pytest.fixture(autouse=True)
def _forget():
    cache.clear()


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_the_page_says_how_many_and_what_it_costs(browser, parent):
    page = text(browser.get(RADAR))
    assert "4 child products show another colour’s photo" in page
    assert "1 product, 2 colours" in page
    assert "Make 2 missing colours" in page
    assert "2 images, about 2 s" in page


def test_every_colour_has_its_picture(browser, product):
    page = text(browser.get(RADAR))
    assert "Every colour has its picture" in page
    assert FILL not in page


def test_one_button_fills_them(browser, parent):
    response = browser.post(FILL, follow=True)
    assert "The missing colours are being asked for." in text(response)
    radar_filling.work(BackfillRun.objects.get().pk)
    assert VariantImage.objects.count() == 2
    page = text(browser.get(RADAR))
    assert "2 are on their way" in page
    assert "Make 2 missing colours" not in page
    assert "Nothing is left to fill here" in text(browser.post(FILL, follow=True))


def test_one_product_is_filled_alone(browser, parent):
    factories.make_parent()
    browser.post(FILL, {"product": parent.pk})
    radar_filling.work(BackfillRun.objects.get().pk)
    assert set(VariantImage.objects.values_list("product", flat=True)) == {parent.pk}


def test_filters_narrow_the_page_and_what_is_filled(browser, parent, partner):
    other = factories.make_parent(partner=factories.make_partner())
    page = browser.get(RADAR, {"partner": partner.pk})
    assert [row.product for row in page.context["families"]] == [parent]
    browser.post(FILL, {"partner": partner.pk})
    radar_filling.work(BackfillRun.objects.get().pk)
    assert not other.gan_variants.exists()


def test_a_category_stands_for_those_below_it(browser, parent):
    top = factories.Category.add_root(name="Clothes")
    parent.categories.add(top.add_child(name="Shirts"))
    assert browser.get(RADAR, {"category": top.pk}).context["found"].colours
    empty = factories.Category.add_root(name="Shoes")
    assert not browser.get(RADAR, {"category": empty.pk}).context["found"].colours


@pytest.mark.parametrize("query", [{"partner": "x"}, {"page": "x"}, {"product": "x"}])
def test_nonsense_filters_nothing(browser, parent, query):
    assert len(browser.get(RADAR, query).context["found"].colours) == 2


def test_states_lead_to_the_pictures(browser, parent):
    option = factories.AttributeOption.objects.get(group__name="colour", option="Navy")
    factories.make_variant(parent.images.get(), option=option)
    page = text(browser.get(RADAR))
    assert f"?status=awaiting&amp;product={parent.pk}" in page


def test_what_was_asked_for_can_be_published_from_here(browser, parent):
    browser.post(FILL)
    run = BackfillRun.objects.get()
    radar_filling.work(run.pk)
    VariantImage.objects.update(
        status="approved", file_name=factories.make_draft(), delta_e=0.4, digest="0" * 64
    )
    assert f"{reverse('oscar_gan:gan-publish')}?run={run.pk}" in text(browser.get(RADAR))


def test_more_products_cost_no_more_queries(browser, parent, django_assert_max_num_queries):
    browser.get(RADAR)
    with django_assert_max_num_queries(40) as few:
        browser.get(RADAR)
    for _ in range(5):
        factories.make_parent()
    with django_assert_max_num_queries(len(few)):
        browser.get(RADAR)


def test_the_tile_is_on_the_dashboards_front_page(login, superuser, parent):
    page = text(login(superuser).get("/dashboard/"))
    assert "4 child products show another colour’s photo" in page
    assert RADAR in page


def test_the_tile_asks_the_database_once_in_a_while(login, superuser, parent):
    client = login(superuser)
    client.get("/dashboard/")
    factories.make_parent()
    assert "4 child products" in text(client.get("/dashboard/"))
    cache.clear()
    assert "4 child products" not in text(client.get("/dashboard/"))


def test_the_tile_shows_partner_staff_their_own(login, partner_user, parent):
    factories.make_parent(partner=factories.make_partner())
    assert "4 child products" in text(login(partner_user).get("/dashboard/"))


def test_the_tile_is_not_for_staff_without_permission(login, bystander, parent):
    assert "gan-radar-tile" not in text(login(bystander).get("/dashboard/"))
