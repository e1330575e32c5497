"""The two layers of an outline: what is product, and what of it must stay as it is.

Recoloured is the product without what is protected. Both layers travel together as one picture:
red is the product, green what is protected; a viewer shows the product red, what stays yellow.
"""

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..errors import UnusableMatte
from .matte import bounding_box
from .photo import DECODING_ERRORS

EDIT_SIDE = 1600
"""Long side in pixels, at most, of what people paint on: sharp on any screen, quick on a phone."""
NOISE = 2
"""Differences, in levels, up to which nobody painted: some browsers blur what scripts read."""


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """What is product and what of it is protected: (H, W) each, 0 to 255."""

    product: NDArray[np.uint8]
    protect: NDArray[np.uint8]

    @classmethod
    def of_matte(cls, matte: NDArray[np.uint8]) -> "Layers":
        """All of a matte (H, W) is product, nothing of it protected."""
        return cls(matte, np.zeros_like(matte))

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return self.product.shape

    def matte(self) -> NDArray[np.uint8]:
        """What is recoloured (H, W)."""
        if not self.protect.any():
            return self.product
        free = 255 - self.protect.astype(np.uint16)
        return ((self.product * free + 127) // 255).astype(np.uint8)

    def reduced(self, size: tuple[int, int]) -> "Layers":
        """The layers at `size`, width and height."""
        import cv2

        if size == self.shape[::-1]:
            return self
        return Layers(
            *(cv2.resize(each, size, interpolation=cv2.INTER_AREA) for each in self._pair())
        )

    def with_matte(self, matte: NDArray[np.uint8], kept: NDArray[np.bool_]) -> "Layers":
        """The layers such that `matte` (H, W) is recoloured.

        Where that is less than now, what `kept` (H, W) marks becomes protected, all else is no
        product any more; where it is more, as much protection goes as must.
        """
        now, product, protect = self.matte(), self.product.copy(), self.protect.copy()
        more, less = matte > now, matte < now
        product[more] = np.maximum(product[more], matte[more])
        covered = more | (less & kept)
        wanted = matte[covered].astype(np.uint16) * 255
        protect[covered] = 255 - (wanted + product[covered] // 2) // np.maximum(
            product[covered], 1
        )
        gone = less & ~kept
        free = 255 - protect[gone].astype(np.uint16)
        rest = (matte[gone].astype(np.uint16) * 255 + free // 2) // np.maximum(free, 1)
        product[gone] = np.minimum(product[gone], rest)
        return Layers(product, protect)

    def painted(self, shown: "Layers", edited: "Layers") -> "Layers":
        """The layers with what somebody painted, at whatever size it was `shown`.

        Taken is only where `edited` differs from `shown`, with a soft rim of one of its pixels:
        everywhere else the edges, perhaps far finer than what was shown, stay to the bit.
        """
        layers = zip(self._pair(), shown._pair(), edited._pair(), strict=True)
        return Layers(*(_laid(*each) for each in layers))

    def png(self) -> bytes:
        """The layers as one PNG: red is the product, green what is protected."""
        file = io.BytesIO()
        pixels = np.dstack([self.product, self.protect, np.zeros_like(self.product)])
        Image.fromarray(pixels).save(file, "PNG", compress_level=1)
        return file.getvalue()

    def _pair(self) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        return self.product, self.protect


def read_layers(data: bytes, size: tuple[int, int]) -> Layers:
    """Read the PNG of `Layers.png`, of this width and height; raise UnusableMatte if it is not.

    Size and kind are looked at before any pixel is unpacked.
    """
    try:
        image = Image.open(io.BytesIO(data), formats=("PNG",))
        if image.size != size:
            raise UnusableMatte(
                f"What was painted is {image.width} × {image.height} pixels, and the outline"
                f" {size[0]} × {size[1]}: it belongs to another photo. Reload the page."
            )
        if image.mode not in ("RGB", "RGBA"):
            raise UnusableMatte(
                f"What was painted comes as a picture of kind {image.mode}, not RGB with the"
                " product in red and what is protected in green. Reload the page."
            )
        pixels = np.asarray(image)
    except DECODING_ERRORS as error:
        raise UnusableMatte(
            f"What was painted cannot be read ({error}). Save again, or reload the page."
        ) from error
    return Layers(pixels[..., 0].copy(), pixels[..., 1].copy())


def _laid(
    full: NDArray[np.uint8], shown: NDArray[np.uint8], edited: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """Lay what differs between two small pictures (h, w) onto a large one (H, W)."""
    import cv2

    changed = (cv2.absdiff(edited, shown) > NOISE).astype(np.uint8)
    if not changed.any():
        return full
    if edited.shape == full.shape:
        return np.where(changed, edited, full)
    share = cv2.dilate(changed, np.ones((3, 3), np.uint8)) * np.uint8(255)
    fresh, share = (
        cv2.resize(each, full.shape[::-1], interpolation=cv2.INTER_LINEAR)
        for each in (edited, share)
    )
    box, result = bounding_box(share), full.copy()
    share = share[box].astype(np.uint16)
    result[box] = (fresh[box] * share + full[box] * (255 - share) + 127) // 255
    return result
