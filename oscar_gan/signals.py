"""Signals for shops: one per change of state, sent after the commit. Told in docs/extending.md."""

from django.dispatch import Signal

request_created = Signal()
"""Somebody asked for pictures, or for the analysis of a photo: `request`, a GenerationRequest."""
request_started = Signal()
request_finished = Signal()
"""A worker is through with `request`; its variant images carry their own outcomes."""
request_cancelled = Signal()
request_failed = Signal()
variant_generated = Signal()
"""`variant` awaits review."""
variant_refused = Signal()
variant_failed = Signal()
variant_cancelled = Signal()
variant_approved = Signal()
variant_rejected = Signal()
variant_undone = Signal()
"""A decision was taken back: `variant` awaits review again."""
matte_saved = Signal()
"""A new version of an outline, by staff or by the analyser: `matte`."""
variant_published = Signal()
"""`publication` put a picture into galleries."""
variant_reverted = Signal()
"""`publication` was taken back."""
publishing_finished = Signal()
"""A publishing run is through: `run`, whose items say what became of each picture."""
generator_trained = Signal()
"""A challenger was exported and compared; `version`, `passed`."""
generator_promoted = Signal()
"""`version` serves from now on instead of `previous`, promoted or rolled back to."""
