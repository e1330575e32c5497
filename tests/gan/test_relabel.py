import json

import numpy as np
import torch

from oscar_gan.gan.corpus import open_corpus
from oscar_gan.gan.networks import Analyser
from oscar_gan.gan.relabel import relabel, settle


def legs(gap):
    """A pair of trouser legs (64, 64) in [0, 1], with or without the gap between them."""
    matte = np.zeros((64, 64), np.float32)
    matte[8:60, 12:52] = 1
    if gap:
        matte[30:60, 30:34] = 0
    return matte


def test_a_sure_analyser_corrects_the_gap_between_the_legs():
    cut, trust = (255 * legs(gap=False)).astype(np.uint8), np.full((64, 64), 255, np.uint8)
    labels, weights = settle(cut, trust, 0.02 + 0.96 * legs(gap=True))
    assert np.array_equal(labels > 127, legs(gap=True) > 0.5)
    assert weights[40, 32] == 127
    assert weights[40, 20] == 255


def test_an_unsure_analyser_only_takes_the_trust_away():
    cut, trust = (255 * legs(gap=False)).astype(np.uint8), np.full((64, 64), 255, np.uint8)
    labels, weights = settle(cut, trust, 0.3 + 0.4 * legs(gap=True))
    assert np.array_equal(labels, cut)
    assert weights[40, 32] == 0


def test_a_photo_on_which_they_differ_is_not_believed():
    cut, trust = (255 * legs(gap=False)).astype(np.uint8), np.full((64, 64), 255, np.uint8)
    found = np.zeros((64, 64), np.float32)
    found[:10, :10] = 1
    assert not settle(cut, trust, found)[1].any()


def test_a_relabelled_corpus_is_complete_and_names_its_origin(corpus, corpus_folder, tmp_path):
    torch.manual_seed(0)
    analyser = Analyser((8, 8, 16, 16, 16)).eval()
    counts = relabel(corpus_folder, corpus, analyser, tmp_path, side=64)
    assert counts["photos"] == len(corpus.photos)
    copy = open_corpus(tmp_path)
    assert np.array_equal(copy.photos, corpus.photos)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["relabelled"]["from"] == corpus.digest
