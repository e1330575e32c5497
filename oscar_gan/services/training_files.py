"""Files of training runs: a working folder that can be lost, checkpoints in storage that stay.

Everything under the working folder can be made anew: the corpus from the manifest, the checkpoint
from the storage. So a run may go on, on another machine, after this one is gone.
"""

from __future__ import annotations

import logging
import re
import shutil
import time
from hashlib import sha256
from pathlib import Path, PurePosixPath

from ..conf import get_config
from ..errors import StorageUnavailable, UnusablePhoto
from ..models import TrainingRun
from . import folders, media

logger = logging.getLogger(__name__)
FOLDER = "training"
"""In the drafts storage."""
_RUN = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def working_folder() -> Path:
    """The folder of all runs on this machine; nobody else's, for its photos are the shop's own."""
    return folders.working_folder(get_config().training_folder, purpose="training")


def store(run: TrainingRun, path: Path) -> str:
    """Keep a file of the run in the storage; returns its name, which holds its digest."""
    data, folder = path.read_bytes(), f"{FOLDER}/{run.pk}"
    return media.store_draft(data, folder=folder, extension=path.suffix)[0]


def fetch(name: str, path: Path) -> bool:
    """Bring a stored file back; False if it is gone or damaged."""
    try:
        data = media.read_draft(name)
    except UnusablePhoto:
        logger.warning("%s is gone from the storage.", name)
        return False
    if sha256(data).hexdigest() != PurePosixPath(name).stem:
        logger.warning("%s is damaged.", name)
        return False
    path.write_bytes(data)
    return True


def drop(*names: str) -> None:
    """Delete stored files that no row mentions any more; the sweeper takes those that stay."""
    try:
        for name in filter(None, names):
            media.delete_draft(name)
    except StorageUnavailable as error:
        logger.warning("%s The sweeper will delete it.", error)


def clean(run_id, *, keep: str = "") -> None:
    """Delete what a finished run left here and in the storage, but for one file."""
    try:
        shutil.rmtree(working_folder() / str(run_id), ignore_errors=True)
        drop(*(name for name in media.drafts_in(f"{FOLDER}/{run_id}") if name != keep))
    except StorageUnavailable as error:
        logger.warning("%s The sweeper will delete it.", error)


def tidy() -> None:
    """Delete working folders of runs that finished elsewhere; strange ones only when they are old.

    Those may belong to another shop on this machine.
    """
    unfinished = {str(run.pk): run.is_unfinished for run in TrainingRun.objects.only("status")}
    oldest = time.time() - 3600 * get_config().sweep_after_hours
    for folder in working_folder().iterdir():
        if not _RUN.fullmatch(folder.name) or unfinished.get(folder.name):
            continue
        if folder.name in unfinished or folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)
