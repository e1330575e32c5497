"""The grader: once per variant, how a product's light and shade change with its colour."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from oscar_gan.imaging.colour import oklab_to_srgb, srgb_to_oklab
from oscar_gan.imaging.dye import Grade, Material, closed_form, dye

from .onnx import open_session

SIDE = 128
"""Pixels per side of what the network sees, and cells per side of its gain field."""


class Grader:
    """A registered grader; cheap to make, its session opens at the first call."""

    def __init__(self, path: Path, *, digest: str, device: str = "cpu") -> None:
        self.path = path
        self.digest = digest
        self._device = device

    def __call__(
        self,
        view: NDArray[np.float32],
        cover: NDArray[np.float32],
        material: Material,
        target: NDArray[np.floating],
    ) -> Grade:
        """Grade a material for a target (3,) OKLab.

        `view` (128, 128, 3) is the photo, sRGB in [0, 1], squeezed to a square; `cover`
        (128, 128) in [0, 1] how much of each pixel is the material.
        """
        if view.shape != (SIDE, SIDE, 3) or cover.shape != (SIDE, SIDE):
            raise ValueError(
                f"view has shape {view.shape} and cover {cover.shape},"
                f" must be {(SIDE, SIDE, 3)} and {(SIDE, SIDE)}"
            )
        session = open_session(self.path, digest=self.digest, device=self._device)
        plain = closed_form(material, target)
        dyed = dye(srgb_to_oklab(view.reshape(-1, 3)), material, target, plain).reshape(view.shape)
        inputs = {
            "photo": _planes(view),
            "plain": _planes(np.clip(oklab_to_srgb(dyed), 0, 1)),
            "material": np.ascontiguousarray(cover[None, None], np.float32),
            "base": np.asarray(material.base, np.float32)[None],
            "target": np.asarray(target, np.float32)[None],
        }
        names = ["slopes", "residual_gain", "gate", "log_gain"]
        slopes, residual_gain, gate, log_gain = session.run(names, inputs)
        return Grade(
            tone=corrected(plain.tone, slopes[0]),
            residual_gain=float(residual_gain[0]),
            gate=float(gate[0]),
            log_gain=np.ascontiguousarray(log_gain[0].transpose(1, 2, 0)),
        )


def _planes(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.ascontiguousarray(picture.transpose(2, 0, 1)[None], np.float32)


def corrected(tone: NDArray[np.floating], slopes: NDArray[np.floating]) -> NDArray[np.float64]:
    """Multiply a tone curve's slopes by factors whose logarithms lie evenly over lightness."""
    steps = np.diff(tone)
    places = np.linspace(0, len(slopes) - 1, len(steps))
    factors = np.exp(np.interp(places, np.arange(len(slopes)), slopes))
    curve = tone[0] + np.concatenate([[0], np.cumsum(steps * factors)])
    return curve / max(curve[-1], 1)
