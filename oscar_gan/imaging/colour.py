"""Colour spaces and differences: sRGB, linear light, OKLab, CIELAB (D65), CIEDE2000.

All arrays are (..., 3). sRGB and linear light are in [0, 1]; OKLab has L in [0, 1]; CIELAB has
L* in [0, 100]. Pure functions; floating arrays keep their precision.
"""

import re

import numpy as np
from numpy.typing import NDArray

from ..errors import InvalidColour

Array = NDArray[np.floating]

RGB_TO_XYZ = np.array(  # IEC 61966-2-1
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
XYZ_TO_RGB = np.linalg.inv(RGB_TO_XYZ)
WHITE = RGB_TO_XYZ.sum(axis=1)
"""XYZ of sRGB white, D65."""
RGB_TO_LMS = np.array(  # Ottosson, "A perceptual color space for image processing", 2020
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
LMS_TO_OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
LMS_TO_RGB = np.linalg.inv(RGB_TO_LMS)
OKLAB_TO_LMS = np.linalg.inv(LMS_TO_OKLAB)
HEX = re.compile(r"#?(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)


def parse_hex(text: str) -> Array:
    """Read '#RGB' or '#RRGGBB', with or without '#', as sRGB (3,) in [0, 1]."""
    if not isinstance(text, str) or not HEX.fullmatch(text.strip()):
        raise InvalidColour(
            f"{text!r} is not a colour. Write six hexadecimal digits, for example #1F3A93,"
            " or three, for example #FA0."
        )
    digits = text.strip().removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return np.frombuffer(bytes.fromhex(digits), np.uint8) / 255


def to_hex(rgb: Array) -> str:
    """Write sRGB (3,) in [0, 1] as '#RRGGBB'; values outside are clipped."""
    red, green, blue = np.rint(np.clip(rgb, 0, 1) * 255).astype(int)
    return f"#{red:02X}{green:02X}{blue:02X}"


def srgb_to_linear(rgb: Array) -> Array:
    """Undo sRGB's transfer curve."""
    return np.where(rgb <= 0.04045, rgb / 12.92, ((np.maximum(rgb, 0) + 0.055) / 1.055) ** 2.4)


def linear_to_srgb(linear: Array) -> Array:
    """Apply sRGB's transfer curve; negative light is drawn out linearly, not clipped."""
    bright = 1.055 * np.maximum(linear, 0.0031308) ** (1 / 2.4) - 0.055
    return np.where(linear <= 0.0031308, linear * 12.92, bright)


LINEAR_OF_BYTE = srgb_to_linear(np.arange(256) / 255).astype(np.float32)
"""Linear light of each 8-bit sRGB value: a look-up instead of a power per pixel."""


BYTE_OF_LINEAR = np.rint(linear_to_srgb((np.arange(65536) + 0.5) / 65536) * 255).astype(np.uint8)
"""8-bit sRGB of linear light in 65536 steps, twenty to the darkest level."""


def bytes_to_oklab(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Convert 8-bit sRGB to OKLab in single precision."""
    import cv2  # whose roots take a seventh of NumPy's time

    lms = np.take(LINEAR_OF_BYTE, rgb) @ RGB_TO_LMS.T.astype(np.float32)
    if lms.size:
        cv2.pow(lms, 1 / 3, dst=lms)
    return lms @ LMS_TO_OKLAB.T.astype(np.float32)


def srgb_to_oklab(rgb: Array) -> Array:
    """Convert sRGB to OKLab."""
    return linear_to_oklab(srgb_to_linear(rgb))


def linear_to_oklab(linear: Array) -> Array:
    """Convert linear light to OKLab."""
    lms = linear @ RGB_TO_LMS.T.astype(linear.dtype)
    return np.cbrt(lms) @ LMS_TO_OKLAB.T.astype(linear.dtype)


def oklab_to_srgb(oklab: Array) -> Array:
    """Convert OKLab to sRGB; colours outside sRGB give values outside [0, 1]."""
    return linear_to_srgb(oklab_to_linear(oklab))


def oklab_to_linear(oklab: Array) -> Array:
    """Convert OKLab to linear light."""
    roots = oklab @ OKLAB_TO_LMS.T.astype(oklab.dtype)
    return (roots * roots * roots) @ LMS_TO_RGB.T.astype(oklab.dtype)


def srgb_to_lab(rgb: Array) -> Array:
    """Convert sRGB to CIELAB under D65."""
    xyz = srgb_to_linear(rgb) @ RGB_TO_XYZ.T / WHITE
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = np.moveaxis(f, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def lab_to_srgb(lab: Array) -> Array:
    """Convert CIELAB under D65 to sRGB; colours outside sRGB give values outside [0, 1]."""
    light, a, b = np.moveaxis(np.asarray(lab, float), -1, 0)
    y = (light + 16) / 116
    f = np.stack([y + a / 500, y, y - b / 200], axis=-1)
    xyz = np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29)) * WHITE
    return linear_to_srgb(xyz @ XYZ_TO_RGB.T)


def oklab_to_lab(oklab: Array) -> Array:
    """Convert OKLab to CIELAB under D65, colours outside sRGB clipped to it."""
    return srgb_to_lab(np.clip(oklab_to_srgb(oklab), 0, 1))


def delta_e76(lab1: Array, lab2: Array) -> Array:
    """CIE 1976 colour difference: the distance in CIELAB."""
    return np.linalg.norm(np.asarray(lab1) - lab2, axis=-1)


def delta_e00(lab1: Array, lab2: Array) -> Array:
    """CIEDE2000 colour difference of CIELAB colours; notation of Sharma, Wu, Dalal (2005)."""
    L1, a1, b1 = np.moveaxis(np.asarray(lab1, float), -1, 0)
    L2, a2, b2 = np.moveaxis(np.asarray(lab2, float), -1, 0)
    C_mean7 = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    G = 0.5 * (1 - np.sqrt(C_mean7 / (C_mean7 + 25.0**7)))
    C1, h1 = _polar((1 + G) * a1, b1)
    C2, h2 = _polar((1 + G) * a2, b2)
    chromatic = C1 * C2 != 0
    dh = np.where(chromatic, (h2 - h1 + 180) % 360 - 180, 0)
    dL, dC = L2 - L1, C2 - C1
    dH = 2 * np.sqrt(C1 * C2) * np.sin(np.radians(dh / 2))
    L, C = (L1 + L2) / 2, (C1 + C2) / 2
    h = _mean_hue(h1, h2, chromatic)
    T = (
        1
        - 0.17 * _cos(h - 30)
        + 0.24 * _cos(2 * h)
        + 0.32 * _cos(3 * h + 6)
        - 0.2 * _cos(4 * h - 63)
    )
    S_L = 1 + 0.015 * (L - 50) ** 2 / np.sqrt(20 + (L - 50) ** 2)
    S_C, S_H = 1 + 0.045 * C, 1 + 0.015 * C * T
    R_C = 2 * np.sqrt(C**7 / (C**7 + 25.0**7))
    R_T = -np.sin(np.radians(60 * np.exp(-(((h - 275) / 25) ** 2)))) * R_C
    dl, dc, dh = dL / S_L, dC / S_C, dH / S_H
    return np.sqrt(dl**2 + dc**2 + dh**2 + R_T * dc * dh)


def _polar(a: Array, b: Array) -> tuple[Array, Array]:
    """Chroma and hue in degrees, in [0, 360)."""
    return np.hypot(a, b), np.degrees(np.arctan2(b, a)) % 360


def _mean_hue(h1: Array, h2: Array, chromatic: NDArray[np.bool_]) -> Array:
    """Mean hue in degrees the short way round; the sum where a colour has no hue."""
    total = h1 + h2
    far = np.abs(h1 - h2) > 180
    mean = np.where(far, np.where(total < 360, total + 360, total - 360), total) / 2
    return np.where(chromatic, mean, total)


def _cos(degrees: Array) -> Array:
    return np.cos(np.radians(degrees))
