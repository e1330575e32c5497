"""Light and shade on a product without its colours: what folds are read from."""

import numpy as np
from numpy.typing import NDArray

from .colour import bytes_to_oklab
from .matte import bounding_box
from .prepare import Prepared
from .sampling import reduced
from .separation import separate

SIDE = 320
"""Long side in pixels, at least, of the picture of light and shade."""
KNOWN = 0.5
"""Share of known materials from which a pixel tells about light."""


class Shading:
    """How much lighter or darker the product is than its own colours, where that is known."""

    def __init__(self, pixels: NDArray[np.uint8], matte: NDArray[np.uint8], ready: Prepared):
        """Read a photo (H, W, 3) under its matte (H, W)."""
        self.box = bounding_box(matte)
        small = reduced(pixels[self.box], SIDE)
        solid = reduced(np.ascontiguousarray(ready.solid[self.box]), SIDE)
        oklab = bytes_to_oklab(small).reshape(-1, 3)
        materials = [base.material for base in ready.colours if base.is_own]
        shares = separate(oklab, materials)
        known = shares.sum(axis=0)
        expected = shares.T @ np.array([material.base[0] for material in materials])
        light = (oklab[:, 0] - expected / np.maximum(known, 1e-6)).reshape(small.shape[:2])
        inside = (solid > 200) & (known.reshape(light.shape) > KNOWN)
        self.light: NDArray[np.float32] = np.where(inside, light, 0).astype(np.float32)
        """(h, w) OKLab lightness beyond that of the colour there."""
        self.known: NDArray[np.float32] = inside.astype(np.float32)
        """(h, w): 1 where that is known, else 0."""
        self.step = (self.box[1].stop - self.box[1].start) / small.shape[1]
        """Pixels of the photo to one of these."""

    def smoothed(self, share: float) -> NDArray[np.float32]:
        """Light (h, w) averaged over that share of the product's width, unknown places filled."""
        import cv2

        sigma = max(share * self.light.shape[1], 0.5)
        weight = cv2.GaussianBlur(self.known, (0, 0), sigma)
        total = cv2.GaussianBlur(self.light * self.known, (0, 0), sigma)
        # Far from anything known the light passes over into none.
        return total / np.maximum(weight, 1e-2)
