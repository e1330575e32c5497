"""The demo shop with Oscar's own storefront templates: same catalogue, same server."""

from pathlib import Path

from shop.settings import *  # noqa: F403
from shop.settings import TEMPLATES

TEMPLATES = [{**TEMPLATES[0], "DIRS": [Path(__file__).parent / "stock"]}]
