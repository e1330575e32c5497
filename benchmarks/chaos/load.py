"""What people do all the while: upload, ask, cancel, approve, publish, take back, delete, promote.

What was acknowledged is kept in a ledger, against which everything is counted at the end.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from hashlib import sha256

from botocore.exceptions import BotoCoreError, ClientError
from celery import current_app
from django.db import Error as DatabaseProblem
from django.db import connection
from kombu.exceptions import KombuError

from oscar_gan.errors import OscarGanError
from oscar_gan.models import GenerationRequest, Publication, VariantImage
from oscar_gan.services import publish_runs, requests, review
from oscar_gan.services.publish_rules import Rule
from tests import factories
from tests.workers import desk

EXPECTED = (OscarGanError, DatabaseProblem, BotoCoreError, ClientError, KombuError, OSError)
"""What a page may answer while things are broken: somebody presses the button again."""
MOST_WAITING = 24
MOST_PRODUCTS = 40
COLOURS = [f"#{hue:02X}{255 - hue:02X}80" for hue in range(0, 250, 12)]


class Load:
    """A person who never rests, and what was promised to that person."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.photos: dict[int, str] = {}
        """Digest of each photo that was uploaded, by its id."""
        self.asked: dict[int, str] = {}
        """Variant images that were promised, by id: the request's id."""
        self.of_product: dict[int, int] = {}
        """Product of each variant image that was promised."""
        self.products: dict[int, int] = {}
        """Product of each photo."""
        self.deleted: set[int] = set()
        """Products that were deleted, or may have been."""
        self.bombs: set[int] = set()
        """Photos that no worker can manage."""
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.user = factories.make_user(superuser=True)

    def step(self) -> None:
        """Do one thing."""
        actions = (self.ask, self.decide, self.publish, self.upload, self.take_back, self.retry)
        weights = (40, 25, 7, 6, 6, 4)
        (action,) = self.dice.choices(actions, weights)
        self.attempt(action)
        if self.dice.random() < 0.02:
            self.attempt(self.cancel)

    def attempt(self, action: Callable, *args) -> bool:
        """Whether the action succeeded; what a page would answer instead is counted."""
        try:
            connection.close_if_unusable_or_obsolete()
            action(*args)
        except EXPECTED as error:
            self.refused[type(error).__name__] += 1
            if isinstance(error, DatabaseProblem):
                connection.close()
            return False
        self.done[action.__name__] += 1
        return True

    def upload(self, *, width: int = 96) -> int:
        """A product with a photo; returns the photo's id."""
        if width == 96 and len(self.products) >= MOST_PRODUCTS:
            return 0
        data = factories.photo_bytes(self.dice.choice(COLOURS), size=(width, 72))
        product = factories.make_product(upc=f"chaos-{self.dice.getrandbits(48)}", photo=False)
        photo = factories.add_photo(product, data, name=f"{product.upc}.jpg")
        self.photos[photo.pk] = sha256(data).hexdigest()
        self.products[photo.pk] = product.pk
        return photo.pk

    def ask(self, photo: int | None = None) -> str:
        """Ask for a few colours of a photo; returns the request's id."""
        waiting = GenerationRequest.objects.filter(status__in=GenerationRequest.UNFINISHED)
        if photo is None and waiting.count() >= MOST_WAITING:
            return ""
        chosen = photo or self.dice.choice(self._usual())
        source = factories.ProductImage.objects.filter(pk=chosen).first()
        if source is None:
            return ""
        colours = self.dice.sample(COLOURS, self.dice.randint(1, 3))
        queue = self.dice.choice(("interactive", "backfill"))
        request = requests.request_variants(
            source=source, targets=factories.targets(*colours), queue=queue
        )
        for pk in VariantImage.objects.filter(request=request).values_list("pk", flat=True):
            self.asked[pk] = str(request.pk)
            self.of_product[pk] = source.product_id
        return str(request.pk)

    def decide(self) -> None:
        waiting = list(VariantImage.objects.awaiting_review().order_by("?")[:4])
        for variant in waiting:
            if self.dice.random() < 0.85:
                review.approve(variant=variant, reviewer=self.user)
            else:
                review.reject(variant=variant, reviewer=self.user, reason="other")

    def publish(self) -> None:
        variants = list(publish_runs.publishable(by=self.user, ids=self.asked).order_by("?")[:4])
        if variants:
            rule = Rule(scope="gallery", replace=self.dice.random() < 0.5)
            publish_runs.start(variants=variants, rule=rule, started_by=self.user)

    def take_back(self) -> None:
        publication = Publication.objects.live().order_by("?").first()
        if publication is not None:
            current_app.send_task("chaos.revert", args=[publication.pk], queue="housekeeping")

    def cancel(self) -> None:
        waiting = GenerationRequest.objects.filter(status__in=GenerationRequest.UNFINISHED)
        request = waiting.order_by("?").first()
        if request is not None:
            requests.cancel_request(request=request)

    def retry(self) -> None:
        failed = VariantImage.objects.filter(status="failed", source__in=self._usual())
        variant = failed.order_by("?").first()
        if variant is not None:
            requests.retry_failed(request=variant.request)

    def delete_photo(self) -> None:
        """As Oscar's dashboard does; renditions and requests follow."""
        photo = self._victim()
        if photo is not None:
            self.photos.pop(photo.pk)  # whatever happens now, nobody may count on it
            photo.delete()

    def delete_product(self) -> None:
        photo = self._victim()
        if photo is not None:
            self.deleted.add(photo.product_id)
            self.photos.pop(photo.pk)
            photo.product.delete()

    def promote(self) -> None:
        """A new generator version, or one step back."""
        if self.dice.random() < 0.7:
            desk.promote(desk.train())
        else:
            desk.roll_back()

    def drop_bomb(self, width: int) -> None:
        photo = self.upload(width=width)
        self.bombs.add(photo)
        self.ask(photo)

    def _victim(self):
        """A photo with work under way, if there is one."""
        usual = factories.ProductImage.objects.filter(pk__in=self._usual())
        busy = usual.filter(gan_requests__status__in=GenerationRequest.UNFINISHED)
        return busy.order_by("?").first() or usual.order_by("?").first()

    def _usual(self) -> list[int]:
        return [pk for pk in self.photos if pk not in self.bombs]
