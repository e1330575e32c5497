"""Files of published pictures: what they are called, copies of their own, what is left behind."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import Error as DatabaseProblem
from django.db import transaction
from django.utils.text import get_valid_filename
from oscar.core.loading import get_model
from oscar.core.thumbnails import get_thumbnailer

from ..conf import get_config
from ..dotted import load
from ..errors import InvalidRequest, StorageUnavailable
from ..models import VariantImage
from . import media
from .publish_walls import locked

logger = logging.getLogger(__name__)
_LONGEST = 200  # characters; Oscar stores 255, and storages add a tail where a name is taken


def by_digest(*, variant: VariantImage, product) -> str:
    """The shipped naming: the picture's SHA-256, in folders of its first two digits."""
    return f"{variant.digest[:2]}/{variant.digest[:32]}"


def copy(variant: VariantImage, product, data: bytes) -> str:
    """Save a file of its own for one gallery; returns its name.

    It is called as NAMING says, made unique by a random tail: new content never gets an old name.
    """
    extension = variant.file_name[variant.file_name.rindex(".") :]
    tail = uuid.uuid4().hex[:8]
    name = f"{get_config().published_prefix}/{_stem(variant, product)}-{tail}{extension}"
    return media.save_whole(storage(), name, data)


def put_back(name: str, data: bytes) -> bool:
    """Save a file under the very name it had; False if it is still there, and whole."""
    with media.translated_errors(name):
        taken = storage().exists(name)
        if taken and storage().size(name) == len(data):
            return False
    saved = media.save_whole(storage(), name, data, taken=taken)
    if saved != name:
        discard([saved])
        raise StorageUnavailable(f"{name} could not be saved under its old name; try again.")
    return True


@contextmanager
def unless_it_fails() -> Iterator[list[str]]:
    """Discard the files whose names are put into the list, if what follows fails.

    But not those that a row names: what failed may have come after the commit. Nor any when the
    database went away: nobody knows whether it committed. The sweeper takes them if it did not.
    """
    names: list[str] = []
    try:
        yield names
    except DatabaseProblem:
        raise
    except BaseException:
        discard(unnamed(names))
        raise


def take_down(names: Iterable[str], products: Iterable[int]) -> None:
    """Delete files of pictures that left these galleries, and their thumbnails, after the commit.

    Not before it: files cannot be rolled back. One that came back meanwhile stays.
    """
    try:
        with transaction.atomic():
            locked(products)
            for name in unnamed(names):
                image = get_model("catalogue", "ProductImage")(original=name)
                with media.translated_errors(name):
                    get_thumbnailer().delete_thumbnails(image.original)
    except StorageUnavailable as error:
        logger.warning("Left behind for the sweeper: %s", error)


def unnamed(names: Iterable[str]) -> list[str]:
    """Those that no picture of the shop has."""
    rows = get_model("catalogue", "ProductImage").objects.filter(original__in=list(names))
    named = set(rows.values_list("original", flat=True))
    return [name for name in names if name not in named]


def discard(names: Iterable[str]) -> None:
    """Delete files that no row will name; what storage will not delete is left to the sweeper."""
    for name in names:
        try:
            with media.translated_errors(name):
                storage().delete(name)
        except StorageUnavailable as error:
            logger.warning("%s was left behind for the sweeper: %s", name, error)


def storage():
    """Where Oscar keeps the files of its product images."""
    return get_model("catalogue", "ProductImage")._meta.get_field("original").storage


def _stem(variant: VariantImage, product) -> str:
    given = load(get_config().naming)(variant=variant, product=product)
    parts = str(given).split("/")
    if not all(part and part == get_valid_filename(part) for part in _harmless(parts)):
        raise InvalidRequest(
            f"OSCAR_GAN['NAMING'] gave {given!r}: letters, digits, '-', '_' and '.' in folders"
            " divided by '/' can be part of a file's name. Mend the function."
        )
    return str(given)[:_LONGEST]


def _harmless(parts: list[str]) -> list[str]:
    """The parts, with those that lead elsewhere emptied."""
    return ["" if part.strip(".") == "" else part for part in parts]
