"""System checks of what the shop adds by dotted path: docs/extending.md tells what each gets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from string import Formatter

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from ..conf import Config, get_config
from ..dotted import check

_MORE = "docs/extending.md shows an example."


def _config() -> Config:
    """The settings, or the defaults while E009 complains about them."""
    try:
        return get_config()
    except (ImproperlyConfigured, TypeError):
        return Config()


def _pairs(value: object) -> Iterable[tuple]:
    """A dictionary's pairs; none of what is no dictionary, which E009 reports."""
    return value.items() if isinstance(value, Mapping) else ()


@register("oscar_gan")
def check_generators(app_configs, **kwargs) -> list[CheckMessage]:
    """E015: a generator of the shop's own that cannot be made would fail every request."""
    return [
        Error(
            f"OSCAR_GAN['GENERATORS']['{name}']: {problem}",
            hint=f"Name a function that takes the device and returns a generator. {_MORE}",
            id="oscar_gan.E015",
        )
        for name, path in _pairs(_config().generators)
        if (problem := check(path, "cpu"))
    ]


@register("oscar_gan")
def check_policy(app_configs, **kwargs) -> list[CheckMessage]:
    """E016: a policy that cannot be asked would leave every approved picture unpublished."""
    problem = check(_config().publish_policy, variant="", event="")
    if not problem:
        return []
    return [
        Error(
            f"OSCAR_GAN['PUBLISH_POLICY']: {problem}",
            hint=f"Name a function policy(*, variant, event) that returns a Verdict. {_MORE}",
            id="oscar_gan.E016",
        )
    ]


@register("oscar_gan")
def check_naming(app_configs, **kwargs) -> list[CheckMessage]:
    """E017: a naming that cannot be asked would make every publication fail."""
    problem = check(_config().naming, variant="", product="")
    if not problem:
        return []
    return [
        Error(
            f"OSCAR_GAN['NAMING']: {problem}",
            hint=f"Name a function naming(*, variant, product) that returns text. {_MORE}",
            id="oscar_gan.E017",
        )
    ]


@register("oscar_gan")
def check_alt_texts(app_configs, **kwargs) -> list[CheckMessage]:
    """E018: a template with another field than the two would make every publication fail."""
    return [
        Error(
            f"OSCAR_GAN['ALT_TEXTS']['{code}'] is {template!r}: {problem}.",
            hint="Write text with {product} and {colour}, e.g. '{product} in {colour}'.",
            id="oscar_gan.E018",
        )
        for code, template in _pairs(_config().alt_texts)
        if (problem := _wrong_template(template))
    ]


def _wrong_template(template: str) -> str:
    try:
        named = {name for _text, name, _spec, _conversion in Formatter().parse(template)}
    except (TypeError, ValueError) as error:
        return str(error)
    if unknown := named - {None, "product", "colour"}:
        return f"there is no {{{sorted(unknown)[0]}}}"
    return ""
