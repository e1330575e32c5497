"""ONNX Runtime sessions: opened lazily in each process, on the device asked for, from known files.

A session inherited over a fork hangs or loses its threads, so sessions are kept per process id.
A process keeps the sessions it used last, so that weights change without a restart, and back again
without a wait, while months of new weights do not fill its memory.
"""

import os
import threading
from collections import OrderedDict
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from oscar_gan.errors import OscarGanError, WeightsMismatch

if TYPE_CHECKING:
    import onnxruntime as ort

DEVICES = ("auto", "cpu", "cuda")
CUDA, CPU = "CUDAExecutionProvider", "CPUExecutionProvider"

MAX_SESSIONS = 12
"""Most sessions a process keeps: the networks of some six versions, 10 to 30 MB each."""

_sessions: OrderedDict[tuple, "ort.InferenceSession"] = OrderedDict()
"""The one used last stands last."""
_lock = threading.Lock()


class DeviceUnavailable(OscarGanError):
    """The device asked for is unknown or does not work here."""

    code = "device-unavailable"


def open_session(
    path: Path, *, digest: str, device: str = "cpu", threads: int = 1
) -> "ort.InferenceSession":
    """Return this process's session for a weights file with the SHA-256 `digest` (hex).

    `auto` takes CUDA where it works; `cuda` raises `DeviceUnavailable` where it does not, never
    a silent CPU run. Raises `WeightsMismatch` for a missing or changed file. Sessions may be
    shared between threads.
    """
    if device not in DEVICES:
        raise DeviceUnavailable(f"Unknown device {device!r}; choose from: {', '.join(DEVICES)}.")
    key = (os.getpid(), path, digest, device, threads)
    with _lock:
        if key not in _sessions:
            _sessions[key] = _open(read_weights(path, digest), device, threads)
            while len(_sessions) > MAX_SESSIONS:
                _sessions.popitem(last=False)  # who runs it just now still holds it
        _sessions.move_to_end(key)
        return _sessions[key]


def read_weights(path: Path, digest: str) -> bytes:
    """The bytes of a weights file with the SHA-256 `digest` (hex), else `WeightsMismatch`."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise WeightsMismatch(
            f"Weights {path} cannot be read: {error}. Reinstall them."
        ) from error
    if (found := sha256(data).hexdigest()) != digest:
        raise WeightsMismatch(
            f"Weights {path.name} have SHA-256 {found[:12]}…, registered is {digest[:12]}…;"
            " the file was changed or cut short. Reinstall it, or register the new version."
        )
    return data


def _open(weights: bytes, device: str, threads: int) -> "ort.InferenceSession":
    import onnxruntime as ort  # heavy: web processes import this module, but never get here

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Spinning threads cost three times the CPU time for the same work on a shared machine.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # An arena keeps 50 MB for the next run; giving it back after each takes half as long again
    # as the run itself. The system's allocator does neither.
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    if device == "cpu" or (device == "auto" and not _cuda_present()):
        return ort.InferenceSession(weights, options, providers=[CPU])
    if hasattr(ort, "preload_dlls"):
        ort.preload_dlls()  # finds the CUDA libraries that pip installed
    # HEURISTIC: the default searches again for every new shape.
    cuda = (CUDA, {"cudnn_conv_algo_search": "HEURISTIC"})
    session = ort.InferenceSession(weights, options, providers=[cuda, CPU])
    used = session.get_providers()[0]
    if used != CUDA and device == "cuda":
        # ONNX Runtime itself only prints a line and runs on the CPU.
        raise DeviceUnavailable(
            f"CUDA was asked for, but ONNX Runtime {ort.__version__} runs on {used} here."
            " Install onnxruntime-gpu[cuda,cudnn] and a driver, or set the device to 'auto'."
        )
    return session


@cache
def _cuda_present() -> bool:
    """Ask for real devices: `get_available_providers` names CUDA even where there is none."""
    import onnxruntime as ort

    return any(device.ep_name == CUDA for device in ort.get_ep_devices())


def providers_in_use() -> set[str]:
    """Where the sessions of this process really run, e.g. {"CPUExecutionProvider"}."""
    with _lock:
        mine = [session for key, session in _sessions.items() if key[0] == os.getpid()]
    return {session.get_providers()[0] for session in mine}
