"""make season: a shop teaches its own generator, with real beat and workers; figures at the end.

Spring: rugs come into the shop, staff correct what the shipped generator gets wrong, beat starts
a training, the comparison lets its version pass and a person promotes it. Autumn: a newcomer
misunderstands what the product is; what is learnt from that must be refused. Then one step back
to the shipped version, and forward again.

Everything runs in a folder of its own (out/season); on two cores it takes about half an hour.
"""

import argparse
import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Play the season; 0 if everything came out as it must."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=ROOT / "out/season", help="made anew")
    options = parser.parse_args()
    _open_shop(options.folder.resolve())

    from benchmarks.season.play import Season  # only now is Django set up
    from shop.demo import free_port
    from shop.stack import Stack

    season = Season()
    with Stack(
        var=options.folder.resolve(), host="127.0.0.1", port=free_port("127.0.0.1")
    ) as stack:
        stack.wait_until_ready()
        season.play(stack)
    return season.report()


def _open_shop(var: Path) -> None:
    shutil.rmtree(var, ignore_errors=True)
    var.mkdir(parents=True)
    os.environ["SHOP_VAR_DIR"] = str(var)
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.season.settings"
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0)
    connection.close()


if __name__ == "__main__":
    sys.exit(main())
