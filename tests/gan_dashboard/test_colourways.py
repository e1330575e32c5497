"""Colourways: named colours, made and changed by who may manage them."""

from __future__ import annotations

import pytest

from oscar_gan.models import Colourway
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "/dashboard/variants/colourways/"


def test_a_new_colour_is_normalised_and_listed(browser):
    data = {"name": "Navy", "colour": "1f2a44", "tolerance": "1.5"}
    html = browser.post(f"{LIST}new/", data, follow=True).content.decode()
    assert Colourway.objects.get().colour == "#1F2A44"
    assert "Colourway Navy was created." in html
    assert 'fill="#1F2A44"' in html


@pytest.mark.parametrize(
    ("field", "value"),
    [("colour", "bluish"), ("colour", ""), ("name", ""), ("tolerance", "0"), ("tolerance", "50")],
)
def test_nonsense_is_refused_in_place(browser, field, value):
    data = {"name": "Navy", "colour": "#1F2A44", "tolerance": "2", field: value}
    response = browser.post(f"{LIST}new/", data)
    assert field in response.context["form"].errors
    assert not Colourway.objects.exists()


def test_names_and_options_are_used_once(browser, product, colourways):
    navy = Colourway.objects.get(name="Navy")
    navy.option = factories.AttributeOption.objects.get(group__name="colour", option="Navy")
    navy.save()
    data = {"name": "Navy", "colour": "#000080", "tolerance": "2", "option": navy.option.pk}
    errors = browser.post(f"{LIST}new/", data).context["form"].errors
    assert set(errors) == {"name", "option"}


def test_only_colour_options_are_offered(browser, product):
    options = browser.get(f"{LIST}new/").context["form"].fields["option"].queryset
    assert set(options.values_list("group__name", flat=True)) == {"colour"}


def test_changing_one(browser, colourways):
    navy = Colourway.objects.get(name="Navy")
    browser.post(f"{LIST}{navy.pk}/", {"name": "Ink", "colour": "#101830", "tolerance": "2"})
    navy.refresh_from_db()
    assert (navy.name, navy.colour) == ("Ink", "#101830")


def test_deleting_one_keeps_its_pictures(browser, source, colourways):
    navy = Colourway.objects.get(name="Navy")
    variant = factories.make_variant(source, colourway=navy)
    assert "Delete colourway Navy?" in browser.get(f"{LIST}{navy.pk}/delete/").content.decode()
    assert Colourway.objects.filter(pk=navy.pk).exists()
    html = browser.post(f"{LIST}{navy.pk}/delete/", follow=True).content.decode()
    assert "Colourway Navy was deleted." in html
    variant.refresh_from_db()
    assert (variant.colourway, variant.label) == (None, "Navy")


def test_without_any_the_page_says_what_they_are_for(browser):
    assert "Make the first one" in browser.get(LIST).content.decode()
