import json
import re
import subprocess
import sys

import numpy as np
import onnx
import pytest
import torch

from oscar_gan.gan.analysis import AnalyserSettings
from oscar_gan.gan.checkpoints import read_checkpoint, save_checkpoint
from oscar_gan.gan.config import Config
from oscar_gan.gan.export import (
    PARITY,
    ExportFailed,
    export_checkpoint,
    parity,
    register,
    served_of,
)
from oscar_gan.gan.lessons import begin
from oscar_gan.gan.networks import Analyser
from oscar_gan.gan.options import restored
from oscar_gan.gan.serving import ServedAnalyser
from oscar_gan.inference import analyser as serving

TINY = AnalyserSettings(widths=(8, 8, 16, 16, 16), side=64)


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    folder = tmp_path_factory.mktemp("export")
    trainer = begin("analyser", Config(), TINY)
    save_checkpoint(trainer, folder / "checkpoint.pt", corpus="c0ffee")
    digest = export_checkpoint(
        folder / "checkpoint.pt", folder / "analyser.onnx", version="7", data="own photos (CC0)"
    )
    register(folder, "recolour", "7", {"analyser": ("analyser.onnx", digest)})
    return folder


def test_the_file_says_what_it_is(exported):
    model = onnx.load(exported / "analyser.onnx")
    metadata = {entry.key: entry.value for entry in model.metadata_props}
    assert metadata["name"] == "analyser"
    assert metadata["version"] == "7"
    assert metadata["corpus"] == "c0ffee"
    config = json.loads(metadata["config"])
    assert restored(Config, config["loop"]) == Config()
    assert restored(AnalyserSettings, config["lesson"]) == TINY
    assert metadata["data"] == "own photos (CC0)"
    assert re.fullmatch("([0-9a-f]{40}(-modified)?)?", metadata["commit"])
    assert model.opset_import[0].version >= 18
    assert [value.name for value in model.graph.input] == ["photo"]
    assert [value.name for value in model.graph.output] == ["matte", "keep", "features"]


def test_onnx_runtime_and_torch_agree(exported):
    served = served_of(read_checkpoint(exported / "checkpoint.pt"))
    assert parity(exported / "analyser.onnx", served) <= PARITY


def test_parity_notices_other_weights(exported):
    trainer = begin("analyser", Config(seed=9), TINY)
    other = trainer.lesson.served(trainer.averaged).eval()
    assert parity(exported / "analyser.onnx", other) > PARITY


def test_a_registered_export_serves(exported):
    path, digest = serving.read_manifest(exported)["recolour"].analyser
    output = serving.Analyser(path, digest=digest)(np.full((256, 256, 3), 0.5, np.float32))
    assert output.matte.shape == output.keep.shape == (256, 256)
    assert 0 <= output.matte.min() <= output.matte.max() <= 1
    assert output.features.shape == (64,)


def test_a_network_too_large_to_ship_is_refused(tmp_path):
    wide = begin("analyser", Config(), AnalyserSettings(widths=(24, 48, 96, 256, 512)))
    save_checkpoint(wide, tmp_path / "checkpoint.pt", corpus="")
    with pytest.raises(ExportFailed, match="at most 3 MiB"):
        export_checkpoint(tmp_path / "checkpoint.pt", tmp_path / "a.onnx", version="1")
    assert not (tmp_path / "a.onnx").exists()


@pytest.mark.parametrize("side", [100, 288])
def test_a_side_that_the_network_cannot_halve_or_is_not_served_is_refused(side):
    with pytest.raises(ExportFailed, match=f"{side} px"):
        ServedAnalyser(Analyser((8, 8, 16, 16, 16)), side)


@pytest.mark.parametrize("side", [64, 96, 256])
def test_a_network_of_any_side_answers_at_the_served_size(side):
    served = ServedAnalyser(Analyser((8, 8, 16, 16, 16)), side).eval()
    matte, keep, features = served(torch.rand(1, 3, 256, 256))
    assert matte.shape == keep.shape == (1, 1, 256, 256)
    assert features.shape == (1, 64)


def test_the_lab_imports_no_django():
    code = "import oscar_gan.gan.__main__, sys; print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_registering_a_network_leaves_the_generators_others(tmp_path):
    register(tmp_path, "recolour", "1", {"analyser": ("a.onnx", "aa")})
    register(tmp_path, "recolour", "2", {"grader": ("g.onnx", "bb")})
    entry = serving.read_manifest(tmp_path)["recolour"]
    assert entry.version == "2"
    assert {name: digest for name, (_, digest) in entry.files.items()} == {
        "analyser": "aa",
        "grader": "bb",
    }
