"""Publishing: copies into galleries, and back; nobody else's pictures are touched."""

import pytest

from oscar_gan.errors import (
    InvalidRequest,
    InvalidTransition,
    PermissionRefused,
    StorageUnavailable,
    UnusablePhoto,
)
from oscar_gan.models import Publication, PublishedImage
from oscar_gan.services import media, publishing
from tests import factories

pytestmark = pytest.mark.django_db


def option(name):
    return factories.AttributeOption.objects.get(group__name="colour", option=name)


def gallery(product):
    """Everything about a product's pictures: rows, order, captions, and the files' bytes."""
    return [
        (row.pk, row.display_order, row.caption, row.code, row.date_created, row.original.name,
         row.original.read())
        for row in product.images.order_by("display_order", "pk")
    ]  # fmt: skip


@pytest.fixture
def variant(source):
    return factories.make_variant(source, status="approved")


@pytest.fixture
def navy(parent):
    """An approved navy picture of the parent, made for the option Navy."""
    return factories.make_variant(
        parent.images.get(), status="approved", label="Navy", option=option("Navy")
    )


def publish(variant, staff, scope="gallery"):
    return publishing.publish(variant=variant, scope=scope, published_by=staff)


def test_the_picture_is_copied_to_the_end_of_the_gallery(variant, product, staff, source):
    before = gallery(product)

    publication = publish(variant, staff)

    added = publication.images.get().image
    assert gallery(product)[:-1] == before
    assert (added.product, added.display_order) == (product, 1)
    assert added.caption == "Canvas bag, Navy"
    assert added.original.read() == media.read_draft(variant.file_name)
    assert added.original.name.startswith("images/products/variants/")
    assert product.primary_image() == source


def test_it_leads_where_there_was_no_picture(parent, navy, staff):
    publish(navy, staff, scope="colour")
    child = parent.children.filter(images__isnull=False, upc__contains="Navy").first()
    assert child.images.get().display_order == 0
    assert child.primary_image() == child.images.get()


def test_every_gallery_gets_a_file_of_its_own(parent, navy, staff):
    publication = publish(navy, staff, scope="colour")

    names = list(publication.images.values_list("file_name", flat=True))
    children = parent.children.filter(attribute_values__value_option=option("Navy"))
    assert {image.product for image in publication.images.all()} == set(children)
    assert children.count() == len(set(names)) == 2
    one, other = publication.images.all()
    one.image.delete()  # Oscar deletes its file with it
    assert other.image.original.read() == media.read_draft(navy.file_name)


def test_the_colour_scope_takes_all_sizes_of_that_colour_and_no_others(parent, navy):
    products = publishing.plan(variant=navy, scope="colour")
    assert {product.upc for product in products} == {
        f"{parent.upc}-Navy-M",
        f"{parent.upc}-Navy-L",
    }


def test_a_picture_of_a_child_reaches_its_siblings(parent, staff):
    red = parent.children.filter(images__isnull=False).first()
    variant = factories.make_variant(
        red.images.get(), status="approved", label="Navy", option=option("Navy")
    )
    assert len(publishing.plan(variant=variant, scope="colour")) == 2


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"label": "#123456"}, "not one of this product's colour options"),
        ({"label": "Mustard"}, "No child product has the colour Mustard"),
    ],
)
def test_a_colour_that_no_child_has_cannot_go_to_children(parent, staff, fields, message):
    if fields["label"] == "Mustard":
        fields = {**fields, "option": option("Mustard")}
    variant = factories.make_variant(parent.images.get(), status="approved", **fields)
    with pytest.raises(InvalidRequest, match=message):
        publish(variant, staff, scope="colour")


def test_an_unknown_scope_is_refused_with_the_choices(variant, staff):
    with pytest.raises(InvalidRequest, match="'world' is no place; choose from: gallery, colour"):
        publish(variant, staff, scope="world")


def test_the_state_before_is_on_record(variant, product, source, staff):
    publication = publish(variant, staff)
    assert publication.before == {
        str(product.pk): [
            {"id": source.pk, "display_order": 0, "caption": "", "name": source.original.name}
        ]
    }


def test_reverting_restores_rows_order_and_bytes(
    variant, product, staff, django_capture_on_commit_callbacks
):
    factories.add_photo(product, factories.photo_bytes("#2050A0"))
    before = gallery(product)
    publication = publish(variant, staff)
    name = publication.images.get().image.original.name
    assert gallery(product) != before

    with django_capture_on_commit_callbacks(execute=True):
        publishing.revert(publication=publication, reverted_by=staff)

    assert gallery(product) == before
    assert (publication.reverted_by, publication.reverted_at is None) == (staff, False)
    assert not media.drafts().exists(name)
    assert not product.images.first().original.storage.exists(name)
    assert media.drafts().exists(variant.file_name)


