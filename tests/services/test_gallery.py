"""What a product page shows for each colour, and how much that costs."""

from __future__ import annotations

import pytest
from oscar.apps.partner.strategy import Selector

from oscar_gan.models import Matte
from oscar_gan.services import publishing
from oscar_gan.services.gallery import galleries, gallery
from tests import factories
from tests.storefront import child_of, publish

pytestmark = pytest.mark.django_db


def colour(result, label):
    return next(colour for colour in result.colours if colour.label == label)


def names(pictures):
    return [picture.file.name for picture in pictures]


def alts(pictures):
    return [picture.alt for picture in pictures]


def stored(product):
    return list(product.images.order_by("display_order").values_list("original", flat=True))


class TestStandaloneProduct:
    def test_without_publications_there_are_pictures_but_no_swatches(self, product):
        result = gallery(product=product)
        assert result.colours == []
        assert names(result.images) == stored(product)
        assert alts(result.images) == ["Canvas bag, Red"]

    def test_its_own_colour_leads_and_is_shown_first(self, product, source, colourways):
        publish(source, label="Navy")
        result = gallery(product=product)
        assert [(c.label, c.colour) for c in result.colours] == [
            ("Red", "#AF2430"),
            ("Navy", "#24345C"),
        ]
        assert result.selected.label == "Red"
        assert names(result.images) == stored(product)[:1]

    def test_the_key_in_the_url_shows_that_colours_pictures(self, product, source):
        publish(source, label="Forest green")
        green = colour(gallery(product=product), "Forest green")
        assert green.url == f"{product.get_absolute_url()}?colour=forest-green"
        result = gallery(product=product, selected_key=green.key)
        assert result.selected.label == "Forest green"
        assert names(result.images) == stored(product)[1:]
        assert alts(result.images) == ["Canvas bag, Forest green"]

    def test_an_unknown_key_shows_the_original(self, product, source):
        publish(source, label="Navy")
        assert gallery(product=product, selected_key="../etc").selected.label == "Red"

    def test_reverting_takes_the_swatch_away(self, product, source, superuser):
        publication = publish(source, label="Navy")
        publishing.revert(publication=publication, reverted_by=superuser)
        assert gallery(product=product).colours == []

    def test_two_pictures_of_a_colour_make_one_swatch(self, product, source):
        publish(source, label="Navy")
        publish(source, label="navy", target="#24345C")
        result = gallery(product=product, selected_key="navy")
        assert [c.label for c in result.colours] == ["Red", "Navy"]
        assert len(result.images) == 2

    def test_a_hex_code_is_shown_as_a_name(self, product, source):
        publish(source, label="#4A2E6B", target="#4A2E6B")
        result = gallery(product=product, selected_key="dark-purple")
        assert [c.label for c in result.colours] == ["Red", "Dark purple"]
        assert alts(result.images) == ["Canvas bag, Dark purple"]

    def test_two_unnamed_colours_alike_get_different_names(self, product, source):
        publish(source, label="#4A2E6B", target="#4A2E6B")
        publish(source, label="#4B2F6C", target="#4B2F6C")
        result = gallery(product=product)
        assert [c.label for c in result.colours] == ["Red", "Dark purple", "Dark purple 2"]
        assert len({c.key for c in result.colours}) == 3

    def test_a_product_without_a_colour_attribute_has_an_original(self):
        plain = factories.make_product(title="Mug", colour=None)
        publish(plain.images.get(), label="Navy")
        assert [c.label for c in gallery(product=plain).colours] == ["Original", "Navy"]

    def test_the_original_looks_as_its_photo_was_measured(self):
        plain = factories.make_product(title="Mug", colour=None)
        photo = plain.images.get()
        publish(photo, label="Navy")
        Matte.objects.create(
            source=photo, origin="analyser", version=1, swatch="#AF2430", coverage=0.4
        )
        assert colour(gallery(product=plain), "Original").colour == "#AF2430"

    def test_photos_marked_for_all_colours_stand_beside_each(self, product, source):
        publish(source, label="Navy")
        chart = factories.add_photo(product)
        chart.caption = "Size chart for all colours"
        chart.save()
        result = gallery(product=product, selected_key="navy")
        assert alts(result.images) == ["Canvas bag, Navy", "Size chart for all colours"]
        assert names(result.shared) == [chart.original.name]

    def test_a_human_caption_is_the_alternative_text(self, product, source):
        source.caption = "Canvas bag hanging on a door"
        source.save()
        assert alts(gallery(product=product).images) == ["Canvas bag hanging on a door"]

    def test_a_caption_written_for_a_published_picture_counts_too(self, product, source):
        publish(source, label="Navy")
        product.images.filter(gan_published__isnull=False).update(caption="The bag in Navy")
        assert alts(gallery(product=product, selected_key="navy").images) == ["The bag in Navy"]


