"""The generators that ship: by name, with the weights that the manifest registers."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import UnknownGenerator, WeightsMismatch
from ..imaging.dye import Grade, Material
from ..imaging.gate import MIN_CONFIDENCE
from ..imaging.grabcut import grabcut_confidence, grabcut_matte
from ..imaging.refine import decide_keep, refine_matte
from ..inference.analyser import WEIGHTS, Analyser, read_manifest
from ..inference.grader import Grader
from .analysis import Seen, Segmentation
from .generator import Generator, digest_of


def open_generator(name: str = "recolour", *, device: str = "auto") -> Generator:
    """Return a generator by name; sessions are opened when first used.

    `device` is 'auto', 'cpu' or 'cuda'. Raises UnknownGenerator or WeightsMismatch.
    """
    if name not in GENERATORS:
        raise UnknownGenerator(
            f"There is no generator {name!r}. Choose from: {', '.join(GENERATORS)}."
        )
    return GENERATORS[name](device)


def open_weights(folder: Path, *, device: str = "auto") -> Generator:
    """Return `recolour` with the weights of a folder (its manifest.json) instead of the shipped.

    Raises UnknownGenerator or WeightsMismatch.
    """
    return _recolour(device, folder)


def digest_of_weights(version: str, digests: Mapping[str, str]) -> str:
    """The digest of the generator that `open_weights` would return, without reading a file.

    `digests` has the SHA-256 (hex) of each weights file by network: `analyser`, and `grader` if
    there is one.
    """
    return digest_of("recolour", version, digests["analyser"] + digests.get("grader", ""))


def default_generator() -> str:
    """Name of the best generator installed."""
    try:
        return "recolour" if "recolour" in read_manifest() else "classic"
    except WeightsMismatch:
        return "classic"


def _classic(device: str) -> Generator:
    """GrabCut and the closed form: what every network has to beat."""
    return Generator("classic", "1", "", _cut)


def _cut(view: NDArray[np.float32], drawn: bool) -> Segmentation:
    if drawn:
        return Segmentation(None)
    rgb = np.rint(view * 255).astype(np.uint8)
    matte = grabcut_matte(rgb)
    return Segmentation(matte, None, grabcut_confidence(rgb, matte))


def _recolour(device: str, folder: Path = WEIGHTS) -> Generator:
    """The shipped analyser's mattes, and the shipped grader's correction of the closed form."""
    registered = read_manifest(folder).get("recolour")
    if registered is None:
        raise UnknownGenerator("No weights of 'recolour' are installed. Use 'classic'.")
    path, sha256_of_analyser = registered.analyser
    analyser = Analyser(path, digest=sha256_of_analyser, device=device)

    def segment(view: NDArray[np.float32], drawn: bool) -> Segmentation:
        seen = analyser(view)
        if drawn:
            return Segmentation(None, decide_keep(seen.keep))
        matte = refine_matte(np.rint(view * 255).astype(np.uint8), seen.matte)
        confidence = _decidedness(seen.matte)
        return Segmentation(matte, decide_keep(seen.keep), confidence)

    if "grader" not in registered.files:
        return Generator("recolour", registered.version, sha256_of_analyser, segment)
    path, sha256_of_grader = registered.files["grader"]
    grader = Grader(path, digest=sha256_of_grader, device=device)

    def grade(seen: Seen, material: Material, target: NDArray[np.floating]) -> Grade:
        return grader(seen.view, seen.cover, material, target)

    weights = sha256_of_analyser + sha256_of_grader
    return Generator("recolour", registered.version, weights, segment, grade)


def _decidedness(matte: NDArray[np.float32]) -> float:
    """Confidence in [0, 1]: how near to yes or no a network's matte is where it sees product.

    A decidedness of 0.84 gives the confidence below which staff are warned: of 70 photos with
    hand-made mattes 7 lie below it, among them 4 of the 6 whose found matte overlaps less than
    0.9; of 40 garments on people 17, among them 11 of 15.
    """
    product = matte[matte > 0.2]
    if not len(product):
        return 0.0
    decided = np.abs(2 * product - 1).mean()
    return float(np.interp(decided, [0.5, 0.84, 0.95], [0, MIN_CONFIDENCE, 1]))


GENERATORS: dict[str, Callable[[str], Generator]] = {"classic": _classic, "recolour": _recolour}
"""Makers by name."""
