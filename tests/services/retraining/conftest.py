"""A shop about to train, with a lab that is quick: what it learns is a chain of digests."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import pytest

from oscar_gan.errors import TooLittleFeedback
from oscar_gan.inference.analyser import WEIGHTS
from oscar_gan.models import Comparison, GeneratorVersion, TrainingRun
from oscar_gan.services import media, retraining
from tests import factories

pytest.importorskip("torch", reason="torch is not installed (extra: train)")


class Lab:
    """What the services of training, registry, feedback and comparing do, in milliseconds.

    A checkpoint is a step and the digest of all steps before, so that it is only right if nothing
    was skipped or done twice. `at_step` is called in the middle of each step.
    """

    def __init__(self) -> None:
        self.decisions = SimpleNamespace(why_not="")
        self.photos = 12
        self.passed = True
        self.too_few = ""
        self.steps_taken: list[int] = []
        self.collected = 0
        self.compared: list[GeneratorVersion] = []
        self.promoted: list[GeneratorVersion] = []
        self.at_step = lambda step: None
        self.at_export = lambda: None
        self.at_photo = lambda: None
        self.at_compare = lambda heartbeat: None

    # feedback
    def freeze(self, run: TrainingRun) -> dict:
        if self.too_few:
            raise TooLittleFeedback(self.too_few)
        splits = ["validation", *["train"] * (self.photos - 1)]
        photos = [
            {
                "name": f"photo-{number}.jpg",
                "sha256": sha256(b"%d" % number).hexdigest(),
                "label": "approved",
                "matte": None,
                "before": None,
                "weight": 1.0,
                "split": split,
            }
            for number, split in enumerate(splits)
        ]
        manifest = {
            "format": 1,
            "photos": photos,
            "labels": {"approved": self.photos},
            "splits": {"train": self.photos - 1, "validation": 1},
            "left_out": {"opted-out": 3},
            "reviewers": [{"id": 7, "left_out": "rejects everything"}],
        }
        data = json.dumps(manifest).encode()
        name, digest = media.store_draft(data, folder="manifests", extension=".json")
        run.manifest_name, run.manifest_digest, run.decisions = name, digest, 120
        run.save()
        return json.loads(data)

    def read_manifest(self, run: TrainingRun) -> dict:
        return json.loads(media.read_draft(run.manifest_name))

    # gan
    def collect_feedback(self, folder: Path, photos, *, champion, faces, progress=iter) -> dict:
        folder.mkdir(parents=True, exist_ok=True)
        names = []
        for photo in progress(photos):
            self.at_photo()
            names.append(photo.name)
        self.collected += 1
        (folder / "manifest.json").write_text(json.dumps(names))
        return {}

    def fine_tune(self, folder: Path, corpus, *, config, every, progress, stop, **more):
        checkpoint, history = folder / "checkpoint.pt", folder / "history.json"
        step, state = 0, corpus
        if checkpoint.exists():
            step, state = json.loads(checkpoint.read_text())
        curves = json.loads(history.read_text()) if history.exists() else {"loss": []}

        def steps():
            nonlocal step, state
            while step < config.steps:
                step += 1
                self.at_step(step)
                self.steps_taken.append(step)
                state = sha256(f"{state} {step} {config.seed}".encode()).hexdigest()
                yield SimpleNamespace(step=step, losses={})

        for done in progress(steps(), step, config.steps):
            curves["loss"].append([done.step, 1 / done.step])
            ending = stop() or done.step == config.steps
            if ending or done.step % every == 0:
                checkpoint.write_text(json.dumps([step, state]))
                (folder / "samples.png").write_bytes(b"samples of step %d" % step)
                history.write_text(json.dumps(curves))
            if ending:
                break
        return SimpleNamespace(step=step)

    def export_challenger(self, checkpoint: Path, path: Path, *, champion, version, data) -> str:
        self.at_export()
        path.write_bytes(checkpoint.read_bytes())
        return sha256(path.read_bytes()).hexdigest()

    # registry and comparing
    def enter_challenger(self, *, parent, analyser: Path, by=None, note="") -> GeneratorVersion:
        name, digest = media.store_draft(
            analyser.read_bytes(), folder="generators", extension=".onnx"
        )
        return GeneratorVersion.objects.get_or_create(
            digest=digest,
            defaults={
                "name": parent.name,
                "version": f"1+shop.{GeneratorVersion.objects.count()}",
                "parent": parent,
                "files": {"analyser": {"name": name, "sha256": digest}},
            },
        )[0]

    def compare(self, *, version, manifest=None, by=None, heartbeat=lambda: None) -> Comparison:
        self.at_compare(heartbeat)
        self.compared.append(version)
        verdict = "It is better." if self.passed else "It is worse at mattes."
        return Comparison.objects.create(
            version=version,
            against=version.parent,
            passed=self.passed,
            report={"verdict": verdict},
        )

    def promote(self, *, version, by=None, note="") -> None:
        self.promoted.append(version)


@pytest.fixture
def lab(monkeypatch, tmp_path, settings) -> Lab:
    """The one place where the services meet the quick lab."""
    lab = Lab()
    services, gan = "oscar_gan.services", "oscar_gan.gan"
    for target, fake in {
        f"{services}.feedback.new_decisions": lambda name: lab.decisions,
        f"{services}.feedback.freeze": lab.freeze,
        f"{services}.feedback.read_manifest": lab.read_manifest,
        f"{services}.registry.folder_of": lambda version: WEIGHTS,
        f"{services}.registry.enter_challenger": lab.enter_challenger,
        f"{services}.registry.promote": lab.promote,
        f"{services}.comparing.compare": lab.compare,
        f"{gan}.retraining.collect_feedback": lab.collect_feedback,
        f"{gan}.retraining.settings_for": lambda champion, **given: (SimpleNamespace(**given), {}),
        f"{gan}.retraining.fine_tune": lab.fine_tune,
        f"{gan}.corpus.open_corpus": lambda folder: (folder / "manifest.json").read_text(),
        f"{gan}.retraining.export_challenger": lab.export_challenger,
    }.items():
        monkeypatch.setattr(target, fake, raising=False)
    settings.OSCAR_GAN = {"TRAINING_FOLDER": str(tmp_path / "work"), "TRAINING_STEPS": 50}
    return lab


@pytest.fixture
def change(settings):
    """Change keys of OSCAR_GAN."""

    def change(**keys):
        settings.OSCAR_GAN = {**settings.OSCAR_GAN, **keys}

    return change


@pytest.fixture
def start(lab, db, django_capture_on_commit_callbacks):
    def start(**given) -> TrainingRun:
        with django_capture_on_commit_callbacks(execute=True):
            run = retraining.start(**given)
        run.refresh_from_db()
        return run

    return start


@pytest.fixture
def chunk(django_capture_on_commit_callbacks):
    """Do what a worker does with the run's newest message; brings the run up to date."""

    def chunk(run: TrainingRun) -> TrainingRun:
        try:
            with django_capture_on_commit_callbacks(execute=True):
                retraining.run(run.pk)
        finally:
            run.refresh_from_db()
        return run

    return chunk


@pytest.fixture
def finish(chunk):
    """Do chunk after chunk until the run is finished."""

    def finish(run: TrainingRun) -> TrainingRun:
        for _ in range(100):
            if not chunk(run).is_unfinished:
                return run
        raise AssertionError(f"{run} is still {run.status} ({run.phase}, step {run.step})")

    return finish


@pytest.fixture
def trainer(db):
    """Somebody who may train."""
    return factories.make_user("train_generators")
