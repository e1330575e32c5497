"""Arrays on disk that grow by a row at a time, so that a corpus may be larger than memory."""

from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray


class Rows:
    """A `.npy` file of uint8 rows of one shape; complete once the context is left."""

    def __init__(self, path: Path, shape: tuple[int, ...]) -> None:
        self._path = path
        self._shape = shape
        self._count = 0

    def __enter__(self) -> "Rows":
        self._file = self._path.open("wb")
        self._write_header()
        return self

    def append(self, row: NDArray[np.uint8]) -> None:
        """Write one row."""
        if row.shape != self._shape or row.dtype != np.uint8:
            raise ValueError(f"row is {row.dtype} {row.shape}, must be uint8 {self._shape}")
        self._file.write(np.ascontiguousarray(row).tobytes())
        self._count += 1

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._write_header()
        self._file.close()

    def _write_header(self) -> None:
        # NumPy leaves room in it for the first axis to grow, for this very purpose.
        self._file.seek(0)
        shape = (self._count, *self._shape)
        npy.write_array_header_1_0(
            self._file, {"descr": "|u1", "fortran_order": False, "shape": shape}
        )