def test_reverting_takes_only_its_own_picture(variant, product, staff, source):
    publication = publish(variant, staff)
    later = factories.add_photo(product)
    other = factories.make_variant(source, status="approved", label="Mustard")
    publish(other, staff)

    publishing.revert(publication=publication, reverted_by=staff)

    left = product.images.order_by("display_order")
    assert [image.pk for image in left] == [
        source.pk,
        later.pk,
        other.publications.get().images.get().image_id,
    ]
    assert [image.display_order for image in left] == [0, 2, 3]


def test_a_picture_that_somebody_removed_by_hand_reverts_without_complaint(
    variant, product, staff
):
    publication = publish(variant, staff)
    publication.images.get().image.delete()
    publishing.revert(publication=publication, reverted_by=staff)
    assert product.images.count() == 1


def test_publishing_twice_is_refused(variant, product, staff):
    publish(variant, staff)
    before = gallery(product)
    with pytest.raises(InvalidTransition, match="published already; revert that first"):
        publish(variant, staff)
    assert gallery(product) == before
    assert published_files(product) == 1


def test_reverting_twice_is_refused(variant, staff):
    publication = publish(variant, staff)
    stale = Publication.objects.get(pk=publication.pk)
    publishing.revert(publication=publication, reverted_by=staff)
    with pytest.raises(InvalidTransition, match="reverted already"):
        publishing.revert(publication=stale, reverted_by=staff)


def test_publishing_again_after_reverting(variant, product, staff):
    publishing.revert(publication=publish(variant, staff), reverted_by=staff)
    publish(variant, staff)
    assert product.images.count() == 2


@pytest.mark.parametrize("status", ["awaiting_review", "rejected", "failed", "queued"])
def test_only_approved_pictures_are_published(source, staff, product, status):
    variant = factories.make_variant(source, status=status)
    with pytest.raises(InvalidTransition, match="Only approved pictures"):
        publish(variant, staff)
    assert product.images.count() == 1


def test_a_draft_that_is_gone_publishes_nothing(variant, product, staff):
    media.drafts().delete(variant.file_name)
    with pytest.raises(UnusablePhoto, match="missing from storage"):
        publish(variant, staff)
    assert not Publication.objects.exists()


def test_storage_failing_halfway_leaves_no_rows_and_no_files(parent, navy, staff, monkeypatch):
    storage = parent.images.get().original.storage
    save, saved = storage.save, []

    def save_once(name, content, **kwargs):
        if saved:
            raise OSError("No space left on device")
        saved.append(save(name, content, **kwargs))
        return saved[0]

    monkeypatch.setattr(type(storage._wrapped), "save", lambda self, *a, **kw: save_once(*a, **kw))
    with pytest.raises(StorageUnavailable, match="No space left"):
        publish(navy, staff, scope="colour")

    assert not Publication.objects.exists()
    assert not PublishedImage.objects.exists()
    assert not storage.exists(saved[0])


def test_it_needs_the_permission_for_this_product(variant, staff, bystander, partner_user):
    with pytest.raises(PermissionRefused):
        publish(variant, bystander)
    publication = publish(variant, partner_user)
    with pytest.raises(PermissionRefused):
        publishing.revert(publication=publication, reverted_by=bystander)
    stranger = factories.make_partner_user(factories.make_partner())
    with pytest.raises(PermissionRefused, match="another partner"):
        publishing.revert(publication=publication, reverted_by=stranger)
    publishing.revert(publication=publication, reverted_by=partner_user)


def test_partner_staff_do_not_reach_another_partners_children(parent, navy, partner_user):
    foreign = factories.make_child(parent, "Navy", "S", partner=factories.make_partner())

    publication = publish(navy, partner_user, scope="colour")

    assert publication.images.count() == 2
    assert not foreign.images.exists()


def test_without_children_of_their_own_partner_staff_publish_nothing(navy, parent):
    stranger = factories.make_partner()
    factories.make_child(parent, "Red", "S", partner=stranger)
    with pytest.raises(InvalidRequest, match="No child product"):
        publish(navy, factories.make_partner_user(stranger), scope="colour")


def test_thumbnails_are_ordered_after_the_commit(
    variant, staff, sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        publication = publish(variant, staff)
        assert sent == []
    assert ("housekeeping", "oscar_gan.warm_thumbnails", publication.pk) in sent


def published_files(product):
    storage = product.images.first().original.storage
    folder = "images/products/variants"
    return sum(
        len(storage.listdir(f"{folder}/{inner}")[1]) for inner in storage.listdir(folder)[0]
    )
