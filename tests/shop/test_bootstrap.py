"""Installing: what a person reads when the machine lacks something."""

from __future__ import annotations

import os
import subprocess

from shop.stack import ROOT

TOO_OLD = '#!/bin/sh\n[ "$1" = --version ] && echo Python 3.8.10 && exit\nexit 1\n'
WITHOUT_VENV = '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\n'


def bootstrap(tmp_path, python: str) -> subprocess.CompletedProcess:
    """Run .ci/bootstrap with a stand-in for Python."""
    stand_in = tmp_path / "python"
    stand_in.write_text(python)
    stand_in.chmod(0o755)
    return subprocess.run(
        ["sh", ".ci/bootstrap", str(tmp_path / "venv"), "demo"],
        cwd=ROOT,
        env={**os.environ, "PYTHON": str(stand_in)},
        capture_output=True,
        text=True,
    )


def test_a_python_that_is_too_old_is_named_with_its_version(tmp_path):
    result = bootstrap(tmp_path, TOO_OLD)
    assert result.returncode == 1
    assert "3.10 or newer is needed, and this machine has Python 3.8.10" in result.stderr
    assert "make PYTHON=" in result.stderr


def test_a_missing_venv_module_is_named_with_its_package(tmp_path):
    result = bootstrap(tmp_path, WITHOUT_VENV)
    assert result.returncode == 1
    assert "apt-get install python3-venv" in result.stderr
    assert not (tmp_path / "venv").exists()
