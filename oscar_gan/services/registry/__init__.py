"""Generator versions: which weights serve new requests, where they lie, and who decides that.

Versions are rows and never change; their weights ship with the package or lie in the drafts
storage, named by SHA-256. The rules are told in docs/generators.md.
"""

from .challengers import enter_challenger
from .decisions import pin, promote, roll_back, unpin
from .finding import describe, find_version, versions_of
from .versions import champion, printer_version, renewed
from .weights import check_stored, folder_of, open_version

__all__ = [
    "champion", "check_stored", "describe", "enter_challenger", "find_version", "folder_of",
    "open_version", "pin", "printer_version", "promote", "renewed", "roll_back", "unpin",
    "versions_of",
]  # fmt: skip
