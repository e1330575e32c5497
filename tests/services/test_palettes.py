"""Whose colours serve which product, and which palette comes first."""

from __future__ import annotations

import pytest

from oscar_gan.errors import InvalidRequest, PermissionRefused
from oscar_gan.models import Colourway, Palette
from oscar_gan.services import backfill, colours, planning
from oscar_gan.services.colourways import editing, serving
from oscar_gan.services.gallery.colour_book import ColourBook
from oscar_gan.services.selection import Selection
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def clothing(product):
    """The category Clothing > Bags, which `product` is in."""
    top = factories.Category.add_root(name="Clothing")
    product.categories.add(top.add_child(name="Bags"))
    return top


def named(*names, **fields):
    palette = Palette.objects.create(**fields)
    palette.colourways.set(Colourway.objects.filter(name__in=names))
    return palette


class TestServing:
    def test_a_sellers_own_stands_before_the_shops(self, product, partner, colourways):
        own = Colourway.objects.create(name="navy", colour="#101830", partner=partner)
        Colourway.objects.create(name="Kelp", colour="#203020", partner=factories.make_partner())
        found = {choice.label: choice for choice in colours.colour_choices(product=product)}
        assert (found["Navy"].colour, found["Navy"].colourway) == ("#101830", own)
        assert found["Mustard"].colour == "#D29B2A"
        assert "Kelp" not in found

    def test_other_products_keep_the_shops(self, product, partner, colourways):
        Colourway.objects.create(name="Navy", colour="#101830", partner=partner)
        other = factories.make_product(colour="Red", partner=factories.make_partner())
        found = {choice.label: choice.colour for choice in colours.colour_choices(product=other)}
        assert found["Navy"] == "#24345C"

    def test_the_storefront_looks_an_option_up_as_before(self, product, partner, colourways):
        Colourway.objects.create(name="Navy", colour="#101830", partner=partner)
        option = factories.AttributeOption.objects.get(group__name="colour", option="Navy")
        assert ColourBook([option], []).of_option(option).colour == "#24345C"

    def test_the_storefront_shows_a_sellers_colour_where_that_is_published(
        self, source, partner, colourways
    ):
        own = Colourway.objects.create(name="Navy", colour="#101830", partner=partner)
        option = factories.AttributeOption.objects.get(group__name="colour", option="Navy")
        variant = factories.make_variant(source, colourway=own, option=option)
        assert ColourBook([option], [variant]).of_option(option).colour == "#101830"

    def test_the_most_fitting_palette_comes_first(self, product, partner, clothing):
        bags = clothing.get_children().get()
        fitting = [
            named(name="Ours for bags", partner=partner, category=bags),
            named(name="Ours for clothing", partner=partner, category=clothing),
            named(name="Ours", partner=partner),
            named(name="Bags", category=bags),
            named(name="Clothing", category=clothing),
            named(name="Everything"),
        ]
        named(name="Theirs", partner=factories.make_partner())
        named(name="Shoes", category=factories.Category.add_root(name="Shoes"))
        assert serving.palettes_of(product) == fitting

    def test_palettes_by_name(self, partner):
        shops = named(name="Spring")
        assert serving.find_palette("spring") == shops.pk
        theirs = named(name="Spring", partner=partner)
        with pytest.raises(InvalidRequest, match="2 palettes .* 'North Harbour Supply > Spring'"):
            serving.find_palette("Spring")
        assert serving.find_palette(f"{partner.name} > Spring") == theirs.pk
        with pytest.raises(InvalidRequest, match="choose from: Spring, Spring"):
            serving.find_palette("Autumn")


class TestBulk:
    def plan(self, product, palette, **options):
        selection = Selection(products=(product.pk,), palettes=(palette.pk,), **options)
        (item,) = planning.plan(selection=Selection.from_json(selection.to_json()))
        return item

    def test_a_palette_asks_for_its_colours_as_the_products_own_options(self, parent):
        Colourway.objects.create(name="Kelp", colour="#203020")
        item = self.plan(parent, named("Navy", "Kelp", "Red", name="Sea"))
        assert {target.label: target.option is not None for target in item.targets} == {
            "Navy": True,
            "Kelp": False,
        }
        assert [(skip.label, skip.reason) for skip in item.skips] == [("Red", "has-picture")]

    def test_another_partners_colours_are_left_out(self, parent, partner):
        other = factories.make_partner()
        Colourway.objects.create(name="Kelp", colour="#203020", partner=other)
        item = self.plan(parent, named("Kelp", name="Theirs", partner=other))
        assert item.reason == "no-colours"

    def test_the_request_keeps_the_colourway(self, parent, staff):
        palette = named("Navy", name="Sea")
        run = backfill.start(selection=Selection(products=(parent.pk,), palettes=(palette.pk,)))
        (outcome,) = backfill.run(run=run)
        assert outcome.request.variants.get().colourway == palette.colourways.get()


class TestEditing:
    def test_names_are_used_once_by_each_owner(self, partner, staff):
        for owner in (None, partner):
            editing.save_colourway(
                colourway=Colourway(name="Navy", colour="#24345C", partner=owner), by=staff
            )
        assert Colourway.objects.filter(name="Navy").count() == 2

    def test_another_colour_drops_the_measured_lab(self, staff):
        navy = Colourway(name="Navy", colour="#24345C", lab=[22.36, 7.1, -25.98])
        editing.save_colourway(colourway=navy, by=staff)
        assert navy.lab
        navy.colour = "#000080"
        editing.save_colourway(colourway=navy, by=staff)
        assert navy.lab is None

    def test_partner_staff_change_their_own_only(self, partner, partner_user, colourways):
        own = Colourway(name="Kelp", colour="#203020", partner=partner)
        editing.save_colourway(colourway=own, by=partner_user)
        for deed in (
            lambda: editing.save_colourway(colourway=colourways[0], by=partner_user),
            lambda: editing.delete_colourway(colourway=colourways[0], by=partner_user),
            lambda: editing.save_palette(
                palette=Palette(name="All"), colourways=[], by=partner_user
            ),
        ):
            with pytest.raises(PermissionRefused):
                deed()

    def test_a_palette_holds_no_other_partners_colours(self, partner, staff):
        other = factories.make_partner()
        foreign = Colourway.objects.create(name="Kelp", colour="#203020", partner=other)
        with pytest.raises(InvalidRequest, match="Kelp belong"):
            editing.save_palette(
                palette=Palette(name="Sea", partner=partner), colourways=[foreign], by=staff
            )
