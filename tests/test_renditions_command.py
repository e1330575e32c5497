"""manage.py make_renditions: the existing catalogue, in any number of goes."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from oscar_gan.models import RenditionSet
from tests import factories

pytestmark = pytest.mark.django_db


def call(**options) -> str:
    out = io.StringIO()
    call_command("make_renditions", stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue()


@pytest.fixture
def pictures(product):
    factories.add_photo(product)
    factories.add_photo(product)
    return list(product.images.order_by("pk"))


def test_it_goes_on_where_it_stopped(pictures):
    assert "3 pictures to do" in call(dry_run=True)
    assert RenditionSet.objects.count() == 0
    assert "of 2 pictures" in call(limit=2)
    assert "of 1 pictures" in call()
    assert "of 0 pictures" in call()


def test_again_makes_all_of_them_anew(pictures):
    call()
    assert "of 3 pictures" in call(again=True)


def test_what_cannot_be_read_is_named_and_fails_the_call(product, capsys):
    factories.add_photo(product, b"GIF89a", name="animated.gif")
    errors = io.StringIO()
    with pytest.raises(CommandError, match="1 pictures could not be read"):
        call_command("make_renditions", stdout=io.StringIO(), stderr=errors)
    assert "GIF" in errors.getvalue()


def test_it_says_so_where_none_are_wanted(pictures, settings):
    settings.OSCAR_GAN = {"RENDITIONS": []}
    with pytest.raises(CommandError, match="RENDITIONS"):
        call()
