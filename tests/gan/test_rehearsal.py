"""The scenes that ship for rehearsal: whole, varied, and none that is measured on."""

from __future__ import annotations

import numpy as np

from oscar_gan.gan.rehearsal import FOLDER, pack, rehearsal_scenes
from oscar_gan.services.benches import open_bench


def test_every_scene_shows_a_product_in_four_greys_and_says_where_it_is():
    scenes = rehearsal_scenes()
    assert scenes.shape[1:] == (256, 256, 14)
    assert len(scenes) >= 40
    for scene in scenes:
        product, keep = scene[..., 12] > 127, scene[..., 13] > 127
        assert 0.01 < product.mean() < 0.95
        # A keep matte lies in the product; rounding at its outline aside.
        assert (keep & ~product).mean() < 0.01
        material = product & ~keep
        levels = [scene[..., 3 * index : 3 * index + 3][material].mean() for index in range(4)]
        assert levels == sorted(levels)


def test_none_of_them_is_on_the_bench():
    seeds = {path.stem for path in FOLDER.glob("*.webp")}
    assert not seeds & {picture.name.rsplit("-", 1)[-1] for picture in open_bench().pictures}


def test_packing_keeps_mattes_exactly_and_renders_nearly(tmp_path):
    scene = rehearsal_scenes()[0]
    assert pack(scene, tmp_path, "00001") < 200_000
    [again] = rehearsal_scenes(tmp_path)
    assert np.array_equal(again[..., 12:], scene[..., 12:])
    difference = np.abs(again[..., :12].astype(int) - scene[..., :12])
    assert difference.mean() < 2
