"""System checks of the OSCAR_GAN settings and of the shipped weights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from hashlib import sha256
from pathlib import Path

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from ..conf import Config, get_config
from ..errors import WeightsMismatch
from ..inference.onnx import DEVICES

AT_LEAST_ONE = (
    *("retrain_min_decisions", "retrain_min_photos"),
    *("training_steps", "training_chunk_seconds", "training_budget_minutes"),
)


@register("oscar_gan")
def check_settings(app_configs, **kwargs) -> list[CheckMessage]:
    """E009: keys that do not exist and values that cannot work."""
    try:
        config = get_config()
        problems = list(_wrong_values(config))
    except (ImproperlyConfigured, TypeError) as error:
        problems = [str(error)]
    return [
        Error(problem, hint="docs/settings.md lists every key of OSCAR_GAN.", id="oscar_gan.E009")
        for problem in problems
    ]


@register("oscar_gan")
def check_weights(app_configs, **kwargs) -> list[CheckMessage]:
    """E010: a weights file that is missing or damaged would fail every request."""
    from ..inference.analyser import read_manifest

    try:
        shipped = read_manifest()
    except WeightsMismatch as error:
        return [Error(str(error), id="oscar_gan.E010")]
    return [
        Error(
            f"{path} {problem}.",
            hint="Reinstall django-oscar-gan; the weights come with it.",
            id="oscar_gan.E010",
        )
        for registered in shipped.values()
        for path, digest in registered.files.values()
        if (problem := _what_is_wrong(path, digest))
    ]


def _wrong_values(config: Config) -> Iterator[str]:
    """One sentence for each value of the wrong kind or out of range."""
    defaults = Config()
    for field in fields(Config):
        value = getattr(config, field.name)
        if wanted := _wanted_instead(value, getattr(defaults, field.name)):
            yield f"OSCAR_GAN['{field.name.upper()}'] is {value!r}; it must be {wanted}."
    if config.device not in DEVICES:
        yield f"OSCAR_GAN['DEVICE'] is {config.device!r}; choose from: {', '.join(DEVICES)}."
    yield from _wrong_generator(config.generator)
    yield from _wrong_training(config)
    yield from _wrong_credentials(config)


def _wanted_instead(value: object, default: object) -> str:
    """What the value should be, judged by the default's type; empty when it is that."""
    if isinstance(default, bool):
        return "" if isinstance(value, bool) else "True or False"
    if isinstance(default, int | float):
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return "" if number and value >= 0 else "a number from 0 up"
    if isinstance(default, str):
        return "" if isinstance(value, str) else "text"
    if isinstance(default, tuple):
        return "" if isinstance(value, list | tuple) else "a list or tuple"
    return ""


def _wrong_generator(name: str) -> Iterator[str]:
    from ..engine import GENERATORS

    if name not in GENERATORS:
        yield f"OSCAR_GAN['GENERATOR'] is {name!r}; choose from: {', '.join(GENERATORS)}."


def _wrong_training(config: Config) -> Iterator[str]:
    for name in AT_LEAST_ONE:
        value = getattr(config, name)
        if isinstance(value, int | float) and value < 1:
            yield f"OSCAR_GAN['{name.upper()}'] is {value!r}; it must be 1 or more."
    share = config.reviewer_share
    if isinstance(share, int | float) and not 0 < share <= 1:
        yield f"OSCAR_GAN['REVIEWER_SHARE'] is {share!r}; it must be above 0 and at most 1."
    for name in ("training_folder", "weights_folder"):
        value = getattr(config, name)
        if value is not None and not isinstance(value, str):
            yield f"OSCAR_GAN['{name.upper()}'] is {value!r}; it must be text or None."


def _wrong_credentials(config: Config) -> Iterator[str]:
    paths = {
        "C2PA_CERTIFICATE": config.c2pa_certificate,
        "C2PA_PRIVATE_KEY": config.c2pa_private_key,
    }
    given = {key: path for key, path in paths.items() if path}
    if len(given) == 1:
        missing = (paths.keys() - given.keys()).pop()
        yield f"OSCAR_GAN has {next(iter(given))} but no {missing}; signing needs both."
    for key, path in given.items():
        if not Path(path).is_file():
            yield f"OSCAR_GAN['{key}'] is {path!r}, which is not a file."


def _what_is_wrong(path: Path, digest: str) -> str:
    if not path.is_file():
        return "is missing"
    actual = sha256(path.read_bytes()).hexdigest()
    return "" if actual == digest else f"is damaged: its SHA-256 is {actual}, not {digest}"
