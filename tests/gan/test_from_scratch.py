"""The whole way on a CPU: 200 photos, collected, labelled, learnt from, tried on other photos."""

from functools import partial

import cv2
import numpy as np
import pytest
import torch

from oscar_gan.gan.analysis import AnalyserSettings
from oscar_gan.gan.compositing import composite
from oscar_gan.gan.config import Config
from oscar_gan.gan.corpus import collect, open_corpus
from oscar_gan.gan.data import Mixture
from oscar_gan.gan.grounds import random_ground
from oscar_gan.gan.lessons import begin
from oscar_gan.gan.runs import run
from oscar_gan.gan.shapes import random_product
from oscar_gan.gan.sources import Source

PHOTOS, HELD_OUT = 200, 40
SIDE = 64
CONFIG = Config(steps=150, learning_rate=4e-3, averaging=0.96)
SETTINGS = AnalyserSettings(
    side=SIDE,
    widths=(12, 16, 24, 32, 48),
    mixture=Mixture(photos=10, cutouts=0, shapes=0, scenes=0, worn=0),
)


def invented_photo(seed, side=128):
    """A product in front of a ground, (side, side, 3) uint8, and its exact matte."""
    random = np.random.default_rng([200, seed])
    made = composite(random, random_product(random, side), random_ground(random, side))
    return np.rint(255 * made.picture).astype(np.uint8), made.matte


def encoded(seed):
    picture, _ = invented_photo(seed)
    quality = [cv2.IMWRITE_JPEG_QUALITY, 92]
    return cv2.imencode(".jpg", picture[..., ::-1], quality)[1].tobytes()


def overlaps(look):
    """Intersection over union with exact mattes of photos that were never trained on.

    `look` maps a photo (1, 3, SIDE, SIDE) to a matte's logits (SIDE, SIDE).
    """
    found = []
    for seed in range(PHOTOS, PHOTOS + HELD_OUT):
        picture, true = (halved(array) for array in invented_photo(seed))
        photo = torch.from_numpy(picture.transpose(2, 0, 1)[None].astype(np.float32) / 255)
        ours, true = look(photo) > 0, true > 0.5
        found.append((ours & true).sum() / (ours | true).sum())
    return np.array(found)


def halved(array):
    return cv2.resize(array, (SIDE, SIDE), interpolation=cv2.INTER_AREA)


def looking(trainer):
    def look(photo):
        with torch.no_grad():
            return trainer.averaged["analyser"](photo).matte[0, 0].numpy()

    return look


@pytest.mark.slow
def test_training_on_200_photos_beats_its_start_on_others(tmp_path):
    sources = [Source(f"{seed:03}.jpg", partial(encoded, seed)) for seed in range(PHOTOS)]
    manifest = collect(tmp_path / "corpus", photos=sources, min_confidence=0.4)
    assert manifest["counts"]["photos"] > 0.8 * PHOTOS
    corpus = open_corpus(tmp_path / "corpus")
    start = overlaps(looking(begin("analyser", CONFIG, SETTINGS)))
    middle = cv2.resize(corpus.mattes.mean(0), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    blind = overlaps(lambda _photo: middle - 0.4 * 255)  # where products mostly are
    trainer = run("analyser", CONFIG, SETTINGS, corpus, tmp_path, every=CONFIG.steps)
    end = overlaps(looking(trainer))
    before = np.maximum(start, blind)
    assert end.mean() > before.mean() + 0.2
    # If training were of no use, so many would improve by luck once in 100,000 runs (sign test).
    assert (end > before).sum() >= 34
    for name in ("checkpoint.pt", "samples.png", "curves.png", "history.json"):
        assert (tmp_path / name).stat().st_size > 100
