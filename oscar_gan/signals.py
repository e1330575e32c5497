"""Signals for shops: sent after commit, with `variant` or `publication` as keyword."""

from django.dispatch import Signal

variant_generated = Signal()
variant_refused = Signal()
variant_failed = Signal()
variant_approved = Signal()
variant_rejected = Signal()
variant_published = Signal()
variant_reverted = Signal()
