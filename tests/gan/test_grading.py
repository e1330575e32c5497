"""The grader's lesson on small scenes whose folds fill with bounced light."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from oscar_gan.gan.checkpoints import save_checkpoint
from oscar_gan.gan.corpus import Corpus
from oscar_gan.gan.export import export_checkpoint
from oscar_gan.gan.grader import SLOPES, Correction, ServedGrader, graded, view_for, view_of
from oscar_gan.gan.grading import GraderLesson, GraderSettings
from oscar_gan.gan.lessons import begin
from oscar_gan.gan.pairs import Scenes, Subjects, light_of
from oscar_gan.gan.recolour import closed_form, linear_to_oklab, srgb_to_oklab
from oscar_gan.gan.rendering import BAND, calibrated, distance, render
from oscar_gan.gan.scenes import RENDERS
from oscar_gan.gan.training import Config, Trainer
from oscar_gan.imaging.colour import linear_to_srgb as to_srgb
from oscar_gan.imaging.dye import Material
from oscar_gan.inference.grader import Grader, corrected

SIDE = 128
TINY = GraderSettings(pairs=2, widths=(8, 8, 12, 16), strength=1.0)


def scene(random):
    """A wavy cloth: folds get less light from the lamp, but more from the cloth around them."""
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    turn = random.uniform(0, np.pi)
    wave = np.sin(random.uniform(15, 40) * (x * np.cos(turn) + y * np.sin(turn)))
    direct, bounced = 0.65 + 0.3 * wave, 0.3 * (1 - wave)
    material = np.hypot(x - 0.5, y - 0.5) < random.uniform(0.3, 0.45)
    layers = []
    for albedo in RENDERS.values():
        light = 0.02 + albedo * direct + albedo**2 * bounced
        layers.append(np.repeat(np.where(material, light, 0.4)[..., None], 3, -1))
    pixels = [np.rint(255 * to_srgb(layer.clip(0, 1))) for layer in layers]
    return np.dstack([*pixels, 255 * material, 0 * material]).astype(np.uint8)


@pytest.fixture(scope="module")
def scenes():
    random = np.random.default_rng(4)
    return np.stack([scene(random) for _ in range(10)])


@pytest.fixture(scope="module")
def corpus(scenes):
    random = np.random.default_rng(5)
    photos = random.integers(0, 255, (6, SIDE, SIDE, 3), dtype=np.uint8)
    mattes = np.zeros((6, SIDE, SIDE), np.uint8)
    mattes[:, 20:100, 20:100] = 255
    blank = np.zeros_like(mattes)
    return Corpus(
        photos=photos, mattes=mattes, trust=mattes, prints=blank,
        cutouts=np.zeros((0, 320, 320, 6), np.uint8), scenes=scenes, digest="0",
    )  # fmt: skip


def test_a_pair_between_two_renders_is_those_renders(scenes):
    decoded = Scenes.decoded(scenes)
    dark, light = (np.full(3, albedo) for albedo in (0.18, 0.52))
    subjects, truth = decoded.pair(0, dark, light)
    assert (
        subjects.photos * 255 - torch.tensor(scenes[0, ..., 3:6]).permute(2, 0, 1)
    ).abs().max() < 1
    assert (truth * 255 - torch.tensor(scenes[0, ..., 6:9]).permute(2, 0, 1)).abs().max() < 1


def test_light_between_the_renders_follows_the_cubic(scenes):
    light = Scenes.decoded(scenes).light[0]
    albedo = np.array([0.3, 0.3, 0.3])
    x, y = 64, 64
    at = [float(light[k, 0, y, x]) for k in range(4)]
    expected = np.polyval(np.polyfit(list(RENDERS.values()), at, 3), 0.3)
    assert light_of(light, albedo)[y, x, 0] == pytest.approx(expected, abs=1e-3)


def test_scenes_with_hardly_any_material_are_left_out(scenes):
    empty = scenes.copy()
    empty[3, ..., -2] = 0
    assert len(Scenes.decoded(empty).light) == len(scenes) - 1


def test_the_same_step_gives_the_same_batch(corpus):
    lesson = GraderLesson(replace(TINY, judged=2))
    one, other = (lesson.batches(corpus, 7).at(3) for _ in range(2))
    for ours, theirs in zip(one.pairs, other.pairs, strict=True):
        assert torch.equal(ours, theirs)
    assert torch.equal(one.reals, other.reals)


def test_an_untrained_grader_only_moves_light_between_channels(corpus):
    lesson = GraderLesson(TINY)
    subjects = lesson.batches(corpus, 1).at(1).pairs
    plain = closed_form(subjects.base, subjects.aim)
    grades = lesson.grades(lesson.networks["grader"], subjects)
    assert torch.allclose(grades.tone, plain.tone, atol=2e-3)
    assert torch.allclose(grades.residual_gain, plain.residual_gain, atol=1e-3)
    assert torch.allclose(grades.gate, plain.gate)
    assert grades.log_gain.any()
    torch.nn.init.zeros_(lesson.networks["grader"].readout.condition.bias)
    assert not lesson.grades(lesson.networks["grader"], subjects).log_gain.any()


def test_shading_comes_from_the_channel_that_was_as_bright():
    random = np.random.default_rng(8)
    photo = torch.tensor(random.uniform(0.2, 0.8, (1, 3, 4, 4)), dtype=torch.float32)
    base, white = (
        srgb_to_oklab(torch.tensor([[[[0.8]], [[0.05]], [[0.05]]]])),
        torch.tensor([[0.98, 0.0, 0.0]]),
    )
    view = view_for(photo, photo, torch.ones(1, 1, 4, 4), base[..., 0, 0], white)
    red = view.ratios[:, 0, 1]
    for channel in range(3):
        assert torch.allclose(view.ratios[:, channel, 0], red, atol=1e-3)


def test_serving_corrects_tone_curves_as_training_does():
    random = np.random.default_rng(6)
    base, target = torch.rand(5, 3) * 0.8 + 0.1, torch.rand(5, 3) * 0.8 + 0.1
    slopes = torch.tensor(random.uniform(-0.7, 0.7, (5, SLOPES)))
    plain = closed_form(base.double(), target.double()).tone
    ones = torch.ones(5)
    found = graded(plain, Correction(slopes, ones, ones, torch.zeros(5, 3, 8, 8))).tone
    for k in range(5):
        assert (
            np.abs(corrected(plain[k].numpy(), slopes[k].numpy()) - found[k].numpy()).max() < 1e-9
        )


def test_the_exported_grader_grades_like_torch(corpus, tmp_path):
    lesson = GraderLesson(TINY)
    grader = lesson.networks["grader"]
    for last in (grader.readout.leave, grader.readout.condition, grader.overall[-1]):
        torch.nn.init.normal_(last.weight, std=0.05)
    trainer = Trainer(lesson, Config(steps=1))
    save_checkpoint(trainer, tmp_path / "checkpoint.pt", corpus="0")
    path = tmp_path / "grader.onnx"
    digest = export_checkpoint(tmp_path / "checkpoint.pt", path, version="1")
    subjects = lesson.batches(corpus, 1).at(1).pairs
    view, cover = view_of(subjects.photos)[0], view_of(subjects.material)[0, 0]
    material = Material(subjects.base[0].double().numpy(), float(subjects.spread[0]))
    grade = Grader(path, digest=digest)(
        view.permute(1, 2, 0).numpy(), cover.numpy(), material, subjects.aim[0].numpy()
    )
    with torch.no_grad():
        wanted = lesson.grades(trainer.averaged["grader"], subjects)
    told = wanted.log_gain[0].permute(1, 2, 0).numpy()
    pure = np.abs(grade.log_gain - told).max(axis=2) < 1e-4
    assert pure[60:68, 60:68].all()  # mixed cells are filled from their neighbours
    assert pure.sum() > 0.8 * (cover.numpy() > 0.99).sum()
    assert np.abs(grade.tone - wanted.tone[0].numpy()).max() < 1e-4
    assert grade.residual_gain == pytest.approx(float(wanted.residual_gain[0]), abs=1e-4)
    assert np.abs(grade.log_gain).max() > 1e-3


def test_strength_weakens_every_correction(corpus):
    lesson = GraderLesson(TINY)
    grader = lesson.networks["grader"]
    for last in (grader.readout.leave, grader.overall[-1]):
        torch.nn.init.normal_(last.weight, std=0.05)
    subjects = lesson.batches(corpus, 1).at(1).pairs
    photo, cover = view_of(subjects.photos), view_of(subjects.material)
    told = photo, photo, cover, subjects.base, subjects.aim
    whole, half, none = (ServedGrader(grader, part)(*told) for part in (1.0, 0.5, 0.0))
    assert torch.allclose(half[0], whole[0] / 2)
    assert torch.allclose(half[3], whole[3] / 2)
    assert torch.allclose(half[2] ** 2, whole[2])
    assert not none[0].any()
    assert not none[3].any()
    assert torch.allclose(none[1], torch.tensor(0.6))
    assert torch.allclose(none[2], torch.tensor(1.0))


def test_calibration_makes_the_frozen_swatch_come_out_as_asked(corpus):
    subjects = GraderLesson(replace(TINY, pairs=6)).batches(corpus, 2).at(1).pairs
    lab = srgb_to_oklab(subjects.photos)
    grades = closed_form(subjects.base, subjects.aim)
    grades = grades._replace(log_gain=0.2 * torch.rand(6, 3, 128, 128))
    light = render(lab, subjects, calibrated(lab, subjects, grades), grades)
    made = linear_to_oklab(light).flatten(2).gather(2, subjects.frozen[:, None].expand(-1, 3, -1))
    lightness = made[:, 0, BAND:].median(1).values
    assert (lightness - subjects.aim[:, 0]).abs().max() < 0.01
    chroma = made[:, 1:, :BAND].median(2).values
    assert (chroma - subjects.aim[:, 1:]).norm(dim=1).median() < 0.01


def test_a_few_steps_bring_unseen_scenes_nearer_to_their_truth(corpus, scenes):
    taught = replace(corpus, scenes=scenes[:8])
    settings = GraderSettings(pairs=4, widths=(12, 16, 24, 32))
    trainer = begin("grader", Config(steps=60, seed=2, averaging=0.9), settings)
    batches = trainer.lesson.batches(taught, 2)
    for _ in trainer.train(batches.at(step) for step in range(1, 61)):
        pass
    held_out = Scenes.decoded(scenes[8:])
    random = np.random.default_rng(0)
    pairs = [held_out.random_pair(random) for _ in range(12)]
    subjects = Subjects.stacked([each for each, _ in pairs])
    wanted = srgb_to_oklab(torch.stack([truth for _, truth in pairs]))
    lab = srgb_to_oklab(subjects.photos)
    apart = []
    with torch.no_grad():
        for grades in (
            trainer.lesson.grades(trainer.averaged["grader"], subjects),
            closed_form(subjects.base, subjects.aim),
        ):
            light = render(lab, subjects, calibrated(lab, subjects, grades), grades)
            apart.append(float(distance(light, wanted, subjects.material)))
    assert apart[0] < 0.95 * apart[1], apart


def test_judges_get_pictures_and_the_grader_their_verdict(corpus):
    lesson = GraderLesson(replace(TINY, judged=2))
    batch = lesson.batches(corpus, 3).at(1)
    study = lesson.study(batch, 1)
    assert {name: tuple(fake.shape) for name, (_, fake) in study.pairs.items()} == {
        "scene": (2, 3, 128, 128),
        "cloth": (2, 3, 64, 64),
    }
    assert torch.equal(study.code, batch.judged.aim)
    sum(fake.sum() for _, fake in study.pairs.values()).backward()
    assert lesson.networks["grader"].readout.leave.weight.grad.abs().sum() > 0
    outside = batch.judged.material < 0.5
    made = study.pairs["scene"][1]
    assert torch.allclose(
        made[view_of(outside.float()).expand(-1, 3, -1, -1) == 1],
        view_of(batch.judged.photos)[view_of(outside.float()).expand(-1, 3, -1, -1) == 1],
    )


def test_without_the_field_only_the_tone_is_learnt(corpus):
    lesson = GraderLesson(replace(TINY, field=False))
    batch = lesson.batches(corpus, 1).at(1)
    grades = lesson.grades(lesson.networks["grader"], batch.pairs)
    assert grades.log_gain is None
    assert set(lesson.study(batch, 1).losses) == {"colour", "slope"}
