"""Folders of this machine for what can be fetched or made again."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from ..errors import StorageUnavailable


def working_folder(configured: str | None, *, purpose: str) -> Path:
    """The folder `configured`, or by default one of this user's below the temporary folder.

    It is made if need be. The default one is closed to other users (mode 0700); raises
    StorageUnavailable if somebody else made it first, or if it cannot be made.
    """
    default = Path(tempfile.gettempdir()) / f"oscar-gan-{purpose}-{os.getuid()}"
    folder = Path(configured) if configured else default
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise StorageUnavailable(f"The folder {folder} cannot be made: {error}.") from error
    private = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
    if not configured and not (private and found.st_uid == os.getuid()):
        raise StorageUnavailable(
            f"The folder {folder} is open to other users, or somebody else's; delete it, or choose"
            f" another with OSCAR_GAN['{purpose.upper()}_FOLDER']."
        )
    return folder
