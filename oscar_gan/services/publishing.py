"""Publishing: copy an approved variant image into galleries, and take it out again.

Only rows and files of our own are ever added, moved or removed. Every ProductImage gets a file of
its own, because Oscar deletes the file together with its row.
"""

from __future__ import annotations

import uuid
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from oscar.core.loading import get_model

from .. import signals
from ..errors import InvalidTransition, OscarGanError
from ..models import Publication, PublishedImage, VariantImage
from . import access, dispatch, media, published_files
from .announcing import after_commit, announce
from .captions import alt_texts
from .publish_places import hang, moved_back
from .publish_rules import Position, Rule, destinations
from .publish_walls import Wall, keep_row, locked, put_row_back, walls

Status = VariantImage.Status


def plan(*, variant: VariantImage, scope: str, by=None, action: str = "publish") -> list:
    """The products whose galleries would get the picture, in order of id.

    With `by`, only those whose pictures this person may publish. Raises InvalidRequest.
    """
    found = destinations(variants=[variant], scope=Rule(scope=scope).scope, by=by, action=action)
    if isinstance(found[variant.pk], OscarGanError):
        raise found[variant.pk]
    return found[variant.pk]


def publish(
    *,
    variant: VariantImage,
    scope: str,
    published_by,
    position: str = Position.LAST,
    replace: bool = False,
    run=None,
) -> Publication:
    """Copy the picture into each gallery, as services.publish_rules.Rule says.

    An automatic `run` publishes for the shop's policy: whoever it acts for need not have the
    permission, may be nobody, and the picture may still await review.
    """
    automatic = run is not None and run.automatic
    if not automatic:
        access.require(published_by, "publish", variant.product)
    rule = Rule(scope=scope, position=position, replace=replace)
    action = "view" if automatic else "publish"
    products = plan(variant=variant, scope=scope, by=published_by, action=action)
    check_publishable(variant, automatic=automatic)
    data = media.read_draft(variant.file_name, digest=variant.digest)
    names: dict[int, str] = {}
    with published_files.unless_it_fails() as saved:
        for product in products:
            names[product.pk] = published_files.copy(variant, product, data)
            saved.append(names[product.pk])
        with transaction.atomic():
            return _publish(variant, rule, names, published_by, run)


def revert(*, publication: Publication, reverted_by, automatic: bool = False) -> Publication:
    """Take the published pictures out again and put back what they replaced.

    Everybody else's stay exactly as they are. `automatic`: the shop's policy does it.
    """
    if not automatic:
        access.require(reverted_by, "publish", publication.variant.product)
    with published_files.unless_it_fails() as back, transaction.atomic():
        _revert(publication, reverted_by, back)
    return publication


def check_publishable(variant: VariantImage, *, automatic: bool = False) -> None:
    """Raise InvalidTransition unless the picture is approved and not published yet."""
    variant.refresh_from_db(fields=["status"])
    allowed = (Status.APPROVED, Status.AWAITING_REVIEW) if automatic else (Status.APPROVED,)
    if variant.status not in allowed:
        raise InvalidTransition(
            "Only approved pictures can be published;"
            f" this one is: {variant.get_status_display()}."
        )
    if variant.publications.live().exists():
        raise InvalidTransition("This picture is published already; revert that first.")


def _publish(variant, rule: Rule, names: dict[int, str], published_by, run) -> Publication:
    VariantImage.objects.select_for_update().get(pk=variant.pk)
    check_publishable(variant, automatic=run is not None and run.automatic)
    hanging = walls(locked(names))
    if len(hanging) != len(names):
        raise InvalidTransition("A product was deleted meanwhile; reload the page.")
    publication = Publication.objects.create(
        variant=variant,
        **rule.to_json(),
        alt_texts=alt_texts(variant.product, variant),
        run=run,
        published_by=published_by,
        before={str(wall.product.pk): wall.to_json() for wall in hanging},
    )
    replaced = [pk for wall in hanging for pk in _hang(publication, wall, names[wall.product.pk])]
    announce(signals.variant_published, publication=publication)
    transaction.on_commit(
        partial(
            dispatch.send_task,
            "oscar_gan.warm_thumbnails",
            publication.pk,
            queue="housekeeping",
        )
    )
    _delete(replaced)
    return publication


