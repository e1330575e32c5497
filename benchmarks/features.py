"""python -m benchmarks.features DATA: train the classifier whose features judge realism.

DATA holds `clothing/{train,test}/<class>/` (clothing-dataset-small, CC0). Writes
`benchmarks/features.npz`, which is committed, so that everybody's figures are by the same judge.
A few minutes on one core.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from tqdm import tqdm

from oscar_gan.gan.metrics.classifier import Classifier, Settings, judge, teach, write_classifier
from oscar_gan.gan.metrics.pictures import resized

FEATURES = Path(__file__).parent / "features.npz"
SIDE = 64
EPOCHS = 20
SEED = 7


def main() -> int:
    """Train, print the accuracy on the test photos, and save; 2 without data."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--output", type=Path, default=FEATURES)
    options = parser.parse_args()
    if not (options.data / "clothing" / "train").is_dir():
        print(f"error: {options.data}/clothing/train is missing; see --help.", file=sys.stderr)
        return 2
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    kinds = tuple(sorted(path.name for path in (options.data / "clothing" / "train").iterdir()))
    classifier = Classifier(Settings(side=SIDE, classes=kinds))
    pictures, labels = labelled(options.data / "clothing" / "train", kinds)
    lessons = teach(classifier, pictures, labels, epochs=options.epochs, seed=SEED)
    for loss in (bar := tqdm(lessons, total=options.epochs, unit="epoch")):
        bar.set_postfix(loss=f"{loss:.3f}")
    pictures, labels = labelled(options.data / "clothing" / "test", kinds)
    accuracy = (judge(classifier, pictures)[1] == labels).mean()
    write_classifier(classifier, options.output)
    size = options.output.stat().st_size
    print(f"{accuracy:.1%} of {len(labels)} test photos right; {options.output}, {size:,} bytes")
    return 0


def labelled(
    folder: Path, kinds: tuple[str, ...]
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """All pictures (n, 64, 64, 3) in a folder of classes, and their classes (n,)."""
    pictures, labels = [], []
    for label, kind in enumerate(kinds):
        for path in sorted((folder / kind).iterdir()):
            with Image.open(path) as image:
                pictures.append(resized(np.asarray(image.convert("RGB")), SIDE))
            labels.append(label)
    return np.stack(pictures), np.array(labels)


if __name__ == "__main__":
    sys.exit(main())
