"""Which products and colours the words of a bulk command mean."""

import pytest

from oscar_gan.errors import InvalidColour, InvalidRequest
from oscar_gan.models import Colourway
from oscar_gan.services import selection
from oscar_gan.services.selection import Selection
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def categories():
    """Clothing > Shirts > Tees, and Home > Shirts."""
    clothing = factories.Category.add_root(name="Clothing", slug="clothing")
    shirts = clothing.add_child(name="Shirts", slug="clothing-shirts")
    tees = shirts.add_child(name="Tees", slug="tees")
    home = factories.Category.add_root(name="Home", slug="home")
    return clothing, shirts, tees, home.add_child(name="Shirts", slug="home-shirts")


def test_without_restrictions_it_is_everything_but_children(product, parent):
    assert set(Selection().find()) == {product, parent}


def test_a_child_stands_for_its_parent(parent):
    child = parent.children.first()
    assert selection.find_product(child.upc) == parent.pk
    assert selection.find_product(str(child.pk)) == parent.pk


def test_a_upc_goes_before_an_id(product):
    factories.make_product()
    lookalike = factories.make_product(upc=str(product.pk))
    assert selection.find_product(str(product.pk)) == lookalike.pk


def test_categories_include_what_is_below_them(categories):
    clothing, shirts, tees, _ = categories
    ids = selection.find_categories("clothing")
    assert set(ids) == {clothing.pk, shirts.pk, tees.pk}
    bag = factories.make_product(category=tees)
    bag.categories.add(shirts)
    factories.make_product()

    assert list(Selection(categories=tuple(ids)).find()) == [bag]


def test_a_category_can_be_named_in_many_ways(categories):
    _, shirts, tees, home_shirts = categories
    for text in ("Tees", "tees", str(tees.pk), "Clothing > Shirts > Tees", "clothing>shirts>tees"):
        assert selection.find_categories(text) == [tees.pk]
    assert selection.find_categories("Home > Shirts") == [home_shirts.pk]


def test_an_ambiguous_category_is_refused_with_the_choices(categories):
    _, shirts, _, home_shirts = categories
    with pytest.raises(InvalidRequest, match="2 categories are called 'Shirts'") as refusal:
        selection.find_categories("Shirts")
    assert f"{shirts.pk} (Clothing > Shirts)" in str(refusal.value)
    assert f"{home_shirts.pk} (Home > Shirts)" in str(refusal.value)


def test_a_partner_has_the_parents_of_its_children(parent, product, partner):
    other = factories.make_product(partner=factories.make_partner())
    chosen = Selection(partners=(selection.find_partner("north harbour supply"),)).find()
    assert set(chosen) == {parent, product}
    assert other not in chosen


def test_kinds_narrow_each_other_down(product, partner):
    mug = factories.make_product(class_name="Homeware", partner=partner)
    chosen = Selection(
        partners=(partner.pk,), product_classes=(selection.find_product_class("homeware"),)
    )
    assert list(chosen.find()) == [mug]


@pytest.mark.parametrize(
    ("find", "message"),
    [
        (selection.find_product, "No product has the UPC or id 'x'"),
        (selection.find_product_class, "choose from: Clothing"),
        (selection.find_partner, "choose from: North Harbour Supply"),
        (selection.find_categories, "No category is called 'x'"),
        (selection.find_colour, r"write #RRGGBB or choose from: Forest green, Midnight"),
        (selection.find_print, "No print is called 'x'; design one, or choose from: none yet"),
        (selection.find_style, "There is no style 'x'; choose from: pastel, vivid"),
    ],
)
def test_what_is_not_there_is_refused_with_the_choices(product, find, message):
    Colourway.objects.create(name="Midnight", colour="#101020")
    with pytest.raises(InvalidRequest, match=message):
        find("x")


def test_colours_are_named_as_the_shop_writes_them(product):
    Colourway.objects.create(name="Midnight", colour="#101020")
    assert selection.find_colour("#1f3a93") == "#1F3A93"
    assert selection.find_colour("MIDNIGHT") == "Midnight"
    assert selection.find_colour("forest GREEN") == "Forest green"
    with pytest.raises(InvalidColour):
        selection.find_colour("#12")


def test_prints_and_styles_are_found_by_name(db):
    stripe = factories.make_print("Harbour stripe")
    assert selection.find_print("harbour STRIPE") == stripe.pk
    assert selection.find_style("stone-wash") == selection.find_style("Stone wash") == "stone-wash"


def test_a_selection_survives_json():
    chosen = Selection(
        products=(1, 2), colours=("#1F3A93",), prints=(3,), scale=0.1, missing=False
    )
    assert Selection.from_json({**chosen.to_json(), "limit": 5}) == chosen
