"""What the command line leaves behind: files written whole, results in JSON or in words."""

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import OscarGanError

if TYPE_CHECKING:
    from ..engine import Finding

DONE, REFUSED, UNUSABLE = 0, 1, 2
"""Exit codes."""


def write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def as_dict(finding: "Finding | OscarGanError | None") -> dict[str, str] | None:
    """Return code and message of a finding or an error."""
    if finding is None:
        return None
    return {"code": finding.code, "message": getattr(finding, "message", str(finding))}


def report(result: dict[str, Any], *, as_json: bool) -> None:
    """Print a result as JSON or for people."""
    if as_json:
        print(json.dumps(result, ensure_ascii=False), flush=True)
        return
    if "swatch" in result:
        colours = ", ".join(f"{c['colour']} {c['weight']:.0%}" for c in result["palette"])
        print(f"{result['photo']}: {result['swatch']}, palette {colours},"
              f" covers {result['coverage']:.0%}")  # fmt: skip
        for path in result.get("output", {}).values():
            print(f"  {path}")
    elif result.get("output"):
        print(
            f"{result['output']}: {result['made']}, ΔE {result['delta_e']:.2f},"
            f" {result['seconds']:.2f} s"
        )
    for finding in result.get("warnings", []):
        complain(f"{result['photo']}: {finding['message']}", kind="warning")
    if result.get("refused"):
        about = f"{result['photo']} {result.get('colour', '')}".strip()
        complain(f"{about}: {result['refused']['message']}", kind="refused")


def report_print(result: dict[str, Any], *, as_json: bool) -> None:
    """Print what is known of a tile as JSON or for people."""
    if as_json:
        print(json.dumps(result, ensure_ascii=False), flush=True)
        return
    print(
        f"{result['output']}: {result['kind']} {result['seed']}, {', '.join(result['colours'])},"
        f" {result['size']} pixels, {result['seconds']:.2f} s"
    )


def complain(message: str, *, kind: str = "error") -> None:
    """Say something on standard error."""
    print(f"{kind}: {message}", file=sys.stderr)
