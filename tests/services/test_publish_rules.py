"""Publishing by rule: where, at which place, instead of what; and back to the last byte."""

from __future__ import annotations

import pytest
from django.utils import translation
from oscar.core.loading import get_model

from oscar_gan.errors import InvalidRequest, InvalidTransition, PermissionRefused
from oscar_gan.models import VariantImage
from oscar_gan.services import media, publishing
from oscar_gan.services.gallery import gallery
from oscar_gan.services.publish_preview import preview
from oscar_gan.services.publish_rules import Rule, usual_rule
from tests import factories

pytestmark = pytest.mark.django_db


def option(name):
    return factories.AttributeOption.objects.get(group__name="colour", option=name)


def rows(*products):
    """All there is to know about galleries: every column of every row, and the files' bytes."""
    images = get_model("catalogue", "ProductImage").objects.filter(product__in=products)
    return [
        (*values.values(), images.get(pk=values["id"]).original.read())
        for values in images.order_by("product", "display_order", "pk").values()
    ]


def approved(source, label="Navy", **fields):
    return factories.make_variant(source, status="approved", label=label, **fields)


def take(source, label="Navy", **fields):
    """A picture of the colour option `label`."""
    return approved(source, label, option=option(label), **fields)


@pytest.fixture
def publish(staff):
    def publish(variant, scope="gallery", **rule):
        return publishing.publish(variant=variant, scope=scope, published_by=staff, **rule)

    return publish


@pytest.fixture
def revert(staff):
    def revert(publication):
        publication.refresh_from_db()
        return publishing.revert(publication=publication, reverted_by=staff)

    return revert


def order(product):
    return [image.pk for image in product.images.order_by("display_order", "pk")]


def test_both_places_at_once(parent, publish):
    publication = publish(take(parent.images.get()), "both")
    upcs = {image.product.upc for image in publication.images.all()}
    assert upcs == {parent.upc, f"{parent.upc}-Navy-M", f"{parent.upc}-Navy-L"}


def test_a_place_that_does_not_exist_is_refused(source, publish):
    with pytest.raises(InvalidRequest, match="'top' is no place; choose from: last, first, lead"):
        publish(approved(source), position="top")


def test_first_comes_before_other_generated_pictures(product, source, publish):
    old = publish(approved(source)).images.get().image_id
    new = publish(approved(source, "Mustard"), position="first").images.get().image_id
    assert order(product) == [source.pk, new, old]


def test_it_leads_where_no_photo_of_a_person_does(parent, publish):
    child = parent.children.get(upc__endswith="Navy-M")
    publish(take(parent.images.get()), "colour")
    lead = publish(take(parent.images.get()), "colour", position="lead")
    assert child.primary_image() == lead.images.get(product=child).image


def test_a_photo_of_a_person_keeps_leading(product, source, publish):
    publish(approved(source), position="lead")
    source.refresh_from_db()
    assert source.display_order == 0
    assert product.primary_image() == source


def test_it_leads_on_a_free_place_before_a_photo(product, source, publish):
    product.images.update(display_order=3)
    publication = publish(approved(source), position="lead")
    assert order(product) == [publication.images.get().image_id, source.pk]
    source.refresh_from_db()
    assert source.display_order == 3


@pytest.mark.parametrize("newest_first", [True, False])
def test_what_made_room_returns(product, source, publish, revert, newest_first):
    publish(approved(source))
    before = rows(product)
    taken = [
        publish(approved(source, label), position="first") for label in ("Red", "Forest green")
    ]
    for publication in reversed(taken) if newest_first else taken:
        revert(publication)
    assert rows(product) == before


def test_replacing_takes_the_same_colour_of_the_same_photo_only(parent, publish):
    front, back = parent.images.get(), factories.add_photo(parent)
    old = publish(take(front))
    other_photo, other_colour = publish(take(back)), publish(take(front, "Mustard"))
    new = publish(take(front), replace=True)
    left = {image.pk for image in parent.images.all()}
    kept = {each.images.get().image_id for each in (other_photo, other_colour, new)}
    assert left == {front.pk, back.pk, *kept}
    assert old.images.get().image_id is None


def test_replacing_takes_what_was_made_from_a_photo_that_is_gone(product, source, publish):
    photo = factories.add_photo(product)
    old = publish(approved(photo))
    get_model("catalogue", "ProductImage").objects.filter(pk=photo.pk).delete()
    publish(approved(source), replace=True)
    assert old.images.get().image_id is None


def test_reverting_a_replacement_brings_back_every_byte(parent, publish, revert):
    children = list(parent.children.filter(upc__contains="Navy"))
    photo = parent.images.get()
    publish(take(photo, target="#24345C"), "both")
    before = rows(parent, *children)
    publication = publish(take(photo, target="#102040"), "both", replace=True)
    assert rows(parent, *children) != before
    revert(publication)
    assert rows(parent, *children) == before


def test_what_was_reverted_itself_does_not_come_back(product, source, publish, revert):
    before = rows(product)
    old = publish(approved(source))
    new = publish(approved(source), replace=True)
    revert(old)
    revert(new)
    assert rows(product) == before


@pytest.mark.parametrize("first", ["second", "third"])
def test_a_chain_of_replacements_ends_where_it_began(product, source, publish, revert, first):
    publish(approved(source))
    before = rows(product)
    second = publish(approved(source), replace=True)
    third = publish(approved(source), replace=True)
    for publication in (second, third) if first == "second" else (third, second):
        revert(publication)
    assert rows(product) == before


