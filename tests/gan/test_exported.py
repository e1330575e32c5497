import onnx
import pytest
import torch
from onnx.numpy_helper import from_array, to_array

from oscar_gan.gan.analysis import AnalyserSettings
from oscar_gan.gan.checkpoints import UnusableCheckpoint, start_from
from oscar_gan.gan.config import Config
from oscar_gan.gan.export import PARITY, parity
from oscar_gan.gan.exported import read_export
from oscar_gan.gan.lessons import begin, learnt
from oscar_gan.inference.analyser import WEIGHTS

SHIPPED = WEIGHTS / "analyser.onnx"


def changed(tmp_path, change):
    """The shipped file with something else in it."""
    model = onnx.load(SHIPPED)
    change(model)
    path = tmp_path / "changed.onnx"
    onnx.save(model, path)
    return path


def tensor(model, name):
    return next(each for each in model.graph.initializer if each.name == name)


def trainer_of(settings=AnalyserSettings()):  # noqa: B008 - frozen
    return begin("analyser", Config(), settings)


@pytest.mark.parametrize("network", ["analyser", "grader"])
def test_a_shipped_network_is_restored_exactly(network):
    path = WEIGHTS / f"{network}.onnx"
    lesson = learnt(read_export(path))
    assert parity(path, lesson.served(lesson.networks).eval()) < PARITY


def test_a_run_starts_from_an_exported_file():
    trainer = trainer_of()
    start_from(trainer, SHIPPED)
    for network in (trainer.networks, trainer.averaged):
        served = trainer.lesson.served(network).eval()
        assert parity(SHIPPED, served) < PARITY
    given = to_array(tensor(onnx.load(SHIPPED), "analyser.stem.1.running_var"))
    assert torch.equal(
        trainer.networks["analyser"].stem[1].running_var, torch.from_numpy(given.copy())
    )


def test_a_missing_tensor_is_refused(tmp_path):
    def forget(model):
        model.graph.initializer.remove(tensor(model, "analyser.head.bias"))

    with pytest.raises(UnusableCheckpoint, match="another shape"):
        start_from(trainer_of(), changed(tmp_path, forget))


def test_a_misshapen_tensor_is_refused(tmp_path):
    def squash(model):
        bias = tensor(model, "analyser.head.bias")
        bias.CopyFrom(from_array(to_array(bias)[:1], bias.name))

    with pytest.raises(UnusableCheckpoint, match="another shape"):
        start_from(trainer_of(), changed(tmp_path, squash))


def test_other_widths_are_refused():
    with pytest.raises(UnusableCheckpoint, match="another shape"):
        start_from(trainer_of(AnalyserSettings(widths=(8, 8, 16, 16, 16))), SHIPPED)


def test_what_is_no_export_is_named(tmp_path):
    def be_silent(model):
        del model.metadata_props[:]

    with pytest.raises(UnusableCheckpoint, match="does not say how it was trained"):
        read_export(changed(tmp_path, be_silent))
    (tmp_path / "photo.onnx").write_bytes(b"\xff\xd8 a photo")
    with pytest.raises(UnusableCheckpoint, match="is no ONNX file"):
        read_export(tmp_path / "photo.onnx")
    with pytest.raises(UnusableCheckpoint, match="no export"):
        read_export(tmp_path / "missing.onnx")
