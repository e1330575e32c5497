"""Measure the colour of cloth from a photo that shows a grey or white card beside it.

The card gives the light: each channel of linear light is scaled until the card is neutral (von
Kries) and, where its reflectance is known, as bright as it is. Then the cloth's colour is the
median of the marked area in CIELAB. Whatever would make the figure wrong is an error, not a guess.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import UnusableSwatch
from .colour import LINEAR_OF_BYTE, delta_e00, lab_to_srgb, linear_to_srgb, srgb_to_lab, to_hex

CARDS = {"grey": 0.18, "white": 0.88, "unknown": None}
"""Reflectance of the cards: 18 % grey, white paper, or a neutral of unknown lightness."""
CLIPPED = 254
"""8-bit level from which a pixel has lost what was above it."""
MAX_CLIPPED = 0.02
"""Largest share of clipped pixels."""
DARK_CARD = 0.03
"""Linear light below which the card is too dark to tell the light from noise."""
DARK_CLOTH = 0.002
"""The same for cloth, of which the darkest black reflects 0.02."""
MAX_CAST = 3.0
"""Largest ratio between the card's channels; beyond it is no neutral, or no daylight."""
UNEVEN = 2.5
"""ΔE00 between a ninth of the area and the whole, above which light or cloth is uneven."""
UNEVEN_CARD = 4.0
SAMPLES = 40_000
"""About how many pixels of an area are looked at."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A square on the photo: its middle and its side, as shares of width, height and width."""

    x: float
    y: float
    side: float


@dataclass(frozen=True, slots=True)
class Cloth:
    """What was measured."""

    lab: tuple[float, float, float]
    """CIELAB (D65) of the cloth, the median of the area."""
    hex: str
    """The nearest sRGB colour as '#RRGGBB'."""
    before: str
    """What the area looked like before the light was corrected."""
    spread: float
    """Median ΔE00 of the area's pixels to its median: weave, noise and shading."""
    clipped_by: float
    """ΔE00 between `lab` and `hex`; above 0.5 the cloth's colour is outside sRGB."""
    gains: tuple[float, float, float]
    """What red, green and blue light were multiplied by."""


def measure_cloth(
    pixels: NDArray[np.uint8], *, card: Spot, cloth: Spot, kind: str = "grey"
) -> Cloth:
    """Measure `cloth` in the light that `card` shows, on upright sRGB pixels (H, W, 3).

    `kind` is one of CARDS. Raises UnusableSwatch when a spot is too small, too dark, clipped or
    uneven, or when the card is not neutral.
    """
    gains = _gains(_area(pixels, card, "card"), kind)
    area = _area(pixels, cloth, "cloth")
    _check_exposure(area, "cloth", DARK_CLOTH)
    lab = srgb_to_lab(linear_to_srgb(LINEAR_OF_BYTE[area].astype(float) * gains))
    middle = np.median(lab.reshape(-1, 3), axis=0)
    _check_evenness(lab, middle, "cloth", UNEVEN)
    colour = to_hex(lab_to_srgb(middle))
    shown = srgb_to_lab(np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255)
    return Cloth(
        lab=tuple(round(float(value), 2) for value in middle),
        hex=colour,
        before=to_hex(np.median(area.reshape(-1, 3), axis=0) / 255),
        spread=float(np.median(delta_e00(lab, middle))),
        clipped_by=float(delta_e00(shown, middle)),
        gains=tuple(float(gain) for gain in gains),
    )


def _gains(card: NDArray[np.uint8], kind: str) -> NDArray[np.float64]:
    """What each channel of linear light is multiplied by to make the card what it is."""
    _check_exposure(card, "card", DARK_CARD)
    linear = LINEAR_OF_BYTE[card].astype(float)
    light = np.median(linear.reshape(-1, 3), axis=0)
    if light.max() > MAX_CAST * light.min():
        raise UnusableSwatch(
            f"The card is not grey: its strongest channel is {light.max() / light.min():.1f} times"
            f" its weakest; the limit is {MAX_CAST:.0f}. Point at the card, in daylight or under a"
            " white lamp."
        )
    evened = srgb_to_lab(linear_to_srgb(linear / light * 0.18))
    _check_evenness(evened, srgb_to_lab(linear_to_srgb(np.full(3, 0.18))), "card", UNEVEN_CARD)
    reflectance = CARDS[kind]
    return (reflectance if reflectance else light @ (0.2126, 0.7152, 0.0722)) / light


def _area(pixels: NDArray[np.uint8], spot: Spot, what: str) -> NDArray[np.uint8]:
    """The square's pixels, thinned; it is moved inwards where it would leave the photo."""
    height, width = pixels.shape[:2]
    side = min(int(spot.side * width), height, width)
    if side < 8:
        raise UnusableSwatch(
            f"The area on the {what} is {side} pixels wide; at least 8 are needed. Mark a larger"
            " one, or use a larger photo."
        )
    left = int(np.clip(spot.x * width - side / 2, 0, width - side))
    top = int(np.clip(spot.y * height - side / 2, 0, height - side))
    step = max(1, round(side / np.sqrt(SAMPLES)))
    return pixels[top : top + side : step, left : left + side : step]


def _check_exposure(area: NDArray[np.uint8], what: str, darkest: float) -> None:
    clipped = float((area >= CLIPPED).any(axis=-1).mean())
    if clipped > MAX_CLIPPED:
        raise UnusableSwatch(
            f"The {what} is overexposed: {clipped:.0%} of its pixels are as bright as the camera"
            f" can tell; the limit is {MAX_CLIPPED:.0%}. Take the photo darker, without glare."
        )
    light = float(np.median(LINEAR_OF_BYTE[area].max(axis=-1)))
    if light < darkest:
        raise UnusableSwatch(
            f"The {what} is too dark: {light:.1%} of full light; at least {darkest:.1%} is needed."
            " Take the photo in more light."
        )


def _check_evenness(lab: NDArray, middle: NDArray, what: str, limit: float) -> None:
    """Compare each ninth of the area with the whole: a shadow or a pattern shows there."""
    ninths = [
        ninth for row in np.array_split(lab, 3, axis=0) for ninth in np.array_split(row, 3, axis=1)
    ]
    worst = max(
        float(delta_e00(np.median(ninth.reshape(-1, 3), axis=0), middle)) for ninth in ninths
    )
    if worst > limit:
        raise UnusableSwatch(
            f"The {what} is uneven: a part of the area differs by ΔE {worst:.1f} from the whole;"
            f" the limit is {limit:.0f}. Mark a smaller area without folds, shadow or pattern."
        )
