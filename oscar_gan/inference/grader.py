"""The grader: once per variant, how a product's light and shade change with its colour."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from oscar_gan.imaging.colour import oklab_to_srgb, srgb_to_oklab
from oscar_gan.imaging.dye import Grade, Material, closed_form, dyed, membership
from oscar_gan.imaging.sampling import gathered

from .onnx import open_session

SIDE = 128
"""Pixels per side of what the network sees, and cells per side of its gain field."""
PURE = 0.95
"""Share of the material from which a cell's gain is believed; else it is a mixture's."""
REACHES = {1: 1.0, 3: 1e-2, 10: 1e-4}
"""Half windows that a mixed cell's gain is gathered from, and what they count."""


class Grader:
    """A registered grader; cheap to make, its session opens at the first call."""

    def __init__(self, path: Path, *, digest: str, device: str = "cpu") -> None:
        self.path = path
        self.digest = digest
        self._device = device
        self._last: tuple[NDArray[np.float32], NDArray[np.floating], NDArray[np.float32]] | None
        self._last = None

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
        oklab, planes = self._looked_at(view)
        member = membership(oklab, material, plain.gate)
        made = oklab + member[:, None] * (dyed(oklab, material, target, plain) - oklab)
        inputs = {
            "photo": planes,
            "plain": _planes(np.clip(oklab_to_srgb(made), 0, 1).reshape(view.shape)),
            "material": np.ascontiguousarray(cover[None, None], np.float32),
            "base": np.asarray(material.base, np.float32)[None],
            "target": np.asarray(target, np.float32)[None],
        }
        names = ["slopes", "residual_gain", "gate", "log_gain"]
        slopes, residual_gain, gate, log_gain = session.run(names, inputs)
        pure = (cover >= PURE) & (member.reshape(cover.shape) >= PURE)
        return Grade(
            tone=corrected(plain.tone, slopes[0]),
            residual_gain=float(residual_gain[0]),
            gate=float(gate[0]),
            log_gain=filled(np.ascontiguousarray(log_gain[0].transpose(1, 2, 0)), pure),
        )

    def _looked_at(
        self, view: NDArray[np.float32]
    ) -> tuple[NDArray[np.floating], NDArray[np.float32]]:
        """A view's colours (n, 3) in OKLab and its planes, kept for the photo's next variant."""
        last = self._last
        if last is None or last[0] is not view:
            last = view, srgb_to_oklab(view.reshape(-1, 3)), _planes(view)
            self._last = last
        return last[1:]


def filled(field: NDArray[np.float32], pure: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Give cells (h, w, 3) that are not `pure` (h, w) the mean of pure cells nearby.

    At outlines and around prints a cell of the view is a mixture, and what its colour seems to say
    of light is wrong: it would show as a halo.
    """
    import cv2

    *sums, amount = cv2.split(gathered(field, pure, REACHES))
    amount = np.maximum(amount, 1e-9)
    near = cv2.merge([plane / amount for plane in sums])
    return cv2.copyTo(field, pure.view(np.uint8), near)


def _planes(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.ascontiguousarray(picture.transpose(2, 0, 1)[None], np.float32)


def corrected(tone: NDArray[np.floating], slopes: NDArray[np.floating]) -> NDArray[np.float64]:
    """Multiply a tone curve's slopes by factors whose logarithms lie evenly over lightness."""
    steps = np.diff(tone)
    places = np.linspace(0, len(slopes) - 1, len(steps))
    factors = np.exp(np.interp(places, np.arange(len(slopes)), slopes))
    curve = tone[0] + np.concatenate([[0], np.cumsum(steps * factors)])
    return curve / max(curve[-1], 1)
