import multiprocessing
import subprocess
import sys
from collections import OrderedDict
from hashlib import sha256

import numpy as np
import pytest

from oscar_gan.errors import WeightsMismatch
from oscar_gan.inference import onnx as runtime
from oscar_gan.inference.analyser import open_analyser, read_manifest
from oscar_gan.inference.onnx import DeviceUnavailable, open_session

PATH, DIGEST = read_manifest()["recolour"].analyser


def run_in_child(queue):
    view = np.full((256, 256, 3), 0.5, np.float32)
    queue.put(float(open_analyser(device="cpu")(view).matte.mean()))


def test_a_session_is_opened_once_per_process():
    one = open_session(PATH, digest=DIGEST)
    assert open_session(PATH, digest=DIGEST) is one


def test_a_forked_child_opens_its_own():
    view = np.full((256, 256, 3), 0.5, np.float32)
    expected = float(open_analyser(device="cpu")(view).matte.mean())
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=run_in_child, args=(queue,))
    child.start()
    assert queue.get(timeout=60) == pytest.approx(expected)
    child.join(timeout=60)
    assert child.exitcode == 0


def test_the_sessions_used_last_are_kept(monkeypatch, tmp_path):
    monkeypatch.setattr(runtime, "_sessions", OrderedDict())
    monkeypatch.setattr(runtime, "MAX_SESSIONS", 2)
    monkeypatch.setattr(runtime, "_open", lambda *given: object())
    paths = [tmp_path / f"{number}.onnx" for number in range(3)]
    for path in paths:
        path.write_bytes(b"weights")
    digest = sha256(b"weights").hexdigest()

    def open_number(number):
        return open_session(paths[number], digest=digest)

    first, second = open_number(0), open_number(1)
    assert open_number(0) is first
    open_number(2)
    assert open_number(0) is first
    assert open_number(1) is not second
    assert len(runtime._sessions) == 2


def test_a_changed_file_is_refused(tmp_path):
    damaged = tmp_path / "analyser.onnx"
    damaged.write_bytes(PATH.read_bytes()[:-1])
    with pytest.raises(WeightsMismatch, match=r"analyser\.onnx have SHA-256"):
        open_session(damaged, digest=DIGEST)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(WeightsMismatch, match="cannot be read"):
        open_session(tmp_path / "none.onnx", digest=sha256(b"").hexdigest())


def test_an_unknown_device_names_the_choices():
    with pytest.raises(DeviceUnavailable, match="auto, cpu, cuda"):
        open_session(PATH, digest=DIGEST, device="gpu")


@pytest.mark.skipif(runtime._cuda_present(), reason="this machine has CUDA")
def test_cuda_is_never_replaced_by_the_cpu_in_silence():
    with pytest.raises(DeviceUnavailable, match="CUDA was asked for"):
        open_session(PATH, digest=DIGEST, device="cuda")


@pytest.mark.skipif(runtime._cuda_present(), reason="this machine has CUDA")
def test_auto_runs_on_the_cpu_where_there_is_no_cuda():
    session = open_session(PATH, digest=DIGEST, device="auto")
    assert session.get_providers() == ["CPUExecutionProvider"]


def test_importing_it_loads_neither_the_runtime_nor_torch_nor_django():
    code = (
        "import oscar_gan.inference.analyser, sys;"
        "print([m for m in ('onnxruntime', 'torch', 'django', 'cv2') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
