"""A look on a small picture, at once and without any network: what a live preview shows."""

import numpy as np
from numpy.typing import NDArray

from .dye import closed_form
from .looks import Look
from .prepare import prepare
from .restyle import lay_look
from .scene import Scene


def preview_look(
    pixels: NDArray[np.uint8], matte: NDArray[np.uint8], keep: NDArray[np.uint8], look: Look
) -> NDArray[np.uint8]:
    """Lay a look on a reduced photo (h, w, 3) under its reduced matte and keep matte (h, w).

    Raises UnusableMatte when too little of the product is left at that size.
    """
    scene = Scene(pixels, matte, prepare(pixels, matte, keep))
    return lay_look(scene, look, closed_form).pixels
