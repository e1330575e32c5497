"""A shop with forks of its own: `outlet`, in processes of its own, from migrate to the gallery.

Its migrations are the installed Oscar's, copied as `oscar_fork_app` copies them, and one of its
own, so that the same shop is a fork of each supported Oscar.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import oscar
import pytest

from tests import factories

ROOT = Path(__file__).resolve().parents[2]
OUTLET = Path(__file__).parent / "outlet"
OSCAR = Path(oscar.__file__).parent
PHOTO = ROOT / "demo" / "photos" / "harbour-t-shirt-red.jpg"
TEMPLATE = "oscar/dashboard/catalogue/product_update.html"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The shop as its developer has it: forks, migrations, an empty database that is migrated."""
    folder = tmp_path_factory.mktemp("outlet")
    shutil.copytree(OUTLET, folder / "outlet", ignore=shutil.ignore_patterns("__pycache__"))
    migrations = folder / "outlet" / "catalogue" / "migrations"
    shutil.copytree(OSCAR / "apps" / "catalogue" / "migrations", migrations)
    photo = PHOTO.read_bytes() if PHOTO.exists() else factories.photo_bytes(size=(800, 600))
    (folder / "outlet" / "photo.jpg").write_bytes(photo)
    manage(folder, "makemigrations", "catalogue", "--name", "season")
    manage(folder, "migrate", "--verbosity", "0")
    return folder


@pytest.fixture(scope="module")
def walk(folder) -> dict:
    """What staff and a shopper saw."""
    return json.loads(python(folder, "-m", "outlet.walk").splitlines()[-1])


def python(folder: Path, *arguments: str, **environment: str) -> str:
    """Run Python in the shop; its output. A failure shows what the process complained about."""
    inherited = {k: v for k, v in os.environ.items() if k != "OSCAR_GAN_TEST_DATABASE"}
    paths = [str(folder), str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    own = {
        "DJANGO_SETTINGS_MODULE": "outlet.settings",
        "PYTHONPATH": os.pathsep.join(paths),
        "SHOP_VAR_DIR": str(folder / "var"),
    }
    (folder / "var").mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**inherited, **own, **environment},
        text=True,
        capture_output=True,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


def manage(folder: Path, *arguments: str) -> str:
    return python(folder, "-m", "django", *arguments)


def test_nothing_is_left_to_migrate(folder):
    manage(folder, "makemigrations", "--check", "--dry-run")
    names = {path.name for path in (folder / "outlet/catalogue/migrations").glob("*_season.py")}
    assert len(names) == 1


def test_the_checks_find_nothing(folder):
    assert "no issues" in manage(folder, "check", "--fail-level", "WARNING")


def test_the_forks_are_in_use(walk):
    assert walk["view"] == "outlet.dashboard.catalogue.views"
    assert walk["model"] == "outlet.catalogue.models"


def test_the_product_page_has_the_shops_tab_and_ours(walk):
    for text in ("Outlet buyer", "Season", "Generate variants", 'id="gan_variants"'):
        assert text in walk["page"]


def test_a_picture_is_made_reviewed_published_and_shown(walk):
    assert walk["made"] == [["Navy", "awaiting_review"]]
    assert "Outlet tee" in walk["review"]
    assert (walk["published"], walk["images"]) == (1, 2)
    assert "Outlet tee, Navy" in walk["storefront"]
    assert "Season Autumn" in walk["storefront"]


def test_publishing_is_taken_back(walk):
    assert (walk["reverted"], walk["images_after"]) == (0, 1)


def test_a_copied_template_needs_one_line(folder, walk):
    """As the manual says: who copied Oscar's template puts the panel where it shall be."""
    copies = folder / "copies"
    text = (OSCAR / "templates" / TEMPLATE).read_text(encoding="utf-8")
    line = "{% load gan_dashboard_tags %}{% gan_dashboard_panel product %}"
    marker = "{% block fixed_actions_group %}"
    assert marker in text
    code = (
        "import time, django; django.setup()\n"
        "from django.test import Client\n"
        "from django.urls import reverse\n"
        "from tests import factories\n"
        "from django.contrib.auth import get_user_model\n"
        "client = Client(); client.force_login(get_user_model().objects.get(is_superuser=True))\n"
        "product = factories.make_product(upc=f'{time.time_ns()}', photo=False)\n"
        "url = reverse('dashboard:catalogue-product', args=[product.pk])\n"
        "print(client.get(url).content.decode())\n"
    )
    for shown, content in ((False, text), (True, text.replace(marker, line + marker))):
        path = copies / str(shown) / TEMPLATE
        path.parent.mkdir(parents=True)
        path.write_text(content, encoding="utf-8")
        page = python(folder, "-c", code, OUTLET_COPIES=str(copies / str(shown)))
        assert ("No variant images yet" in page) is shown
