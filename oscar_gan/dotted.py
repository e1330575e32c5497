"""Extension points: a function of the shop's own, named in the settings by its dotted path."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache

from django.utils.module_loading import import_string

from .errors import InvalidExtension


@cache
def load(path: str) -> Callable:
    """What the path names; raises InvalidExtension, which the system checks report at start."""
    try:
        found = import_string(path)
    except (ImportError, AttributeError, TypeError) as error:
        raise InvalidExtension(f"{path!r} cannot be imported: {error}.") from error
    if not callable(found):
        raise InvalidExtension(f"{path!r} is {type(found).__name__}; it must be a function.")
    return found


def check(path: str, *positional: str, **keywords: str) -> str:
    """What is wrong with the function at `path`, called like this; empty if nothing is."""
    try:
        inspect.signature(load(path)).bind(*positional, **keywords)
    except InvalidExtension as error:
        return str(error)
    except TypeError as error:
        return f"{path!r} cannot be called so: {error}."
    except ValueError:  # built-in functions do not tell
        return ""
    return ""
