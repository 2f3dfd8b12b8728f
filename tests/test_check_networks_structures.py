"""Networks whose parts are put together in another way: each way has its sentence."""

import pytest

from cnnlab import check, spec
from cnnlab.check.networks.network_misconceptions import network_rows
from cnnlab.check.networks.structures import structure_rows

PATHS = spec.Concat(
    one=spec.Chain(spec.Conv(6, 1), spec.BatchNorm()),
    three=spec.Chain(spec.Conv(8, 3, padding=1), spec.BatchNorm()),
)
END = spec.Conv(10, 1), spec.GlobalAvgPool(), spec.Flatten()
FIRE = spec.Chain(spec.Conv(4, 1), spec.ReLU(), PATHS, spec.ReLU(), *END)
EVEN = spec.Concat(spec.Conv(6, 1), spec.Conv(6, 3, padding=1))
ADDABLE = spec.Chain(spec.Conv(4, 1), spec.ReLU(), EVEN, spec.ReLU(), *END)
RELUS = [row for row in network_rows() if row.name.startswith("activation")]


def judged(answer, task):
    return check.network(answer, (5, 7, 7), like=task, learns=0)


@pytest.mark.parametrize("row", structure_rows(), ids=lambda row: row.name)
def test_another_structure_is_named(row):
    task = ADDABLE if row.name == "paths added" else FIRE
    result = judged(row.model(task), task)
    assert result.status == "fail"
    assert row.sentence in result.message


@pytest.mark.parametrize("task", [FIRE, ADDABLE])
def test_a_network_as_it_should_be_passes(task):
    assert judged(task, task)


@pytest.mark.parametrize("row", RELUS, ids=lambda row: row.name)
def test_a_missing_activation_is_named(row):
    result = judged(row.model(FIRE), FIRE)
    assert result.status == "fail"
    assert row.sentence in result.message


def test_what_no_structure_explains_keeps_its_sentence():
    wide = spec.Chain(spec.Conv(5, 1), spec.ReLU(), PATHS, spec.ReLU(), *END)
    assert "does not fit" in judged(wide, FIRE).message


def test_a_network_without_parameters_is_explained_by_none():
    task = spec.Chain(spec.Concat(spec.Conv(3, 1), spec.Conv(4, 1)), *END)
    plain = spec.Chain(spec.GlobalAvgPool(), spec.Flatten())
    result = check.network(plain, (10, 7, 7), like=task, learns=0)
    assert "paths" not in result.message.casefold()
