"""The radar agrees with the storefront, costs few queries, and fills what it finds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_gan.errors import InvalidRequest, PermissionRefused
from oscar_gan.models import BackfillRun, Colourway, VariantImage
from oscar_gan.services import backfill, publishing, radar, radar_filling
from oscar_gan.services.gallery import gallery
from oscar_gan.services.selection import Selection
from tests import factories

pytestmark = pytest.mark.django_db
Product = get_model("catalogue", "Product")


def option(name):
    return factories.AttributeOption.objects.get(group__name="colour", option=name)


def found(**kwargs):
    return {(each.parent, each.label): each.children for each in radar.find(**kwargs).colours}


def on_the_storefront():
    """By the gallery's own account, page by page."""
    counted: dict = {}
    for child in Product.objects.filter(structure="child", is_public=True):
        shown = gallery(product=child)
        if shown.shows_another_colour:
            key = (child.parent_id, shown.selected.label)
            counted[key] = counted.get(key, 0) + 1
    return counted


def caption(image, text):
    image.caption = text
    image.save()


def publish(variant, scope="gallery"):
    return publishing.publish(
        variant=variant, scope=scope, published_by=factories.make_user(superuser=True)
    )


def make(parent, label, **fields):
    return factories.make_variant(
        parent.images.first(), status="approved", label=label, option=option(label), **fields
    )


SHOPS = {}


def shop(build):
    SHOPS[build.__name__] = build
    return build


@shop
def as_it_comes(parent):
    pass


@shop
def a_caption_names_a_colour(parent):
    caption(parent.images.get(), "Tee in forest green")


@shop
def a_caption_suits_every_colour(parent):
    caption(parent.images.get(), "Care label, all colours: navy, red")


@shop
def a_picture_is_published_in_the_parents_gallery(parent):
    publish(make(parent, "Navy"))


@shop
def a_picture_is_published_to_children(parent):
    publish(make(parent, "Navy"), "colour")


@shop
def a_published_free_colour_counts_by_its_label(parent):
    publish(factories.make_variant(parent.images.get(), status="approved", label="navy"))


@shop
def one_size_has_its_photo(parent):
    factories.add_photo(parent.children.get(upc__endswith="Navy-L"))


@shop
def the_only_photo_is_of_a_hidden_child(parent):
    child = parent.children.get(upc__endswith="Navy-L")
    factories.add_photo(child)
    Product.objects.filter(pk=child.pk).update(is_public=False)


@shop
def the_parent_has_no_photo(parent):
    parent.images.all().delete()


@shop
def nobody_has_a_photo(parent):
    get_model("catalogue", "ProductImage").objects.all().delete()


@shop
def a_child_has_no_colour(parent):
    parent.children.last().attribute_values.filter(attribute__code="colour").delete()


@pytest.mark.parametrize("build", SHOPS.values(), ids=SHOPS)
def test_it_agrees_with_the_storefront(parent, build):
    factories.make_product(colour="Red")
    build(parent)
    assert found() == on_the_storefront()


def test_it_counts_children_by_colour(parent):
    assert found() == {(parent.pk, "Navy"): 2, (parent.pk, "Forest green"): 2}
    findings = radar.find()
    assert (findings.children, findings.fillable, len(findings.families)) == (4, 2, 1)


def test_two_options_of_one_name_are_one_colour(parent):
    group = factories.AttributeOptionGroup.objects.get(name="colour")
    twin = factories.AttributeOption.objects.create(group=group, option="NAVY")
    child = parent.children.get(upc__endswith="Navy-L")
    child.attribute_values.filter(attribute__code="colour").update(value_option=twin)
    assert sum(label.casefold() == "navy" for _parent, label in found()) == 1


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("queued", "queued"),
        ("awaiting_review", "awaiting_review"),
        ("approved", "approved"),
        ("rejected", ""),
        ("failed", ""),
    ],
)
def test_what_is_on_its_way_is_told_and_not_asked_for_again(parent, status, state):
    factories.make_variant(parent.images.get(), label="Navy", option=option("Navy"), status=status)
    colour = next(each for each in radar.find().colours if each.label == "Navy")
    assert (colour.state, colour.fillable) == (state, not state)


def test_the_furthest_counts(parent):
    for status in ("queued", "approved", "awaiting_review"):
        factories.make_variant(
            parent.images.get(), label="Navy", option=option("Navy"), status=status
        )
    assert {c.label: c.state for c in radar.find().colours}["Navy"] == "approved"


def test_a_colour_that_nobody_described_cannot_be_made(parent):
    Colourway.objects.filter(name="Forest green").delete()
    group = factories.AttributeOptionGroup.objects.get(name="colour")
    factories.AttributeOption.objects.create(group=group, option="Harbour mist")
    factories.make_child(parent, "Harbour mist")
    colours = {each.label: each.colour for each in radar.find().colours}
    assert colours == {"Navy": "#24345C", "Forest green": "#228B22", "Harbour mist": None}
    assert radar.find().unknown == 1


