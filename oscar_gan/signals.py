"""Signals for shops: sent after commit, with `variant`, `publication` or `version` as keyword."""

from django.dispatch import Signal

variant_generated = Signal()
variant_refused = Signal()
variant_failed = Signal()
variant_approved = Signal()
variant_rejected = Signal()
variant_published = Signal()
variant_reverted = Signal()
generator_trained = Signal()
"""A challenger was exported and compared; `version`, `passed`."""
generator_promoted = Signal()
"""`version` serves from now on instead of `previous`, promoted or rolled back to."""
