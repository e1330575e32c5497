"""What the plugin does itself when rows change and on its own signals."""

from . import pictures, policy, scores, tracing


def connect() -> None:
    """Listen; called once all models are loaded."""
    for each in (pictures, policy, scores, tracing):
        each.connect()
