"""One process or many, one code path: under torchrun ranks share the batches, average gradients.

Without torchrun the world has one rank, whose share is everything and whose average is itself.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor
from torch import distributed as ranks


@contextmanager
def joined(device: torch.device) -> Iterator[None]:
    """Join the process group if torchrun started this process, and leave it at the end."""
    if "TORCHELASTIC_RUN_ID" not in os.environ:
        yield
        return
    if device.type == "cuda":
        torch.cuda.set_device(device)
    ranks.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield
        ranks.barrier()  # who leaves while another still writes may take the group down with it
    finally:
        ranks.destroy_process_group()


def take_one_core() -> None:
    """Compute on one thread: the same bits whatever the machine, whose other work goes on."""
    torch.set_num_threads(1)


def choose_device(name: str = "auto") -> torch.device:
    """The device called `name`; `auto` is this rank's GPU, or the CPU where there is none."""
    if name != "auto":
        return torch.device(name)
    if not torch.cuda.is_available():
        return torch.device("cpu")
    return torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0)))


def world() -> tuple[int, int]:
    """This process' rank and the number of ranks: (0, 1) without torchrun."""
    if not ranks.is_initialized():
        return 0, 1
    return ranks.get_rank(), ranks.get_world_size()


def share(step: int) -> int:
    """Number of this rank's batch of a step (from 1): ranks take turns, so none is seen twice."""
    rank, size = world()
    return (step - 1) * size + rank + 1


@torch.no_grad()
def average(values: Iterable[Tensor]) -> None:
    """Replace tensors by their mean over all ranks, in place, with one message."""
    _, size = world()
    values = list(values)
    if size == 1 or not values:
        return
    flat = torch.cat([value.flatten() for value in values])
    ranks.all_reduce(flat)
    parts = (flat / size).split([value.numel() for value in values])
    for value, mean in zip(values, parts, strict=True):
        value.copy_(mean.view_as(value))


def agreed(wish: bool) -> bool:
    """Whether any rank has a wish: all act on it at the same step, or they would wait for ever."""
    votes = torch.tensor([float(wish)], device="cuda" if _on_gpus() else "cpu")
    average([votes])
    return bool(votes > 0)


def _on_gpus() -> bool:
    return ranks.is_initialized() and ranks.get_backend() == "nccl"
