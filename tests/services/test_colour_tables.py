"""Tables of colourways: read with line numbers, looked at first, imported whole or not at all."""

from __future__ import annotations

import csv
import io

import pytest

from oscar_gan.errors import PermissionRefused, UnusableTable
from oscar_gan.imaging.colour import delta_e00, parse_hex, srgb_to_lab
from oscar_gan.models import AuditEvent, Colourway, Palette
from oscar_gan.services.colourways import exporting, importing, tables
from tests import factories


def rows(text, **kwargs):
    table = tables.read_table(text.encode(**kwargs))
    assert table.problems == []
    return table.rows


def problems(text):
    return [(problem.line, problem.text) for problem in tables.read_table(text.encode()).problems]


class TestReading:
    @pytest.mark.parametrize(
        ("header", "line"),
        [
            ("name,hex", "Navy,#24345c"),
            ("Colour name;Colour", "Navy;24345C"),
            ("name\tRGB", "Navy\t36 52 92"),
            ("name,red,green,blue", "Navy,36,52,92"),
            ("name,r,g,b", "Navy,36,52,92"),
            ("name,rgb", 'Navy,"rgb(36, 52, 92)"'),
        ],
    )
    def test_every_way_to_write_a_colour(self, header, line):
        (row,) = rows(f"{header}\r\n{line}\r\n")
        assert (row.line, row.name, row.colour, row.lab) == (2, "Navy", "#24345C", None)

    @pytest.mark.parametrize(
        ("header", "line"),
        [
            ("name,L,a,b", "Navy,22.3,7.1,-25.9"),
            ("name,lab", "Navy,22.3 7.1 -25.9"),
            ("Name;L*;a*;b*", "Navy;22,3;7,1;-25,9"),
            ("name;CIELAB", "Navy;22,3 / 7,1 / −25,9"),
        ],
    )
    def test_lab_is_kept_beside_the_nearest_hex(self, header, line):
        (row,) = rows(f"{header}\n{line}\n")
        assert row.lab == (22.3, 7.1, -25.9)
        assert delta_e00(srgb_to_lab(parse_hex(row.colour)), row.lab) < 0.5
        assert row.note == ""

    def test_lab_outside_srgb_says_how_far(self):
        (row,) = rows("name,L,a,b\nSignal,45,85,70\n")
        assert row.note.startswith("Outside sRGB")

    def test_tolerance_option_and_palettes(self):
        (row,) = rows(
            "name,hex,tolerance,option,palette\nNavy,#24345C,1.5,Navy,Sea| Spring |Sea\n"
        )
        assert (row.tolerance, row.option, row.palettes) == (1.5, "Navy", ("Sea", "Spring"))

    def test_a_spreadsheets_own_encodings(self):
        for encoding in ("utf-8-sig", "utf-16"):
            (row,) = rows("name;hex\nGrün;#24345C\n", encoding=encoding)
            assert row.name == "Grün"

    def test_each_bad_line_is_named_and_the_others_are_read(self):
        text = (
            "name,hex,tolerance\n"
            "Navy,#24345C,2\n"
            ",#24345C,2\n"
            "Red,reddish,2\n"
            "\n"
            "Mustard,#D29B2A,40\n"
            "navy,#000080,2\n"
            "Sea,,2\n"
        )
        found = dict(problems(text))
        assert list(found) == [3, 4, 6, 7, 8]
        assert "name is missing" in found[3]
        assert "'reddish' is not a colour" in found[4]
        assert "between 0.1 and 10" in found[6]
        assert "on line 2 already" in found[7]
        assert "colour is missing" in found[8]

    @pytest.mark.parametrize(
        ("header", "cell", "complaint"),
        [
            ("lab", "122 0 0", "no Lab colour"),
            ("lab", "22 7", "not 3 numbers"),
            ("rgb", "300 0 0", "no sRGB colour"),
            ("rgb", "1 2 =3", "not 3 numbers"),
        ],
    )
    def test_numbers_that_are_none(self, header, cell, complaint):
        ((line, text),) = problems(f"name,{header}\nNavy,{cell}\n")
        assert line == 2
        assert complaint in text

    @pytest.mark.parametrize(
        ("data", "complaint"),
        [
            (b"", "must name the columns"),
            (b"hex\n#123456\n", "must name the columns"),
            (b"name,colour,hex\nA,#123456,#123456\n", "two columns"),
            (b"name,hex\nGr\xfcn,#123456\n", "not UTF-8"),
            (b'name,hex\n"Navy,#123456\n', "not CSV"),
            (b"\x89PNG\r\n\x1a\n\x00\x00", "UTF-8"),
            (b"name,hex\n" + b"x" * 600_000, "limit is 512 kB"),
        ],
    )
    def test_what_is_no_table(self, data, complaint):
        with pytest.raises(UnusableTable, match=complaint):
            tables.read_table(data)

    def test_too_many_lines(self, settings):
        settings.OSCAR_GAN = {"MAX_COLOURWAY_ROWS": 3}
        text = "name,hex\n" + "".join(f"Grey {n},#{n:02}{n:02}{n:02}\n" for n in range(10, 14))
        with pytest.raises(UnusableTable, match="more than 3 lines"):
            tables.read_table(text.encode())


