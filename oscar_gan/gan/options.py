"""Frozen dataclasses as command-line options, and back from the JSON of checkpoints and exports.

So a setting, its default and its help stand in one place: the dataclass.
"""

from argparse import BooleanOptionalAction, Namespace
from collections.abc import Iterable
from dataclasses import Field, field, fields, is_dataclass
from typing import Any, TypeVar

Settings = TypeVar("Settings")


def option(default: Any, text: str, *, choices: Iterable[str] | None = None) -> Any:
    """A field of a dataclass with its help text and, where limited, its choices."""
    return field(default=default, metadata={"help": text, "choices": choices})


def add_options(parser: Any, kind: type, *, prefix: str = "") -> None:
    """Add `--some-name` for each field of a dataclass; a dataclass in it gives `--field-name`.

    `parser` is an ArgumentParser or one of its groups.
    """
    for each in fields(kind):
        if is_dataclass(each.type):
            add_options(parser, each.type, prefix=f"{prefix}{each.name}_")
        else:
            _add_option(parser, each, f"{prefix}{each.name}")


def chosen(
    kind: type[Settings], given: Namespace | dict[str, Any], *, prefix: str = ""
) -> Settings:
    """Build the dataclass from what `add_options` made of the command line."""
    values = given if isinstance(given, dict) else vars(given)
    return kind(
        **{
            each.name: chosen(each.type, values, prefix=f"{prefix}{each.name}_")
            if is_dataclass(each.type)
            else _frozen(values[f"{prefix}{each.name}"])
            for each in fields(kind)
        }
    )


def restored(kind: type[Settings], values: dict[str, Any]) -> Settings:
    """Build the dataclass from `asdict`, as checkpoints and exports hold it."""
    types = {each.name: each.type for each in fields(kind)}
    return kind(
        **{
            name: restored(types[name], value) if is_dataclass(types.get(name)) else _frozen(value)
            for name, value in values.items()
        }
    )


def _add_option(parser: Any, each: Field, name: str) -> None:
    default = each.default
    several = isinstance(default, tuple)
    shown = " ".join(map(str, default)) if several else default
    about = {"default": default, "help": f"{each.metadata.get('help', '')} ({shown})".strip()}
    flag = f"--{name.replace('_', '-')}"
    if isinstance(default, bool):
        parser.add_argument(flag, action=BooleanOptionalAction, **about)
        return
    parser.add_argument(
        flag,
        type=type(default[0] if several else default),
        nargs="+" if several else None,
        choices=each.metadata.get("choices"),
        **about,
    )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
