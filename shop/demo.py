"""`make demo`: the whole shop on one machine, without any server to install.

Prepares the database, the catalogue and a staff login, starts web server and workers, and
stops all of them on Ctrl-C. With `--check` it does the main job by itself instead, in a
temporary folder and on a free port, and says how that went.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .stack import ROOT, Stack, StackError

STAFF_EMAIL = "staff@example.com"
STAFF_PASSWORD = "colour-variants"
FIRST_PRODUCT = "NH-TEE"
"""UPC of the product that the welcome text sends people to."""

WELCOME = """
  {shop} is open.

  Shop        {address}/
  Dashboard   {address}/dashboard/
  Staff login {email}  /  {password}

  What to click
   1. Log in: {address}/dashboard/login/
   2. Open a product, tab "Generate variants", and ask for a few colours:
      {address}{generate}
   3. Watch them arrive, then approve and publish them: {address}{review}
   4. See them as a shopper: {address}{product}

  Logs are in {logs}. Stop everything with Ctrl-C.
"""


class CannotStart(Exception):
    """Something is in the way; the message says what to do about it."""


def main() -> int:
    """Run the demo or its check; returns the exit code."""
    options = _parse()
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    try:
        return _check(options) if options.check else _run(options)
    except (CannotStart, StackError) as error:
        print(f"make demo: {error}", file=sys.stderr)  # noqa: T201
        return 1
    except KeyboardInterrupt:
        print("\nStopped.")  # noqa: T201
        return 130 if options.check else 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m shop.demo", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--check", action="store_true", help="do the main job, report and stop")
    return parser.parse_args()


def _interrupt(*_) -> None:
    raise KeyboardInterrupt


def _run(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C or until one of the processes ends."""
    var = Path(os.environ.get("SHOP_VAR_DIR", ROOT / "var")).resolve()
    with _only_one(var):
        _require_free(options.host, options.port)
        prepare(var)
        with Stack(var=var, host=options.host, port=options.port) as stack:
            stack.wait_until_ready()
            print(_welcome(stack), flush=True)  # noqa: T201
            while True:
                stack.raise_if_dead()
                time.sleep(0.5)


def _check(options: argparse.Namespace) -> int:
    """Do the main job against a stack of its own; nothing of it is left afterwards."""
    from . import check

    with tempfile.TemporaryDirectory(prefix="oscar-gan-check-") as folder:
        var = Path(folder)
        prepare(var)
        with Stack(var=var, host=options.host, port=free_port(options.host)) as stack:
            stack.wait_until_ready()
            return check.run(stack, email=STAFF_EMAIL, password=STAFF_PASSWORD)


@contextmanager
def _only_one(var: Path) -> Iterator[None]:
    """Hold the folder's lock: two demos on one database and broker would share their work."""
    var.mkdir(parents=True, exist_ok=True)
    with (var / "demo.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(
                f"a demo is running on {var} already. Stop it with Ctrl-C, or give this one"
                " a folder of its own: make demo SHOP_VAR_DIR=/some/folder PORT=8001"
            ) from None
        yield


def _require_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CannotStart(
                f"cannot use port {port} on {host}: {error}."
                f" Choose another one, for instance: make demo PORT={port + 1}"
            ) from error


def free_port(host: str) -> int:
    """A port that nothing listens on at the moment."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


def prepare(var: Path) -> None:
    """Bring database, catalogue, search index and staff login up to date; quick the second time.

    This process is tied to `var` from here on, since Django reads its settings once.
    """
    os.environ["SHOP_VAR_DIR"] = str(var)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    import django
    from django.core.management import call_command
    from django.db import connection

    for folder in ("broker", "broker-control"):  # saved photos send messages for later
        (var / folder).mkdir(parents=True, exist_ok=True)
    print("Preparing the shop (half a minute the first time)", flush=True)  # noqa: T201
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("load_demo_catalogue")
    _create_staff()
    connection.close()


def _create_staff() -> None:
    from django.contrib.auth import get_user_model

    users = get_user_model().objects
    if not users.filter(email=STAFF_EMAIL).exists():
        users.create_superuser("staff", STAFF_EMAIL, STAFF_PASSWORD)


def _welcome(stack: Stack) -> str:
    from django.conf import settings
    from django.urls import reverse
    from oscar.core.loading import get_model

    product = get_model("catalogue", "Product").objects.get(upc=FIRST_PRODUCT)
    return WELCOME.format(
        shop=settings.OSCAR_SHOP_NAME,
        address=stack.address,
        email=STAFF_EMAIL,
        password=STAFF_PASSWORD,
        generate=reverse("oscar_gan:gan-product-generate", args=[product.pk]),
        review=reverse("oscar_gan:gan-variant-list"),
        product=product.get_absolute_url(),
        logs=stack.logs,
    )


if __name__ == "__main__":
    sys.exit(main())
