"""Fixtures for comparisons: painters instead of networks, a bench drawn on the spot, a shop."""

from __future__ import annotations

import pytest

from oscar_gan import engine
from oscar_gan.imaging.photo import read_photo
from oscar_gan.inference.analyser import WEIGHTS
from oscar_gan.models import GeneratorVersion
from oscar_gan.services import comparing, mattes, media, registry, review
from oscar_gan.services.comparing import machine
from tests import factories
from tests.benches import Painter, encoded, make_bench, scene


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    return make_bench(tmp_path_factory.mktemp("bench") / "bench", each=4)


@pytest.fixture
def champion(db, monkeypatch):
    """The reigning version, on a machine whose time and memory are always the same."""
    version = factories.make_generator_version()
    monkeypatch.setattr(registry, "champion", lambda name=None: version)
    monkeypatch.setattr(registry, "folder_of", lambda version: WEIGHTS)
    monkeypatch.setattr(machine, "peak_memory", lambda folder, photo: 100.0)
    steady = {"champion": 50.0, "challenger": 50.0, "classic": 90.0}
    monkeypatch.setattr(machine, "analysis_times", lambda generators, photo: steady)
    return version


@pytest.fixture
def challenger(champion):
    return GeneratorVersion.objects.create(
        name="recolour", version="1+shop.1", digest="d" * 64, parent=champion
    )


@pytest.fixture
def compare(monkeypatch, champion, challenger, bench):
    """Compare one painter with another."""

    def compare(new, old=None, **kwargs):
        painters = {champion.pk: old or Painter(), challenger.pk: new}
        opened = lambda version: painters[version.pk]  # noqa: E731
        monkeypatch.setattr(registry, "open_version", opened)
        monkeypatch.setattr(engine, "open_generator", lambda name: Painter("classic", grow=-2))
        return comparing.compare(version=challenger, **{"bench": bench, **kwargs})

    return compare


class Shop:
    """Photos in the catalogue with outlines and decisions, as a manifest lists them."""

    def __init__(self, staff):
        self.staff, self.entries = staff, []

    def add(self, seed, *, label="corrected", printed=False, before=None, **fields):
        pixels, matte, _ = scene(1000 + seed, printed=printed)
        factories.make_product_class()
        product = factories.make_product(title=f"Bag {seed}", upc=f"S{seed}", photo=False)
        source = factories.add_photo(product, encoded(pixels), name=f"shadow{seed}.png")
        photo = read_photo(media.read_original(source))
        kept = mattes.add_staff_matte(source=source, data=mattes.matte_png(matte))
        entry = {
            "source": source.pk, "name": source.original.name, "sha256": photo.digest,
            "product": product.pk, "group": "Bags", "label": label, "weight": 1.0,
            "split": "shadow", "reviewers": [], "variants": [seed],
            "matte": {"name": kept.file_name, "sha256": kept.digest}, "before": None,
        }  # fmt: skip
        if before is not None:
            name, digest = media.store_draft(encoded(before), folder="mattes", extension=".png")
            entry["before"] = {"name": name, "sha256": digest}
        self.entries.append({**entry, **fields})
        return source

    def decide(self, source, *, made=None, reason="", kind="colour"):
        """A decided variant image in navy: approved, or rejected for a reason.

        `made` (H, W, 3) is what it shows; by default the photo itself.
        """
        data = encoded(made) if made is not None else media.read_original(source)
        name, digest = media.store_draft(data, folder="variants", extension=".png")
        variant = factories.make_variant(source, label="Navy", file_name=name, digest=digest)
        sha = next(e["sha256"] for e in self.entries if e["source"] == source.pk)
        variant.source_digest = sha
        variant.recipe = {**variant.recipe, "kind": kind}
        variant.save()
        if reason:
            review.reject(variant=variant, reviewer=self.staff, reason=reason)
        else:
            review.approve(variant=variant, reviewer=self.staff)
        return variant

    @property
    def manifest(self):
        return {"format": 1, "photos": self.entries}


@pytest.fixture
def shop(staff):
    return Shop(staff)
