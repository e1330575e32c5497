"""Prints laid on rendered products whose truth is known: print times shading."""

import numpy as np
import pytest

from oscar_gan.imaging.colour import delta_e00, parse_hex, srgb_to_lab, srgb_to_linear
from oscar_gan.imaging.dye import closed_form
from oscar_gan.imaging.inkswatches import InkSwatches
from oscar_gan.imaging.looks import PrintLook, StyleLook
from oscar_gan.imaging.placing import PlacedTile, Placement
from oscar_gan.imaging.prepare import prepare
from oscar_gan.imaging.preview import preview_look
from oscar_gan.imaging.restyle import plan_look, restyle
from oscar_gan.imaging.scene import Scene
from oscar_gan.imaging.styles import STYLES
from oscar_gan.imaging.styling import plan_style
from oscar_gan.imaging.swatch import estimate_swatch

from .scenes import quartered, render, render_albedo, shading, striped, tile_of

INKS = ("#B5483A", "#E8D9B8", "#2F6B4A", "#1F3A93")
HEIGHT, WIDTH = 480, 400


def scene_of(pixels, matte, keep=None):
    keep = np.zeros_like(matte) if keep is None else keep
    return Scene(pixels, matte, prepare(pixels, matte, keep))


@pytest.fixture(scope="module")
def plain():
    return scene_of(*render("#3A6EA5", height=HEIGHT, width=WIDTH))


@pytest.fixture(scope="module")
def printed(plain):
    look = PrintLook(tile_of(quartered, INKS), Placement(scale=0.4, rotation=20, drape=0))
    return look, *restyle(plain, look, closed_form)


def weights_of(look, scene):
    field = PlacedTile(look.tile, look.placement, scene.box)
    return field.over((slice(0, scene.shape[0]), slice(0, scene.shape[1])))


def truth_of(look, scene):
    """The same product really made of such cloth, its seams lit as the photo's."""
    inks = np.stack([srgb_to_linear(parse_hex(colour)) for colour in look.tile.colours])
    lit = np.percentile(shading(HEIGHT, WIDTH)[scene.matte == 255], 80)  # where swatches are read
    albedo = np.tensordot(weights_of(look, scene), inks, axes=(0, 0)) / lit
    return render_albedo(albedo)[0]


def test_each_ink_is_hit_and_nothing_else_changes(plain, printed):
    _, pixels, verdict = printed
    assert [made.target for made in verdict.colours] == list(INKS)
    assert max(made.delta_e for made in verdict.colours) < 0.5
    assert (verdict.background_max, verdict.protected_max) == (0, 0)
    assert verdict.refusal is None
    outside = plain.matte == 0
    assert np.array_equal(pixels[outside], plain.pixels[outside])


def test_the_folds_are_kept_under_every_ink(plain, printed):
    look, pixels, verdict = printed
    assert verdict.structure > 0.85
    grey_before = plain.pixels.astype(float).mean(axis=2)
    grey_after = pixels.astype(float).mean(axis=2)
    for weight in weights_of(look, plain):
        alone = (weight > 0.99) & (plain.matte == 255)
        assert np.corrcoef(grey_before[alone], grey_after[alone])[0, 1] > 0.9


def test_the_result_resembles_the_product_really_printed_so(plain, printed):
    look, pixels, _ = printed
    error = np.abs(pixels.astype(int) - truth_of(look, plain)).max(axis=2)
    assert error[plain.matte == 255].mean() < 6


def test_edges_are_mixed_of_print_and_background(plain, printed):
    look, pixels, _ = printed
    edge = (plain.matte > 20) & (plain.matte < 235)
    truth = truth_of(look, plain)
    assert np.abs(pixels.astype(int) - truth)[edge].mean() < 3
    old = srgb_to_lab(plain.pixels[edge] / 255.0)
    assert np.median(delta_e00(old, srgb_to_lab(pixels[edge] / 255.0))) > 5, "no old colour left"


def test_borders_between_inks_are_mixed_in_light(plain, printed):
    look, pixels, _ = printed
    weights = weights_of(look, plain)
    border = (weights.max(axis=0) < 0.9) & (plain.matte == 255)
    assert border.sum() > 200
    assert np.abs(pixels.astype(int) - truth_of(look, plain))[border].mean() < 6


def test_the_same_look_gives_the_same_bytes(plain, printed):
    look, pixels, verdict = printed
    again, verdict_again = restyle(plain, look, closed_form)
    assert np.array_equal(pixels, again)
    assert verdict == verdict_again


