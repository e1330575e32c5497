"""Generators by name: the shop's own from the settings, else those of the engine."""

from __future__ import annotations

from .. import engine
from ..conf import get_config
from ..dotted import load
from ..errors import UnknownGenerator


def open_generator(name: str, *, device: str = "auto") -> engine.Generator:
    """The generator called `name`; raises UnknownGenerator, InvalidExtension or WeightsMismatch.

    GENERATORS of OSCAR_GAN names the functions that make the shop's own; docs/extending.md tells
    what they return.
    """
    path = get_config().generators.get(name)
    if path is None:
        return engine.open_generator(name, device=device)
    generator = load(path)(device)
    if generator.name != name:
        raise UnknownGenerator(
            f"{path} made a generator that calls itself {generator.name!r}, but"
            f" OSCAR_GAN['GENERATORS'] has it as {name!r}. Give both one name."
        )
    return generator
