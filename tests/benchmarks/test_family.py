import itertools
import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from benchmarks.family import __main__ as command
from benchmarks.family import course as courses
from benchmarks.family.codes import best_match, determination, read_codes
from benchmarks.family.course import Course, Outcome
from benchmarks.family.data import KINDS, UnusableData, levels, read_fashion
from benchmarks.family.features import FEATURES
from benchmarks.family.lesson import FamilyLesson, FamilySettings, Real, draw
from benchmarks.family.members import MEMBERS
from benchmarks.family.scores import Reference
from benchmarks.family.sheets import traversals
from benchmarks.family.tables import all_tables, main_table
from oscar_gan.gan.checkpoints import UnusableCheckpoint
from oscar_gan.gan.metrics.classifier import read_classifier
from oscar_gan.gan.training import Trainer

STEPS = 10
PICTURES = 40
TINY = {"batch": 4, "noise": 4, "widths": (4, 4)}


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(autouse=True)
def tiny_members(monkeypatch):
    for name, member in MEMBERS.items():
        settings = replace(member.settings, **TINY)
        monkeypatch.setitem(MEMBERS, name, replace(member, settings=settings))


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    """Blocks of light, whose place is their kind."""
    path = tmp_path_factory.mktemp("data") / "fashion_mnist.npz"
    random = np.random.default_rng(1)
    arrays = {}
    for part, count in (("train", 200), ("test", 2 * PICTURES)):
        kinds = random.permutation(np.arange(count) % len(KINDS)).astype(np.uint8)
        arrays[f"x_{part}"], arrays[f"y_{part}"] = blocks(random, kinds), kinds
    np.savez(path, **arrays)
    return path


def blocks(random, kinds):
    pictures = random.integers(0, 30, (len(kinds), 28, 28))
    for picture, kind in zip(pictures, kinds, strict=True):
        y, x = divmod(int(kind), 4)
        picture[9 * y : 9 * y + 9, 7 * x : 7 * x + 7] += 200
    return pictures.astype(np.uint8)


@pytest.fixture
def course(data, tmp_path):
    fashion = read_fashion(data)
    reference = Reference(read_classifier(FEATURES), levels(fashion.real), fashion.real_kinds)
    return Course(
        fashion=fashion, reference=reference, folder=tmp_path, steps=STEPS, pictures=PICTURES
    )


@pytest.fixture
def patient(monkeypatch):
    """At so few steps the judge is right by chance; let it."""
    keep = courses.MEMBERS["ns"].__class__.config
    config = lambda member, **given: replace(keep(member, **given), patience=0)  # noqa: E731
    monkeypatch.setattr(courses.MEMBERS["ns"].__class__, "config", config)


@pytest.mark.parametrize("member", MEMBERS)
def test_every_member_is_taught_by_the_one_loop_and_judged(course, patient, member):
    outcome = course.take(member, 1)
    assert outcome.steps == STEPS
    assert not outcome.stopped
    assert [mark.step for mark in outcome.marks] == list(range(1, STEPS + 1))
    assert outcome.seconds == outcome.marks[-1].seconds > 0
    assert np.isfinite(outcome.scores).all()
    assert (outcome.codes is not None) == (member == "infogan")


def test_critics_ahead_learn_from_pictures_of_their_own():
    lesson = FamilyLesson(replace(MEMBERS["wgan"].settings, critic_steps=3))
    real = torch.rand(3, 4, 1, 28, 28)
    study = lesson.study(Real(real), 1)
    shown = [pairs["picture"] for pairs in (*study.earlier, study.pairs)]
    assert all(torch.equal(each, mine) for (each, _), mine in zip(shown, real, strict=True))
    assert [made.requires_grad for _, made in shown] == [False, False, True]
    assert not torch.equal(shown[0][1], shown[1][1])


