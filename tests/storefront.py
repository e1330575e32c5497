"""Published pictures for storefront tests: made, approved and published as staff would."""

from __future__ import annotations

from oscar.core.loading import get_model

from oscar_gan.models import Publication, VariantImage
from oscar_gan.services import publishing
from tests import factories


def publish(source, *, label: str, scope: str = Publication.Scope.GALLERY, **fields):
    """Publish a variant image of `source`; tied to the colour option of that name, if any."""
    option = (
        get_model("catalogue", "AttributeOption")
        .objects.filter(group__name="colour", option=label)
        .first()
    )
    variant = factories.make_variant(
        source, label=label, option=option, status=VariantImage.Status.APPROVED, **fields
    )
    return publishing.publish(
        variant=variant, scope=scope, published_by=factories.make_user(superuser=True)
    )


def child_of(parent, colour: str, size: str = "M"):
    return parent.children.get(upc=f"{parent.upc}-{colour}-{size}")
