"""System checks of the OSCAR_GAN settings and of the shipped weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from hashlib import sha256
from ipaddress import ip_network
from pathlib import Path

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from ..conf import Config, get_config
from ..errors import WeightsMismatch
from ..imaging.renditions import FORMATS
from ..inference.onnx import DEVICES
from ..services.labels import WAYS

SHORTEST_TOKEN = 16
OR_NONE = (
    "max_variants_per_user_per_day",
    "max_variants_per_partner_per_day",
    "keep_rejected_days",
)
FACES = ("blur", "exclude", "keep")
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
    yield from _wrong_generator(config)
    yield from _wrong_training(config)
    yield from _wrong_credentials(config)
    yield from _wrong_storefront(config)
    yield from _wrong_monitoring(config)


def _wanted_instead(value: object, default: object) -> str:
    """What the value should be, judged by the default's type; empty when it is that."""
    if isinstance(default, bool):
        return "" if isinstance(value, bool) else "True or False"
    if isinstance(default, int | float):
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return "" if number and value >= 0 else "a number from 0 up"
    if isinstance(default, str):
        return "" if isinstance(value, str) else "text"
    if isinstance(default, Mapping):
        return "" if isinstance(value, Mapping) else "a dictionary"
    if isinstance(default, tuple):
        return "" if isinstance(value, list | tuple) else "a list or tuple"
    return ""


def _wrong_generator(config: Config) -> Iterator[str]:
    from ..engine import GENERATORS

    known = [*GENERATORS, *config.generators]
    if config.generator not in known:
        yield f"OSCAR_GAN['GENERATOR'] is {config.generator!r}; choose from: {', '.join(known)}."


def _wrong_training(config: Config) -> Iterator[str]:
    for name in AT_LEAST_ONE:
        value = getattr(config, name)
        if isinstance(value, int | float) and value < 1:
            yield f"OSCAR_GAN['{name.upper()}'] is {value!r}; it must be 1 or more."
    for name in OR_NONE:
        value = getattr(config, name)
        if value is not None and not (type(value) is int and value >= 0):
            yield f"OSCAR_GAN['{name.upper()}'] is {value!r}; it must be a whole number or None."
    if config.training_faces not in FACES:
        yield (
            f"OSCAR_GAN['TRAINING_FACES'] is {config.training_faces!r};"
            f" choose from: {', '.join(FACES)}."
        )
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


def _wrong_storefront(config: Config) -> Iterator[str]:
    if unknown := set(config.renditions) - set(FORMATS):
        wrong = ", ".join(sorted(map(repr, unknown)))
        yield f"OSCAR_GAN['RENDITIONS'] has {wrong}; choose from: {', '.join(FORMATS)}."
    elif config.renditions and "JPEG" not in config.renditions:
        yield "OSCAR_GAN['RENDITIONS'] lacks JPEG, the only format that every browser reads."
    ways = config.simulated_label
    if isinstance(ways, Mapping) and not set(ways.values()) <= set(WAYS):
        yield (
            f"OSCAR_GAN['SIMULATED_LABEL'] is {ways!r}; it must map countries or languages to:"
            f" {', '.join(WAYS)}."
        )


def _wrong_monitoring(config: Config) -> Iterator[str]:
    token = config.monitoring_token
    if token is not None and not (isinstance(token, str) and len(token) >= SHORTEST_TOKEN):
        yield f"OSCAR_GAN['MONITORING_TOKEN'] must be text of {SHORTEST_TOKEN} characters or more."
    for address in config.monitoring_ips:
        try:
            ip_network(address)
        except ValueError as error:
            yield f"OSCAR_GAN['MONITORING_IPS']: {error}."


def _what_is_wrong(path: Path, digest: str) -> str:
    if not path.is_file():
        return "is missing"
    actual = sha256(path.read_bytes()).hexdigest()
    return "" if actual == digest else f"is damaged: its SHA-256 is {actual}, not {digest}"