def test_a_lost_draft_stops_the_revert_before_it_changes_anything(
    product, source, publish, revert
):
    old = approved(source, target="#24345C")
    publish(old)
    new = publish(approved(source, target="#102040"), replace=True)
    before = rows(product)
    media.drafts().delete(old.file_name)
    with pytest.raises(Exception, match="missing from storage"):
        revert(new)
    assert rows(product) == before
    new.refresh_from_db()
    assert new.reverted_at is None


def test_reverting_twice_restores_once(product, source, publish, revert):
    publish(approved(source))
    new = publish(approved(source), replace=True)
    revert(new)
    after = rows(product)
    with pytest.raises(InvalidTransition, match="reverted already"):
        revert(new)
    assert rows(product) == after


# Alternative texts


def test_texts_are_stored_per_language_and_shown_in_the_shoppers(
    product, source, publish, settings
):
    settings.OSCAR_GAN = {"ALT_TEXTS": {"en-gb": "{product} in {colour}"}}
    settings.LANGUAGE_CODE = "en-gb"
    publication = publish(approved(source))
    assert publication.alt_texts["en-gb"] == "Canvas bag in Navy"
    assert publication.alt_texts["zh-hans"] == "Canvas bag，Navy"
    assert publication.images.get().image.caption == "Canvas bag in Navy"
    shown = gallery(product=product, selected_key="navy").images[0]
    assert shown.alt == "Canvas bag in Navy"
    with translation.override("zh-hans"):
        assert gallery(product=product, selected_key="navy").images[0].alt == "Canvas bag，Navy"


def test_what_a_person_wrote_is_shown_in_every_language(product, source, publish):
    image = publish(approved(source)).images.get().image
    image.caption = "Our bag at the quay"
    image.save()
    for language in ("en", "zh-hans"):
        with translation.override(language):
            shown = gallery(product=product, selected_key="navy").images[0]
            assert shown.alt == "Our bag at the quay"


def test_what_a_person_wrote_survives_a_replacement(source, publish):
    image = publish(approved(source)).images.get().image
    image.caption = "Our bag at the quay"
    image.save()
    publication = publish(approved(source), replace=True)
    assert publication.images.get().image.caption == "Our bag at the quay"


# The preview


def look(variants, staff, **rule):
    variants = VariantImage.objects.filter(pk__in=[v.pk for v in variants]).order_by("pk")
    from oscar_gan.gan_dashboard.views.publishing import for_preview

    return preview(variants=for_preview(variants), rule=Rule(**rule), by=staff)


def states(change):
    return [(frame.state, frame.by_hand) for frame in change.after]


@pytest.mark.parametrize("position", ["last", "first", "lead"])
@pytest.mark.parametrize("replace", [True, False])
@pytest.mark.parametrize("scope", ["gallery", "colour", "both"])
def test_the_preview_is_what_happens(parent, staff, publish, scope, position, replace):
    photo = parent.images.get()
    publish(take(photo), "both")
    takes = [take(photo), take(photo), take(photo, "Mustard"), take(photo, "Forest green")]
    takes[2].option = option("Red")
    takes[2].save()
    promised = look(takes, staff, scope=scope, position=position, replace=replace)
    for variant in takes:
        publish(variant, scope, position=position, replace=replace)
    assert promised.problems == []
    for change in promised.galleries:
        hung = change.product.images.order_by("display_order", "pk")
        published = [
            image.gan_published.publication.variant_id if hasattr(image, "gan_published") else None
            for image in hung
        ]
        after = [
            (frame.variant.pk if frame.variant else None, frame.order) for frame in change.after
        ]
        orders = [image.display_order for image in hung]
        assert [spot for _pk, spot in after] == orders
        new = {variant.pk for variant in takes}
        assert [pk for pk, _ in after] == [pk if pk in new else None for pk in published]


def test_the_preview_says_what_stays_out_and_why(parent, staff, publish):
    photo = parent.images.get()
    free, out, waiting = approved(photo, "#123456"), take(photo), factories.make_variant(photo)
    publish(out, "colour")
    found = look([free, out, waiting], staff, scope="colour")
    assert found.galleries == []
    reasons = {variant.pk: problem for variant, problem in found.problems}
    assert "not one of this product's colour options" in reasons[free.pk]
    assert "published already" in reasons[out.pk]
    assert "colour options" in reasons[waiting.pk] or "approved" in reasons[waiting.pk]


def test_the_preview_of_many_costs_as_many_queries_as_of_one(
    parent, staff, django_assert_num_queries
):
    photo = parent.images.get()
    takes = [take(photo) for _ in range(6)]
    look(takes[:1], staff, scope="both")
    for variants in (takes[:1], takes):
        with django_assert_num_queries(5):
            look(variants, staff, scope="both")


def test_the_usual_rule_follows_the_product(parent, source):
    assert usual_rule(take(parent.images.get())).scope == "colour"
    assert usual_rule(approved(source)).scope == "gallery"


def test_partner_staff_reach_their_own_only(parent, partner_user):
    variant = take(parent.images.get())
    stranger = factories.make_partner_user(factories.make_partner())
    found = look([variant], stranger, scope="colour")
    assert [problem for _variant, problem in found.problems] == [
        f"Product {parent.pk} belongs to another partner."
    ]
    with pytest.raises(PermissionRefused):
        publishing.publish(variant=variant, scope="gallery", published_by=stranger)
    assert look([variant], partner_user, scope="colour").pictures == 2
