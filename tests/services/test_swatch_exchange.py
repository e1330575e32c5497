"""Adobe Swatch Exchange: read as a table of colourways."""

from __future__ import annotations

import struct

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from oscar_gan.errors import UnusableTable
from oscar_gan.models import Colourway
from oscar_gan.services.colourways.tables import read_table


def name_of(text: str) -> bytes:
    coded = (text + "\0").encode("utf-16-be")
    return struct.pack(">H", len(coded) // 2) + coded


def block(kind: int, content: bytes = b"") -> bytes:
    return struct.pack(">HI", kind, len(content)) + content


def colour(name: str, model: bytes, *values: float) -> bytes:
    numbers = struct.pack(f">{len(values)}f", *values)
    return block(1, name_of(name) + model + numbers + struct.pack(">H", 2))


def file_of(*blocks: bytes) -> bytes:
    return b"ASEF" + struct.pack(">HHI", 1, 0, len(blocks)) + b"".join(blocks)


SEASON = file_of(
    block(0xC001, name_of("Herbst | 26")),
    colour("Nachtblau", b"RGB ", 31 / 255, 42 / 255, 68 / 255),
    colour("Ziegel, hell", b"LAB ", 0.4512, 38.5, -4.25),
    block(0xC002),
    colour("Grau", b"Gray", 0.5),
)


def test_names_colours_and_groups():
    table = read_table(SEASON)
    assert table.problems == []
    assert [(row.name, row.palettes) for row in table.rows] == [
        ("Nachtblau", ("Herbst / 26",)), ("Ziegel, hell", ("Herbst / 26",)), ("Grau", ()),
    ]  # fmt: skip
    assert table.rows[0].colour == "#1F2A44"
    assert table.rows[1].lab == pytest.approx((45.12, 38.5, -4.25))
    assert table.rows[2].colour in ("#7F7F7F", "#808080")


def test_cmyk_is_no_certain_colour():
    table = read_table(
        file_of(colour("Teal", b"CMYK", 1, 0, 0.3, 0.2), colour("A", b"RGB ", 0, 0, 0))
    )
    assert [row.name for row in table.rows] == ["A"]
    assert table.problems[0].line == 2
    assert "CMYK (save it as RGB or Lab)" in table.problems[0].text


@pytest.mark.parametrize("values", [(float("nan"), 0, 0), (float("inf"), 0, 0)])
def test_numbers_that_are_none_are_named(values):
    assert [
        problem.line for problem in read_table(file_of(colour("A", b"LAB ", *values))).problems
    ] == [2]


def test_levels_beyond_white_and_black_are_cut_off():
    table = read_table(file_of(colour("A", b"RGB ", 1.2, -0.1, 1)))
    assert table.rows[0].colour == "#FF00FF"


def test_a_file_that_ends_early_is_refused_wherever_it_ends():
    for length in range(4, len(SEASON)):
        with pytest.raises(UnusableTable, match="damaged or ends early"):
            read_table(SEASON[:length])


def test_unknown_blocks_are_passed_over():
    table = read_table(file_of(block(0x0BAD, b"whatever"), colour("A", b"RGB ", 0, 0, 0)))
    assert [row.name for row in table.rows] == ["A"]


@pytest.mark.django_db
def test_it_is_looked_at_and_imported_in_the_dashboard(client, staff):
    client.force_login(staff)
    address = reverse("oscar_gan:gan-colourway-import")
    page = client.post(address, {"table": SimpleUploadedFile("season.ase", SEASON)})
    assert page.status_code == 200
    assert "Nachtblau" in page.content.decode()
    done = client.post(address, {"text": page.context["text"], "import": "1"})
    assert done.status_code == 302
    found = Colourway.objects.get(name="Ziegel, hell")
    assert [palette.name for palette in found.palettes.all()] == ["Herbst / 26"]
