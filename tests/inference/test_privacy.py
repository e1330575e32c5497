"""Nothing about a shop goes to anyone else."""

import os
import subprocess
import sys

ANALYSE = """
import numpy as np
from oscar_gan.inference.analyser import open_analyser
open_analyser(device="cpu")(np.full((256, 256, 3), 0.5, np.float32))
"""


def test_onnx_runtime_keeps_no_device_id_and_queues_no_report(tmp_path):
    environment = {key: value for key, value in os.environ.items() if key[:4] != "ORT_"}
    environment |= {"HOME": str(tmp_path), "TMPDIR": str(tmp_path), "XDG_CACHE_HOME": ""}
    subprocess.run([sys.executable, "-c", ANALYSE], env=environment, check=True)
    assert list(tmp_path.rglob("*")) == []
