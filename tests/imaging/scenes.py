"""Rendered truth in a few lines: a folded product in any colour, with its exact matte."""

import io

import numpy as np
from PIL import Image

from oscar_gan.imaging.colour import linear_to_srgb, parse_hex, srgb_to_linear
from oscar_gan.imaging.inks import whole_weights
from oscar_gan.imaging.photo import Photo, read_photo
from oscar_gan.imaging.tiles import Tile

HEIGHT, WIDTH = 240, 200


def shading(height=HEIGHT, width=WIDTH):
    """Light on the folds (h, w), about 0.45 to 1.1 of what a flat piece would get."""
    y, x = np.mgrid[0:height, 0:width] / np.array([height, width]).reshape(2, 1, 1)
    return 0.8 + 0.2 * np.sin(14 * x + 5 * np.sin(6 * y)) + 0.1 * np.sin(37 * y + 9 * x)


def product_matte(height=HEIGHT, width=WIDTH):
    """Soft matte (h, w) in [0, 1] of a rounded product in the middle."""
    y, x = np.mgrid[0:height, 0:width] / np.array([height, width]).reshape(2, 1, 1) - 0.5
    distance = (np.abs(x) / 0.34) ** 4 + (np.abs(y) / 0.38) ** 4
    return np.clip((1 - distance) * min(height, width) / 12 + 0.5, 0, 1)


def render(colour, *, background="#D8D5CF", print_colour=None, height=HEIGHT, width=WIDTH):
    """Render pixels (h, w, 3) and the matte (h, w), both 8-bit; mixed in linear light."""
    albedo = np.broadcast_to(srgb_to_linear(parse_hex(colour)), (height, width, 3)).copy()
    if print_colour:
        albedo[height // 2 - 20 : height // 2 + 20, width // 2 - 25 : width // 2 + 25] = (
            srgb_to_linear(parse_hex(print_colour))
        )
    return render_albedo(albedo, background=background)


def render_albedo(albedo, *, background="#D8D5CF"):
    """Render a product of any colours (h, w, 3), in linear light, as `render` does."""
    height, width = albedo.shape[:2]
    matte = product_matte(height, width)[..., None]
    product = albedo * shading(height, width)[..., None]
    light = matte * product + (1 - matte) * srgb_to_linear(parse_hex(background))
    pixels = np.rint(np.clip(linear_to_srgb(light), 0, 1) * 255).astype(np.uint8)
    return pixels, np.rint(matte[..., 0] * 255).astype(np.uint8)


def encoded(pixels, format="PNG", **options) -> bytes:
    """Write pixels (h, w, 3) to a file's bytes."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format, **options)
    return file.getvalue()


def photo_of(pixels, format="PNG", **options) -> Photo:
    """Read the pixels back as an uploaded photo."""
    return read_photo(encoded(pixels, format, **options))


def tile_of(pattern, colours, side=64) -> Tile:
    """A tile of inks numbered by `pattern` at fractions (y, x) of it, antialiased."""
    places = (np.arange(4 * side) + 0.5) / (4 * side)
    inks = np.eye(len(colours))[pattern(places[:, None], places[None])]
    shares = inks.reshape(side, 4, side, 4, len(colours)).mean(axis=(1, 3))
    return Tile(whole_weights(shares), tuple(colours))


def striped(y, x):
    """Two inks, across."""
    return (y + 0 * x >= 0.5).astype(int)


def quartered(y, x):
    """Four inks in quarters: 0 1 above 2 3."""
    return 2 * (y >= 0.5).astype(int) + (x >= 0.5).astype(int)
