"""Fixtures for tests of services: nothing reaches a broker, no network is loaded."""

from __future__ import annotations

import pytest

from oscar_gan.services import generation
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
