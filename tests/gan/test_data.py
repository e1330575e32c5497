import json

import numpy as np
import pytest
import torch
from PIL import Image

from oscar_gan.gan.corpus import UnusableCorpus, collect, open_corpus, pixel_trust
from oscar_gan.gan.cutouts import UnusableCutout, print_mask, read_cutout
from oscar_gan.gan.data import Batches, Mixture


def test_the_same_step_gives_the_same_pictures(corpus):
    mixture = Mixture(photos=2, cutouts=2, shapes=2, scenes=0, adversarial=2)
    one, other = (Batches(corpus, mixture, 64, seed=4).at(9) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(one, other, strict=True))
    assert not torch.equal(one.images, Batches(corpus, mixture, 64, seed=4).at(10).images)


def test_batches_hold_what_the_mixture_says(corpus):
    mixture = Mixture(photos=2, cutouts=3, shapes=1, scenes=2, adversarial=2)
    batch = Batches(corpus, mixture, 64, seed=1).at(1)
    assert batch.images.shape == (8, 3, 64, 64)  # no scenes here: shapes take their place
    assert batch.photos.shape == batch.reals.shape == (2, 3, 64, 64)
    for part in batch[:5]:
        assert part.isfinite().all()
        assert part.min() >= 0
        assert part.max() <= 1.001


def test_composites_have_exact_mattes(corpus):
    mixture = Mixture(photos=0, cutouts=8, shapes=0, scenes=0)
    batch = Batches(corpus, mixture, 96, seed=2).at(1)
    assert batch.matte_weight.min() == 1
    covered = (batch.matte > 0.5).float().mean((1, 2, 3))
    assert covered.min() > 0.02
    assert covered.max() < 0.95


def test_collecting_counts_what_it_leaves_out(picture_folder, tmp_path):
    photos = sorted((picture_folder / "photos").glob("*.jpg"))[:3]
    (tmp_path / "broken.jpg").write_bytes(b"not a picture")
    Image.new("RGB", (64, 64), "grey").save(tmp_path / "flat.png")
    given = [*photos, photos[0], tmp_path / "broken.jpg", tmp_path / "flat.png"]
    manifest = collect(tmp_path / "corpus", photos=given)
    assert manifest["counts"]["photos"] == 3
    assert manifest["rejected"] == {"unreadable": 1, "doubled": 1, "not believed": 1}
    written = json.loads((tmp_path / "corpus" / "manifest.json").read_text())
    assert written == manifest
    assert len(open_corpus(tmp_path / "corpus").photos) == 3


def test_an_unfinished_corpus_is_refused(tmp_path):
    with pytest.raises(UnusableCorpus, match="unfinished"):
        open_corpus(tmp_path)


def test_nothing_usable_is_refused_and_leaves_no_manifest(tmp_path):
    with pytest.raises(UnusableCorpus, match="at least one"):
        collect(tmp_path / "corpus")
    assert not (tmp_path / "corpus" / "manifest.json").exists()


def test_a_piece_of_ground_inside_the_matte_is_not_trusted():
    picture = np.full((64, 64, 3), 230, np.uint8)
    picture[8:56, 8:56] = (40, 60, 160)
    picture[24:56, 28:36] = 230  # the gap between two trouser legs
    matte = np.zeros((64, 64), np.float32)
    matte[8:56, 8:56] = 1
    trust = pixel_trust(picture, matte)
    assert trust[40, 32] < 0.2
    assert trust[16, 16] > 0.9
    assert trust[2, 2] > 0.9


def test_a_logo_is_marked_and_shading_is_not():
    light = np.linspace(0.4, 1, 96)[None, :, None]
    colour = (np.array([0.8, 0.1, 0.15]) * light).repeat(96, 0).astype(np.float32)
    colour[40:56, 40:60] = 0.95
    product = np.zeros((96, 96), bool)
    product[4:92, 4:92] = True
    marks = print_mask(colour, product)
    assert (marks[42:54, 42:58] == 255).mean() > 0.9
    cloth = np.concatenate([marks[10:34, 10:86], marks[62:86, 10:86]])
    assert (cloth == 255).mean() < 0.02


def test_a_cutouts_shadow_is_not_product(tmp_path):
    alpha = np.zeros((100, 100), np.uint8)
    alpha[20:60, 30:70] = 255
    alpha[65:75, 25:75] = 120  # the cast shadow, apart
    picture = np.full((100, 100, 3), 255, np.uint8)
    picture[20:60, 30:70] = (200, 30, 30)
    picture[65:75, 25:75] = 140
    Image.fromarray(picture).save(tmp_path / "cup.jpg", quality=95)
    Image.fromarray(alpha).save(tmp_path / "cup.png")
    layers = read_cutout(tmp_path / "cup.jpg")
    assert layers[224, 160, 3] > 100
    assert layers[224, 160, 4] == 0
    assert layers[128, 160, 4] == 255


def test_a_cutout_without_matte_says_where_to_put_it(tmp_path):
    Image.new("RGB", (40, 40)).save(tmp_path / "cup.jpg")
    with pytest.raises(UnusableCutout, match=r"cup\.png"):
        read_cutout(tmp_path / "cup.jpg")
