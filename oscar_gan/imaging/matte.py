"""Mattes: clean a small one, bring it to full size along the photo's edges, read staff's own."""

import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..errors import UnusableMatte
from .photo import DECODING_ERRORS, Photo
from .sampling import OVERVIEW_SIDE, fractions_of, reduced, sample, strips

GUIDE_RADIUS = 5
"""Half the window, in guide pixels; spans the uncertainty of a 256-pixel matte."""
GUIDE_EPSILON = 3e-4
"""Variance (sRGB²) below which contrast is taken for noise, not for an edge."""
Plane = NDArray[np.float32]
"""(h, w)"""
SOFTNESS = 0.1
"""Below this a matte is background, above 1 minus this it is product."""
MIN_COVERAGE, MAX_COVERAGE = 0.0005, 0.995
GREY_SIDE, GREY_SPREAD, MAX_COLOURED = 256, 24, 0.01
"""Pixels looked at, each way; levels between a pixel's channels, and share of such pixels, beyond
which a picture is none of greys."""


def bounding_box(matte: NDArray[np.uint8], margin: int = 0) -> tuple[slice, slice]:
    """Rows and columns outside which a matte (H, W) is 0, with a margin as far as there is room.

    Both are empty when it is 0 everywhere.
    """
    import cv2

    x, y, width, height = cv2.boundingRect(matte)
    margin = margin if width else 0
    rows, columns = matte.shape
    return (
        slice(max(0, y - margin), min(y + height + margin, rows)),
        slice(max(0, x - margin), min(x + width + margin, columns)),
    )


def coverage(matte: NDArray[np.uint8]) -> float:
    """Share of the photo that a matte (H, W) covers, in [0, 1]."""
    import cv2

    return cv2.mean(matte)[0] / 255


def clean_matte(small: NDArray[np.float32]) -> NDArray[np.float32]:
    """Drop islands under 5 % of the largest part and fill pin-holes in a matte (h, w)."""
    import cv2

    def without_small_parts(mask: NDArray[np.bool_], share: float) -> NDArray[np.bool_]:
        _, parts, statistics, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
        areas = statistics[:, cv2.CC_STAT_AREA].copy()
        areas[0] = 0  # part 0 is everything outside the mask
        return (areas >= max(1.0, share * areas.max()))[parts]

    solid = without_small_parts(small > 0.5, 0.05)
    filled = ~without_small_parts(~solid, 0.002)
    # Only what changed sides is overwritten, with a margin for its soft rim.
    removed = cv2.dilate(((small > 0.5) & ~solid).astype(np.uint8), np.ones((5, 5), np.uint8))
    cleaned = np.where((removed > 0) & ~solid, 0, small)
    return np.where(filled & ~solid, 1, cleaned).astype(np.float32)


