"""Tiles of prints: which ink lies where, to be repeated without a seam in any colours."""

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from ..errors import InvalidColour, UnusableTile
from .colour import BYTE_OF_LINEAR, LINEAR_OF_BYTE, parse_hex, to_hex
from .header import FORMATS
from .inks import INKS, find_inks, unmixed
from .photo import DECODING_ERRORS

MIN_SIDE, MAX_SIDE = 8, 4096
"""Pixels of a tile's shorter and longer side."""
INK_KEY = "oscar_gan:inks"
"""Text chunk of our own PNG that holds the inks' hexes."""


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """A seamless print in 2 to 6 inks; raises UnusableTile for anything else."""

    weights: NDArray[np.uint8]
    """(H, W, K): how much of each ink; a pixel's weights add up to 255."""
    colours: tuple[str, ...]
    """The inks, '#RRGGBB'."""

    def __post_init__(self) -> None:
        weights = self.weights
        if weights.ndim != 3 or weights.dtype != np.uint8 or weights.shape[2] != len(self.colours):
            raise UnusableTile(
                f"A tile of {len(self.colours)} inks needs 8-bit weights of shape"
                f" (height, width, {len(self.colours)}), not {weights.dtype} {weights.shape}."
            )
        _check_inks(self.colours)
        _check_size(weights.shape[1], weights.shape[0])
        if not (weights.sum(axis=2, dtype=np.int32) == 255).all():
            raise UnusableTile("Each pixel's weights of a tile must add up to 255.")

    def picture(self) -> NDArray[np.uint8]:
        """Mix the inks in linear light: (H, W, 3) sRGB."""
        inks = np.stack([LINEAR_OF_BYTE[_bytes_of(colour)] for colour in self.colours])
        light = (self.weights / np.float32(255)) @ inks
        steps = np.clip(light * (len(BYTE_OF_LINEAR) - 1), 0, len(BYTE_OF_LINEAR) - 1)
        return BYTE_OF_LINEAR[steps.astype(np.uint16)]

    def recoloured(self, colours: tuple[str, ...]) -> "Tile":
        """The same print in other inks, as many."""
        if len(colours) != len(self.colours):
            raise UnusableTile(
                f"{len(colours)} colours were given for a print of {len(self.colours)} inks."
                " Give one for each."
            )
        return Tile(self.weights, tuple(to_hex(parse_hex(colour)) for colour in colours))


def encode_tile(tile: Tile) -> bytes:
    """Write the picture of a tile as PNG, with its inks beside it so that they come back."""
    info = PngInfo()
    info.add(b"sRGB", b"\0")
    info.add_text(INK_KEY, " ".join(tile.colours))
    file = io.BytesIO()
    Image.fromarray(tile.picture()).save(file, "PNG", pnginfo=info)
    return file.getvalue()


def read_tile(data: bytes, *, inks: int = INKS[1]) -> Tile:
    """Read the picture of a tile: our own with its inks, any other with up to `inks` found in it.

    Raises UnusableTile for what is no picture, is too small, too large, of one colour, or of more
    colours than so many inks can show.
    """
    pixels, written = _decoded(data)
    colours = written or find_inks(pixels, inks)
    return Tile(unmixed(pixels, [_bytes_of(each) for each in colours]), tuple(colours))


def _decoded(data: bytes) -> tuple[NDArray[np.uint8], list[str]]:
    """Decode a picture to sRGB on white (H, W, 3), and the inks that it says it has."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _check_size(*image.size)
            text = str(image.info.get(INK_KEY, ""))
            alpha = image.convert("RGBA")
    except UnusableTile:
        raise
    except DECODING_ERRORS as error:
        raise UnusableTile(
            f"The tile cannot be read as a picture ({error}). Give a PNG, JPEG or WebP."
        ) from error
    white = Image.new("RGBA", alpha.size, "white")
    pixels = np.asarray(Image.alpha_composite(white, alpha).convert("RGB"))
    inks = text.split()
    try:
        _check_inks(tuple(inks))
    except UnusableTile:  # not ours, or tampered with: its picture still tells
        inks = []
    return pixels, inks


def _bytes_of(colour: str) -> NDArray[np.uint8]:
    return np.rint(parse_hex(colour) * 255).astype(np.uint8)


def _check_inks(colours: tuple[str, ...]) -> None:
    if not INKS[0] <= len(colours) <= INKS[1]:
        raise UnusableTile(f"A print has {INKS[0]} to {INKS[1]} inks, not {len(colours)}.")
    try:
        for colour in colours:
            parse_hex(colour)
    except InvalidColour as error:
        raise UnusableTile(f"An ink of the tile: {error}") from error


def _check_size(width: int, height: int) -> None:
    if min(width, height) < MIN_SIDE or max(width, height) > MAX_SIDE:
        raise UnusableTile(
            f"The tile has {width} × {height} pixels; each side must have {MIN_SIDE} to"
            f" {MAX_SIDE}. Scale it, or cut out one repeat of the print."
        )
