"""What is measured once per photo."""

import numpy as np

from oscar_gan.imaging.prepare import prepare

from .scenes import render


def test_cloth_between_the_lines_of_a_print_is_not_kept():
    pixels, matte = render("#1F3A93")
    pixels[100:140:4, 80:120] = (240, 225, 190)  # a striped print in a blob of keep matte
    keep = np.zeros_like(matte)
    keep[95:145, 75:125] = 255
    kept = prepare(pixels, matte, keep).keep
    assert kept[100:140:4, 80:120].min() == 255
    assert kept[102:138:4, 80:120].max() < 30


def test_a_dark_print_on_grey_cloth_stays_kept():
    pixels, matte = render("#909090")
    pixels[100:140, 80:120] = 12
    keep = np.zeros_like(matte)
    keep[100:140, 80:120] = 255
    assert prepare(pixels, matte, keep).keep[100:140, 80:120].min() > 240


def test_without_a_keep_matte_nothing_is_kept():
    pixels, matte = render("#1F3A93")
    assert prepare(pixels, matte, np.zeros_like(matte)).keep.max() == 0


def test_the_swatch_is_read_outside_the_keep_matte():
    pixels, matte = render("#1F3A93")
    pixels[70:180, 50:150] = (245, 140, 30)  # more print than cloth
    keep = np.zeros_like(matte)
    keep[70:180, 50:150] = 255
    lightness, a, b = prepare(pixels, matte, keep).swatch.oklab
    assert b < -0.08, "blue, not orange"


def test_other_colours_and_overexposure_are_measured():
    pixels, matte = render("#1F3A93")
    plain = prepare(pixels, matte, np.zeros_like(matte))
    assert plain.off_plane < 0.05
    assert plain.clipped == 0
    pixels[80:160, 60:140] = 255
    assert prepare(pixels, matte, np.zeros_like(matte)).clipped > 0.1
    pixels[80:160, 60:140] = (245, 140, 30)
    assert prepare(pixels, matte, np.zeros_like(matte)).off_plane > 0.15


def test_a_keep_matte_of_everything_is_not_heeded():
    pixels, matte = render("#1F3A93")
    ready = prepare(pixels, matte, np.full_like(matte, 255))
    assert ready.keep.max() == 0
    assert ready.solid.max() == 255
