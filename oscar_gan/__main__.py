"""python -m oscar_gan: recolour, restyle and analyse photos, and make prints, without Django."""

import sys

from .cli import main

sys.exit(main())
