"""What staff and a shopper do in the outlet, from the button to the gallery; prints it as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import django

django.setup()

from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from oscar.core.loading import get_class  # noqa: E402

from oscar_gan.models import GenerationRequest, VariantImage  # noqa: E402
from oscar_gan.services import generation  # noqa: E402
from tests import factories  # noqa: E402

PHOTO = Path(__file__).parent / "photo.jpg"


def main() -> dict:
    factories.make_colourways()
    product = factories.make_product(title="Outlet tee", upc="TEE", colour="Red", photo=False)
    type(product).objects.update(season="Autumn")
    factories.add_photo(product, PHOTO.read_bytes())
    staff = Client()
    staff.force_login(factories.make_user(superuser=True))
    return {
        "view": get_class("dashboard.catalogue.views", "ProductCreateUpdateView").__module__,
        "model": type(product).__module__,
        "page": read(staff, reverse("dashboard:catalogue-product", args=[product.pk])),
        "list": read(staff, reverse("dashboard:catalogue-product-list")),
        "made": make(staff, product),
        "review": read(staff, reverse("oscar_gan:gan-variant-list")),
        "published": publish(staff),
        "images": product.images.count(),
        "storefront": read(Client(), f"{product.get_absolute_url()}?colour=navy"),
        "listing": read(Client(), reverse("catalogue:index")),
        "reverted": revert(staff),
        "images_after": product.images.count(),
    }


def read(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, f"{url} answered {response.status_code}"
    return response.content.decode()


def make(staff: Client, product) -> list:
    option = factories.AttributeOption.objects.get(option="Navy")
    form = {"source": product.images.get().pk, "colours": [f"option:{option.pk}"]}
    url = reverse("oscar_gan:gan-product-generate", args=[product.pk])
    assert "Outlet tee" in read(staff, url)
    assert staff.post(url, form).status_code == 302
    for pk in GenerationRequest.objects.values_list("pk", flat=True):
        generation.run(pk)
    return list(VariantImage.objects.values_list("label", "status"))


def publish(staff: Client) -> int:
    variant = VariantImage.objects.get()
    staff.post(reverse("oscar_gan:gan-variant-approve", args=[variant.pk]))
    url = reverse("oscar_gan:gan-variant-publish", args=[variant.pk])
    staff.post(url, {"scope": "gallery"})
    return variant.publications.live().count()


def revert(staff: Client) -> int:
    variant = VariantImage.objects.get()
    publication = variant.publications.get()
    staff.post(reverse("oscar_gan:gan-publication-revert", args=[publication.pk]))
    return variant.publications.live().count()


if __name__ == "__main__":
    print(json.dumps(main()))  # noqa: T201
