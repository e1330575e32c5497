"""Seamless height tiles of woven and knitted cloth, drawn thread by thread with NumPy."""

from __future__ import annotations

import bpy
import numpy as np

Array = np.ndarray


def to_image(name: str, height: Array) -> bpy.types.Image:
    """Wrap a height map (n, m) in [0, 1] as a Blender image of plain data."""
    rows, columns = height.shape
    image = bpy.data.images.new(name, columns, rows, float_buffer=True, is_data=True)
    pixels = np.ones((rows, columns, 4), np.float32)
    pixels[..., :3] = height[..., None]
    image.pixels.foreach_set(pixels.ravel())
    image.update()
    image.pack()
    return image


def _grid(side: int, count: int) -> tuple[Array, Array]:
    axis = (np.arange(side) + 0.5) * count / side
    return np.meshgrid(axis, axis)


def _thread_widths(count: int, spread: float, rng: np.random.Generator) -> Array:
    return np.clip(rng.normal(1.0, spread, count), 0.6, 1.5)


def plain_weave(threads: int = 24, side: int = 768, slub: float = 0.14, seed: int = 0) -> Array:
    """One over, one under; ``slub`` is the spread of the thread widths."""
    rng = np.random.default_rng(seed)
    x, y = _grid(side, threads)
    warp, weft = _thread_widths(threads, slub, rng), _thread_widths(threads, slub, rng)
    column, row = x.astype(int), y.astype(int)
    across_warp = 1 - np.abs(2 * (x - column) - 1) / warp[column]
    across_weft = 1 - np.abs(2 * (y - row) - 1) / weft[row]
    parity = np.where((column + row) % 2, 1.0, -1.0)
    wave_warp = parity * np.sin(np.pi * (y - row))
    wave_weft = -parity * np.sin(np.pi * (x - column))
    warp_height = np.sqrt(np.clip(across_warp, 0, 1)) * (0.62 + 0.38 * wave_warp)
    weft_height = np.sqrt(np.clip(across_weft, 0, 1)) * (0.62 + 0.38 * wave_weft)
    return np.maximum(warp_height, weft_height).astype(np.float32)


def twill(threads: int = 24, side: int = 768, slub: float = 0.1, seed: int = 0) -> Array:
    """Two over, one under, shifted by one each row: the diagonal of denim and gabardine."""
    rng = np.random.default_rng(seed)
    x, y = _grid(side, threads)
    column, row = x.astype(int), y.astype(int)
    width = _thread_widths(threads, slub, rng)
    over = ((column + row) % 3) > 0
    warp = np.sqrt(np.clip(1 - np.abs(2 * (x - column) - 1) / width[column], 0, 1))
    weft = np.sqrt(np.clip(1 - np.abs(2 * (y - row) - 1) / width[row], 0, 1))
    return np.where(over, 0.45 + 0.55 * warp, 0.6 * weft).astype(np.float32)


def jersey(wales: int = 16, side: int = 768, seed: int = 0) -> Array:
    """The right side of a plain knit: columns of interlocking V stitches."""
    rng = np.random.default_rng(seed)
    x, y = _grid(side, wales)
    column = x.astype(int)
    inside = x - column
    tension = rng.normal(0, 0.08, wales)[column]
    leg = np.abs(2 * inside - 1)
    course = 1.25 * y * (wales * 1.25 // 1) / (wales * 1.25) - 0.9 * leg + tension
    profile = np.abs(np.sin(np.pi * course))
    rounded = np.sqrt(np.clip(1 - (np.abs(leg - 0.5) / 0.5) ** 2, 0, 1))
    return (rounded * (0.35 + 0.65 * profile)).astype(np.float32)


def boucle(side: int = 768, loops: int = 900, seed: int = 0) -> Array:
    """Small round loops thrown at random, as on wool boucle and terry."""
    rng = np.random.default_rng(seed)
    height = np.zeros((side, side), np.float32)
    radius = side * 0.032
    reach = int(radius * 1.4)
    offsets = np.arange(-reach, reach + 1)
    for cx, cy in rng.integers(0, side, (loops, 2)):
        size = radius * rng.uniform(0.6, 1.35)
        distance = np.hypot(offsets[:, None], offsets[None, :] * rng.uniform(0.8, 1.3)) / size
        loop = np.clip(1 - (distance - 0.45) ** 2 / 0.2, 0, 1) * rng.uniform(0.6, 1.0)
        index = np.ix_((cy + offsets) % side, (cx + offsets) % side)
        height[index] = np.maximum(height[index], loop)
    return height
