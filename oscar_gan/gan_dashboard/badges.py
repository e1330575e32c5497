"""Bootstrap's badge colours for states and colour errors. Never the only sign: text goes along."""

from __future__ import annotations

STATUS_BADGES = {
    "queued": "secondary",
    "running": "info",
    "done": "success",
    "awaiting_review": "primary",
    "approved": "success",
    "rejected": "dark",
    "refused": "warning",
    "failed": "danger",
    "cancelled": "light border",
    "champion": "success",
    "challenger": "primary",
    "retired": "light border",
}
# ΔE00 up to 2 is hard to see side by side; above 3 the quality gate speaks up.
DEFAULT_TOLERANCE = 2.0
LARGEST_FAIR = 3.0


def badge(status: str) -> str:
    """The badge class of a status."""
    return f"badge-{STATUS_BADGES[status]}"


def delta_e_badge(delta_e: float, tolerance: float = DEFAULT_TOLERANCE) -> str:
    """The badge class of a colour error (CIEDE2000)."""
    if delta_e <= tolerance:
        return "badge-success"
    return "badge-warning" if delta_e <= max(LARGEST_FAIR, tolerance) else "badge-danger"
