"""Freezing a bench: the same scenes give the same files, and the index names each."""

import json
import sys

import numpy as np
import pytest

from benchmarks import bench
from oscar_gan.imaging.colour import delta_e00, parse_hex, srgb_to_lab
from oscar_gan.services.benches import INDEX, open_bench


@pytest.fixture
def freeze(truth_folder, monkeypatch, tmp_path):
    (truth_folder / "00001" / "meta.json").write_text(json.dumps({"seed": 1, "kind": "mug"}))
    monkeypatch.setattr(bench, "SIDE", 64)

    def freeze(name):
        output = tmp_path / name
        monkeypatch.setattr(sys, "argv", ["bench", str(truth_folder), "--output", str(output)])
        assert bench.main() == 0
        return output

    return freeze


def test_the_same_scenes_give_the_same_bench(freeze):
    one, other = freeze("one"), freeze("other")
    assert (one / INDEX).read_bytes() == (other / INDEX).read_bytes()
    assert open_bench(one).digest == open_bench(other).digest


def test_a_frozen_scene_reads_as_a_picture_of_the_bench(freeze):
    (picture,) = open_bench(freeze("bench")).pictures
    assert (picture.name, picture.kind) == ("00001", "mug")
    matte, keep = picture.mattes()
    assert keep[32, 32] == 255
    assert matte[32, 32] == 0
    assert picture.photo()
    trials = list(picture.trials())
    assert len(trials) == 2
    for _, truth in trials:
        assert not truth[0].any()  # background is not compared
        assert truth[20, 20].any()


def test_targets_are_seen_to_differ(freeze):
    (picture,) = open_bench(freeze("bench")).pictures
    one, other = (srgb_to_lab(parse_hex(target)) for target in picture.targets)
    assert delta_e00(one, other) >= bench.MIN_DIFFERENCE


def test_other_sizes_are_said(truth_folder, tmp_path):
    with pytest.raises(SystemExit, match="not 256 pixels"):
        bench.freeze(truth_folder / "00001", tmp_path)


def test_the_shipped_bench_was_made_so():
    kept = {picture.name: picture.targets for picture in open_bench().pictures}
    assert list(kept) == sorted(kept)
    assert all(len(np.unique(targets)) == 2 for targets in kept.values())
