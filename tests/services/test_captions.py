"""What is written under published pictures."""

from __future__ import annotations

from oscar_gan.models import VariantImage
from oscar_gan.services.captions import caption_of


def test_a_childs_own_title_does_not_repeat_colour_and_size(parent):
    child = parent.children.first()
    child.title = "Harbour T-shirt, red, S"
    caption = caption_of(child, VariantImage(label="Red"))
    assert caption == f"{parent.get_title()}, Red"


def test_a_bare_hex_is_put_into_words(product):
    assert caption_of(product, VariantImage(label="#1F2E58")) == "Canvas bag, Dark blue"


def test_a_long_title_is_cut_to_what_oscar_stores(product):
    product.title = "x" * 300
    assert len(caption_of(product, VariantImage(label="Red"))) == 200
