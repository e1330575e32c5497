"""Colour variants of product photos for django-oscar."""

import os

# ONNX Runtime's official builds report usage to their maker unless this is set before they load.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

__version__ = "0.1.0"
