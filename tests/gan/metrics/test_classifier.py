import numpy as np
import pytest
import torch

from oscar_gan.gan.metrics.classifier import (
    Classifier,
    Settings,
    judge,
    read_classifier,
    teach,
    write_classifier,
)
from oscar_gan.gan.metrics.pictures import resized, stacked


def bright_and_dark(count=64, side=16):
    random = np.random.default_rng(0)
    labels = np.arange(count) % 2
    pictures = random.uniform(0, 0.4, (count, side, side, 1)) + 0.5 * labels[:, None, None, None]
    return pictures.astype(np.float32), labels


def small():
    torch.manual_seed(0)
    return Classifier(Settings(side=16, channels=1, classes=("dark", "bright"), widths=(8, 8, 8)))


def test_it_learns_to_tell_kinds_apart():
    classifier = small()
    pictures, labels = bright_and_dark()
    losses = list(teach(classifier, pictures, labels, epochs=25))
    features, found = judge(classifier, pictures)
    assert losses[-1] < losses[0]
    assert features.shape == (64, 8)
    assert (found == labels).mean() > 0.95


def test_saved_and_read_again_it_judges_alike(tmp_path):
    classifier = small()
    pictures, _ = bright_and_dark()
    write_classifier(classifier, tmp_path / "features.npz")
    again = read_classifier(tmp_path / "features.npz")
    assert again.settings == classifier.settings
    before, after = (judge(each, pictures)[0] for each in (classifier, again))
    assert np.abs(before - after).max() < 0.01 * np.abs(before).max()


def test_resizing_is_antialiased():
    chequers = np.kron(np.indices((32, 32)).sum(0) % 2, np.ones((2, 2))) * 255
    small_one = resized(chequers.astype(np.uint8), 16)
    assert small_one.shape == (16, 16, 1)
    assert small_one == pytest.approx(0.5, abs=0.02)


def test_pictures_of_any_size_are_stacked():
    pictures = [np.zeros((10, 20, 3), np.uint8), np.full((64, 32, 3), 255, np.uint8)]
    assert stacked(pictures, 8).mean((1, 2, 3)) == pytest.approx([0, 1])
