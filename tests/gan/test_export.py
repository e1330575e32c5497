import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import onnx
import pytest
import torch

from oscar_gan.gan.checkpoints import read_checkpoint, save_checkpoint
from oscar_gan.gan.export import (
    PARITY,
    ExportFailed,
    Served,
    export_checkpoint,
    parity,
    register,
    served_analyser,
)
from oscar_gan.gan.networks import Analyser
from oscar_gan.gan.training import Config, Trainer
from oscar_gan.inference import analyser as serving

TINY = Config(widths=(8, 8, 16, 16, 16), side=64)


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    folder = tmp_path_factory.mktemp("export")
    save_checkpoint(Trainer(TINY), folder / "checkpoint.pt", corpus="c0ffee")
    digest = export_checkpoint(
        folder / "checkpoint.pt", folder / "analyser.onnx", name="analyser", version="7"
    )
    register(folder, "recolour", "7", {"analyser": ("analyser.onnx", digest)})
    return folder


def test_the_file_says_what_it_is(exported):
    model = onnx.load(exported / "analyser.onnx")
    metadata = {entry.key: entry.value for entry in model.metadata_props}
    assert metadata["name"] == "analyser"
    assert metadata["version"] == "7"
    assert metadata["corpus"] == "c0ffee"
    assert Config.from_dict(json.loads(metadata["config"])) == TINY
    assert model.opset_import[0].version >= 18
    assert [value.name for value in model.graph.input] == ["photo"]
    assert [value.name for value in model.graph.output] == ["matte", "keep", "features"]


def test_onnx_runtime_and_torch_agree(exported):
    served = served_analyser(read_checkpoint(exported / "checkpoint.pt"))
    assert parity(exported / "analyser.onnx", served) <= PARITY


def test_parity_notices_other_weights(exported):
    torch.manual_seed(5)
    other = Served(Trainer(replace(TINY, seed=9)).averaged, TINY.side).eval()
    assert parity(exported / "analyser.onnx", other) > PARITY


def test_a_registered_export_serves(exported):
    path, digest = serving.read_manifest(exported)["recolour"].analyser
    output = serving.Analyser(path, digest=digest)(np.full((256, 256, 3), 0.5, np.float32))
    assert output.matte.shape == output.keep.shape == (256, 256)
    assert 0 <= output.matte.min() <= output.matte.max() <= 1
    assert output.features.shape == (64,)


def test_a_network_too_large_to_ship_is_refused(tmp_path):
    wide = Trainer(Config(widths=(24, 48, 96, 256, 512)))
    save_checkpoint(wide, tmp_path / "checkpoint.pt", corpus="")
    with pytest.raises(ExportFailed, match="at most 3 MiB"):
        export_checkpoint(tmp_path / "checkpoint.pt", tmp_path / "a.onnx", name="a", version="1")
    assert not (tmp_path / "a.onnx").exists()


def test_a_side_that_does_not_divide_the_served_one_is_refused():
    with pytest.raises(ExportFailed, match="96 px"):
        Served(Analyser((8, 8, 16, 16, 16)), 96)


def test_the_lab_imports_no_django():
    code = "import oscar_gan.gan.__main__, sys; print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