def test_a_print_takes_the_place_of_stripes():
    before, matte = render("#1F3A93", height=HEIGHT, width=WIDTH)
    stripes = np.arange(HEIGHT)[:, None, None] // 30 % 2 == 0
    before = np.where(stripes, before, render("#E8D9B8", height=HEIGHT, width=WIDTH)[0])
    scene = scene_of(before, matte)
    assert len(scene.bases) == 2
    tile = tile_of(striped, ("#C0392B", "#C0392B"))
    pixels, verdict = restyle(scene, PrintLook(tile, Placement(drape=0)), closed_form)
    assert verdict.delta_e < 1
    assert "many-colours" not in [finding.code for finding in verdict.warnings]
    inside = matte == 255
    rows = [inside & (stripes[..., 0] == which) for which in (True, False)]
    one, other = (srgb_to_lab(np.median(pixels[row], axis=0) / 255) for row in rows)
    assert delta_e00(one, other) < 3, "the stripes are gone"


def test_a_motif_stays_and_is_not_printed_over():
    before, matte = render("#3A6EA5", print_colour="#E8C14A", height=HEIGHT // 2, width=WIDTH // 2)
    scene = scene_of(before, matte)
    pixels, _ = restyle(scene, PrintLook(tile_of(striped, INKS[:2])), closed_form)
    middle = np.s_[HEIGHT // 4 - 12 : HEIGHT // 4 + 12, WIDTH // 4 - 15 : WIDTH // 4 + 15]
    assert np.abs(pixels[middle].astype(int) - before[middle]).max() <= 2


def test_what_is_kept_is_kept(plain):
    keep = np.zeros_like(plain.matte)
    keep[200:260, 150:250] = 255
    keep_scene = scene_of(plain.pixels, plain.matte, keep)
    # All of it is the product's own colour, which a keep matte does not hold back.
    assert keep_scene.ready.keep.max() == 0
    painted = plain.pixels.copy()
    painted[200:260, 150:250] = (240, 240, 240)
    kept = scene_of(painted, plain.matte, keep)
    pixels, verdict = restyle(kept, PrintLook(tile_of(striped, INKS[:2])), closed_form)
    assert verdict.protected_max == 0
    assert np.array_equal(pixels[205:255, 155:245], painted[205:255, 155:245])


def test_inks_too_fine_to_lie_alone_are_named_not_numbered(plain):
    fine = tile_of(lambda y, x: (x * 32 + 0 * y).astype(int) % 2, INKS[:2], side=128)
    _, verdict = restyle(plain, PrintLook(fine, Placement(scale=0.05, drape=0)), closed_form)
    found = next(each for each in verdict.warnings if each.code == "ink-unmeasured")
    assert all(colour in found.message for colour in INKS[:2])
    (mixture,) = verdict.colours
    assert mixture.target not in INKS, "what is measured is what the eye mixes of them"
    assert mixture.delta_e < 2


def test_light_ink_on_black_is_refused_where_it_covers_much():
    scene = scene_of(*render("#030303", height=HEIGHT, width=WIDTH))
    light = PrintLook(tile_of(striped, ("#F4F1EA", "#101010")), Placement(drape=0))
    assert restyle(scene, light, closed_form)[1].refusal.code == "too-dark"
    dots = tile_of(lambda y, x: ((y - 0.5) ** 2 + (x - 0.5) ** 2 < 0.012).astype(int),
                   ("#101010", "#F4F1EA"))  # fmt: skip
    verdict = restyle(scene, PrintLook(dots, Placement(drape=0)), closed_form)[1]
    assert "flat-ink" in [finding.code for finding in verdict.warnings]


def test_a_preview_looks_like_the_picture(plain, printed):
    look, pixels, _ = printed
    small = [np.ascontiguousarray(each[::2, ::2]) for each in (plain.pixels, plain.matte)]
    preview = preview_look(*small, np.zeros_like(small[1]), look)
    assert preview.shape == small[0].shape
    inside = small[1] == 255
    assert np.abs(preview.astype(int) - pixels[::2, ::2])[inside].mean() < 8


@pytest.mark.parametrize("name", STYLES)
def test_every_style_runs_keeps_folds_and_hits_its_colours(plain, name):
    colours = ("#C0392B", "#E8D9B8") if name == "colour-block" else ()
    pixels, verdict = restyle(plain, StyleLook(name, colours), closed_form)
    assert verdict.delta_e < 1
    assert verdict.background_max == 0
    assert verdict.structure > 0.7
    assert verdict.refusal is None
    assert not np.array_equal(pixels, plain.pixels)


@pytest.mark.parametrize("name", ["pastel", "vivid", "faded", "monochrome", "metallic"])
def test_strength_is_obeyed(plain, name):
    weak, strong = (
        restyle(plain, StyleLook(name, sliders={"strength": value}), closed_form)[0]
        for value in (0.1, 0.9)
    )
    inside = plain.matte == 255
    changes = [np.abs(each.astype(int) - plain.pixels)[inside].mean() for each in (weak, strong)]
    assert changes[1] > 1.3 * changes[0]


@pytest.mark.parametrize("name", ["stone-wash", "acid-wash", "heather"])
def test_more_is_worn_where_more_is_asked_for(plain, name):
    light = []
    for amount in (0.1, 0.9):
        look = StyleLook(name, sliders={"amount": amount})
        light.append(restyle(plain, look, closed_form)[0][plain.matte == 255].mean())
    assert light[1] > light[0] + 8


def test_seeds_give_other_blotches_of_the_same_colours(plain):
    made = [restyle(plain, StyleLook("acid-wash", seed=seed), closed_form) for seed in (1, 1, 2)]
    assert np.array_equal(made[0][0], made[1][0])
    assert not np.array_equal(made[0][0], made[2][0])
    assert {each.target for each in made[0][1].colours} == {
        each.target for each in made[2][1].colours
    }


def test_an_ombre_runs_along_its_direction(plain):
    look = StyleLook("ombre", ("#FFFFFF", "#1F3A93"))
    down = restyle(plain, look, closed_form)[0].mean(axis=2)
    rows, columns = plain.box
    middle = (columns.start + columns.stop) // 2
    strip = down[rows, middle - 20 : middle + 20].mean(axis=1)
    assert strip[20:60].mean() > strip[-60:-20].mean() + 80
    turned = StyleLook("ombre", ("#FFFFFF", "#1F3A93"), {"angle": 90})
    across = restyle(plain, turned, closed_form)[0].mean(axis=2)
    row = slice(HEIGHT // 2 - 20, HEIGHT // 2 + 20)
    assert across[row, columns.stop - 60 : columns.stop - 20].mean() > (
        across[row, columns.start + 20 : columns.start + 60].mean() + 80
    )


def test_colour_blocks_end_within_two_pixels(plain):
    look = StyleLook("colour-block", ("#FFFFFF", "#1F3A93"))
    weights = plan_style(look, plain).field.over(plain.box)[0][:, 100]
    assert ((weights > 0.01) & (weights < 0.99)).sum() <= 2
    assert weights[0] == 1
    assert weights[-1] == 0


def test_a_style_starts_from_the_colours_given(plain):
    verdict = restyle(plain, StyleLook("pastel", ("#C0392B",)), closed_form)[1]
    lab = srgb_to_lab(parse_hex(verdict.target))
    assert lab[1] > 15, "pastel red, not the pastel of the blue photo"


def test_vivid_on_grey_says_that_there_is_no_colour():
    scene = scene_of(*render("#808080", height=HEIGHT, width=WIDTH))
    verdict = restyle(scene, StyleLook("vivid"), closed_form)[1]
    assert "no-colour" in [finding.code for finding in verdict.warnings]


def test_metal_needs_light_that_varies(plain):
    flat, matte = render_albedo(np.broadcast_to(srgb_to_linear(parse_hex("#3A6EA5")),
                                                (HEIGHT, WIDTH, 3)))  # fmt: skip
    even = np.where(matte[..., None] > 0, np.uint8([58, 110, 165]), flat)
    verdict = restyle(scene_of(even, matte), StyleLook("metallic"), closed_form)[1]
    assert "no-highlights" in [finding.code for finding in verdict.warnings]
    assert "no-highlights" not in [
        finding.code for finding in restyle(plain, StyleLook("metallic"), closed_form)[1].warnings
    ]


def test_the_swatch_under_an_ink_is_read_from_the_photo_alone(plain):
    """Frozen pixels depend on the tile and its place, not on what was made."""
    look = PrintLook(tile_of(quartered, INKS), Placement(scale=0.4, drape=0))
    field = PlacedTile(look.tile, look.placement, plain.box)
    swatch, samples = InkSwatches(plain, plan_look(look, plain)).calibrating(0, 2, 10_000)
    weights = field.at_positions(swatch.positions, WIDTH)
    assert weights[2].min() >= 0.97
    assert len(samples) == len(swatch.positions)
    assert estimate_swatch(samples, swatch.positions).oklab == pytest.approx(
        plain.bases[0].swatch.oklab, abs=0.03
    )


def test_stripes_of_the_backgrounds_colour_leave_no_ends_at_the_outline():
    """The matte is unsure of them; the stripes beside them tell where the product ends."""
    before, matte = render("#1F3A93", height=HEIGHT, width=WIDTH)
    rows = np.arange(HEIGHT)[:, None] // 12 % 4 == 0
    before = np.where(rows[..., None], render("#D8D5CF", height=HEIGHT, width=WIDTH)[0], before)
    column = np.arange(WIDTH)[None]
    left = np.flatnonzero(matte[HEIGHT // 2] == 255)[0]
    near = rows & (column < left + 10) & (matte == 255)
    unsure = np.where(near, 110, matte).astype(np.uint8)
    scene = scene_of(before, unsure)
    assert len(scene.bases) == 2
    tile = tile_of(striped, ("#C0392B", "#C0392B"))
    pixels, verdict = restyle(scene, PrintLook(tile, Placement(drape=0)), closed_form)
    middle = near & (np.abs(np.arange(HEIGHT)[:, None] - HEIGHT / 2) < 80)
    reds = pixels[middle].astype(int)
    assert ((reds[:, 0] - reds[:, 2]) > 60).mean() > 0.9
    assert verdict.background_max == 0
