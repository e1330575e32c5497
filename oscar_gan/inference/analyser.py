"""The analyser: one look at a photo, squeezed to 256 px, finds the product and what to keep."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from oscar_gan.errors import WeightsMismatch

from .onnx import open_session

WEIGHTS = Path(__file__).parent.parent / "weights"
MANIFEST = "manifest.json"
SIDE = 256


@dataclass(frozen=True, slots=True, eq=False)
class AnalyserOutput:
    """What the network sees."""

    matte: NDArray[np.float32]
    """(256, 256) in [0, 1]: the product, prints included."""
    keep: NDArray[np.float32]
    """(256, 256) in [0, 1]: prints, logos and hardware, not to be recoloured."""
    features: NDArray[np.float32]
    """(64,): the first three are the material's colour in OKLab."""


class Analyser:
    """A registered analyser; cheap to make, its session opens at the first call."""

    def __init__(self, path: Path, *, digest: str, device: str = "cpu") -> None:
        self.path = path
        self.digest = digest
        self._device = device

    def __call__(self, photo: NDArray[np.float32]) -> AnalyserOutput:
        """Analyse a photo (256, 256, 3), sRGB in [0, 1]; see `imaging.photo.analysis_view`."""
        if photo.shape != (SIDE, SIDE, 3):
            raise ValueError(f"photo has shape {photo.shape}, must be {(SIDE, SIDE, 3)}")
        session = open_session(self.path, digest=self.digest, device=self._device)
        planes = np.ascontiguousarray(photo.transpose(2, 0, 1)[None], np.float32)
        names = ["matte", "keep", "features"]
        matte, keep, features = session.run(names, {"photo": planes})
        return AnalyserOutput(matte[0, 0], keep[0, 0], features[0])


@dataclass(frozen=True, slots=True)
class Registered:
    """One generator's entry in the manifest of shipped weights."""

    version: str
    files: dict[str, tuple[Path, str]]
    """By network: its file and the file's SHA-256."""

    @property
    def analyser(self) -> tuple[Path, str]:
        """The analyser's file and SHA-256."""
        return self.files["analyser"]


def read_manifest(folder: Path = WEIGHTS) -> dict[str, Registered]:
    """Read which weights are shipped, by generator; `WeightsMismatch` when that is unreadable."""
    try:
        generators = json.loads((folder / MANIFEST).read_text())["generators"]
        return {
            name: Registered(
                version=entry["version"],
                files={
                    network: (folder / file["path"], file["sha256"])
                    for network, file in entry["files"].items()
                },
            )
            for name, entry in generators.items()
        }
    except (OSError, ValueError, KeyError) as error:
        raise WeightsMismatch(
            f"The manifest of weights in {folder} cannot be read: {error!r}."
            " Reinstall the package."
        ) from error


def open_analyser(name: str = "recolour", *, device: str = "auto") -> Analyser:
    """The shipped analyser of a generator; cheap, nothing is loaded yet."""
    path, digest = read_manifest()[name].analyser
    return Analyser(path, digest=digest, device=device)