@pytest.mark.parametrize("by", ["product_classes", "categories", "partners", "products"])
def test_it_is_narrowed_down(parent, partner, by):
    other = factories.make_parent(partner=factories.make_partner())
    shoes = factories.make_product_class("Shoes")
    Product.objects.filter(pk=parent.pk).update(product_class=shoes)
    category = factories.Category.add_root(name="Spring")
    parent.categories.add(category)
    chosen = {
        "product_classes": shoes.pk,
        "categories": category.pk,
        "partners": partner.pk,
        "products": parent.pk,
    }
    everything = {pk for pk, _label in found()}
    assert everything == {parent.pk, other.pk}
    narrowed = found(selection=Selection(**{by: (chosen[by],)}))
    assert {pk for pk, _label in narrowed} == {parent.pk}


def test_partner_staff_are_told_of_their_own_children(parent, partner_user):
    factories.make_child(parent, "Mustard", "S", partner=factories.make_partner())
    factories.make_parent(partner=factories.make_partner())
    assert (parent.pk, "Mustard") in found()
    assert found(by=partner_user) == {(parent.pk, "Navy"): 2, (parent.pk, "Forest green"): 2}


def test_who_may_not_look_is_told_nothing(parent, bystander):
    assert found(by=bystander) == {}


def test_more_products_cost_no_more_queries(parent, django_assert_num_queries):
    factories.make_variant(parent.images.get(), label="Navy", option=option("Navy"))
    with django_assert_num_queries(5):
        radar.find()
    for _ in range(4):
        caption(factories.make_parent().images.get(), "Tee in navy")
    with django_assert_num_queries(5):
        radar.find()
    with django_assert_num_queries(5):
        radar.find(selection=Selection(product_classes=(parent.product_class_id,)))


# Filling


@pytest.fixture
def fill(staff, django_capture_on_commit_callbacks):
    def fill(selection=None, by=staff):
        with django_capture_on_commit_callbacks(execute=True):
            return radar_filling.fill(selection=selection or Selection(), by=by)

    return fill


def asked():
    return set(VariantImage.objects.values_list("product", "label"))


def test_filling_asks_for_exactly_what_is_missing(parent, fill, sent):
    caption(parent.images.get(), "Tee in navy")
    factories.make_product(colour="Red")
    covered = factories.make_parent(with_photo=("Red", "Navy", "Forest green"))
    run = fill()
    assert sent == [("housekeeping", "oscar_gan.backfill_run", str(run.pk))]
    radar_filling.work(run.pk)
    assert asked() == {(parent.pk, "Forest green")}
    assert not covered.gan_variants.exists()
    run.refresh_from_db()
    assert run.finished_at
    assert [each for each in radar.find().colours if each.fillable] == []


def test_what_is_on_its_way_is_not_asked_for_again(parent, fill):
    factories.make_variant(
        parent.images.get(), label="Navy", option=option("Navy"), status="approved"
    )
    radar_filling.work(fill().pk)
    assert sorted(VariantImage.objects.values_list("label", flat=True)) == ["Forest green", "Navy"]


def test_one_product_is_filled_alone(parent, fill):
    other = factories.make_parent()
    radar_filling.work(fill(Selection(products=(other.pk,))).pk)
    assert {product for product, _label in asked()} == {other.pk}


def test_nothing_to_fill_says_so(parent, fill):
    radar_filling.work(fill().pk)
    with pytest.raises(InvalidRequest, match="Nothing is left to fill here"):
        fill()


def test_filling_needs_the_permission(parent, fill, bystander):
    with pytest.raises(PermissionRefused):
        fill(by=bystander)


def test_partner_staff_fill_their_own(parent, partner_user, fill):
    foreign = factories.make_parent(partner=factories.make_partner())
    factories.make_child(parent, "Mustard", "S", partner=factories.make_partner())
    radar_filling.work(fill(by=partner_user).pk)
    assert asked() == {(parent.pk, "Navy"), (parent.pk, "Forest green")}
    assert not foreign.gan_variants.exists()


def test_a_lost_message_is_sent_again(parent, fill, sent):
    run = fill()
    assert radar_filling.reap() == 0
    BackfillRun.objects.update(created_at=timezone.now() - timedelta(hours=1))
    backfill.start(selection=Selection())  # a command's run is for people to resume
    BackfillRun.objects.update(created_at=timezone.now() - timedelta(hours=1))
    assert radar_filling.reap() == 1
    assert sent[-1][2] == str(run.pk)
    radar_filling.work(run.pk)
    assert radar_filling.reap() == 0
