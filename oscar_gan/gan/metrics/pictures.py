"""The one way in which pictures are resized before any metric looks at them.

The filter alone moves such metrics as much as generators differ (Parmar, Zhang and Zhu, "On
Aliased Resizing", 2022): so there is one, antialiased and without rounding.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def resized(picture: NDArray[np.uint8], side: int) -> NDArray[np.float32]:
    """Squeeze a picture (h, w, c) or (h, w), 8-bit, to (side, side, c) in [0, 1]."""
    planes = picture[..., None] if picture.ndim == 2 else picture
    small = [
        np.asarray(
            Image.fromarray(planes[..., c].astype(np.float32)).resize(
                (side, side), Image.Resampling.BICUBIC
            )
        )
        for c in range(planes.shape[-1])
    ]
    return (np.stack(small, axis=-1) / 255).clip(0, 1)


def stacked(pictures: list[NDArray[np.uint8]], side: int) -> NDArray[np.float32]:
    """Resize many pictures into one array (n, side, side, c)."""
    return np.stack([resized(picture, side) for picture in pictures])
