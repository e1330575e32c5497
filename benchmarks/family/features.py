"""python -m benchmarks.family.features DATA: train the classifier whose features judge the family.

Writes `benchmarks/family/features.npz`, which is committed, so that everybody's figures are by
the same judge. Two minutes on one core.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import torch

from oscar_gan.errors import OscarGanError
from oscar_gan.gan.metrics.classifier import (
    Classifier,
    Settings,
    judge,
    read_classifier,
    teach,
    write_classifier,
)

from .data import KINDS, Fashion, levels, read_fashion
from .lesson import SIDE

FEATURES = Path(__file__).parent / "features.npz"
WIDTHS = (16, 32, 48, 64)
EPOCHS = 4
SEED = 7


def main() -> int:
    """Train, print the accuracy on the test pictures, and save; 2 without data."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="fashion_mnist.npz")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--output", type=Path, default=FEATURES)
    options = parser.parse_args()
    try:
        fashion = read_fashion(options.data)
    except OscarGanError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    classifier = Classifier(Settings(side=SIDE, channels=1, classes=KINDS, widths=WIDTHS))
    pictures = levels(fashion.train)
    for loss in teach(classifier, pictures, fashion.train_kinds, epochs=options.epochs, seed=SEED):
        print(f"loss {loss:.3f}", flush=True)
    write_classifier(classifier, options.output)
    right = accuracy(read_classifier(options.output), fashion)
    print(f"{right:.1%} of the test pictures right; {options.output}")
    return 0


def accuracy(classifier: Classifier, fashion: Fashion) -> float:
    """Share of the test pictures, both halves, that a classifier names rightly."""
    pictures = levels(np.concatenate([fashion.real, fashion.other]))
    kinds = np.concatenate([fashion.real_kinds, fashion.other_kinds])
    return float((judge(classifier, pictures)[1] == kinds).mean())


if __name__ == "__main__":
    sys.exit(main())
