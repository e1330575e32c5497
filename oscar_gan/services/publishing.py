"""Publishing: copy an approved variant image into galleries, and take it out again.

Only rows and files of our own are ever added or removed. Every ProductImage gets a file of its
own, because Oscar deletes the file together with its row.
"""

from __future__ import annotations

import logging
import uuid
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from oscar.core.loading import get_model

from .. import signals
from ..conf import get_config
from ..errors import InvalidRequest, InvalidTransition, StorageUnavailable
from ..models import Publication, PublishedImage, VariantImage
from . import access, dispatch, media
from .captions import caption_of
from .colours import colour_attribute

logger = logging.getLogger(__name__)
Scope = Publication.Scope


def plan(*, variant: VariantImage, scope: str, by=None) -> list:
    """The products whose galleries would get the picture, in order of id.

    With `by`, only those whose pictures this person may publish: children of one parent can be
    sold by several partners.
    """
    if scope == Scope.GALLERY:
        return [variant.product]
    if scope != Scope.COLOUR:
        raise InvalidRequest(f"{scope!r} is no place; choose from: {', '.join(Scope.values)}.")
    product = variant.product
    attribute = colour_attribute(product)
    if variant.option is None or attribute is None:
        raise InvalidRequest(
            f"{variant.label} is not one of this product's colour options, so no child product"
            " has it; publish it to the product's own gallery."
        )
    allowed = (
        access.products_for(by, "publish") if by else get_model("catalogue", "Product").objects
    )
    children = allowed.filter(
        parent_id=product.parent_id or product.pk,
        attribute_values__attribute=attribute,
        attribute_values__value_option=variant.option,
    )
    if not children:
        raise InvalidRequest(
            f"No child product has the colour {variant.label}; create it first or publish to"
            " the product's own gallery."
        )
    return list(children.order_by("pk"))


def publish(*, variant: VariantImage, scope: str, published_by) -> Publication:
    """Add the picture at the end of each gallery; it leads where there was none."""
    access.require(published_by, "publish", variant.product)
    products = plan(variant=variant, scope=scope, by=published_by)
    _check_publishable(variant)
    data = media.read_draft(variant.file_name)
    names: dict[int, str] = {}
    try:
        for product in products:
            names[product.pk] = _copy(variant, data)
        with transaction.atomic():
            publication = _publish(variant, scope, products, names, published_by)
    except BaseException:
        _discard(names.values())
        raise
    return publication


@transaction.atomic
def revert(*, publication: Publication, reverted_by) -> Publication:
    """Take the published pictures out again; everybody else's stay exactly as they are."""
    access.require(reverted_by, "publish", publication.variant.product)
    live = Publication.objects.live().filter(pk=publication.pk)
    if not live.update(reverted_at=timezone.now(), reverted_by=reverted_by):
        raise InvalidTransition("This publication was reverted already.")
    publication.refresh_from_db()
    ours = list(publication.images.exclude(image=None).values_list("image_id", flat=True))
    _announce(signals.variant_reverted, publication)
    # Not instance.delete(): that renumbers and re-saves the pictures people made. Last in the
    # transaction, because the files go with the rows and cannot be rolled back.
    get_model("catalogue", "ProductImage").objects.filter(pk__in=ours).delete()
    return publication


def _check_publishable(variant: VariantImage) -> None:
    variant.refresh_from_db(fields=["status"])
    if variant.status != VariantImage.Status.APPROVED:
        raise InvalidTransition(
            "Only approved pictures can be published;"
            f" this one is: {variant.get_status_display()}."
        )
    if variant.publications.live().exists():
        raise InvalidTransition("This picture is published already; revert that first.")


def _publish(variant, scope, products, names, published_by) -> Publication:
    VariantImage.objects.select_for_update().get(pk=variant.pk)
    _check_publishable(variant)
    Product = get_model("catalogue", "Product")
    pks = [product.pk for product in products]
    # Locks the galleries: a display order is chosen below from what is there now.
    locked = list(Product.objects.select_for_update().filter(pk__in=pks).order_by("pk"))
    if len(locked) != len(products):
        raise InvalidTransition("A product was deleted meanwhile; reload the page.")
    publication = Publication.objects.create(
        variant=variant,
        scope=scope,
        published_by=published_by,
        before={str(product.pk): _gallery(product) for product in locked},
    )
    for product in locked:
        _add(publication, product, names[product.pk])
    _announce(signals.variant_published, publication)
    transaction.on_commit(
        partial(
            dispatch.send_task,
            "oscar_gan.warm_thumbnails",
            publication.pk,
            queue="housekeeping",
        )
    )
    return publication


def _add(publication: Publication, product, name: str) -> None:
    ProductImage = get_model("catalogue", "ProductImage")
    highest = product.images.aggregate(highest=Max("display_order"))["highest"]
    image = ProductImage(
        product=product,
        code=f"gan-{uuid.uuid4()}",
        caption=caption_of(product, publication.variant),
        display_order=0 if highest is None else highest + 1,
    )
    image.original.name = name
    image.save()
    PublishedImage.objects.create(
        publication=publication, product=product, image=image, file_name=name
    )


def _gallery(product) -> list[dict]:
    return [
        {
            "id": image.pk,
            "display_order": image.display_order,
            "caption": image.caption,
            "name": image.original.name,
        }
        for image in product.images.order_by("display_order", "pk")
    ]


def _storage():
    return get_model("catalogue", "ProductImage")._meta.get_field("original").storage


def _copy(variant: VariantImage, data: bytes) -> str:
    """Save a file of its own: named by its content, made unique by a random tail."""
    extension = variant.file_name[variant.file_name.rindex(".") :]
    digest = variant.digest
    prefix = get_config().published_prefix
    name = f"{prefix}/{digest[:2]}/{digest[:32]}-{uuid.uuid4().hex[:8]}{extension}"
    storage = _storage()
    with media.translated_errors(name):
        return storage.save(name, ContentFile(data))


def _discard(names) -> None:
    storage = _storage()
    for name in names:
        try:
            with media.translated_errors(name):
                storage.delete(name)
        except StorageUnavailable as error:
            logger.warning("%s was left behind for the sweeper: %s", name, error)


def _announce(signal, publication: Publication) -> None:
    transaction.on_commit(partial(signal.send_robust, sender=Publication, publication=publication))
