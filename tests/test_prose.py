"""No number of the prose stands alone: a cell of its section computes or compares it."""

import json

import pytest

from cnnlab.__main__ import main
from cnnlab.notebooks import executed_paths
from cnnlab.prose import claims


def notebook(prose, code="", output=""):
    return {
        "cells": [
            {"cell_type": "markdown", "source": prose},
            {
                "cell_type": "code",
                "execution_count": 7,
                "source": code,
                "outputs": [{"output_type": "stream", "text": output}],
            },
        ]
    }


PLANTED = {"13_appendix_poster": ["99.7 %"]}  # a fault for readers to find


@pytest.mark.parametrize("path", executed_paths(), ids=lambda path: path.stem)
def test_every_number_has_its_cell(path):
    found = claims(json.loads(path.read_text(encoding="utf-8")))
    assert [claim.number for claim in found if not claim.witness] == PLANTED.get(path.stem, [])


@pytest.mark.parametrize(
    ("prose", "code", "output"),
    [
        ("In all 1,625,866 parameters.", "", "1625866"),
        ("In all $1{,}625{,}866$ parameters.", "total == 1_625_866", ""),
        ("It reads 98.66 % of them.", "accuracy > 0.9866", ""),
        ("It reads 98.66 % of them.", "", "98.66 %"),
        ("Maps of $26 \\times 26$.", "", "(1, 10, 26, 26)"),
        ("A window of 3×3.", "kernel_size=3", ""),
    ],
)
def test_a_number_is_recognised_however_it_is_written(prose, code, output):
    found = claims(notebook(prose, code, output))
    assert found
    assert {claim.witness for claim in found} == {"code [7]" if code else "output [7]"}


@pytest.mark.parametrize(
    ("prose", "number"),
    [
        ("In all 1,625,867 parameters.", "1,625,867"),
        ("It reads 98.67 % of them.", "98.67 %"),
        ("Of 320 weights", "320"),
        ("It takes 5.5 s.", "5.5"),
        ("Give or take 0.02.", "0.02"),
    ],
)
def test_a_number_without_a_cell_is_left_over(prose, number):
    found = claims(notebook(prose, "x = 0.9866; y = 5", "1625866 32 20"))
    assert [(claim.number, claim.witness) for claim in found] == [(number, "")]


@pytest.mark.parametrize("elsewhere", ["12", "12 + 0"])
def test_a_cell_of_another_section_proves_nothing(elsewhere):
    here, there = notebook("## One\n\nIt is 12."), notebook("## Two", elsewhere, elsewhere)
    found = claims({"cells": here["cells"] + there["cells"]})
    assert [(claim.number, claim.witness) for claim in found] == [("12", "")]


def test_the_recap_rests_on_every_section():
    there, recap = notebook("## One", "", "12"), notebook("## Recap\n\nIt was 12, not 13.")
    found = claims({"cells": there["cells"] + recap["cells"]})
    assert [(claim.number, claim.witness) for claim in found] == [("12", "output [7]"), ("13", "")]


def test_a_comment_proves_nothing():
    found = claims(notebook("It is 12.", "x = 1  # not 12"))
    assert [claim.witness for claim in found] == [""]


@pytest.mark.parametrize(
    "prose",
    ["Since 1998.", "### 2. A heading", "3. An item", "See chapter 04.", "Step 3", "steps 3, 5 and 12", "The DS 4400 network.",
     "[here](https://example.org/123)", "## Sources\n\nVol. 86, 2278 pages", "`conv1`", "Type `python -m cnnlab solution 05_lab_x 7`."],
)  # fmt: skip
def test_what_is_no_claim_is_left_out(prose):
    assert claims(notebook(prose)) == []


def test_the_command_lists_numbers_and_fails_for_one_without_a_cell(tmp_path, capsys):
    path = tmp_path / "one.ipynb"
    path.write_text(json.dumps(notebook("## Sums\n\nFirst 12, then 13.", "", "12")))
    assert main(["numbers", str(path)]) == 1
    printed = capsys.readouterr().out
    assert "12  output [7]   Sums" in printed
    assert "13  NO CELL      Sums" in printed
