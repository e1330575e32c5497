"""make chaos: a shop whose workers are killed and whose servers fail, and what is lost by it.

Needs the PostgreSQL server of `make services` and redis-server; everything else is started here,
in a folder and a database of its own. `--broker amqp://…` uses a running broker instead of a
Redis of its own: then it is flushed, but not restarted.
"""

import argparse
import os
import shutil
import signal
import sys
import time
from pathlib import Path

from tests.databases import new_database

ROOT = Path(__file__).resolve().parents[2]
SHORTEST, LONGEST = 4, 20
"""Minutes."""


def main() -> int:
    """Play one run; 0 if nothing was lost, duplicated or half-written."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    began = time.monotonic()
    folder = ROOT / "out" / f"chaos-{os.getpid()}"
    try:
        with new_database(options.postgres, prefix="oscar_gan_chaos") as database:
            return _play(options, folder, database, began)
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)


def _play(options, folder: Path, database: str, began: float) -> int:
    from benchmarks.chaos.stack import ChaosStack

    stack = ChaosStack(folder, database=database, broker=options.broker)
    try:
        _open_shop(stack)
        from benchmarks.chaos.play import Chaos  # only now is Django set up
        from benchmarks.chaos.report import write_report

        stack.staff()
        seconds = options.minutes * 60 - (time.monotonic() - began)
        chaos = Chaos(stack, seconds=seconds, kills=options.kills, seed=options.seed)
        chaos.play()
        return write_report(chaos, chaos.violations())
    finally:
        from django.db import connection

        connection.close()
        stack.close()


def _open_shop(stack) -> None:
    os.environ.update({**stack.settings, "SHOP_VAR_DIR": str(stack.var)})
    import django
    from django.core.management import call_command

    django.setup()
    from shop.celery import app

    app.set_default()
    call_command("migrate", run_syncdb=True, verbosity=0)


def _options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=16, help="of the whole run, at most 20")
    parser.add_argument("--kills", type=int, default=200, help="SIGKILLs of workers")
    parser.add_argument("--seed", type=int, default=7, help="of what happens when")
    parser.add_argument("--broker", help="a running broker, e.g. amqp://…; default: own Redis")
    parser.add_argument("--keep", action="store_true", help="keep logs (out/chaos-…)")
    parser.add_argument(
        "--postgres",
        default="postgresql://oscar_gan:oscar_gan@127.0.0.1:55432/oscar_gan",
        help="server on which a database of its own is made, and dropped",
    )
    options = parser.parse_args()
    if not SHORTEST <= options.minutes <= LONGEST:
        parser.error(f"--minutes {options.minutes:g}: choose {SHORTEST} to {LONGEST}.")
    return options


if __name__ == "__main__":
    sys.exit(main())
