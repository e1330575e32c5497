"""Pack rendered scenes for rehearsal: ``python -m benchmarks.rehearsal SCENES``.

Writes `oscar_gan/gan/rehearsal` anew from scenes of `demo/truth.py`; which seeds they have is in
the files' names. They must not be those of the bench or of the season.
"""

import argparse
import sys
from pathlib import Path

from oscar_gan.gan.rehearsal import FOLDER, pack
from oscar_gan.gan.scenes import find_scenes, read_scene


def main() -> int:
    """Pack all scenes of a folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenes", type=Path)
    options = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    scenes = find_scenes(options.scenes)
    size = sum(pack(read_scene(scene), FOLDER, scene.name) for scene in scenes)
    print(f"{len(scenes)} scenes, {size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