def _hang(publication: Publication, wall: Wall, name: str) -> list[int]:
    """Add the picture to one gallery; returns the ids of those it replaces."""
    unwanted = wall.same_colour(publication.variant) if publication.replace else []
    place = hang(
        wall.spots,
        key=None,
        position=publication.position,
        without=[published.image_id for published in unwanted],
    )
    ProductImage = get_model("catalogue", "ProductImage")
    for pk, distance in place.moved.items():
        order = wall.images[pk].display_order + distance
        ProductImage.objects.filter(pk=pk).update(display_order=order)
    image = ProductImage(
        product=wall.product,
        code=f"gan-{uuid.uuid4()}",
        caption=_caption(publication, unwanted),
        display_order=place.order,
    )
    image.original.name = name
    image.save()
    PublishedImage.objects.create(
        publication=publication,
        product=wall.product,
        image=image,
        file_name=name,
        moved={str(pk): distance for pk, distance in place.moved.items()},
    )
    for published in unwanted:
        published.kept = keep_row(published.image)
        published.replaced_by = publication
        published.save(update_fields=["kept", "replaced_by"])
    return [published.image_id for published in unwanted]


def _caption(publication: Publication, replaced) -> str:
    """The text of publishing, unless a person wrote one about a picture that goes."""
    for published in replaced:
        caption = published.image.caption
        if caption and caption not in published.publication.alt_texts.values():
            return caption
    return publication.alt_texts[settings.LANGUAGE_CODE]


def _revert(publication: Publication, reverted_by, back: list[str]) -> None:
    images = publication.images.select_related("image", "replaced_by")
    ours = {published.product_id: published for published in images}
    hanging = walls(locked(ours))
    live = Publication.objects.live().filter(pk=publication.pk)
    if not live.update(reverted_at=timezone.now(), reverted_by=reverted_by):
        raise InvalidTransition("This publication was reverted already.")
    publication.refresh_from_db()
    for wall in hanging:
        _make_good(wall, ours[wall.product.pk])
    for published in _replaced(publication):
        original = published.publication.variant
        data = media.read_draft(original.file_name, digest=original.digest)
        if published_files.put_back(published.file_name, data):
            back.append(published.file_name)
        put_row_back(published)
    _hand_on(publication, ours)
    announce(signals.variant_reverted, publication=publication)
    _delete([published.image_id for published in ours.values() if published.image_id])


def _make_good(wall: Wall, published: PublishedImage) -> None:
    """Let those of our pictures that made room for one return to where they were."""
    moved = {int(pk): distance for pk, distance in published.moved.items()}
    others = [spot for spot in wall.spots if spot.key != published.image_id]
    for pk, order in moved_back(others, moved).items():
        get_model("catalogue", "ProductImage").objects.filter(pk=pk).update(display_order=order)


def _replaced(publication: Publication) -> list[PublishedImage]:
    """What comes back with a revert: not what was reverted or replaced once more itself."""
    again = publication.images.filter(replaced_by__isnull=False).values("product")
    return list(
        publication.replaced.filter(image=None, publication__reverted_at=None)
        .exclude(product__in=again)
        .select_related("publication__variant")
    )


def _hand_on(publication: Publication, ours: dict[int, PublishedImage]) -> None:
    """What waits behind a picture that was replaced itself waits behind its successor now."""
    for product, published in ours.items():
        waiting = publication.replaced.filter(product=product, image=None)
        if published.replaced_by_id:
            waiting.update(replaced_by=published.replaced_by)


def _delete(pks: list[int]) -> None:
    """Take pictures of ours out of their galleries, and after the commit their files.

    Not instance.delete(): that renumbers and re-saves the pictures people made. Oscar deletes the
    file that a row names with the row, before the commit, so the rows name none by then.
    """
    images = get_model("catalogue", "ProductImage").objects.filter(pk__in=pks)
    found = list(images.values_list("original", "product"))
    names, products = [name for name, _ in found], {product for _, product in found}
    images.update(original="")
    images.delete()
    if names:
        after_commit(published_files.take_down, names, products)
