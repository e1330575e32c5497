import json

import numpy as np
import pytest
from PIL import Image

from oscar_gan.gan.corpus import collect, open_corpus
from oscar_gan.gan.data import Batches, Mixture
from oscar_gan.gan.scenes import RENDERS, colour_scene, find_scenes, read_scene, reground
from oscar_gan.imaging.colour import linear_to_srgb


def light(albedo):
    """Linear light off a material that sees itself: a cubic in its albedo."""
    return 0.02 + 0.5 * albedo + 0.2 * albedo**2 + 0.1 * albedo**3


@pytest.fixture
def scene_folder(tmp_path):
    folder = tmp_path / "scenes" / "00000"
    folder.mkdir(parents=True)
    matte, keep = np.zeros((2, 256, 256), np.uint8)
    matte[60:200, 60:160], keep[60:200, 160:180] = 255, 255
    for name, albedo in RENDERS.items():
        level = round(255 * float(linear_to_srgb(np.array(light(albedo)))))
        picture = np.full((256, 256, 3), 128, np.uint8)
        picture[matte > 0] = level
        Image.fromarray(picture).save(folder / f"{name}.png")
    Image.fromarray(matte).save(folder / "matte.png")
    Image.fromarray(keep).save(folder / "keep.png")
    (folder / "meta.json").write_text(json.dumps({"kind": "box"}))
    (tmp_path / "scenes" / "00001").mkdir()  # unfinished: no meta.json
    return tmp_path / "scenes"


def test_only_finished_scenes_are_found(scene_folder):
    assert [path.name for path in find_scenes(scene_folder)] == ["00000"]


def test_any_colour_follows_from_four_greys(scene_folder):
    scene = read_scene(scene_folder / "00000").astype(np.float32) / 255
    albedo = np.array([0.05, 0.35, 0.7])
    picture = colour_scene(scene, albedo)
    assert np.abs(picture[100, 100] - linear_to_srgb(light(albedo))).max() < 0.01
    assert np.abs(picture[10, 10] - 128 / 255).max() < 0.005


def test_product_is_material_and_what_is_kept(scene_folder, tmp_path):
    collect(tmp_path / "corpus", scenes=find_scenes(scene_folder))
    corpus = open_corpus(tmp_path / "corpus")
    mixture = Mixture(photos=0, cutouts=0, shapes=0, scenes=3, worn=0)
    batch = Batches(corpus, mixture, 64, seed=1).at(1)
    assert ((batch.keep > 0.9) <= (batch.matte > 0.9)).all()
    assert (batch.keep > 0.9).any()
    assert batch.matte_weight.min() == batch.keep_weight.min() == 1


def test_stripes_all_over_are_material(scene_folder):
    folder = scene_folder / "00000"
    stripes = np.zeros((256, 256), np.uint8)
    for row in range(62, 200, 14):
        stripes[row : row + 5, 60:160] = 255
    Image.fromarray(stripes).save(folder / "keep.png")
    assert read_scene(folder)[..., 13].max() == 0
    assert read_scene(folder)[100, 100, 12] == 255


def test_another_ground_keeps_the_shadow_and_the_product():
    product = np.zeros((64, 64), np.float32)
    product[10:40, 20:40] = 1
    picture = np.full((64, 64, 3), 0.8, np.float32)
    picture[10:40, 20:40] = (0.6, 0.1, 0.1)
    picture[40:46, 20:40] = 0.4  # the cast shadow
    seen = reground(picture, product, np.full((64, 64, 3), (0.2, 0.4, 0.6), np.float32))
    assert np.allclose(seen[20, 30], (0.6, 0.1, 0.1))
    assert np.allclose(seen[60, 60], (0.2, 0.4, 0.6), atol=1e-3)
    assert np.allclose(seen[43, 30], (0.1, 0.2, 0.3), atol=1e-3)