def test_a_run_broken_off_comes_to_the_same_end(course, patient, monkeypatch, tmp_path):
    straight = course.take("wgan", 1)
    saves = []

    def save_then_die(*given, **more):
        keep(*given, **more)
        saves.append(1)
        if len(saves) == 4:
            raise KeyboardInterrupt

    keep = courses.save_checkpoint
    monkeypatch.setattr(courses, "save_checkpoint", save_then_die)
    other = replace(course, folder=tmp_path / "other")
    with pytest.raises(KeyboardInterrupt):
        other.take("wgan", 1)
    outcome = other.take("wgan", 1)
    assert outcome.scores == straight.scores
    assert [mark.step for mark in outcome.marks] == [mark.step for mark in straight.marks]
    assert len(saves) == STEPS


def test_a_finished_run_is_read_and_not_run_again(course, patient, monkeypatch):
    first = course.take("infogan", 2)
    monkeypatch.setattr(Trainer, "train", None)
    assert course.take("infogan", 2) == first


def test_a_finished_run_of_other_settings_is_refused(course, patient):
    course.take("ns", 1)
    with pytest.raises(UnusableCheckpoint, match="other settings"):
        replace(course, steps=STEPS + 1).take("ns", 1)


def test_a_collapsed_run_is_reported_and_kept_in_its_row(course, monkeypatch):
    monkeypatch.setattr("oscar_gan.gan.judging.told_apart", lambda real, made: torch.tensor(1.0))
    outcome = course.take("lsgan", 1)
    assert "told every made picture from every real one" in outcome.stopped
    assert outcome.steps < STEPS
    assert outcome.marks[-1].step == outcome.steps
    cells = row(main_table([outcome], course.floor, PICTURES), "lsgan")
    assert cells["collapsed"] == "1 of 1"
    assert cells["FD"].mean == pytest.approx(outcome.scores.fd)


def test_weights_that_are_no_numbers_are_a_collapse(course, patient, monkeypatch):
    monkeypatch.setattr(
        "oscar_gan.gan.judging.told_apart", lambda real, made: torch.tensor(float("nan"))
    )
    trainer = course.opened("ns", 1)
    with torch.no_grad():
        next(trainer.averaged.parameters()).fill_(float("nan"))
    monkeypatch.setattr(Course, "opened", lambda self, member, seed: trainer)
    monkeypatch.setattr(trainer, "_average", lambda: None)
    outcome = course.take("ns", 1)
    assert outcome.scores is None
    assert outcome.collapsed
    cells = row(main_table([outcome], course.floor, PICTURES), "ns")
    assert (cells["FD"], cells["collapsed"]) == (None, "1 of 1")


def test_pictures_all_alike_are_a_collapse_and_real_ones_are_none(course):
    alike = np.repeat(levels(course.fashion.other)[:1], PICTURES, axis=0)
    assert course.reference.score(alike).collapsed
    fashion = np.tile(np.arange(len(KINDS)), PICTURES)[:PICTURES]
    shares = np.bincount(fashion, minlength=len(KINDS)) / PICTURES
    assert course.floor.variety == pytest.approx(1, abs=0.2)
    assert course.reference.shares == pytest.approx(shares, abs=0.2)


def test_the_table_has_the_floor_and_a_row_for_each_member_run_or_not(course):
    main, *others = all_tables([], course.floor, PICTURES)
    assert [name for name, _ in main.rows] == ["real pictures (floor)", *MEMBERS]
    assert row(main, "real pictures (floor)")["KID × 1000"].mean == pytest.approx(course.floor.kid)
    assert "not measured" in main.markdown()
    assert all(table.markdown() for table in others)
    assert "not a comparison" in others[-1].note


def row(table, name):
    return dict(zip(table.columns[1:], dict(table.rows)[name], strict=True))


def test_the_best_match_is_the_best_of_all_permutations():
    random = np.random.default_rng(3)
    categories, kinds = random.integers(5, size=(2, 60))
    right = [
        np.mean(np.array(order)[categories] == kinds) for order in itertools.permutations(range(5))
    ]
    assert best_match(categories, kinds, 5) == pytest.approx(max(right))
    assert best_match((kinds + 2) % 5, kinds, 5) == 1


def test_values_read_rightly_have_an_r2_of_one_and_guesses_of_none():
    true = torch.linspace(-1, 1, 50)[:, None].repeat(1, 2)
    read = true.clone()
    read[:, 1] = 0
    assert determination(read, true) == pytest.approx((1, 0), abs=1e-6)


