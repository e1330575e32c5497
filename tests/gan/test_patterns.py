"""The corpus of prints: inventions of our own, others' tiles taken apart into inks."""

import json

import numpy as np
import pytest
from PIL import Image, ImageDraw

from oscar_gan.gan.__main__ import main
from oscar_gan.gan.corpus import UnusableCorpus
from oscar_gan.gan.inks import STATES
from oscar_gan.gan.inventions import DRAW, WINDOW, invention
from oscar_gan.gan.patterns import collect_patterns, open_patterns, read_weights
from oscar_gan.inference.layout import KINDS, Maps, draw_layout, grid
from oscar_gan.inference.ways import fitting


@pytest.fixture
def folder(tmp_path):
    """Three tiles: two wanted, one for Christmas."""
    tiles = tmp_path / "patterns"
    (tiles / "png").mkdir(parents=True)
    lines = ["slug,file,mode,tags,colors"]
    for slug, tags in (("dots-1", "circles"), ("leaves-2", "leaves|floral"), ("x", "christmas")):
        tile().save(tiles / "png" / f"{slug}.png")
        lines.append(f"{slug},png/{slug}.png,fill,{tags},#ffffff|#102030|#c04020")
    (tiles / "index.csv").write_text("\n".join(lines) + "\n")
    return tiles


def tile(side=256):
    large = Image.new("RGB", (4 * side, 4 * side), "#c04020")
    ImageDraw.Draw(large).ellipse((200, 200, 700, 700), fill="#102030")
    ImageDraw.Draw(large).rectangle((0, 900, 1024, 940), fill="#ffffff")
    return large.resize((side, side), Image.Resampling.BOX)


def test_a_tile_comes_apart_into_its_inks_the_largest_first():
    levels = read_weights(tile(), ["#ffffff", "#102030", "#c04020"])
    assert levels.shape == (128, 128, 4)
    assert (levels.sum(2, dtype=int) == 255).all()
    areas = levels.reshape(-1, 4).mean(0) / 255
    circle = np.pi * 250**2 / 1024**2
    assert areas[1] == pytest.approx(circle, rel=0.02)
    assert areas[2] == pytest.approx(41 / 1024, rel=0.05)
    assert areas[3] == 0
    assert levels[56, 56].tolist() == [0, 255, 0, 0]


def test_collecting_leaves_out_seasons_and_what_is_held_out(folder, tmp_path):
    manifest = collect_patterns(
        tmp_path / "corpus", inventions=6, first=60, patterns=folder, hold_out=["leaves-*"]
    )
    assert manifest["counts"] == {"pieces": 6, "tiles": 1}
    corpus = open_patterns(tmp_path / "corpus")
    assert str(corpus) == "6 inventions and 1 tiles"
    assert corpus.kinds.ravel().tolist() == [KINDS.index("dot")]
    assert np.array_equal(corpus.pieces[2], invention(62).states())
    other = collect_patterns(tmp_path / "other", inventions=0, patterns=folder, only=["leaves-*"])
    assert [source["name"] for source in other["sources"]] == ["leaves-2.png"]


def test_nothing_to_learn_from_is_refused(tmp_path):
    with pytest.raises(UnusableCorpus, match="training needs some"):
        collect_patterns(tmp_path, inventions=0)
    with pytest.raises(UnusableCorpus, match="collect-prints"):
        open_patterns(tmp_path)


def test_the_command_line_collects_and_teaches(folder, tmp_path, capsys):
    corpus, run = tmp_path / "corpus", tmp_path / "run"
    called = ("collect-prints", corpus, "--inventions", "6", "--patterns", folder)
    assert main([str(part) for part in called]) == 0
    assert json.loads(capsys.readouterr().out) == {"pieces": 6, "tiles": 2}
    tiny = ("--steps", "1", "--pieces", "2", "--judged", "2", "--width", "8", "--depth", "1")
    assert main([str(part) for part in ("train", "printer", corpus, run, *tiny)]) == 0
    assert "from 6 inventions and 2 tiles: 1 steps" in capsys.readouterr().out
    assert main(["evaluate", str(run / "checkpoint.pt"), str(corpus)]) == 0
    assert 0 <= json.loads(capsys.readouterr().out)["right"] <= 1


@pytest.mark.parametrize("kind", KINDS)
def test_every_way_draws_something_that_closes_around_the_tile(kind):
    """At the border lines lie as far apart as elsewhere, so that edges there are no more."""
    for seed in range(6):
        layout = draw_layout(np.random.default_rng(seed), kind, scale=0.5, angle=45.0 * (seed % 3))
        for way in set(fitting(kind, layout)):
            random = np.random.default_rng(seed)
            here = DRAW[way](Maps(layout, grid(48), grid(48)), random)
            random = np.random.default_rng(seed)
            there = DRAW[way](Maps(layout, grid(48) + 1, grid(48) - 1), random)
            assert here.dtype == np.uint8
            assert here.max() < STATES
            assert (here != there).mean() < 0.02, way


def test_an_invention_is_repeatable_and_kinds_take_turns():
    one, again = invention(8), invention(8)
    assert one.kind == KINDS[2]
    states = one.states()
    assert states.shape == (WINDOW, WINDOW, 4)
    assert np.array_equal(states, again.states())
