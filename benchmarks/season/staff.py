"""Simulated staff: people whose decisions follow from the truth, and some whose do not.

Everything they do goes through the services that the dashboard calls.
"""

import io
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from oscar.core.loading import get_model
from PIL import Image

from benchmarks.season.pictures import Picture
from oscar_gan.imaging.overlap import score_matte
from oscar_gan.models import GenerationRequest, Matte, Review, VariantImage
from oscar_gan.services import mattes, media, outlines, requests, review
from oscar_gan.services.colours import Target

GOOD = 0.95
"""Overlap with the truth from which staff let an outline pass."""
PATIENCE = 300
"""Seconds that a request may take."""
SECOND_COLOUR = "#7A7F85"


@dataclass(frozen=True)
class Item:
    """A picture that is in the shop by now, and its row there."""

    picture: Picture
    source: object
    """Oscar's ProductImage."""


@dataclass
class Tally:
    """What came of a round of reviews."""

    approved_at_once: int = 0
    photos: int = 0
    corrected: int = 0
    decisions: int = 0

    @property
    def rate(self) -> float:
        """Share of the photos whose first picture was approved."""
        return self.approved_at_once / max(self.photos, 1)


def hire(*names: str) -> list:
    """Members of staff who may do everything."""
    users = get_user_model().objects
    return [
        users.create_superuser(name, f"{name}@example.com", password_of(name)) for name in names
    ]


def password_of(name: str) -> str:
    """What somebody logs in with."""
    return f"{name}-of-the-season"


def stock(pictures: Iterable[Picture], suffix: str = "") -> list[Item]:
    """Put products with one photo each into the catalogue; `suffix` makes their codes new."""
    Product, ProductClass, ProductImage = (
        get_model("catalogue", name) for name in ("Product", "ProductClass", "ProductImage")
    )
    items = []
    for picture in pictures:
        sort, _ = ProductClass.objects.get_or_create(
            name=picture.sort, defaults={"track_stock": False, "requires_shipping": True}
        )
        product = Product.objects.create(
            title=picture.name,
            upc=f"{picture.name}{suffix}",
            product_class=sort,
            structure="standalone",
        )
        image = ProductImage(product=product, display_order=0)
        image.original.save(f"{picture.name}.jpg", ContentFile(picture.photo))
        items.append(Item(picture, image))
    return items


def ask(items: Sequence[Item], by, colours: Callable[[Item], Sequence[str]]) -> None:
    """Ask for colours of every item and wait until they are made."""
    asked = [
        requests.request_variants(
            source=item.source,
            targets=[Target(label=colour, colour=colour) for colour in colours(item)],
            requested_by=by,
        ).pk
        for item in items
    ]
    wait_for(asked)


def wait_for(pks: Sequence) -> None:
    """Return once all these requests are closed."""
    deadline = time.monotonic() + PATIENCE
    open_ones = GenerationRequest.objects.filter(
        pk__in=pks, status__in=GenerationRequest.UNFINISHED
    )
    while open_ones.exists():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{open_ones.count()} requests were not made in {PATIENCE} s")
        time.sleep(0.2)


def review_honestly(items: Sequence[Item], reviewers: Sequence, colours) -> Tally:
    """Approve what is right; draw the outline of what is not, and approve the new picture.

    `colours(item)` are those that these people decide about.
    """
    tally = Tally(photos=len(items))
    again = []
    for number, item in enumerate(items):
        by = reviewers[number % len(reviewers)]
        waiting = _waiting(item, colours(item))
        if waiting and outline_score(item) >= GOOD:
            for variant in waiting:
                review.approve(variant=variant, reviewer=by)
                tally.decisions += 1
            tally.approved_at_once += 1
            continue
        matte = mattes.add_staff_matte(
            source=item.source, data=item.picture.matte_file, created_by=by
        )
        # Rejects what awaits review, for its edges, and asks for it anew with the new outline.
        outlines.make_again(matte=matte, by=by)
        tally.decisions += len(waiting)
        tally.corrected += 1
        again.append((item, by))
    wait_for(
        GenerationRequest.objects.filter(
            source__in=[item.source for item, _ in again]
        ).values_list("pk", flat=True)
    )
    for item, by in again:
        for variant in _waiting(item, colours(item)):
            review.approve(variant=variant, reviewer=by)
            tally.decisions += 1
    return tally


def approve_rest(items: Sequence[Item], reviewers: Sequence, colours) -> int:
    """Approve what still waits of pictures whose outline is right by now; returns how many."""
    count = 0
    for number, item in enumerate(items):
        for variant in _waiting(item, colours(item)):
            review.approve(variant=variant, reviewer=reviewers[number % len(reviewers)])
            count += 1
    return count


def reject_everything(items: Sequence[Item], by, colours) -> int:
    """Somebody who likes nothing: rejects for a reason that sounds like quality."""
    count = 0
    for item in items:
        for variant in _waiting(item, colours(item)):
            review.reject(variant=variant, reviewer=by, reason=Review.Reason.EDGE)
            count += 1
    return count


def misunderstand(items: Sequence[Item], by, colours) -> Tally:
    """Somebody who takes the furniture for the product: draws it, and approves what comes of it.

    The outline is all of the photo's middle but the product.
    """
    tally = Tally(photos=len(items))
    changed = []
    for item in items:
        matte = mattes.add_staff_matte(
            source=item.source, data=_everything_else(item.picture), created_by=by
        )
        outlines.make_again(matte=matte, by=by)
        tally.corrected += 1
        changed.append(item)
    wait_for(
        GenerationRequest.objects.filter(source__in=[item.source for item in changed]).values_list(
            "pk", flat=True
        )
    )
    for item in changed:
        for variant in _waiting(item, colours(item)):
            review.approve(variant=variant, reviewer=by)
            tally.decisions += 1
    return tally


def outline_score(item: Item) -> float:
    """Overlap of the analyser's newest outline of a photo with the truth."""
    found = item.source.gan_mattes.filter(origin=Matte.Origin.ANALYSER).first()
    if found is None:
        return 0.0
    matte = np.asarray(Image.open(io.BytesIO(media.read_draft(found.file_name))).convert("L"))
    return score_matte(matte / 255, item.picture.matte / 255).iou


def _waiting(item: Item, colours: Sequence[str]) -> list[VariantImage]:
    waiting = VariantImage.objects.awaiting_review().filter(source=item.source)
    return list(waiting.filter(target__in=colours).order_by("pk"))


def _everything_else(picture: Picture) -> bytes:
    height, width = picture.matte.shape
    wrong = np.zeros((height, width), np.uint8)
    wrong[height // 5 : -height // 5, width // 5 : -width // 5] = 255
    wrong[picture.matte > 60] = 0
    file = io.BytesIO()
    Image.fromarray(wrong).save(file, "PNG")
    return file.getvalue()
