"""What the plugin does itself on its signals: ask the shop's publish policy."""

from __future__ import annotations

from .. import signals
from ..conf import get_config

NEVER = "oscar_gan.services.publish_policies.never"


def connect() -> None:
    """Listen; called once when the apps are ready."""
    signals.variant_generated.connect(_generated, dispatch_uid="oscar_gan.generated")
    signals.variant_approved.connect(_approved, dispatch_uid="oscar_gan.approved")
    signals.variant_rejected.connect(_rejected, dispatch_uid="oscar_gan.rejected")


def _generated(sender, variant, **kwargs) -> None:
    _consider(variant, "generated")


def _approved(sender, variant, **kwargs) -> None:
    _consider(variant, "approved")


def _consider(variant, event: str) -> None:
    if get_config().publish_policy == NEVER:
        return
    # Late: services load the imaging libraries, which not every process needs.
    from ..services import automatic

    automatic.consider(variant=variant, event=event)


def _rejected(sender, variant, **kwargs) -> None:
    from ..services import automatic

    automatic.withdraw(variant=variant)
