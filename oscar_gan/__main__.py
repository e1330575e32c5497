"""python -m oscar_gan: recolour and analyse photos without Django."""

import sys

from .cli import main

sys.exit(main())
