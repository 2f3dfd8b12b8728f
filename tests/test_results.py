"""Measured numbers: what is shown, what is refused, what is masked, where bounds come from."""

import contextlib
import io
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from nbformat import v4 as new

from cnnlab.course import bounds, refresh
from cnnlab.results import masked, measured, measurements

finite = st.floats(-1e6, 1e6, allow_nan=False)


@given(finite, st.sampled_from([".3g", ".2f", ",.0f", ".1%", ".2e"]), st.sampled_from(["", "s"]))
def test_what_is_written_is_read_again(value: float, form: str, unit: str) -> None:
    with contextlib.redirect_stdout(out := io.StringIO()):
        measured("it", value, between=(-1e6, 1e6), form=form, unit=unit)
    (one,) = measurements(out.getvalue())
    scale = 100 if form.endswith("%") else 1
    rounded = float(format(value, form).rstrip("%").replace(",", ""))
    assert (one.what, one.low, one.high) == ("it", -1e6 * scale, 1e6 * scale)
    assert one.value == rounded
    assert not re.search(r"\d", masked(out.getvalue()).split("(")[0])


@pytest.mark.parametrize("value", [np.float32(0.5), np.array(0.5), torch.tensor(0.5), 0.5])
def test_every_kind_of_number_is_measured(value: object, capsys: pytest.CaptureFixture) -> None:
    measured("share", value, between=(0, 1), form=".0%")
    assert capsys.readouterr().out == "share: ≈ 50 % (measured, between 0 % and 100 %)\n"


@pytest.mark.parametrize("value", [0.7, 1.1, float("nan"), float("inf")])
def test_a_value_outside_its_bounds_stops_the_cell(value: float) -> None:
    with pytest.raises(ValueError, match="share must lie between 80 % and 100 %, but this run"):
        measured("share", value, between=(0.8, 1), form=".1%")


@pytest.mark.parametrize("between", [(1, 0), (0, 0), (0, float("inf")), (float("nan"), 1)])
def test_bounds_are_two_numbers_in_order(between: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="between must be two finite numbers in order"):
        measured("share", 0.5, between=between)


@pytest.mark.parametrize(
    "text",
    ["share: ≈ 98.7 %", "98.7 (measured, between 1 and 2)", "share ≈ 98.7 (measured)"],
)
def test_other_numbers_are_not_masked(text: str) -> None:
    assert masked(text) == text
    assert measurements(text) == []


def test_a_long_line_is_searched_once() -> None:
    assert measurements("x" * 2_000_000) == []  # a picture; searched anew at each place, hours
    assert masked("x" * 2_000_000 + "\na: ≈ 3 (measured, between 1 and 4)").endswith(
        "≈ # (measured, between 1 and 4)"
    )


CODE = """import numpy as np
from cnnlab.results import measured
rng = np.random.default_rng(3)
measured("mean of ten", rng.normal(size=10).mean(), between=(-0.9, 0.9), form=".4f")"""


def test_each_seed_is_measured_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "97_lecture_trial.ipynb"
    nbformat.write(new.new_notebook(cells=[new.new_code_cell(CODE, id="mean")]), path)
    (line,) = bounds.seek(path, runs=2)
    assert line.startswith("mean: mean of ten: ")
    cell = nbformat.read(path, 4).cells[0]
    expected = [np.random.default_rng(seed).normal(size=10).mean() for seed in (3, 103)]
    assert cell.metadata.cnnlab.measured == {"mean of ten": np.round(expected, 4).tolist()}
    assert cell.source == CODE

    assert refresh.refresh([path])[0].status == "changed"
    stored = path.read_text(encoding="utf-8")
    other = re.sub(r"(?<=≈ )−?[\d.]+", lambda m: m[0][:-1] + str((int(m[0][-1]) + 1) % 10), stored)
    assert other != stored
    path.write_text(other, encoding="utf-8")
    assert refresh.refresh([path])[0].status == "same"
    assert path.read_text(encoding="utf-8") == other
    path.write_text(other.replace("and 0.9)", "and 0.8)"), encoding="utf-8")
    assert refresh.refresh([path])[0].status == "changed"


def test_a_run_that_measures_less_is_no_run(tmp_path: Path) -> None:
    path = tmp_path / "97_lecture_trial.ipynb"
    fails = CODE.replace("measured(", "assert rng.bit_generator.seed_seq.entropy == 3\nmeasured(")
    nbformat.write(new.new_notebook(cells=[new.new_code_cell(fails, id="mean")]), path)
    with pytest.raises(ValueError, match="'mean of ten', but 1 of 2 did"):
        list(bounds.seek(path, runs=2))


def test_a_cell_that_fails_with_its_own_seeds_is_named(tmp_path: Path) -> None:
    path = tmp_path / "97_lecture_trial.ipynb"
    cells = [new.new_code_cell("measured = 3", id="shadow"), new.new_code_cell(CODE, id="mean")]
    cells.append(new.new_code_cell("measured = 3\nmeasured('mean', 1)", id="late"))
    nbformat.write(new.new_notebook(cells=cells), path)
    before = path.read_bytes()
    with pytest.raises(ValueError, match="late ends in TypeError: 'int' object is not callable"):
        list(bounds.seek(path, runs=2))
    assert path.read_bytes() == before
