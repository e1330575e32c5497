"""A small classifier of our own, whose last layer before the verdict serves as features.

No public feature network may be had here, and one trained on photographs of animals would be a
poor judge of cloth. So figures by these features compare generators on one kind of picture with
each other, and never with anyone's published FID.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, pad

BATCH = 64
SHIFT = 4
"""Pixels by which pictures are shifted in training, at most."""
LEARNING_RATE = 3e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What kind of pictures, and how large a network."""

    side: int = 64
    channels: int = 3
    classes: tuple[str, ...]
    widths: tuple[int, ...] = (32, 64, 96, 128)
    """Channels of the layers; all but the third halve the picture, the last are the features."""


class Classifier(nn.Module):
    """Four convolutions, an average over the picture, and a linear verdict."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        layers: list[nn.Module] = []
        given = settings.channels
        for place, width in enumerate(settings.widths):
            stride = 1 if place == 2 else 2
            layers += [
                nn.Conv2d(given, width, 3, stride, padding=1, bias=False),
                nn.BatchNorm2d(width),
                nn.ReLU(),
            ]
            given = width
        self.body = nn.Sequential(*layers)
        self.verdict = nn.Linear(given, len(settings.classes))

    def features(self, pictures: Tensor) -> Tensor:
        """(n, c, side, side) in [0, 1] to (n, d)."""
        return self.body(2 * pictures - 1).mean(dim=(2, 3))

    def forward(self, pictures: Tensor) -> Tensor:
        """Logits (n, classes)."""
        return self.verdict(self.features(pictures))


def teach(
    classifier: Classifier,
    pictures: NDArray[np.floating],
    labels: NDArray[np.integer],
    *,
    epochs: int,
    seed: int = 0,
) -> Iterator[float]:
    """Train on pictures (n, side, side, c) in [0, 1]; yields each epoch's mean loss.

    Flipped and shifted, never recoloured: colour is part of what is judged.
    """
    random = torch.Generator().manual_seed(seed)
    images, wanted = as_tensor(pictures), torch.as_tensor(labels).long()
    optimiser = torch.optim.AdamW(classifier.parameters(), LEARNING_RATE, weight_decay=0.05)
    steps = epochs * -(-len(images) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, LEARNING_RATE, total_steps=steps)
    for _ in range(epochs):
        classifier.train()
        losses = []
        for chosen in torch.randperm(len(images), generator=random).split(BATCH):
            logits = classifier(_disturbed(images[chosen], random))
            loss = cross_entropy(logits, wanted[chosen], label_smoothing=0.1)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        yield float(np.mean(losses))


def _disturbed(images: Tensor, random: torch.Generator) -> Tensor:
    """Flip half of the pictures and shift all of them alike."""
    flipped = torch.rand(len(images), 1, 1, 1, generator=random) < 0.5
    images = torch.where(flipped, images.flip(3), images)
    y, x = torch.randint(2 * SHIFT + 1, (2,), generator=random).tolist()
    side = images.shape[2]
    padded = pad(images, (SHIFT,) * 4, mode="replicate")
    return padded[:, :, y : y + side, x : x + side]


@torch.no_grad()
def judge(
    classifier: Classifier, pictures: NDArray[np.floating]
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Features (n, d) and classes (n,) of pictures (n, side, side, c) in [0, 1]."""
    classifier.eval()
    parts = [classifier.features(part) for part in as_tensor(pictures).split(256)]
    features = torch.cat(parts)
    return features.numpy(), classifier.verdict(features).argmax(1).numpy()


def as_tensor(pictures: NDArray[np.floating]) -> Tensor:
    """(n, h, w, c) to (n, c, h, w)."""
    planes = np.ascontiguousarray(pictures.transpose(0, 3, 1, 2), np.float32)
    return torch.from_numpy(planes)


def write_classifier(classifier: Classifier, path: Path) -> None:
    """Save settings and weights, in half precision, as one .npz without pickles."""
    state = {
        name: value.numpy().astype(np.float16 if value.is_floating_point() else np.int64)
        for name, value in classifier.state_dict().items()
    }
    np.savez_compressed(path, settings=json.dumps(asdict(classifier.settings)), **state)


def read_classifier(path: Path) -> Classifier:
    """Load what `write_classifier` saved."""
    with np.load(path, allow_pickle=False) as file:
        given = json.loads(str(file["settings"]))
        settings = Settings(
            side=given["side"],
            channels=given["channels"],
            classes=tuple(given["classes"]),
            widths=tuple(given["widths"]),
        )
        classifier = Classifier(settings)
        state = {
            name: torch.from_numpy(file[name]).to(value.dtype)
            for name, value in classifier.state_dict().items()
        }
    classifier.load_state_dict(state)
    return classifier.eval()
