"""Networks in bf16 on CUDA, everything around them in float32.

Only the networks gain from bf16; colours and losses need more than its eight bits. Plain float32
on the CPU, where bf16 is emulated by most cores. No loss scaling: bf16 has float32's range.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn


def lower_precision(network: nn.Module, dtype: torch.dtype = torch.bfloat16) -> None:
    """Let a network compute in `dtype` from now on; weights, inputs, outputs stay float32."""
    forward = network.forward
    device = next(network.parameters()).device.type

    def lowered(*inputs: Tensor) -> Any:
        with torch.autocast(device, dtype):
            outputs = forward(*inputs)
        return _each(outputs, Tensor.float)

    network.forward = lowered


def moved(batch: Any, device: torch.device) -> Any:
    """A batch (NamedTuples of tensors) on another device."""
    return _each(batch, lambda part: part.to(device, non_blocking=True))


def _each(values: Any, change: Callable[[Tensor], Tensor]) -> Any:
    if isinstance(values, Tensor):
        return change(values)
    return type(values)(*(_each(part, change) for part in values))
