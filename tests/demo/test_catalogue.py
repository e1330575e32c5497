"""The demo catalogue is whole: every photo exists, is large, sRGB, and has its exact matte."""

import io
import json
from pathlib import Path

import pytest
from PIL import Image, ImageCms

DEMO = Path(__file__).parents[2] / "demo"
CATALOGUE = json.loads((DEMO / "catalogue.json").read_text(encoding="utf-8"))
PRODUCTS = CATALOGUE["products"]
CHILDREN = [child for product in PRODUCTS for child in product.get("children", ())]
PHOTOS = [photo["file"] for product in PRODUCTS for photo in product["photos"]]


@pytest.mark.parametrize("name", PHOTOS)
def test_a_photo_is_large_and_says_it_is_srgb(name):
    with Image.open(DEMO / "photos" / name) as photo:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(photo.info["icc_profile"]))
        assert photo.format == "JPEG"
        assert min(photo.size) >= 1000
    assert "sRGB" in ImageCms.getProfileDescription(profile)


@pytest.mark.parametrize("name", PHOTOS)
def test_a_photo_has_a_matte_that_separates_product_and_background(name):
    with Image.open(DEMO / "mattes" / Path(name).with_suffix(".png")) as matte:
        assert matte.mode == "L"
        counts = matte.histogram()
    pixels = sum(counts)
    assert 0.05 < counts[255] / pixels < 0.6
    assert counts[0] / pixels > 0.3
    assert sum(counts[1:255]) / pixels < 0.1


def test_there_is_no_photo_or_matte_too_many():
    assert {file.name for file in (DEMO / "photos").iterdir()} == set(PHOTOS)
    assert {file.stem for file in (DEMO / "mattes").iterdir()} == {Path(p).stem for p in PHOTOS}


def test_the_pictures_stay_small():
    sizes = {
        folder: sum(file.stat().st_size for file in (DEMO / folder).iterdir())
        for folder in ("photos", "mattes")
    }
    assert sizes["photos"] < 6_000_000
    assert sizes["mattes"] < 300_000


def test_some_colours_of_the_parent_still_lack_a_photo():
    coloured = {child["colour"] for child in CHILDREN if child["photo"]}
    without = {child["colour"] for child in CHILDREN if not child["photo"]}
    assert len(coloured) == 2
    assert len(without) >= 3
    assert not coloured & without


def test_every_colour_is_named_with_one_hex():
    named = CATALOGUE["colours"]
    assert {child["colour"]: child["hex"] for child in CHILDREN}.items() <= named.items()
    assert {product["colour"] for product in PRODUCTS if "colour" in product} <= set(named)


def test_article_numbers_are_unique():
    numbers = [entry["upc"] for entry in PRODUCTS + CHILDREN]
    assert len(numbers) == len(set(numbers))
