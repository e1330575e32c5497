"""CSV for spreadsheets: streamed line by line, and nothing in it is run as a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse

from ..services.colourways.exporting import safe_cell


def csv_response(rows: Iterable[Iterable], name: str) -> StreamingHttpResponse:
    """A file to save under `name`; `rows` are read while they are sent."""
    response = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class _Echo:
    """A file that hands each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def _lines(rows: Iterable[Iterable]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"  # spreadsheets take it for UTF-8 only so
    for row in rows:
        yield writer.writerow([safe_cell(str(cell)) for cell in row])
