"""The page that is measured: a child with four pictures of its own, among six colours."""

from __future__ import annotations

import io
from pathlib import Path

from django.core.files.base import ContentFile
from oscar.core.loading import get_model
from PIL import Image, ImageOps

PHOTO = "harbour-t-shirt-red.jpg"
PICTURES = 4
UPC = "NH-TEE-RED-M"


def prepare(folder: Path) -> str:
    """Give the child its pictures and make everything that workers make; returns its address."""
    product = get_model("catalogue", "Product").objects.get(upc=UPC)
    with Image.open(folder / PHOTO) as photo:
        width, height = photo.size
        views = [
            ImageOps.mirror(photo),
            photo.crop((0, 0, width * 2 // 3, height * 2 // 3)),
            photo.crop((width // 3, height // 3, width, height)),
        ]
        for number in range(product.images.count(), PICTURES):
            file = io.BytesIO()
            profile = photo.info.get("icc_profile")
            views[number - 1].save(file, "JPEG", quality=92, icc_profile=profile)
            content = ContentFile(file.getvalue(), f"view-{number}.jpg")
            product.images.create(original=content, display_order=number)
    warm()
    return product.get_absolute_url()


def warm() -> None:
    """Renditions for our page, thumbnails for the stock one: nobody waits for either."""
    from oscar_gan.services import renditions, thumbnails

    for image in get_model("catalogue", "ProductImage").objects.all():
        renditions.make(image.pk)
        for options in thumbnails.OSCAR_THUMBNAILS:
            thumbnails.get_thumbnailer().generate_thumbnail(image.original, **options)
