"""Filling the demo shop, preparing its bucket, and its production settings."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
import requests
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from oscar.core.loading import get_model

from oscar_gan.models import Colourway, Print
from oscar_gan.services import looks
from oscar_gan.storages import DraftsS3Storage
from shop.stack import ROOT
from tests import s3_server
from tests.factories import photo_bytes

Product = get_model("catalogue", "Product")
ProductImage = get_model("catalogue", "ProductImage")


@pytest.fixture
def photos(tmp_path):
    """Small stand-ins for the catalogue's photos."""
    folder = tmp_path / "photos"
    folder.mkdir()
    plan = json.loads((ROOT / "demo/catalogue.json").read_text())
    for product in plan["products"]:
        for photo in product["photos"]:
            (folder / photo["file"]).write_bytes(photo_bytes())
    return folder


@pytest.mark.django_db
def test_the_catalogue_is_loaded_once(photos, capsys):
    call_command("load_demo_catalogue", photos=photos)
    models = (Product, ProductImage, Colourway, Print)
    counts = [model.objects.count() for model in models]
    call_command("load_demo_catalogue", photos=photos)
    said = capsys.readouterr().out
    assert "Added 0 of 8 products" in said
    assert "Added 0 of 6 prints" in said
    assert [model.objects.count() for model in models] == counts


@pytest.mark.django_db
def test_prints_are_there_to_begin_with(photos, stub_printer):
    call_command("load_demo_catalogue", photos=photos)
    stripe = Print.objects.get(name="Harbour stripe")
    assert stripe.design["kind"] == "stripe"
    assert looks.read_print(stripe).colours == tuple(stripe.inks)


@pytest.mark.django_db
def test_some_colours_of_the_parent_have_no_picture(photos):
    call_command("load_demo_catalogue", photos=photos)
    children = Product.objects.get(upc="NH-TEE").children.all()
    pictured = {child.attr.colour.option for child in children if child.images.exists()}
    assert pictured == {"Red", "Navy"}
    assert {child.attr.colour.option for child in children} - pictured
    assert all(child.attr.colour.colourway.colour.startswith("#") for child in children)


@pytest.mark.django_db
def test_a_missing_photo_loads_nothing(photos):
    (photos / "galley-mug.jpg").unlink()
    with pytest.raises(CommandError, match=r"galley-mug\.jpg is missing; nothing was loaded"):
        call_command("load_demo_catalogue", photos=photos)
    assert not Product.objects.exists()


@pytest.mark.django_db
def test_a_repeated_preparation_leaves_a_bucket_with_public_media_only(settings, capsys):
    with s3_server.run() as address:
        options = {"endpoint_url": address, "bucket_name": "fresh", **s3_server.KEYS}
        settings.STORAGES = {
            **settings.STORAGES,
            "default": {"BACKEND": "oscar_gan.storages.MediaS3Storage", "OPTIONS": options},
        }
        call_command("prepare_storage")
        call_command("prepare_storage")
        assert capsys.readouterr().out.count("Bucket fresh is ready.") == 2
        placeholder = f"{address}/fresh/media/image_not_found.jpg"
        assert requests.get(placeholder, timeout=10).status_code == 200
        DraftsS3Storage(**options).save("x.jpg", ContentFile(b"not reviewed yet"))
        assert requests.get(f"{address}/fresh/drafts/x.jpg", timeout=10).status_code == 403


def test_preparing_a_folder_as_if_it_were_a_bucket_is_refused():
    with pytest.raises(CommandError, match="not an S3 storage"):
        call_command("prepare_storage")


@pytest.mark.django_db
def test_health_answers_while_the_database_does(client):
    response = client.get("/health/")
    assert response.status_code == 200
    assert response.json()["components"]["database"] == "ok"


PRODUCTION = {
    "SHOP_SECRET_KEY": "7b1f0c5b0f3a4f0c9a2f4b4f9d0f7e6a5c3d2e1f0a9b8c7d6e5f",
    "SHOP_ALLOWED_HOSTS": "shop.example.com",
    "SHOP_DATABASE_URL": "postgresql://shop:p%40ss@db:5432/shop",
    "SHOP_BROKER_URL": "redis://redis:6379/0",
    "SHOP_S3_BUCKET": "media",
    "SHOP_S3_ENDPOINT": "http://s3:8333",
    "SHOP_S3_ACCESS_KEY": "key",
    "SHOP_S3_SECRET_KEY": "secret",
    "SHOP_BUCKET_URL": "https://cdn.example.com/media",
}


def run_in_production(code: str, **changes: str | None) -> subprocess.CompletedProcess:
    given = {**os.environ, **PRODUCTION, "DJANGO_SETTINGS_MODULE": "shop.production"}
    given = {key: value for key, value in {**given, **changes}.items() if value is not None}
    command = [sys.executable, "-c", f"import django; django.setup(); {code}"]
    return subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True)


def test_production_names_the_variable_that_is_missing():
    result = run_in_production("pass", SHOP_DATABASE_URL=None)
    assert "The environment variable SHOP_DATABASE_URL is not set" in result.stderr


def test_production_passes_every_security_check():
    code = """
from django.conf import settings
from django.core.checks import run_checks, Tags
found = run_checks(tags=[Tags.security], include_deployment_checks=True)
print(sorted(message.id for message in found), settings.DATABASES["default"]["PASSWORD"])
from django.core.files.storage import default_storage
print(default_storage.url("a.jpg"))
"""
    result = run_in_production(f"exec({code!r})")
    assert result.stdout.splitlines() == [
        "['security.W005', 'security.W021'] p@ss",  # HSTS for subdomains: the shop's own choice
        "https://cdn.example.com/media/media/a.jpg",
    ]
