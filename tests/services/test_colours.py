"""Which colours a product is offered in, and what the form's keys mean."""

import pytest

from oscar_gan.errors import InvalidColour, InvalidRequest
from oscar_gan.models import Colourway
from oscar_gan.services import colours
from tests import factories

pytestmark = pytest.mark.django_db


def option(name):
    return factories.AttributeOption.objects.get(group__name="colour", option=name)


def test_a_parent_offers_the_colours_of_its_children_and_flags_those_without_photo(parent):
    choices = colours.colour_choices(product=parent)

    carried = [choice for choice in choices if choice.option]
    assert [(choice.label, choice.colour, choice.missing) for choice in carried] == [
        ("Red", "#AF2430", False),
        ("Navy", "#24345C", True),
        ("Forest green", "#235A3C", True),
    ]
    assert [choice.label for choice in choices if not choice.option] == ["Mustard"]


def test_a_child_offers_what_its_parent_offers(parent):
    child = parent.children.first()
    assert colours.colour_choices(product=child) == colours.colour_choices(product=parent)


def test_a_standalone_product_offers_every_option_and_has_its_own(product, colourways):
    choices = colours.colour_choices(product=product)
    assert {choice.label: choice.missing for choice in choices} == {
        "Red": False,
        "Navy": True,
        "Forest green": True,
        "Mustard": True,
    }


def test_an_option_tied_to_a_colourway_takes_its_colour_whatever_the_name(parent):
    Colourway.objects.create(name="Midnight", colour="#101020", option=option("Navy"))
    choices = {choice.key: choice for choice in colours.colour_choices(product=parent)}
    assert choices[f"option:{option('Navy').pk}"].colour == "#101020"
    assert "Midnight" not in {choice.label for choice in choices.values()}


def test_an_option_without_colourway_takes_the_css_colour_of_its_name(product):
    choices = {choice.label: choice.colour for choice in colours.colour_choices(product=product)}
    assert choices["Navy"] == "#000080"
    assert choices["Forest green"] == "#228B22"
    assert choices["Mustard"] is None


def test_a_class_without_colour_attribute_offers_colourways_only(colourways):
    product_class = factories.ProductClass.objects.create(name="Books")
    book = factories.Product.objects.create(title="Book", product_class=product_class)
    choices = colours.colour_choices(product=book)
    assert {choice.key for choice in choices} == {f"colourway:{row.pk}" for row in colourways}


def test_keys_become_targets_in_order_and_only_once(parent):
    navy, mustard = option("Navy"), Colourway.objects.get(name="Mustard")
    keys = ["#1f3a93", f"option:{navy.pk}", f"colourway:{mustard.pk}", " #1F3A93 "]

    targets = colours.targets_from_keys(product=parent, keys=keys)

    assert [(target.label, target.colour) for target in targets] == [
        ("#1F3A93", "#1F3A93"),
        ("Navy", "#24345C"),
        ("Mustard", "#D29B2A"),
    ]
    assert targets[1].option == navy
    assert targets[2].colourway == mustard


def test_a_short_hex_means_the_long_one(product):
    (target,) = colours.targets_from_keys(product=product, keys=["#fa0"])
    assert target.colour == "#FFAA00"


@pytest.mark.parametrize("key", ["blue-ish", "#12345", "#GGGGGG", ""])
def test_text_that_is_no_colour_is_refused(product, key):
    with pytest.raises(InvalidColour, match="is not a colour"):
        colours.targets_from_keys(product=product, keys=[key])


@pytest.mark.parametrize("key", ["option:999999", "option:x", "colourway:0"])
def test_a_key_of_another_product_is_refused(product, key):
    with pytest.raises(InvalidRequest, match="not a colour of this product"):
        colours.targets_from_keys(product=product, keys=[key])


def test_an_option_whose_colour_nobody_named_is_refused_with_the_remedy(product):
    key = f"option:{option('Mustard').pk}"
    with pytest.raises(InvalidRequest, match=r"'Mustard' looks like; enter its colour as #RRGGBB"):
        colours.targets_from_keys(product=product, keys=[key])
