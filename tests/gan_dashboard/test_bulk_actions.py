"""The bulk action on Oscar's product list (Oscar 4.2 and later)."""

from __future__ import annotations

from importlib.util import find_spec

import pytest
from django.urls import reverse
from oscar.core.exceptions import ClassNotFoundError
from oscar.core.loading import get_class

from oscar_gan.gan_dashboard import bulk_actions
from oscar_gan.models import GenerationRequest, VariantImage
from tests import factories

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        find_spec("oscar.apps.dashboard.catalogue.bulk_actions") is None,
        reason="Oscar before 4.2 has no bulk actions",
    ),
]
LIST = "/dashboard/catalogue/"


@pytest.fixture
def act(login):
    """Choose products on the list, confirm, and return the list as it is shown then."""

    def act(user, *products, **fields):
        client = login(user)
        pks = [product.pk for product in products]
        step = client.post(LIST, {"action": bulk_actions.ACTION_KEY, "selected_product": pks})
        return client.post(step.url, {"selected_products": pks, **fields}, follow=True)

    return act


@pytest.fixture
def manager(staff):
    factories.grant(staff, "view_product", "change_product")
    return staff


def test_it_stands_in_the_list(browser, product):
    assert "Generate image variants" in browser.get(LIST).content.decode()


def test_it_queues_the_colours_without_a_picture(act, manager, parent, product, sent):
    response = act(manager, parent, product)
    made = VariantImage.objects.values_list("product", "label")
    # The bag is red and its only photo counts as red's; the parent lacks navy and green.
    expected = {(product.pk, label) for label in ("Navy", "Forest green", "Mustard")}
    expected |= {(parent.pk, label) for label in ("Navy", "Forest green")}
    assert set(made) == expected
    assert "5 variant images are on their way;" in response.content.decode()
    assert set(GenerationRequest.objects.values_list("queue", flat=True)) == {"backfill"}


def test_it_can_make_all_colours(act, manager, parent):
    act(manager, parent, include_pictured="on")
    labels = VariantImage.objects.values_list("label", flat=True)
    assert set(labels) == {"Red", "Navy", "Forest green"}


def test_it_says_which_products_it_left_out_and_why(act, manager, colourways):
    mug = factories.make_product(title="Plain mug", class_name="Mugs")
    mug.product_class.attributes.all().delete()
    html = act(manager, mug).content.decode()
    assert "No colour options" in html
    assert "Plain mug" in html
    assert not GenerationRequest.objects.exists()


def test_it_offers_no_products_without_a_photo(act, manager):
    bare = factories.make_product(photo=False)
    html = act(manager, bare).content.decode()
    assert not GenerationRequest.objects.exists()
    assert "Select a valid choice" in html


def test_without_permission_nothing_is_queued(act, bystander, parent):
    factories.grant(bystander, "view_product", "change_product")
    assert act(bystander, parent).status_code == 403
    assert not GenerationRequest.objects.exists()


def test_partner_staff_act_on_their_own_products_only(act, partner_user, product):
    act(partner_user, product)
    assert set(VariantImage.objects.values_list("product", flat=True)) == {product.pk}
    other = factories.make_product(partner=factories.make_partner())
    act(partner_user, product, other)
    assert not VariantImage.objects.filter(product=other).exists()


def test_oscars_own_list_of_actions_is_left_alone():
    mixin = get_class("dashboard.catalogue.mixins", "ProductBulkActionMixin")
    assert bulk_actions.ACTION_KEY not in mixin.intermediate_actions
    view = get_class("dashboard.catalogue.views", "ProductListView")
    assert {*mixin.intermediate_actions, bulk_actions.ACTION_KEY} == set(view.intermediate_actions)


def test_before_oscar_4_2_it_is_left_out(monkeypatch):
    def missing(module, names):
        raise ClassNotFoundError("ProductBulkActionConfirmView")

    monkeypatch.setattr(bulk_actions, "get_classes", missing)
    bulk_actions.install()


def test_oscars_own_actions_are_still_listed(browser, product):
    html = browser.get(reverse("dashboard:catalogue-product-list")).content.decode()
    assert "Make products public" in html
