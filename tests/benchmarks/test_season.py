"""The season's pictures and plots; the season itself takes half an hour (`make season`)."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from collections import Counter

import numpy as np
import pytest
from PIL import Image

from benchmarks.season import plots
from benchmarks.season.held_out import mean, measure
from benchmarks.season.pictures import (
    AUTUMN,
    HELD_OUT,
    NEVER,
    PHOTOS,
    RUG,
    SEEN,
    SPRING,
    read_pictures,
    share_seen,
)
from benchmarks.season.staff import _everything_else
from oscar_gan import engine


@pytest.fixture(scope="module")
def pictures():
    return read_pictures()


def test_every_wave_has_its_photos_and_enough_are_held_out(pictures):
    counts = Counter((each.sort, each.wave) for each in pictures)
    assert counts[RUG, SPRING] >= 80
    assert counts[RUG, AUTUMN] >= 12
    assert min(counts[sort, NEVER] for sort in HELD_OUT) >= 12
    for each in pictures:
        assert each.is_held_out == (int(each.name.rpartition("-")[2]) in HELD_OUT[each.sort])


def test_each_photo_has_an_outline_of_its_size_and_held_out_ones_their_truth(pictures):
    named = {"index.json"}
    for each in pictures:
        photo = Image.open(io.BytesIO(each.photo))
        assert each.matte.shape == photo.size[::-1]
        assert 0.005 < (each.matte > 127).mean() < 0.9
        named |= {f"{each.name}.jpg", f"{each.name}-matte.png"}
        if each.is_held_out:
            assert each.truth.shape == (*photo.size[::-1], 3)
            named.add(f"{each.name}-truth.webp")
    assert {file.name for file in PHOTOS.iterdir()} == named


def test_only_in_autumn_rugs_are_mostly_hidden(pictures):
    for each in pictures:
        if each.sort == RUG:
            assert (share_seen(each.matte > 127) < SEEN) == (each.wave == AUTUMN)


def test_how_much_of_a_rug_is_seen():
    rug = np.zeros((100, 100), bool)
    rug[20:80, 20:80] = True
    assert share_seen(rug) == pytest.approx(1, abs=0.05)
    rug[20:80, 40:60] = False  # something long stands across it
    assert share_seen(rug) == pytest.approx(2 / 3, abs=0.04)


def test_who_misunderstands_draws_everything_but_the_product(pictures):
    rug = next(each for each in pictures if each.sort == RUG)
    drawn = np.asarray(Image.open(io.BytesIO(_everything_else(rug))))
    assert drawn.any()
    assert not drawn[rug.matte > 60].any()


def test_classic_is_measured_against_the_truth(pictures):
    held_out = [each for each in pictures if each.is_held_out and each.sort == RUG][:3]
    scores = measure(engine.open_generator("classic"), held_out)
    overlap, wrong = mean(scores, RUG)
    assert 0 <= overlap <= 1
    assert wrong > 0


def test_plots_are_well_formed_and_say_what_they_show():
    drawn = plots.dots("Overlap", ["2", "2+shop.1"], {"Rugs & more": [[0.4, 0.6], [0.9, 0.95]]})
    texts = [each.text for each in ET.fromstring(drawn).iter() if each.text]
    assert {"Overlap", "2+shop.1", "Rugs & more 0.50 to 0.93"} <= {text.strip() for text in texts}
    bars = ET.fromstring(plots.bars("Approved", ["spring", "summer"], [0.25, 1.0]))
    heights = [float(each.get("height")) for each in bars.iter("{http://www.w3.org/2000/svg}rect")]
    assert heights[2] == pytest.approx(4 * heights[1], rel=1e-3)
