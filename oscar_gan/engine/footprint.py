"""python -m oscar_gan.engine.footprint classic|FOLDER < photo: the memory one picture takes.

A process of its own, so that what is measured is this generator's and no other's. Prints JSON.
"""

import json
import re
import resource
import sys
from contextlib import suppress
from pathlib import Path

from ..errors import UnusableMatte
from ..imaging.photo import read_photo
from .shipped import open_generator, open_weights

TARGET = "#1F3A93"


def main() -> int:
    """Analyse and recolour the photo on standard input; write the peak in bytes."""
    name = sys.argv[1]
    generator = open_generator(name, device="cpu") if name == "classic" else None
    generator = generator or open_weights(Path(name), device="cpu")
    photo = read_photo(sys.stdin.buffer.read())
    with suppress(UnusableMatte):  # looking in vain takes memory, too
        generator.recolour(photo, generator.analyse(photo), TARGET)
    sys.stdout.write(json.dumps({"peak": peak_memory()}) + "\n")
    return 0


def peak_memory() -> int:
    """The most memory that this process has held at once, in bytes.

    Linux counts it per program (VmHWM); getrusage's figure there starts with that of the process
    that started this one, which may have been training.
    """
    try:
        status = Path("/proc/self/status").read_text()
        return 1024 * int(re.search(r"VmHWM:\s+(\d+) kB", status)[1])
    except (OSError, TypeError):  # not Linux: getrusage counts bytes on macOS
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    sys.exit(main())
