"""An S3 server that can be told to misbehave: moto's, behind a few lines of WSGI.

Run as `python -m tests.faulty_s3 PORT ORDERS`; ORDERS is a file that says how it fails now.
"""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path

MODES = ("500", "503", "denied", "full", "slow", "cut", "short")
"""`cut`: the connection ends in the middle of a file. `short`: half a file, and says so itself."""
_ANSWERS = {
    "500": ("500 Internal Server Error", "InternalError"),
    "503": ("503 Slow Down", "SlowDown"),
    "denied": ("403 Forbidden", "AccessDenied"),
    "full": ("507 Insufficient Storage", "XMinioStorageFull"),
}
SLOW = 5.0
"""Seconds by which `slow` delays each answer, unless the order says otherwise."""


def order(path: Path, mode: str | None, share: float = 1.0, *, seconds: float = SLOW) -> None:
    """Let the server fail in this way, for a share of its requests; None: well again."""
    draft = path.with_suffix(".part")
    draft.write_text(json.dumps({"mode": mode, "share": share, "seconds": seconds}))
    draft.replace(path)


class Faulty:
    """A WSGI application that fails as ordered."""

    def __init__(self, application, orders: Path) -> None:
        self.application = application
        self.orders = orders

    def __call__(self, environ, start_response):
        wanted = json.loads(self.orders.read_text())
        mode = wanted["mode"] if random.random() < wanted["share"] else None
        if mode in _ANSWERS:
            return self._refuse(mode, start_response)
        if mode == "slow":
            time.sleep(wanted["seconds"])
        if mode in ("cut", "short") and environ["REQUEST_METHOD"] == "GET":
            return self._halve(mode, environ, start_response)
        return self.application(environ, start_response)

    def _refuse(self, mode: str, start_response):
        status, code = _ANSWERS[mode]
        body = f"<Error><Code>{code}</Code><Message>{mode}</Message></Error>".encode()
        start_response(status, [("Content-Type", "application/xml")])
        return [body]

    def _halve(self, mode: str, environ, start_response):
        said = {}

        def keep(status, headers, *rest):
            said.update(status=status, headers=headers)

        body = b"".join(self.application(environ, keep))
        half = body[: len(body) // 2]
        length = len(half) if mode == "short" else len(body)
        headers = [each for each in said["headers"] if each[0].lower() != "content-length"]
        start_response(said["status"], [*headers, ("Content-Length", str(length))])
        return [half]


def main(port: int, orders: Path) -> None:
    """Serve until killed."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import run_simple

    application = DomainDispatcherApplication(create_backend_app)
    run_simple("127.0.0.1", port, Faulty(application, orders), threaded=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
