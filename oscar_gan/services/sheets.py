"""Sheets of tiles: the designer wishes, a worker prints weights, the web colours them.

The row is the truth and its message a hint, as with generation requests; but a sheet takes
seconds and always gives the same files, so two workers on one sheet do no harm and its lease
needs no token.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from functools import partial

import numpy as np
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from PIL import Image

from ..conf import get_config
from ..errors import InvalidRequest, OscarGanError, StorageUnavailable
from ..imaging.tiles import Tile
from ..inference import printer
from ..models import PrintSheet, SheetTile
from . import access, dispatch, media, registry
from .recipes import digest_of
from .wishes import Wish

logger = logging.getLogger(__name__)
Status = PrintSheet.Status
SIDE = 512
"""Side of a tile in pixels: what is chosen here is what is printed."""
FOLDER = "tiles"
GIVE_UP = timedelta(minutes=10)
"""Nobody waits longer than this for a sheet."""


def request_sheet(*, wish: Wish, inks: int, requested_by) -> PrintSheet:
    """The sheet for this wish: as it is, or queued; wishes nobody waits for any more are dropped.

    Raises InvalidDesign, and InvalidRequest when this person asks too often.
    """
    access.require(requested_by, "manage_prints")
    wish.designs()
    low, high = printer.INKS
    if not low <= inks <= high:
        raise InvalidRequest(f"{inks} inks were asked for; choose {low} to {high}.")
    version = registry.printer_version()
    asked = {"wish": asdict(wish), "inks": inks, "side": SIDE, "printer": version.digest}
    digest = digest_of(asked)
    sheet = PrintSheet.objects.filter(digest=digest).first()
    if sheet is None:
        _check_pace(requested_by)
        sheet = _create(
            digest=digest,
            wish=asked["wish"],
            inks=inks,
            generator=version,
            requested_by=requested_by,
        )
    PrintSheet.objects.filter(pk=sheet.pk).update(asked_at=Now(), requested_by=requested_by)
    _drop_others(sheet, requested_by)
    revived = PrintSheet.objects.filter(pk=sheet.pk, status=Status.FAILED).update(
        status=Status.QUEUED, problem="", attempts=0
    )
    if revived or (sheet.status == Status.QUEUED and sheet.dispatched_at is None):
        transaction.on_commit(partial(_send, sheet.pk))
    sheet.refresh_from_db()
    return sheet


def run(sheet_id) -> None:
    """Make what is missing of a sheet; does nothing if it is not to be had."""
    sheet = _claim(sheet_id)
    if sheet is None:
        return
    try:
        _make(sheet)
    except StorageUnavailable as error:
        logger.warning("Sheet %s waits for the storage: %s", sheet.pk, error)
        _running(sheet).update(status=Status.QUEUED, lease_expires_at=None, dispatched_at=Now())
    except OscarGanError as error:
        _fail(sheet, str(error))
    except Exception:
        _fail(sheet, "Internal error; see the worker's log.")
        raise


def reap() -> None:
    """Queue again what dead workers held and send again what the broker lost."""
    config = get_config()
    expired = PrintSheet.objects.filter(status=Status.RUNNING, lease_expires_at__lt=Now())
    expired.filter(attempts__gte=config.max_attempts).update(
        status=Status.FAILED,
        lease_expires_at=None,
        problem=f"The worker stopped {config.max_attempts} times while making this; see its log.",
    )
    expired.update(status=Status.QUEUED, lease_expires_at=None, dispatched_at=None)
    waiting = PrintSheet.objects.filter(status=Status.QUEUED)
    waiting.filter(asked_at__lt=Now() - GIVE_UP).update(
        status=Status.FAILED, problem="No worker was there in time; ask again."
    )
    silent = timedelta(seconds=config.redispatch_seconds)
    lost = waiting.filter(Q(dispatched_at=None) | Q(dispatched_at__lt=Now() - silent))
    for pk in list(lost.values_list("pk", flat=True)[:100]):
        _send(pk)


def forget() -> int:
    """Delete sheets that nobody asked for in a while; the sweeper then takes their files."""
    oldest = timedelta(hours=get_config().sweep_after_hours)
    old = PrintSheet.objects.filter(asked_at__lt=Now() - oldest)
    return old.exclude(status=Status.RUNNING).delete()[0]


def coloured(tile: SheetTile, inks: Sequence[str]) -> Tile:
    """A tile of a sheet in these inks; raises InvalidRequest when they are too few or many."""
    count = tile.sheet.inks
    if len(inks) != count:
        raise InvalidRequest(f"This tile has {count} inks, not {len(inks)}; reload the page.")
    return Tile(_weights(media.read_draft(tile.file_name), count), tuple(inks))


def _make(sheet: PrintSheet) -> None:
    designs = Wish(**sheet.wish).designs()
    press = printer.open_printer(device=get_config().device)
    made = set(sheet.tiles.values_list("position", flat=True))
    for position, design in enumerate(designs):
        if position in made:
            continue
        weights = press.weights(design, side=SIDE, inks=sheet.inks)
        name, digest = media.store_draft(_png(weights), folder=FOLDER, extension=".png")
        with transaction.atomic():
            SheetTile.objects.get_or_create(
                sheet=sheet,
                position=position,
                defaults={"design": asdict(design), "file_name": name, "digest": digest},
            )
            _running(sheet).update(lease_expires_at=_lease())
    _running(sheet).update(status=Status.DONE, lease_expires_at=None)


def _claim(sheet_id) -> PrintSheet | None:
    takeable = Q(status=Status.QUEUED) | Q(status=Status.RUNNING, lease_expires_at__lt=Now())
    taken = PrintSheet.objects.filter(
        takeable, pk=sheet_id, attempts__lt=get_config().max_attempts
    ).update(status=Status.RUNNING, lease_expires_at=_lease(), attempts=F("attempts") + 1)
    return PrintSheet.objects.get(pk=sheet_id) if taken else None


def _lease():
    return Now() + timedelta(seconds=get_config().lease_seconds)


def _running(sheet: PrintSheet):
    return PrintSheet.objects.filter(pk=sheet.pk, status=Status.RUNNING)


def _fail(sheet: PrintSheet, problem: str) -> None:
    _running(sheet).update(status=Status.FAILED, problem=problem, lease_expires_at=None)


def _check_pace(user) -> None:
    limit = get_config().max_print_sheets_per_hour
    recent = PrintSheet.objects.filter(
        requested_by=user, created_at__gt=Now() - timedelta(hours=1)
    ).count()
    if recent >= limit:
        raise InvalidRequest(
            f"{recent} new sheets of tiles were asked for within the hour; the limit is {limit}."
            " Choose from those you have, or go on in a while."
        )


def _create(*, digest: str, **wanted) -> PrintSheet:
    try:
        with transaction.atomic():
            return PrintSheet.objects.create(digest=digest, **wanted)
    except IntegrityError:  # somebody wished the same at the same moment
        return PrintSheet.objects.get(digest=digest)


def _drop_others(sheet: PrintSheet, user) -> None:
    """What this person asked for before and no worker has begun: nobody looks at it now."""
    PrintSheet.objects.filter(requested_by=user, status=Status.QUEUED).exclude(pk=sheet.pk).update(
        status=Status.FAILED, problem="Another sheet was asked for instead."
    )


def _send(pk) -> None:
    sheets = PrintSheet.objects.filter(pk=pk)
    sheets.update(dispatched_at=Now())
    if not dispatch.send_task("oscar_gan.make_sheet", str(pk), queue="interactive"):
        sheets.update(dispatched_at=None)


def _png(weights: np.ndarray) -> bytes:
    """Weights (H, W, K) of up to four inks as an RGB picture without those of the last ink."""
    height, width, inks = weights.shape
    channels = np.zeros((height, width, 3), np.uint8)
    channels[..., : inks - 1] = weights[..., : inks - 1]
    file = io.BytesIO()
    Image.fromarray(channels).save(file, "PNG")
    return file.getvalue()


def _weights(png: bytes, inks: int) -> np.ndarray:
    """The weights (H, W, K) that `_png` wrote."""
    with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
        first = np.asarray(image)[..., : inks - 1]
    last = 255 - first.sum(axis=2, dtype=np.uint16)
    return np.dstack([first, last.astype(np.uint8)])