@pytest.mark.django_db
class TestImporting:
    TEXT = "name,hex,tolerance,palette\nNavy,#101830,1.5,Sea\nKelp,#203020,,Sea|Land\n"

    def table(self, text=TEXT):
        return tables.read_table(text.encode())

    def test_looking_writes_nothing(self, staff, colourways):
        found = importing.preview(table=self.table(), partner=None, by=staff)
        assert [(it.kind, it.before) for it in found.changes] == [
            ("changed", "#24345C"),
            ("new", ""),
        ]
        assert found.palettes == ["Sea", "Land"]
        assert not Palette.objects.exists()
        assert Colourway.objects.get(name="Navy").colour == "#24345C"

    def test_all_of_it(self, staff, colourways):
        importing.import_table(table=self.table(), partner=None, by=staff)
        navy = Colourway.objects.get(name="Navy")
        assert (navy.colour, navy.tolerance) == ("#101830", 1.5)
        assert Colourway.objects.count() == len(colourways) + 1
        sea = Palette.objects.get(name="Sea")
        assert set(sea.colourways.values_list("name", flat=True)) == {"Navy", "Kelp"}
        event = AuditEvent.objects.get()
        assert (event.action, event.before) == ("imported", {"Navy": "#24345C"})
        again = importing.preview(table=self.table(), partner=None, by=staff)
        assert {change.kind for change in again.changes} == {"same"}

    def test_or_nothing(self, staff, colourways):
        text = "name,hex,option\nKelp,#203020,\nMoss,#304020,No such option\n"
        with pytest.raises(UnusableTable, match="the first is line 3: No colour option is called"):
            importing.import_table(table=self.table(text), partner=None, by=staff)
        assert not Colourway.objects.filter(name="Kelp").exists()

    def test_options_stand_for_one_colourway(self, staff, product, colourways):
        text = "name,hex,option\nInk,#101830,Navy\n"
        importing.import_table(table=self.table(text), partner=None, by=staff)
        assert Colourway.objects.get(name="Ink").option.option == "Navy"
        text = "name,hex,option\nMidnight,#101830,navy\n"
        (problem,) = importing.preview(table=self.table(text), partner=None, by=staff).problems
        assert (problem.line, "stands for “Ink”" in problem.text) == (2, True)

    def test_partner_staff_import_for_their_own_partner(self, partner, partner_user, colourways):
        importing.import_table(table=self.table(), partner=partner, by=partner_user)
        assert Colourway.objects.filter(name="Navy").count() == 2
        assert Colourway.objects.get(name="Navy", partner=None).colour == "#24345C"
        assert Palette.objects.filter(partner=partner).count() == 2
        for foreign in (None, factories.make_partner()):
            with pytest.raises(PermissionRefused):
                importing.import_table(table=self.table(), partner=foreign, by=partner_user)
        text = "name,hex,option\nInk,#101830,Navy\n"
        (problem,) = importing.preview(
            table=self.table(text), partner=partner, by=partner_user
        ).problems
        assert "Only the shop's" in problem.text


@pytest.mark.django_db
class TestExporting:
    def exported(self):
        file = io.StringIO()
        found = Colourway.objects.select_related("option").prefetch_related("palettes")
        csv.writer(file).writerows(exporting.write_table(found))
        return file.getvalue()

    def test_what_is_exported_is_imported_again_as_it_was(self, staff):
        navy = Colourway.objects.create(name="Navy", colour="#24345C", lab=[22.3, 7.1, -25.9])
        evil = Colourway.objects.create(name='=HYPERLINK("x")', colour="#123456", tolerance=1.5)
        Palette.objects.create(name="-Sea").colourways.add(navy, evil)
        text = self.exported()
        assert "\n'=HYPERLINK" in text.replace('"', "") or "'=HYPERLINK" in text
        assert ",-25.9," in text  # a negative number is no formula
        assert ",'-Sea" in text
        found = importing.preview(table=tables.read_table(text.encode()), partner=None, by=staff)
        assert found.problems == []
        assert {change.kind for change in found.changes} == {"same"}

    @pytest.mark.parametrize("text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1"])
    def test_nothing_is_run_by_a_spreadsheet(self, text):
        assert exporting.safe_cell(text) == f"'{text}"
