"""Fixtures for the staff pages: nothing reaches a broker, no network is loaded."""

from __future__ import annotations

import pytest
from django.test import Client

from oscar_gan.services import generation, publishing, review
from oscar_gan.services.requests import request_variants
from tests import factories


@pytest.fixture(autouse=True)
def _quiet(request, stub_generator):
    if "db" in request.fixturenames:
        request.getfixturevalue("sent")


@pytest.fixture
def login():
    """A browser in which somebody is logged in."""

    def login(user, **kwargs) -> Client:
        client = Client(**kwargs)
        if user is not None:
            client.force_login(user)
        return client

    return login


@pytest.fixture
def browser(login, staff) -> Client:
    """A browser in which `staff` is logged in."""
    factories.grant(staff, "view_product", "add_product", "change_product", "delete_product")
    return login(staff)


@pytest.fixture
def made(source):
    """A variant image that awaits review."""
    return factories.make_variant(source)


@pytest.fixture
def approved(made, staff):
    review.approve(variant=made, reviewer=staff)
    return made


@pytest.fixture
def published(approved, staff):
    """The publication of `approved` in its product's gallery."""
    return publishing.publish(variant=approved, scope="gallery", published_by=staff)


@pytest.fixture
def ask(source):
    """Ask for colours of `source` by name."""

    def ask(*labels, source=source, **kwargs):
        return request_variants(source=source, targets=factories.targets(*labels), **kwargs)

    return ask


@pytest.fixture
def run():
    """Do a worker's work on a request, and bring it up to date."""

    def run(request):
        generation.run(request.pk)
        request.refresh_from_db()
        return request

    return run
