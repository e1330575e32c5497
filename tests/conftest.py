"""Fixtures that every test may use; rows and pictures come from tests.factories."""

from __future__ import annotations

import io
import shutil

import pytest
from PIL import Image

from tests import factories
from tests.stubs import StubGenerator, StubPrinter

LONGEST = ("workers", "browser")
"""Folders whose files take minutes."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no process waits for the other at the end."""
    items.sort(key=lambda item: item.path.parent.name not in LONGEST)


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    """Every test has its own media and drafts folders, empty at first."""
    settings.MEDIA_ROOT = tmp_path / "media"
    drafts = {
        **settings.STORAGES["oscar_gan_drafts"],
        "OPTIONS": {"location": tmp_path / "drafts"},
    }
    settings.STORAGES = {**settings.STORAGES, "oscar_gan_drafts": drafts}


@pytest.fixture
def blocked_drafts(own_files, tmp_path):
    """A drafts storage that is down: a file stands where its folder should be."""
    (tmp_path / "drafts").write_bytes(b"")
    return tmp_path / "drafts"


@pytest.fixture
def break_drafts(own_files, tmp_path):
    """Take the drafts storage down when called, with all that is in it."""

    def break_drafts():
        shutil.rmtree(tmp_path / "drafts", ignore_errors=True)
        (tmp_path / "drafts").write_bytes(b"")

    return break_drafts


@pytest.fixture
def stub_generator(monkeypatch):
    """The engine's generator, replaced by one that makes a picture in a millisecond."""
    stubs: dict[str, StubGenerator] = {}
    stubs["recolour"] = StubGenerator()

    def open_generator(name="recolour", *, device="auto"):
        return stubs.setdefault(name, StubGenerator(name))

    monkeypatch.setattr("oscar_gan.engine.open_generator", open_generator)
    return stubs["recolour"]


@pytest.fixture
def stub_printer(monkeypatch):
    """The shipped printer, replaced by one that prints stripes."""
    stub = StubPrinter()

    def open_printer(*, device="auto"):
        return stub

    monkeypatch.setattr("oscar_gan.inference.printer.open_printer", open_printer)
    return stub


@pytest.fixture
def sent(monkeypatch) -> list[tuple]:
    """Messages that would go to the broker, as (queue, task, *arguments)."""
    messages: list[tuple] = []

    def send_task(name, *args, queue):
        messages.append((queue, name, *args))
        return True

    monkeypatch.setattr("oscar_gan.services.dispatch.send_task", send_task)
    return messages


@pytest.fixture
def photo_data() -> bytes:
    """A small JPEG: a shaded red ball on light grey, 96 x 72 pixels."""
    return factories.photo_bytes()


@pytest.fixture
def matte_data() -> bytes:
    """A matte for `photo_data` as staff would draw it: a white box on black, as a PNG."""
    matte = Image.new("L", (96, 72))
    matte.paste(255, (30, 18, 66, 54))
    file = io.BytesIO()
    matte.save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def colourways(db):
    return factories.make_colourways()


@pytest.fixture
def partner(db):
    return factories.make_partner("North Harbour Supply")


@pytest.fixture
def product(db, partner):
    """A standalone product of `partner`, with one photo and the colour option Red."""
    factories.make_product_class()
    return factories.make_product(title="Canvas bag", upc="BAG", colour="Red", partner=partner)


@pytest.fixture
def source(product):
    """The photo of `product`."""
    return product.images.get()


@pytest.fixture
def parent(db, partner, colourways):
    """A parent: red, navy and forest-green children in M and L; only the red ones have photos."""
    return factories.make_parent(sizes=("M", "L"), with_photo=("Red",), partner=partner)


@pytest.fixture
def staff(db):
    """May do everything with variant images; no superuser."""
    return factories.make_user(*factories.ACTIONS)


@pytest.fixture
def bystander(db):
    """A member of staff whom nobody gave a permission of this plugin."""
    return factories.make_user()


@pytest.fixture
def partner_user(partner):
    """Somebody of `partner` with limited dashboard access."""
    return factories.make_partner_user(partner)


@pytest.fixture
def superuser(db):
    return factories.make_user(superuser=True)
