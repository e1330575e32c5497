"""The embedded broker: kombu's folder of messages, each of which appears whole or not at all.

kombu shows a message's file before it is written; a worker that reads it in that moment ends with
a JSON error. Here it is written under a name that no queue has, then renamed.
"""

from pathlib import Path
from time import monotonic_ns
from typing import Any
from uuid import uuid4

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Puts messages by renaming."""

    def _put(self, queue: str, payload: Any, **options: Any) -> None:
        folder = Path(self.data_folder_out)
        draft = folder / f"{uuid4()}.part"
        draft.write_text(dumps(payload))
        # Readers take the names in their order: the oldest message first.
        draft.rename(folder / f"{monotonic_ns():020d}_{uuid4()}.{queue}.msg")


class Transport(filesystem.Transport):
    """`filesystem://` with whole messages."""

    Channel = Channel


def install() -> None:
    """Let `filesystem://` mean this transport, in this process."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
