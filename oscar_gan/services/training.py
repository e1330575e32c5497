"""Training: what it needs, and the shop's own photos as something to learn from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec

from oscar.core.loading import get_model

from ..errors import OscarGanError
from . import media

NEEDED = ("torch", "onnx", "onnxscript")


class TrainingUnavailable(OscarGanError):
    """This installation cannot train."""

    code = "training-unavailable"


def require_torch() -> None:
    """Raise TrainingUnavailable, with what to install, where the training's libraries lack."""
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        raise TrainingUnavailable(
            f"Training needs {', '.join(missing)}, which this installation lacks:"
            " pip install 'django-oscar-gan[train]' for the worker of the queue 'training'."
        )


def catalogue_photos() -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Name and reader of each photo that a person put into the catalogue; none of our own.

    Readers raise UnusablePhoto where the file is gone, StorageUnavailable where storage is down.
    """
    photos = get_model("catalogue", "ProductImage").objects.filter(gan_published=None)
    for image in photos.order_by("pk").only("original").iterator():
        yield image.original.name, partial(media.read_original, image)
