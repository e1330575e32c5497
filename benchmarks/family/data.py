"""Fashion-MNIST (Xiao et al. 2017) from one .npz, as it is shared out here."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from oscar_gan.errors import OscarGanError

ARRAYS = ("x_train", "y_train", "x_test", "y_test")
KINDS = (
    "T-shirt", "trousers", "pullover", "dress", "coat",
    "sandal", "shirt", "trainer", "bag", "ankle boot",
)  # fmt: skip


class UnusableData(OscarGanError):
    """The file with Fashion-MNIST is missing or another one."""

    code = "unusable-data"


class Fashion(NamedTuple):
    """Pictures (n, 28, 28) uint8 and kinds (n,), by what they are for."""

    train: NDArray[np.uint8]
    train_kinds: NDArray[np.uint8]
    real: NDArray[np.uint8]
    """One half of the test pictures: what all others are compared with."""
    real_kinds: NDArray[np.uint8]
    other: NDArray[np.uint8]
    """The other half: as near as honest pictures come, the floor."""
    other_kinds: NDArray[np.uint8]


def read_fashion(path: Path) -> Fashion:
    """Read the four usual arrays; raises UnusableData where they are not there."""
    try:
        with np.load(path, allow_pickle=False) as file:
            train, kinds, test, test_kinds = (file[name] for name in ARRAYS)
    except (OSError, ValueError, KeyError) as error:
        raise UnusableData(
            f"{path} is not Fashion-MNIST ({error}); an .npz with"
            f" {', '.join(ARRAYS)} is needed, pictures as (n, 28, 28) of 8 bits."
        ) from error
    half = len(test) // 2
    return Fashion(train, kinds, test[:half], test_kinds[:half], test[half:], test_kinds[half:])


def levels(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Pictures (n, 28, 28) as the metrics want them: (n, 28, 28, 1) in [0, 1]."""
    return pictures[..., None].astype(np.float32) / 255
