"""What looks refuse, and with which words."""

import pytest

from oscar_gan.errors import InvalidLook
from oscar_gan.imaging.looks import StyleLook
from oscar_gan.imaging.styles import STYLES
from oscar_gan.imaging.styling import PLANNERS


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("denim",), "no style 'denim'. Choose from: pastel, vivid, .*metallic"),
        (("pastel", ("navy",)), "'navy' is not a colour"),
        (("pastel", ("#000",) * 5), "pastel takes 0 to 4 colours, not 5"),
        (("colour-block",), "colour-block takes 1 to 4 colours, not 0"),
        (("pastel", (), {"size": 0.5}), "no slider 'size'. Choose from: strength, softness"),
        (("pastel", (), {"strength": 1.2}), "strength of pastel is 1.2; .*from 0 to 1"),
        (("ombre", (), {"angle": 181}), "angle of ombre is 181; .*from -180 to 180"),
        (("pastel", (), {"strength": "much"}), "strength of pastel is 'much'"),
        (("pastel", (), {}, -1), "seed is -1; it is a whole number, 0 to"),
    ],
)
def test_bad_values_are_refused_with_choices_and_limits(arguments, message):
    with pytest.raises(InvalidLook, match=message):
        StyleLook(*arguments)


def test_sliders_left_out_have_their_defaults():
    look = StyleLook("stone-wash", sliders={"size": 1})
    assert look.value("size") == 1
    assert look.value("strength") == 0.6


def test_colours_are_written_one_way():
    assert StyleLook("pastel", ("c0392b", "#fff")).colours == ("#C0392B", "#FFFFFF")


def test_every_style_has_a_plan_and_defaults_within_its_limits():
    assert PLANNERS.keys() == STYLES.keys()
    for style in STYLES.values():
        assert style.label
        assert style.help
        for slider in style.sliders:
            assert slider.low <= slider.default <= slider.high
