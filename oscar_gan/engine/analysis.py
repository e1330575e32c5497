"""What a generator finds in a photo, once for any number of colours and looks."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import UnusableMatte
from ..imaging import matte as mattes
from ..imaging.findings import Finding
from ..imaging.gate import judge_photo
from ..imaging.layers import Layers
from ..imaging.parts import count_products
from ..imaging.photo import Photo
from ..imaging.prepare import Prepared, prepare
from ..imaging.sampling import OVERVIEW_SIDE, Overview, reduced
from ..inference.grader import SIDE as GRADER_SIDE

NO_CONFIDENCE = 0.01
"""Confidence in a matte below which it is taken for nothing found."""


@dataclass(frozen=True, slots=True, eq=False)
class Segmentation:
    """What a generator sees at 256 pixels; arrays (256, 256) in [0, 1]."""

    matte: NDArray[np.float32] | None
    """None when it was not asked for."""
    keep: NDArray[np.float32] | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What a grader sees of a photo, squeezed to 128 pixels square."""

    view: NDArray[np.float32]
    """(128, 128, 3) sRGB in [0, 1]"""
    cover: NDArray[np.float32]
    """(128, 128) in [0, 1]: how much of each pixel is recoloured."""


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """What a generator found in a photo: needed once for any number of colours."""

    matte: NDArray[np.uint8]
    keep: NDArray[np.uint8]
    """(H, W): what is product, and what of it must stay as it is."""
    swatch: str
    """The product's colour, '#RRGGBB'."""
    palette: tuple[tuple[str, float], ...]
    """Up to four base colours and their share of the product, the largest first: the swatch."""
    coverage: float
    """Share of the photo that is product."""
    findings: tuple[Finding, ...]
    """What is remarkable, the photo's own notes first."""
    prepared: Prepared
    seen: Seen

    @property
    def material(self) -> NDArray[np.uint8]:
        """(H, W): what is recoloured, the product without what must stay as it is."""
        return Layers(self.matte, self.keep).matte()


def check_found(matte: NDArray[np.uint8], confidence: float, photo: Photo) -> None:
    """Raise UnusableMatte when a matte (H, W) holds no product, or nobody believes it."""
    share = mattes.coverage(matte)
    if not mattes.MIN_COVERAGE <= share <= mattes.MAX_COVERAGE or confidence < NO_CONFIDENCE:
        raise UnusableMatte(
            f"No product was found in the photo ({photo.width} × {photo.height} pixels): the matte"
            f" covers {share:.1%} of it, with a confidence of {confidence:.0%}. Draw a matte by"
            " hand, or use a photo with a plain background."
        )


def enlarged_keep(
    small: NDArray[np.float32] | None, pixels: NDArray[np.uint8], overview: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """Bring a keep matte to the size of `pixels` (H, W, 3); empty without one."""
    if small is None or small.max() < 0.5:
        return np.zeros(pixels.shape[:2], np.uint8)
    return mattes.upsample_matte(small, pixels, overview)


def read_analysis(
    photo: Photo,
    matte: NDArray[np.uint8],
    keep: NDArray[np.uint8],
    confidence: float | None,
    view: NDArray[np.float32],
    overview: Overview,
) -> Analysis:
    """Read the colours under a matte and say what is remarkable.

    `confidence` in the matte is None when a person drew it: that is taken at its word. `view` and
    `overview` are the photo, reduced; the latter and the matte.
    """
    drawn = confidence is None
    ready = prepare(photo.pixels, matte, keep, protect_skin=not drawn, overview=overview)
    frame = np.concatenate([matte[0], matte[-1], matte[:, 0], matte[:, -1]])
    findings = judge_photo(
        side=max(photo.width, photo.height),
        confidence=1.0 if drawn else confidence,
        border=float((frame > 127).mean()),
        off_plane=ready.off_plane,
        clipped=ready.clipped,
        skin=ready.skin,
        products=1 if drawn else count_products(*overview),
        faint=0.0 if drawn else ready.edges.faint,
    )
    palette = tuple((colour.swatch.hex, round(colour.weight, 4)) for colour in ready.colours)
    share = mattes.coverage(matte)
    notes = photo.notes + findings
    seen = _seen(view, matte, ready.keep, overview)
    return Analysis(matte, ready.keep, ready.swatch.hex, palette, share, notes, ready, seen)


def _seen(
    view: NDArray[np.float32],
    matte: NDArray[np.uint8],
    keep: NDArray[np.uint8],
    overview: Overview,
) -> Seen:
    """Reduce a photo's analysis view and its mattes (H, W) to what a grader sees."""
    import cv2

    material = overview.matte
    if keep.any():
        material = reduced(cv2.subtract(matte, keep), OVERVIEW_SIDE)
    size = (GRADER_SIDE, GRADER_SIDE)
    small, cover = (
        cv2.resize(image, size, interpolation=cv2.INTER_AREA) for image in (view, material)
    )
    return Seen(small, cover.astype(np.float32) / 255)
