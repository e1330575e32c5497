"""Colour variants of product photos for django-oscar."""

import os

# ONNX Runtime's official builds report usage to their maker unless this is set before they load.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

# Processes fill the cores. NumPy's OpenBLAS would wake all of them for each small product: two
# workers on two cores then make no more pictures than one. To be set before NumPy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
