"""The page that tells shoppers how a picture was made."""

from __future__ import annotations

import pytest
from django.core.files.storage import FileSystemStorage
from django.urls import reverse

from oscar_gan.models import PublishedImage
from oscar_gan.services import publishing, renditions, review
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(source, staff) -> PublishedImage:
    variant = factories.make_variant(source, label="Navy", target="#24345C", delta_e=0.42)
    review.approve(variant=variant, reviewer=staff)
    return publishing.publish(variant=variant, scope="gallery", published_by=staff).images.get()


@pytest.fixture
def url(published) -> str:
    return reverse("gan-made", args=[published.pk])


def test_it_says_what_was_changed_by_what_and_how_near_the_colour_is(
    client, url, published, staff
):
    response = client.get(url)
    html = response.content.decode()
    assert response.status_code == 200
    for text in (
        "A person looked",
        "Canvas bag",
        "Navy",
        "#24345C",
        "ΔE 0.4",
        "in another colour",
    ):
        assert text in html
    assert str(published.publication.variant.request.generator) in html
    assert "<picture>" in html
    assert staff.email not in html
    assert response["X-Robots-Tag"] == "noindex"


def test_it_speaks_of_prints_as_prints(client, source, staff):
    variant = factories.make_variant(source, label="Stripe")
    type(variant).objects.filter(pk=variant.pk).update(recipe={**variant.recipe, "kind": "print"})
    variant.refresh_from_db()
    review.approve(variant=variant, reviewer=staff)
    publication = publishing.publish(variant=variant, scope="gallery", published_by=staff)
    html = client.get(reverse("gan-made", args=[publication.images.get().pk])).content.decode()
    assert "The print on this picture" in html
    assert "Measured difference" not in html


def test_what_is_not_shown_any_more_is_gone(client, url, published, staff):
    publishing.revert(publication=published.publication, reverted_by=staff)
    response = client.get(url)
    assert response.status_code == 410
    assert "not shown in the shop any more" in response.content.decode()
    assert "Navy" not in response.content.decode()


def test_hidden_products_tell_nothing(client, url, published):
    type(published.product).objects.filter(pk=published.product_id).update(is_public=False)
    assert client.get(url).status_code == 410


def test_what_was_never_published_is_not_found(client, source, db):
    variant = factories.make_variant(source)
    assert client.get(reverse("gan-made", args=[variant.pk + 1000])).status_code == 404
    assert client.post(reverse("gan-made", args=[1])).status_code == 405


def test_it_asks_the_database_a_few_times_and_storage_never(
    client, url, published, django_assert_max_num_queries, monkeypatch
):
    renditions.make(published.image_id)
    client.get(url)
    for name in ("exists", "open", "size", "listdir"):
        monkeypatch.setattr(FileSystemStorage, name, None)
    with django_assert_max_num_queries(12):
        assert client.get(url).status_code == 200


def test_the_label_on_the_picture_leads_here(client, published, url, settings):
    settings.OSCAR_GAN = {"SIMULATED_LABEL": {"": "text"}}
    html = client.get(f"{published.product.get_absolute_url()}?colour=navy").content.decode()
    assert f'<a href="{url}">Colour simulated from a photo</a>' in html