class TestParentAndChildren:
    def test_sizes_share_one_swatch_per_colour(self, parent):
        result = gallery(product=parent)
        assert [c.label for c in result.colours] == ["Red", "Navy", "Forest green"]
        assert [c.colour for c in result.colours] == ["#AF2430", "#24345C", "#235A3C"]

    def test_the_parents_page_shows_its_own_pictures_and_chooses_nothing(self, parent):
        result = gallery(product=parent)
        assert result.selected is None
        assert names(result.images) == stored(parent)
        assert result.choices == []

    def test_a_swatch_leads_to_the_child_of_the_same_size(self, parent):
        result = gallery(product=child_of(parent, "Red", "L"))
        assert colour(result, "Navy").url == child_of(parent, "Navy", "L").get_absolute_url()

    def test_a_childs_page_shows_its_colour_and_the_shared_pictures(self, parent):
        red = child_of(parent, "Red")
        result = gallery(product=red)
        assert result.selected.label == "Red"
        assert names(result.images) == stored(red) + stored(parent)
        assert alts(result.images)[0] == f"{parent.title}, Red"

    def test_a_childs_page_keeps_its_colour_whatever_the_url_says(self, parent):
        result = gallery(product=child_of(parent, "Red"), selected_key="navy")
        assert result.selected.label == "Red"

    def test_a_size_without_pictures_borrows_those_of_its_colour(self, parent):
        child_of(parent, "Red", "L").images.all().delete()
        result = gallery(product=child_of(parent, "Red", "L"))
        assert names(result.selected.images) == stored(child_of(parent, "Red", "M"))

    def test_a_colour_without_pictures_says_that_it_shows_another(self, parent):
        result = gallery(product=child_of(parent, "Navy"))
        assert result.selected.images == []
        assert result.shows_another_colour
        assert names(result.images) == stored(parent)

    def test_publishing_to_the_colour_ends_that(self, parent):
        publish(parent.images.get(), label="Navy", scope="colour")
        navy = child_of(parent, "Navy", "L")
        result = gallery(product=navy)
        assert not result.shows_another_colour
        assert names(result.selected.images) == stored(navy)

    def test_a_picture_in_the_parents_gallery_belongs_to_its_colour_only(self, parent):
        publish(parent.images.get(), label="Navy")
        navy = gallery(product=child_of(parent, "Navy"))
        green = gallery(product=child_of(parent, "Forest green"))
        assert names(navy.selected.images) == stored(parent)[1:]
        assert names(green.shared) == stored(parent)[:1]

    def test_a_caption_ties_a_photo_to_the_colours_it_names(self, parent):
        photo = parent.images.get()
        photo.caption = "Navy shirt, laid flat"
        photo.save()
        assert names(gallery(product=child_of(parent, "Navy")).selected.images) == [
            photo.original.name
        ]
        assert gallery(product=child_of(parent, "Red")).shared == []

    def test_longer_names_win_in_captions(self):
        parent = factories.make_parent(colours=("Red", "Forest green"))
        red = child_of(parent, "Red").attr.colour
        red.option = "Green"
        red.save()
        photo = parent.images.get()
        photo.caption = "A forest green shirt"
        photo.save()
        result = gallery(product=parent)
        assert [(c.label, len(c.images)) for c in result.colours] == [
            ("Green", 0),
            ("Forest green", 1),
        ]

    def test_choices_are_the_sizes_of_the_colour(self, parent):
        result = gallery(product=child_of(parent, "Red", "L"))
        assert result.choices_name == "Size"
        assert [(c.label, c.selected) for c in result.choices] == [("M", False), ("L", True)]

    def test_hidden_children_have_no_swatch(self, parent):
        parent.children.filter(upc__contains="Navy").update(is_public=False)
        assert [c.label for c in gallery(product=parent).colours] == ["Red", "Forest green"]

    def test_sold_out_colours_are_known_by_the_strategy(self, parent):
        for child in parent.children.filter(upc__contains="Navy"):
            child.stockrecords.update(num_in_stock=0)
        result = gallery(product=parent, strategy=Selector().strategy())
        assert [c.available for c in result.colours] == [True, False, True]

    def test_a_parent_without_pictures_shows_a_childs(self, parent):
        parent.images.all().delete()
        result = gallery(product=parent)
        assert names(result.images) == stored(child_of(parent, "Red"))

    def test_an_option_that_nobody_described_has_no_colour(self, parent):
        option = parent.children.first().attr.colour
        option.option = "Stormy"
        option.save()
        assert colour(gallery(product=parent), "Stormy").colour is None


class TestCost:
    def test_queries_do_not_grow_with_children(self, django_assert_num_queries, colourways):
        small = factories.make_parent(colours=("Red",))
        large = factories.make_parent(sizes=("S", "M", "L"), with_photo=("Red", "Navy"))
        for parent in (small, large):
            with django_assert_num_queries(5):  # children, stock, pictures, attributes, colours
                gallery(product=parent)

    def test_a_list_costs_as_much_as_one_product(self, django_assert_num_queries, colourways):
        products = [factories.make_product(colour="Red") for _ in range(3)]
        products += [factories.make_parent(), factories.make_parent(sizes=("S", "M"))]
        publish(products[0].images.get(), label="Navy")
        with django_assert_num_queries(5):
            built = galleries(products=products)
        assert [len(built[product.pk].colours) for product in products] == [2, 0, 0, 3, 3]

    def test_a_plain_standalone_product_costs_three(self, product, django_assert_num_queries):
        with django_assert_num_queries(3):  # pictures, attributes, colourways
            gallery(product=product)

    def test_no_file_is_opened(self, product, source, monkeypatch):
        publish(source, label="Navy")

        def refuse(*args, **kwargs):
            raise AssertionError("storage was asked")

        for method in ("open", "exists", "size"):
            monkeypatch.setattr(f"django.core.files.storage.FileSystemStorage.{method}", refuse)
        assert len(gallery(product=product, selected_key="navy").images) == 1
