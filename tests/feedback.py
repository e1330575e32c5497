"""Photos with decisions, as feedback's tests need many of them: rows, with mattes' files."""

from __future__ import annotations

from hashlib import sha256
from itertools import count

from oscar_gan.models import TrainingRun, VariantImage
from tests import factories

_number = count(1)


def digest(text: object) -> str:
    return sha256(str(text).encode()).hexdigest()


class Photo:
    """A source image, the SHA-256 of its photo and the matte that the analyser found for it."""

    def __init__(self, product=None, *, sha256: str | None = None, found: bool = True) -> None:
        product = product or factories.make_product(photo=False)
        self.source = factories.add_photo(product, b"not opened")
        self.sha256 = sha256 or digest(f"photo {next(_number)}")
        self.found = factories.make_matte(self.source, photo=self.sha256) if found else None

    def draw(self, by):
        """A matte that staff drew for it."""
        return factories.make_matte(self.source, photo=self.sha256, by=by)

    def decide(self, by, reason: str = "", *, matte=None, **fields) -> VariantImage:
        """One more variant image of it, decided about by somebody."""
        fields["generator"] = fields.get("generator") or factories.make_generator_version()
        request = factories.make_request(
            self.source, source_digest=self.sha256, matte=matte, status="done", **fields
        )
        variant = factories.make_variant(
            self.source, request=request, status="awaiting_review", **DRAFT
        )
        factories.make_review(variant, by, reason)
        return variant


DRAFT = {"file_name": "variants/none.jpg", "digest": "", "width": 96, "height": 72}
"""The file of a variant image that nobody looks at."""


def make_run(**fields) -> TrainingRun:
    base = factories.make_generator_version()
    return TrainingRun.objects.create(
        **{"name": "recolour", "base": base, "steps": 10, "budget_seconds": 60, **fields}
    )