def upsample_matte(
    small: NDArray[np.float32],
    pixels: NDArray[np.uint8],
    overview: NDArray[np.uint8] | None = None,
) -> NDArray[np.uint8]:
    """Bring a matte (h, w) in [0, 1] of the squeezed photo to full size (H, W), 0 to 255.

    Fast guided filter (He and Sun, 2015): a local linear model from colour to matte is fitted on
    a reduced picture (`overview`, if it is at hand), and evaluated on the full one.
    """
    import cv2

    overview = reduced(pixels, OVERVIEW_SIDE) if overview is None else overview
    rough = cv2.resize(small.astype(np.float32), overview.shape[1::-1])
    # Where nothing is product for a window around, the matte is 0 without any fitting.
    box = _around(rough)
    full = np.zeros(pixels.shape[:2], np.uint8)
    if rough[box].size:
        large = tuple(
            slice(some.start * many // few, -(-some.stop * many // few))
            for some, many, few in zip(box, full.shape, rough.shape, strict=True)
        )
        full[large] = _fitted(rough[box], overview[box], np.ascontiguousarray(pixels[large]))
    return full


def _fitted(
    rough: Plane, overview: NDArray[np.uint8], pixels: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """Fit a rough matte (h, w) to a picture (H, W, 3) and its overview (h, w, 3): (H, W)."""
    import cv2

    colours = cv2.split(overview.astype(np.float32) / 255)  # NumPy is slow on every third number
    model = _guided_model(colours, rough)
    fitted = _along(model[:3], colours) + model[3]
    model = cv2.merge(model)
    # Away from edges the reduced picture has said it all; only the seam needs every pixel.
    seam = ((fitted > SOFTNESS / 2) & (fitted < 1 - SOFTNESS / 2)).astype(np.uint8)
    seam = cv2.dilate(seam, np.ones((3, 3), np.uint8))
    height, width = pixels.shape[:2]
    full = cv2.resize(_to_bytes(fitted), (width, height), interpolation=cv2.INTER_LINEAR)
    on_seam = cv2.resize(seam, (width, height), interpolation=cv2.INTER_NEAREST)
    for strip in strips(on_seam.shape):
        places = np.flatnonzero(on_seam[strip] != 0) + strip.start * width
        if len(places):
            local = sample(model, *fractions_of(places, (height, width)))
            colour = np.take(pixels.reshape(-1, 3), places, axis=0)
            value = np.einsum("ij,ij->i", local[:, :3], colour / np.float32(255)) + local[:, 3]
            full.reshape(-1)[places] = _to_bytes(value)
    return full


def _to_bytes(matte: NDArray[np.float32]) -> NDArray[np.uint8]:
    stretched = (matte - SOFTNESS) / (1 - 2 * SOFTNESS)
    return np.rint(np.clip(stretched, 0, 1) * 255).astype(np.uint8)


def _around(rough: NDArray[np.float32]) -> tuple[slice, slice]:
    """Rows and columns of what is not background in a matte (h, w), with a window's margin."""
    return bounding_box((rough > SOFTNESS / 2).astype(np.uint8), 2 * GUIDE_RADIUS + 2)


def _guided_model(colours: Sequence[Plane], rough: Plane) -> list[Plane]:
    """Fit matte ≈ a·colour + b in every window; return the averaged planes (h, w) of a and b."""
    means, mean_rough = [_mean(plane) for plane in colours], _mean(rough)
    cross = [
        _mean(plane * rough) - mean * mean_rough
        for plane, mean in zip(colours, means, strict=True)
    ]
    variance = [
        _mean(plane * plane) - mean * mean + GUIDE_EPSILON
        for plane, mean in zip(colours, means, strict=True)
    ]
    covariance = [
        _mean(colours[one] * colours[other]) - means[one] * means[other]
        for one, other in ((0, 1), (0, 2), (1, 2))
    ]
    slope = _solve_symmetric(variance, covariance, cross)
    offset = mean_rough - _along(slope, means)
    return [_mean(plane) for plane in (*slope, offset)]


def _along(slope: Sequence[Plane], colours: Sequence[Plane]) -> Plane:
    """The sum over channels of slope × colour."""
    return slope[0] * colours[0] + slope[1] * colours[1] + slope[2] * colours[2]


def _mean(image: Plane) -> Plane:
    import cv2

    side = 2 * GUIDE_RADIUS + 1
    return cv2.blur(image, (side, side), borderType=cv2.BORDER_REFLECT)


def _solve_symmetric(
    diagonal: Sequence[Plane], off_diagonal: Sequence[Plane], right: Sequence[Plane]
) -> list[Plane]:
    """Solve a symmetric 3×3 system per pixel by Cramer's rule; planes (h, w)."""
    rr, gg, bb = diagonal
    rg, rb, gb = off_diagonal
    c_rr, c_gg, c_bb = gg * bb - gb * gb, rr * bb - rb * rb, rr * gg - rg * rg
    c_rg, c_rb, c_gb = rb * gb - rg * bb, rg * gb - rb * gg, rg * rb - gb * rr
    determinant = rr * c_rr + rg * c_rg + rb * c_rb
    r, g, b = right
    rows = [
        c_rr * r + c_rg * g + c_rb * b,
        c_rg * r + c_gg * g + c_gb * b,
        c_rb * r + c_gb * g + c_bb * b,
    ]
    return [row / determinant for row in rows]


def read_matte(data: bytes, photo: Photo) -> NDArray[np.uint8]:
    """Read a matte that a person drew: white product on black, the photo's size or shape.

    Returns (H, W). Transparent parts count as black. Raises UnusableMatte.
    """
    try:
        image = Image.open(io.BytesIO(data), formats=("PNG", "WEBP", "TIFF", "JPEG"))
        _check_shape(image.size, photo)
        matte = _greyscale(image)
    except DECODING_ERRORS as error:
        raise UnusableMatte(
            f"The matte cannot be read ({error}). Save it as a greyscale PNG."
        ) from error
    if matte.size != (photo.width, photo.height):
        matte = matte.resize((photo.width, photo.height), Image.Resampling.BILINEAR)
    pixels = np.asarray(matte)
    check_matte(pixels, photo)
    return pixels


def check_matte(matte: NDArray[np.uint8], photo: Photo) -> None:
    """Raise UnusableMatte when a matte (H, W) is not the photo's, or selects nothing or all."""
    if matte.shape != (photo.height, photo.width):
        raise UnusableMatte(
            f"The matte is {matte.shape[1]} × {matte.shape[0]} pixels and the photo {photo.width}"
            f" × {photo.height}. Draw the matte on this photo, turned upright."
        )
    share = coverage(matte)
    if share < MIN_COVERAGE:
        raise UnusableMatte(
            f"The matte selects {share:.2%} of the photo; at least {MIN_COVERAGE:.2%} is needed."
            " Paint the product white."
        )
    if share > MAX_COVERAGE:
        raise UnusableMatte(
            f"The matte selects {share:.1%} of the photo, so nothing would stay as it is; the"
            f" limit is {MAX_COVERAGE:.1%}. Paint the background black."
        )


def _check_shape(size: tuple[int, int], photo: Photo) -> None:
    width, height = size
    if abs(width * photo.height - height * photo.width) > 0.01 * height * photo.width:
        raise UnusableMatte(
            f"The matte is {width} × {height} pixels and the photo {photo.width} ×"
            f" {photo.height}: their shapes differ. Draw the matte on this photo, turned upright."
        )
    if width * height > 4 * max(photo.width * photo.height, 1_000_000):
        raise UnusableMatte(
            f"The matte is {width} × {height} pixels, far larger than the photo"
            f" ({photo.width} × {photo.height}). Save it in the photo's size."
        )


def _greyscale(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        values = np.asarray(image).astype(np.uint32)
        return Image.fromarray(np.minimum(values // 257, 255).astype(np.uint8))
    if "A" in image.getbands() or "transparency" in image.info:
        black = Image.new("RGBA", image.size, "black")
        image = Image.alpha_composite(black, image.convert("RGBA")).convert("RGB")
    if image.mode not in ("1", "L"):
        _check_grey(image.convert("RGB"))
    return image.convert("L")


def _check_grey(image: Image.Image) -> None:
    """Raise UnusableMatte for a picture in colours: somebody took the photo for the matte."""
    small = np.asarray(image.resize((GREY_SIDE, GREY_SIDE), Image.Resampling.NEAREST))
    coloured = float((np.ptp(small, axis=2) > GREY_SPREAD).mean())
    if coloured > MAX_COLOURED:
        raise UnusableMatte(
            f"{coloured:.0%} of the matte has colours; at most {MAX_COLOURED:.0%} may. A matte is"
            " grey: paint the product white and all else black. Did you take the photo itself?"
        )
