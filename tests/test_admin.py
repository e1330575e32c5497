"""Django's admin: records are read, colourways edited, and products lead to our page."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_gan.models import (
    Colourway,
    GenerationRequest,
    NotificationPreference,
    Palette,
    PublishedImage,
    PublishingItem,
    Quota,
    SheetTile,
    TrainingOptOut,
    TrainingRun,
    VariantImage,
)
from oscar_gan.services import publishing, registry, review
from tests import factories

pytestmark = pytest.mark.django_db
MODELS = apps.get_app_config("oscar_gan").get_models()
REGISTERED = [
    model for model in MODELS if model not in (PublishedImage, PublishingItem, SheetTile)
]


@pytest.fixture(autouse=True)
def _quiet(stub_generator, sent):
    """No broker, no networks."""


@pytest.fixture
def rows(source, colourways, staff):
    """Something in most tables."""
    variant = factories.make_variant(source)
    review.approve(variant=variant, reviewer=staff)
    champion = registry.champion()
    registry.pin(version=champion)
    factories.make_verdict(champion)
    TrainingRun.objects.create(name="recolour", base=champion, steps=400, budget_seconds=60)
    TrainingOptOut.objects.create(product=source.product)
    return publishing.publish(variant=variant, scope="gallery", published_by=staff)


EDITABLE = (Colourway, NotificationPreference, Palette, Quota, TrainingOptOut)


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model.__name__)
def test_every_table_can_be_looked_at(admin_client, rows, model):
    name = model._meta.model_name
    response = admin_client.get(reverse(f"admin:oscar_gan_{name}_changelist"))
    assert response.status_code == 200
    for row in model.objects.all()[:1]:
        url = reverse(f"admin:oscar_gan_{name}_change", args=[row.pk])
        assert admin_client.get(url).status_code == 200


def test_records_cannot_be_changed_behind_the_services_backs(admin_client):
    for model in REGISTERED:
        if model in EDITABLE:
            continue
        name = model._meta.model_name
        add = reverse(f"admin:oscar_gan_{name}_add")
        assert admin_client.get(add).status_code == 403


def test_a_variant_image_cannot_be_edited_or_deleted(admin_client, source):
    variant = factories.make_variant(source)
    for action in ("change", "delete"):
        url = reverse(f"admin:oscar_gan_variantimage_{action}", args=[variant.pk])
        assert admin_client.post(url, {"status": "approved", "post": "yes"}).status_code == 403
    variant.refresh_from_db()
    assert variant.status == "awaiting_review"


def test_whoever_keeps_a_product_out_of_training_is_named(admin_client, admin_user, product):
    url = reverse("admin:oscar_gan_trainingoptout_add")
    assert admin_client.post(url, {"product": product.pk, "note": "licensed"}).status_code == 302
    kept_out = TrainingOptOut.objects.get()
    assert (kept_out.product, kept_out.created_by) == (product, admin_user)


def test_oscars_product_list_links_to_our_page(admin_client, product):
    html = admin_client.get(reverse("admin:catalogue_product_changelist")).content.decode()
    assert reverse("oscar_gan:gan-product-generate", args=[product.pk]) in html
    assert "Generate missing image variants" in html


def act(client, *products):
    data = {"action": "generate_missing", "_selected_action": [it.pk for it in products]}
    return client.post(reverse("admin:catalogue_product_changelist"), data)


def test_one_product_opens_our_page_and_queues_nothing(admin_client, product):
    response = act(admin_client, product)
    assert response.url == reverse("oscar_gan:gan-product-generate", args=[product.pk])
    assert not GenerationRequest.objects.exists()


def test_several_products_get_their_missing_colours(admin_client, product, parent):
    act(admin_client, product, parent)
    assert VariantImage.objects.filter(product=parent).count() == 2


def test_without_our_permission_the_action_does_nothing(client, bystander, product, parent):
    factories.grant(bystander, "view_product", "change_product")
    client.force_login(bystander)
    page = client.get(act(client, product, parent).url).content.decode()
    assert "You need the permission to generate" in page
    assert not GenerationRequest.objects.exists()


def test_the_class_that_is_registered_for_products_is_left_alone():
    registered = admin.site.get_model_admin(get_model("catalogue", "Product"))
    assert type(registered).__module__ == "oscar.apps.catalogue.admin"
    assert "generate_link" not in {
        getattr(it, "__name__", it) for it in type(registered).list_display
    }
