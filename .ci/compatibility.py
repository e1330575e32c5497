"""Run the shop's tests on each supported pair of django-oscar and Django, and print a table.

Usage: python .ci/compatibility.py [PAIR ...]     a pair is e.g. 4.1+5.2; all of them without one

Each pair gets a virtual environment of its own outside the repository, in
$OSCAR_GAN_COMPATIBILITY_DIR (default: oscar-gan-compatibility in the folder for temporary files).
There pip installs the package as a shop would, from a wheel built of this working tree, with the
newest versions that the pair allows and without torch. Then the tests of FOLDERS run on the
installed package, not on the working tree.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BASE = Path(
    os.environ.get("OSCAR_GAN_COMPATIBILITY_DIR")
    or Path(tempfile.gettempdir()) / "oscar-gan-compatibility"
)
FOLDERS = (
    "tests/fork",
    "tests/gan_dashboard",
    "tests/services",
    "tests/templatetags",
    "tests/test_admin.py",
    "tests/test_checks.py",
    "tests/test_commands.py",
    "tests/test_storages.py",
    "tests/test_tasks.py",
    "tests/test_thumbnails.py",
    "tests/test_translations.py",
)
"""What touches Oscar or Django: everything but imaging, networks, training and servers."""
TEST_TOOLS = (
    "babel",
    "defusedxml",
    "hypothesis",
    "opencc",
    "pytest",
    "pytest-django",
    "pyyaml",
    "requests",
)
COPIED = ("demo", "manage.py", "pyproject.toml", "shop", "templates", "tests")
PYTHONS = ("python3", *(f"python3.{minor}" for minor in (13, 12, 14, 11, 10)))


@dataclass(frozen=True)
class Pair:
    """A django-oscar, a Django, the oldest Python that runs both, and what they need besides."""

    oscar: str
    django: str
    python: tuple[int, int] = (3, 10)
    needs: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.oscar}+{self.django}"


PAIRS = (
    # Oscar 4.1 does not limit django-treebeard and breaks on 5.
    Pair("4.1", "5.2", needs=("django-treebeard<5",)),
    Pair("4.2", "5.2"),
    Pair("4.2", "6.0", python=(3, 12)),
)


def main(names: list[str]) -> int:
    known = {pair.name: pair for pair in PAIRS}
    if unknown := set(names) - set(known):
        sys.exit(f"Unknown: {', '.join(sorted(unknown))}. Choose from: {', '.join(known)}.")
    BASE.mkdir(parents=True, exist_ok=True)
    rows = [run(known[name]) for name in names or known]
    headings = ("Oscar", "Django", "Python", "result", "seconds")
    print(f"\n| {' | '.join(headings)} |\n|{'---|' * len(headings)}")
    for row in rows:
        print(f"| {' | '.join(row)} |")
    return 0 if all(row[3].startswith("passed") for row in rows) else 1


def run(pair: Pair) -> tuple[str, ...]:
    """Install and test one pair; its row of the table."""
    python = find_python(pair.python)
    if python is None:
        wanted = ".".join(map(str, pair.python))
        return pair.oscar, pair.django, "", f"not run: needs Python {wanted} or newer", ""
    folder = BASE / pair.name
    shutil.rmtree(folder, ignore_errors=True)
    print(f"{pair.name}: installing into {folder}", flush=True)
    inside = install(pair, python, folder)
    versions = {name: version(inside, name) for name in ("django-oscar", "django")}
    print(f"{pair.name}: testing", flush=True)
    started = time.monotonic()
    summary = test(inside, folder)
    seconds = f"{time.monotonic() - started:.0f}"
    number = subprocess.check_output([inside, "-c", PYTHON_VERSION], text=True).strip()
    return *versions.values(), number, summary, seconds


PYTHON_VERSION = "import platform; print(platform.python_version())"


def find_python(oldest: tuple[int, int]) -> str | None:
    """The first interpreter on the path, $PYTHON before others, that is new enough."""
    given = os.environ.get("PYTHON")
    for name in (given, *PYTHONS) if given else PYTHONS:
        if path := shutil.which(name):
            check = f"import sys, venv, ensurepip; sys.exit(sys.version_info < {oldest})"
            if subprocess.run([path, "-c", check], capture_output=True).returncode == 0:
                return path
    return None


def install(pair: Pair, python: str, folder: Path) -> str:
    """Make the environment and the folder of tests; the environment's Python."""
    subprocess.run([python, "-m", "venv", folder / "venv"], check=True)
    inside = str(folder / "venv" / "bin" / "python")
    pip = [inside, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    source = folder / "source"
    shutil.copytree(ROOT / "oscar_gan", source / "oscar_gan", ignore=NOT_COPIED)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", folder, source], check=True)
    (wheel,) = folder.glob("*.whl")
    pins = (f"django-oscar=={pair.oscar}.*", f"django=={pair.django}.*", *pair.needs)
    asked = (f"{wheel}[demo,s3]", *pins, "moto[server]", *TEST_TOOLS)
    subprocess.run([*pip, "install", *asked], check=True)
    work = folder / "work"
    work.mkdir()
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, work / name)
    return inside


NOT_COPIED = shutil.ignore_patterns("__pycache__")


def version(inside: str, name: str) -> str:
    code = f"from importlib.metadata import version; print(version({name!r}))"
    return subprocess.check_output([inside, "-c", code], text=True).strip()


def test(inside: str, folder: Path) -> str:
    """Run the tests; pytest's last line in words, the whole output in a file."""
    work = folder / "work"
    wanted = [name for name in FOLDERS if (work / name).exists()]
    command = [inside, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, *wanted], cwd=work, text=True, capture_output=True, env=environment()
    )
    log = folder / "pytest.txt"
    log.write_text(done.stdout + done.stderr)
    counts = re.findall(r"(\d+) (passed|failed|errors?|skipped)", done.stdout.rsplit("\n", 2)[-2])
    words = ", ".join(f"{number} {what}" for number, what in counts) or "no test ran"
    return f"passed: {words}" if done.returncode == 0 else f"FAILED: {words}; see {log}"


def environment() -> dict[str, str]:
    """This process's environment, without settings or packages of another shop."""
    return {
        name: value
        for name, value in os.environ.items()
        if name not in ("DJANGO_SETTINGS_MODULE", "PYTHONPATH", "VIRTUAL_ENV")
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