def codes_learnt(values_weight):
    random = np.random.default_rng(2)
    kinds = random.integers(4, size=400)
    pictures = blocks(random, 2 * kinds)
    settings = FamilySettings(categories=4, values=1, noise=8, widths=(8, 16), batch=16)
    config = MEMBERS["infogan"].config(steps=200, seed=1)
    torch.manual_seed(1)
    lesson = FamilyLesson(settings)
    trainer = Trainer(lesson, replace(config, patience=0, values_weight=values_weight))
    batches = lesson.batches(pictures, 1)
    for _ in trainer.train(batches.at(step) for step in range(1, 201)):
        pass
    painter, critic = trainer.averaged["painter"], trainer.judges["picture"]
    return read_codes(settings, painter, critic, levels(pictures), kinds)


def test_categories_are_recovered_better_than_by_chance():
    codes = codes_learnt(values_weight=0.1)
    assert codes.own > 0.8
    assert codes.kinds > 0.4


def test_values_are_recovered_where_they_weigh_enough():
    assert codes_learnt(values_weight=1.0).values[0] > 0.5


def test_along_a_row_of_a_traversal_only_its_code_changes():
    settings = replace(MEMBERS["infogan"].settings, **TINY)
    seen = []

    class Painter(torch.nn.Module):
        def forward(self, noise):
            seen.append(noise)
            return torch.zeros(len(noise), 1, 28, 28)

    shown = traversals(Painter(), settings)
    assert [grid.shape for grid in shown.values()] == [(10, 10, 28, 28)] * 3
    kinds, first, second = (made.reshape(10, 10, -1) for made in seen)
    split = settings.noise + settings.categories
    assert torch.equal(kinds[:, 0, : settings.noise], kinds[:, 9, : settings.noise])
    assert torch.equal(kinds[0, :, settings.noise : split], torch.eye(10))
    assert first[:, :, split].diff(dim=1).min() > 0
    assert first[:, :, split + 1].eq(0).all()
    assert torch.equal(second[3, 0, :split], second[3, 9, :split])


def test_codes_drawn_are_one_category_and_values_within_one():
    settings = FamilySettings(categories=10, values=2, noise=5)
    noise, code = draw(settings, 200)
    assert torch.equal(noise[:, 5:], code)
    assert code[:, :10].sum(1).eq(1).all()
    assert code[:, 10:].abs().max() <= 1
    assert draw(FamilySettings(noise=5), 3)[1] is None


def test_the_command_keeps_tables_and_pictures(data, tmp_path, monkeypatch, patient, capsys):
    folders = {name: tmp_path / name for name in ("work", "output", "images")}
    arguments = ["family", "--data", str(data), "--steps", "2", "--pictures", str(PICTURES)]
    for name, folder in folders.items():
        arguments += [f"--{name}", str(folder)]
    monkeypatch.setattr("sys.argv", [*arguments, "--seeds", "1", "--only", "ns", "infogan"])
    assert command.main() == 0
    assert "| ns " in capsys.readouterr().out
    kept = json.loads((folders["output"] / "family.json").read_text())
    assert kept["runs"] == "2 of 2"
    assert {path.name for path in folders["images"].iterdir()} == {
        "family-grids.png",
        "family-codes.png",
        "family-curves.png",
    }


def test_other_data_is_refused_by_name(tmp_path, monkeypatch, capsys):
    path = tmp_path / "other.npz"
    np.savez(path, x_train=np.zeros((3, 28, 28)))
    with pytest.raises(UnusableData, match="is not Fashion-MNIST"):
        read_fashion(path)
    monkeypatch.setattr("sys.argv", ["family", "--data", str(path)])
    assert command.main() == 2
    assert "x_train, y_train, x_test, y_test" in capsys.readouterr().err


def test_an_outcome_survives_being_written(course, patient, tmp_path):
    written = course.take("infogan", 3)
    assert courses.read_outcome(tmp_path / "infogan-3" / courses.OUTCOME) == written
    assert isinstance(written, Outcome)
