"""One real retraining: staff's outlines, torch, ONNX, the real champion; small, nothing faked."""

from __future__ import annotations

import io
from hashlib import sha256
from html import unescape

import numpy as np
import pytest
from PIL import Image

from oscar_gan import signals
from oscar_gan.models import GeneratorVersion, TrainingRun
from oscar_gan.services import benches, mattes, media, registry, retraining
from tests import factories

pytest.importorskip("torch", reason="torch is not installed (extra: train)")
pytest.importorskip("onnx", reason="onnx is not installed (extra: train)")
pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SIZE = (160, 120)
WANTED = {"shadow": 1, "validation": 2, "train": 5}
"""Photos by side."""


@pytest.fixture(autouse=True)
def stub_generator():
    """No stub: the engine's own."""


@pytest.fixture
def shop(settings, tmp_path, partner):
    """Eight products whose outlines staff drew."""
    settings.OSCAR_GAN = {
        "DEVICE": "cpu",
        "RETRAIN_MIN_DECISIONS": 0,
        "RETRAIN_MIN_PHOTOS": sum(WANTED.values()),
        "REVIEWER_SHARE": 1.0,
        "TRAINING_STEPS": 3,
        "TRAINING_FOLDER": str(tmp_path / "training"),
        "WEIGHTS_FOLDER": str(tmp_path / "weights"),
    }
    factories.make_product_class()
    draughtsman = factories.make_user("generate_variants", "train_generators")
    for data in photos():
        product = factories.make_product(partner=partner, photo=False)
        source = factories.add_photo(product, data)
        mattes.add_staff_matte(source=source, data=outline(), created_by=draughtsman)
    return draughtsman


@pytest.fixture(autouse=True)
def short_bench(monkeypatch):
    """The first pictures of the bench stand for all of it."""
    whole = benches.open_bench()
    short = benches.Bench(whole.digest, whole.pictures[:2])
    monkeypatch.setattr(benches, "open_bench", lambda *args: short)


def photos():
    """Photos of balls, until each side of the split has as many as it needs."""
    missing = dict(WANTED)
    for level in range(40, 250):
        data = factories.photo_bytes(f"#{level:02X}2430", size=SIZE)
        bucket = int(sha256(data).hexdigest()[:8], 16) % 20
        side = "shadow" if bucket < 4 else "validation" if bucket < 6 else "train"
        if missing[side]:
            missing[side] -= 1
            yield data


def outline() -> bytes:
    """The ball of `factories.photo_bytes`, white on black."""
    width, height = SIZE
    y, x = np.mgrid[:height, :width]
    ball = np.hypot(x - width / 2, y - height / 2) < 0.36 * min(SIZE)
    file = io.BytesIO()
    Image.fromarray(np.where(ball, 255, 0).astype(np.uint8)).save(file, "PNG")
    return file.getvalue()


def test_from_outlines_to_a_challenger_that_serves_pictures(
    shop, sent, django_capture_on_commit_callbacks
):
    told = []

    def hear(sender, version, passed, **kwargs):
        told.append((version, passed))

    signals.generator_trained.connect(hear)
    with django_capture_on_commit_callbacks(execute=True):
        run = retraining.start(by=shop)
    champion = registry.champion("recolour")
    while sent:
        _queue, name, *arguments = sent.pop(0)
        if name == "oscar_gan.train":
            with django_capture_on_commit_callbacks(execute=True):
                retraining.run(arguments[0], sent=arguments[1])
    signals.generator_trained.disconnect(hear)

    run.refresh_from_db()
    assert (run.status, run.problem, run.step) == (TrainingRun.Status.DONE, "", 3)
    version = run.result
    assert (version.parent, version.status) == (champion, GeneratorVersion.Status.CHALLENGER)
    assert version.version == f"{champion.version.partition('+')[0]}+shop.1"
    for file in version.files.values():
        assert sha256(media.read_draft(file["name"])).hexdigest() == file["sha256"]

    comparison = version.comparisons.get()
    assert comparison.against == champion
    assert told == [(version, comparison.passed)]
    notice = shop.notifications.get()
    assert comparison.report["verdict"] in unescape(notice.body or notice.subject)
    assert media.drafts_in("training") == [run.samples_name]

    # The grader was carried over, the analyser is another one; together they recolour.
    photo = photo_of(next(photos()))
    generator, before = registry.open_version(version), registry.open_version(champion)
    found = generator.analyse(photo)
    assert not np.array_equal(found.matte, before.analyse(photo).matte)
    made = generator.recolour(photo, found, "#1F3A93")
    assert made.assessment.delta_e < 3


def photo_of(data: bytes):
    from oscar_gan.engine import read_photo

    return read_photo(data)
