"""Fixtures for tests of services: nothing reaches a broker, no network is loaded."""

from __future__ import annotations

import pytest

from oscar_gan.services import generation, registry
from oscar_gan.services.requests import request_variants
from tests import factories


@pytest.fixture(autouse=True)
def _services(request, stub_generator):
    if "db" in request.fixturenames:
        request.getfixturevalue("sent")


@pytest.fixture
def ask(source, django_capture_on_commit_callbacks):
    """Ask for colours of `source` by name, and commit."""

    def ask(*labels, source=source, **kwargs):
        with django_capture_on_commit_callbacks(execute=True):
            return request_variants(source=source, targets=factories.targets(*labels), **kwargs)

    return ask


@pytest.fixture
def run(django_capture_on_commit_callbacks):
    """Do a worker's work on a request, and bring it up to date."""

    def run(request):
        with django_capture_on_commit_callbacks(execute=True):
            generation.run(request.pk)
        request.refresh_from_db()
        return request

    return run


@pytest.fixture
def own_temporary(tmp_path, monkeypatch):
    """A temporary folder of the test's own, where weights are fetched to; returns its path."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@pytest.fixture
def trained(own_temporary, tmp_path, stub_generator):
    """Enter a challenger with an analyser of these bytes, trained from the champion."""

    def trained(data=b"an analyser", *, passed=None, **kwargs):
        path = tmp_path / "analyser.onnx"
        path.write_bytes(data)
        parent = kwargs.pop("parent", None) or registry.champion()
        version = registry.enter_challenger(parent=parent, analyser=path, **kwargs)
        if passed is not None:
            factories.make_verdict(version, passed=passed)
        return version

    return trained


@pytest.fixture
def promoted(trained, django_capture_on_commit_callbacks):
    """Enter a challenger that passes, and let it serve."""

    def promoted(data=b"an analyser"):
        version = trained(data, passed=True)
        with django_capture_on_commit_callbacks(execute=True):
            registry.promote(version=version)
        return version

    return promoted
