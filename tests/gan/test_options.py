import argparse
import json
from dataclasses import asdict, dataclass, field

import pytest

from oscar_gan.gan.config import Config
from oscar_gan.gan.lessons import LESSONS
from oscar_gan.gan.options import add_options, chosen, option, restored


@dataclass(frozen=True)
class Inner:
    photos: int = 6


@dataclass(frozen=True)
class Outer:
    learning_rate: float = option(0.5, "how fast")
    kind: str = option("ns", "of loss", choices=("ns", "wgan"))
    widths: tuple[int, ...] = option((4, 8), "channels")
    sharp: bool = option(True, "with edges")
    inner: Inner = field(default_factory=Inner)


def parsed(*arguments):
    parser = argparse.ArgumentParser()
    add_options(parser, Outer)
    return chosen(Outer, parser.parse_args(arguments))


def test_without_options_the_defaults_hold():
    assert parsed() == Outer()


def test_each_field_is_an_option():
    given = parsed(
        *("--learning-rate", "2", "--kind", "wgan", "--widths", "1", "2", "3"),
        *("--no-sharp", "--inner-photos", "9"),
    )
    assert given == Outer(2.0, "wgan", (1, 2, 3), False, Inner(9))


def test_choices_are_refused_with_their_names(capsys):
    with pytest.raises(SystemExit):
        parsed("--kind", "gan")
    assert "'wgan'" in capsys.readouterr().err


@pytest.mark.parametrize("kind", [Config, *(lesson.Settings for lesson in LESSONS.values())])
def test_settings_survive_json(kind):
    assert restored(kind, json.loads(json.dumps(asdict(kind())))) == kind()
