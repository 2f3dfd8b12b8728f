"""The list of networks: complete, counted, the same in print, in JupyterLab and on its page."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from cnnlab import zoo
from cnnlab.__main__ import main
from cnnlab.spec import Add, BatchNorm, Chain, Concat, Conv, Identity, Scale, Subsample, separable
from cnnlab.zoo.table import BEGIN, END

PAGE = Path(__file__).resolve().parents[1] / "docs" / "networks.md"


@pytest.fixture(scope="module")
def table():
    return zoo.table()


def test_every_network_is_listed_once_the_oldest_first(table):
    assert sorted(row.name for row in table) == zoo.names()
    assert len(table) == len(zoo.names())
    years = [row.year for row in table if row.year]
    assert years == sorted(years)


def test_rows_are_counted(table):
    assert table["datasci-207"].params == 1_625_866
    assert table["ds-4400"].macs == zoo.get("ds-4400").summary().macs
    assert table["ds-4400"].layers == 4
    with pytest.raises(KeyError, match=r"not 'lenet-99'\. Choose one"):
        table["lenet-99"]


def test_text_holds_every_cell_in_its_column(table):
    lines = str(table).splitlines()
    assert len({line.index("×") for line in lines if "1×28×28" in line}) == 1
    for row in table:
        assert any(all(cell in line for cell in row.cells()) for line in lines)


def test_html_is_a_table_with_headers_for_rows_and_columns(table):
    html = ET.fromstring(table._repr_html_())
    assert html.findtext("caption")
    scopes = [cell.get("scope") for cell in html.iter("th")]
    assert scopes.count("row") == len(table)
    assert scopes.count("col") == 7
    cells = ["".join(cell.itertext()) for cell in html.find("tbody").iter() if cell.tag != "tr"][1:]
    assert cells == [cell for row in table for cell in row.cells()]


def test_readme_has_the_list_of_the_registry(table):
    text = PAGE.read_text(encoding="utf-8")
    stands = text.partition(BEGIN)[2].partition(END)[0].strip()
    assert stands == table.markdown(), "run: python -m cnnlab zoo --write docs/networks.md"


def test_the_command_prints_the_list_and_writes_it_between_the_markers(capsys, tmp_path, table):
    path = tmp_path / "page.md"
    path.write_text(f"above\n{BEGIN}\nold\n{END}\nbelow {END}\n", encoding="utf-8")
    assert main(["zoo", "--write", str(path)]) == 0
    assert capsys.readouterr().out.strip() == str(table)
    expected = f"above\n{BEGIN}\n{table.markdown()}\n{END}\nbelow {END}\n"
    assert path.read_text(encoding="utf-8") == expected


def test_a_file_without_markers_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "page.md"
    path.write_text("no markers", encoding="utf-8")
    with pytest.raises(SystemExit, match="must hold <!-- zoo --> and, below it, <!-- end -->"):
        main(["zoo", "--write", str(path)])
    assert path.read_text(encoding="utf-8") == "no markers"
    with pytest.raises(SystemExit, match=r"nowhere\.md must hold"):
        main(["zoo", "--write", str(tmp_path / "nowhere.md")])


CONV = Conv(4, 3, padding=1)


@pytest.mark.parametrize(
    ("row", "depth"),
    [
        (Chain(CONV, BatchNorm(), CONV), 2),
        (Add(Chain(CONV, CONV), CONV, Identity()), 2),
        (Concat(CONV, Chain(CONV, CONV, CONV)), 3),
        (Chain(CONV, Scale(Conv(2, 1), Conv(4, 1)), CONV), 4),
        (separable(4, 3), 2),
        (Subsample(2), 0),
        (Chain(), 0),
    ],
)
def test_depth_is_that_of_the_longest_path(row, depth):
    assert zoo.weight_layers(row, (4, 8, 8)) == depth
