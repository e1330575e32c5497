"""What staff's decisions teach: counted, weighed and frozen into a dataset manifest.

Rows only; no photo is opened. The rules are told in docs/feedback.md.
"""

from __future__ import annotations

from .manifests import freeze, read_manifest, shadow_photos
from .pending import Decisions, new_decisions

__all__ = ["Decisions", "freeze", "new_decisions", "read_manifest", "shadow_photos"]
