import json

import numpy as np
import pytest
from PIL import Image

from benchmarks import mattes, quality, realism, realphotos, rendered, retouched
from benchmarks.blind_sheet import choose
from benchmarks.methods import methods
from benchmarks.report import Figure, Table, figure, write


@pytest.fixture(scope="module")
def every():
    return methods([])


def test_figures_show_mean_and_spread_and_skip_what_was_not_there():
    assert str(figure([1.0, 3.0, float("nan")])) == "2.00 ± 1.00"
    assert figure([float("nan")]) is None


def test_missing_data_is_named_and_not_left_out(every, tmp_path, monkeypatch):
    monkeypatch.setattr(mattes, "DEMO", tmp_path)
    found = [
        *rendered.tables("Scenes", None, every, 1),
        *rendered.tables("Scenes", tmp_path, every, 1),
        retouched.table(tmp_path, every),
        realphotos.table(tmp_path, every, 3),
        realism.table(None, every, 3),
    ]
    assert all("not measured" in table.markdown() for table in found)
    made = mattes.table(None, None, {"classic": mattes.grabcut})
    assert "| hand-made, real photos" in made.markdown()
    assert made.markdown().count("| not measured ") == 4 * 4


def test_every_method_is_measured_on_rendered_truth(every, truth_folder):
    some = [method for method in every if method.name in ("classic", "HSV replace", "Reinhard*")]
    drawn, hard = rendered.tables("Scenes", truth_folder, some, 1)
    names = {method.name for method in some}
    assert {name.split(", ")[0] for name, _ in drawn.rows} == names
    assert len(drawn.rows) == 2 * len(names)
    assert len(hard.rows) == 4 * len(names)
    by_name = {
        name: dict(zip(drawn.columns[1:], cells, strict=True)) for name, cells in drawn.rows
    }
    classic = by_name["classic, true matte"]
    assert classic["swatch ΔE00"].mean < 1.5
    assert classic["prints ΔE00"].mean == 0


def test_tables_are_kept_as_text_and_as_numbers(tmp_path):
    table = Table("Colours", ("method", "ΔE00", "refused"))
    table.add("ours", Figure(0.5, 0.1, 7), "0 of 7")
    write([table], tmp_path, "quality", {"seconds": 3})
    assert "| ours   | 0.50 ± 0.10 | 0 of 7  |" in (tmp_path / "quality.md").read_text()
    (kept,) = json.loads((tmp_path / "quality.json").read_text())["tables"]
    assert kept["rows"][0]["ΔE00"] == {"mean": 0.5, "spread": 0.1, "count": 7, "digits": 2}


def test_the_spread_between_seeds_has_its_own_row():
    table = Table("Colours", ("method", "ΔE00", "passed"))
    table.add("recolour a, own matte", Figure(1.0, 0.5, 9), "50%")
    table.add("recolour b, own matte", Figure(2.0, 0.5, 9), "60%")
    quality._add_seeds(table, ["recolour a", "recolour b"])
    name, (error, passed) = table.rows[-1]
    assert name == "recolour, 2 seeds, own matte"
    assert error.mean == 1.5
    assert error.spread == pytest.approx(2**-0.5)
    assert passed == "50% / 60%"


def test_difficulties_of_mattes_are_read_by_name(tmp_path):
    (tmp_path / "index.csv").write_text("file,tags\nhat-1.png,dark printed\nhat-2.png,\n")
    assert mattes.read_tags(tmp_path / "index.csv") == {
        "hat-1.png": ("dark", "printed"),
        "hat-2.png": (),
    }
    assert mattes.read_tags(tmp_path / "none.csv") == {}


def test_cloth_is_cut_from_deep_inside_the_product():
    pixels = np.zeros((200, 300, 3), np.uint8)
    matte = np.zeros((200, 300), np.uint8)
    matte[50:150, 100:220] = 255
    pixels[matte > 0] = 90
    assert (realism.cloth(pixels, matte) == 90).all()
    assert realism.cloth(pixels, np.where(np.arange(300) < 30, matte, 0)) is None


@pytest.fixture
def retouched_folder(tmp_path):
    """Two products in two colours each; in the second another garment changes too."""
    lines = ["source,group,colour,image,mask,other_garment_changes"]
    mask = np.zeros((40, 40), np.uint8)
    mask[10:30, 10:30] = 255
    for group, other in (("tee", 0), ("suit", 1)):
        (tmp_path / group).mkdir()
        Image.fromarray(mask).save(tmp_path / group / "mask.png")
        for colour in ("red", "blue"):
            Image.new("RGB", (40, 40), colour).save(tmp_path / group / f"{colour}.png")
            path = f"{group}/{colour}.png"
            lines.append(f"shop,{group},{colour},{path},{group}/mask.png,{other}")
    (tmp_path / "index.csv").write_text("\n".join(lines))
    return tmp_path


def test_retouches_are_compared_both_ways_where_one_garment_changes(retouched_folder):
    found = list(retouched.pairs(retouched_folder))
    assert {(each.photo.stem, each.retouch.stem) for each in found} == {
        ("red", "blue"),
        ("blue", "red"),
    }


def test_a_flat_retouch_is_all_but_matched(retouched_folder, every):
    classic = [method for method in every if method.name == "classic"]
    made = retouched.table(retouched_folder, classic)
    ((name, cells),) = made.rows
    assert name == "classic, all (2)"
    assert cells[0].mean < 3  # flat red becomes flat blue
    assert cells[0].count == 2


def test_a_blind_sheet_shows_each_product_once(retouched_folder):
    found = list(retouched.pairs(retouched_folder))
    chosen = choose(found, 10, np.random.default_rng(0))
    assert len(chosen) == 1
    assert chosen[0] in found
