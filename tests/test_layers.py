"""Imports point down only: errors, imaging, inference, engine, services, tasks and pages, shop."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "oscar_gan"

ENGINE = {"errors", "imaging", "inference", "engine"}
ROWS = {"conf", "dotted", "models", "signals"}
MAY_IMPORT = {
    "errors": set(),
    "stopping": set(),
    "imaging": {"errors"},
    "inference": {"errors", "imaging"},
    "gan": {"errors", "imaging", "inference", "stopping"},
    "engine": {"errors", "imaging", "inference"},
    "cli": ENGINE,
    "__main__": ENGINE | {"cli"},
    "conf": {"errors", "imaging"},
    "dotted": {"errors"},
    "models": set(),
    "signals": set(),
    "services": ENGINE | ROWS | {"logs"},
    "logs": set(),
    "management": ENGINE | ROWS | {"gan", "logs", "operations", "services", "stopping"},
}
"""By top-level module or package of oscar_gan; those not named may import any but `gan`."""
TRAIN = {"services/training_material.py", "services/training_work.py"}
"""May import `gan`, too, inside functions: only training workers get that far."""

FRAMEWORKS = {"django", "oscar", "celery", "kombu", "storages", "boto3", "botocore"}
BANNED = {
    "errors": FRAMEWORKS | {"torch", "onnxruntime", "numpy"},
    "stopping": FRAMEWORKS | {"torch", "onnxruntime", "numpy"},
    "imaging": FRAMEWORKS | {"torch", "onnxruntime"},
    "inference": FRAMEWORKS | {"torch"},
    "engine": FRAMEWORKS | {"torch", "onnxruntime"},
    "cli": FRAMEWORKS | {"torch", "onnxruntime"},
    "gan": FRAMEWORKS,
}
"""Third parties that a part must not know; every other part must not know torch or ONNX."""

MODULES = sorted(PACKAGE.rglob("*.py"))


def part_of(path: Path) -> str:
    """Which part of oscar_gan a file belongs to: its top-level module or package."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """Absolute names of all that a file imports, inside functions too."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def test_imports_point_down():
    parts = {each.stem if each.suffix else each.name for each in PACKAGE.iterdir()}
    wrong = {}
    for path in MODULES:
        part = part_of(path)
        allowed = MAY_IMPORT.get(part, parts - {"gan"}) | {part}
        if path.relative_to(PACKAGE).as_posix() in TRAIN:
            allowed = allowed | {"gan"}
        used = {name.split(".")[1] for name in imports(path) if name.startswith("oscar_gan.")}
        if upwards := used & parts - allowed:
            wrong[str(path.relative_to(ROOT))] = upwards
    assert wrong == {}


def test_each_part_knows_only_its_own_libraries():
    wrong = {}
    for path in MODULES:
        banned = BANNED.get(part_of(path), {"torch", "onnxruntime"}) | {"shop", "tests"}
        if known := {name.split(".")[0] for name in imports(path)} & banned:
            wrong[str(path.relative_to(ROOT))] = known
    assert wrong == {}


WEB = "import shop.wsgi; from django.urls import get_resolver; get_resolver().url_patterns"
WORKER = "import shop.celery, django; django.setup(); import oscar_gan.services.generation"
TRAINING = "import shop.celery, django; django.setup(); import oscar_gan.services.retraining"
BEAT = "import shop.celery, django; django.setup(); import oscar_gan.beat, oscar_gan.tasks"


@pytest.mark.parametrize(
    ("code", "banned"),
    [
        (WEB, {"torch", "onnxruntime"}),
        (WORKER, {"torch"}),
        (TRAINING, {"torch"}),
        (BEAT, {"torch", "onnxruntime"}),
        ("import oscar_gan.cli", {"torch", "django", "celery", "onnxruntime"}),
        ("import oscar_gan.engine", {"torch", "django", "onnxruntime"}),
        ("import oscar_gan.gan.recolour", {"django", "celery"}),
    ],
)
def test_a_process_loads_only_what_it_needs(code, banned):
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "shop.settings"}
    loaded = subprocess.check_output(
        [sys.executable, "-c", f"{code}; import sys; print(*sys.modules)"],
        cwd=ROOT,
        env=environment,
        text=True,
    )
    assert banned.isdisjoint(loaded.split())
