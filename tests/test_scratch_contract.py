"""Every layer of the table keeps every point of the contract, and no mutant does."""

import numpy as np
import pytest

from cnnlab import spec
from tests import mutants
from tests.contract import CONTRACT, make, upstream
from tests.layer_cases import CASES, Case
from tests.mutants import Mutant


@pytest.mark.parametrize("point", CONTRACT, ids=lambda point: point.__name__)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_layer(case: Case, point) -> None:
    point(case, {})


def test_every_row_has_a_case() -> None:
    rows = {
        kind
        for kind in vars(spec).values()
        if isinstance(kind, type) and issubclass(kind, spec.Row)
        if not issubclass(kind, spec.Combinator) and kind is not spec.Row
    }
    assert rows == {type(case.row) for case in CASES}


ROWS = {
    "avg_pool2d": spec.AvgPool,
    "batch_norm": spec.BatchNorm,
    "conv2d": spec.Conv,
    "linear": spec.Linear,
    "max_pool2d": spec.MaxPool,
    "relu": spec.ReLU,
    "sigmoid": spec.Sigmoid,
    "softmax": spec.Softmax,
    "tanh": spec.Tanh,
}


def cases_of(function: str) -> list[Case]:
    axes = (3,) if function.endswith("2d") else (1, 2, 3, 4)
    kind = ROWS[function]
    return [case for case in CASES if type(case.row) is kind and len(case.in_shape) in axes]


def killed(mutant: Mutant, cases: list[Case]) -> bool:
    functions = {"forward": mutant.forward, "backward": mutant.backward}
    for point in CONTRACT:
        for case in cases:
            try:
                point(case, functions)
            except Exception:
                return True
    return False


def runs(mutant: Mutant, case: Case) -> bool:
    layer = make(case, functions={"forward": mutant.forward, "backward": mutant.backward})
    y = layer.forward(case.input(), training=case.training)
    try:
        dx = layer.backward(upstream(y))
    except ValueError:
        return False
    return dx.shape == case.input().shape and bool(np.isfinite(y).all())


@pytest.mark.parametrize("function", ROWS)
def test_no_mutant_keeps_the_contract(function: str) -> None:
    cases = cases_of(function)
    survivors = [m.name for m in mutants.of(function) if not killed(m, cases)]
    assert not survivors


@pytest.mark.parametrize("function", ROWS)
def test_mutants_are_plausible(function: str) -> None:
    zoo = mutants.of(function)
    assert len(zoo) >= 12
    assert len({m.name for m in zoo}) == len(zoo)
    assert not [m.name for m in zoo if not any(runs(m, case) for case in cases_of(function))]


def test_the_right_functions_are_not_killed() -> None:
    for function in ROWS:
        layer = make(cases_of(function)[0])
        right = Mutant("none", layer._forward, layer._backward)
        assert not killed(right, cases_of(function)[:2])


def test_every_function_with_a_backward_pass_has_mutants() -> None:
    assert set(mutants.NAMES) - {*ROWS} == {"cross_entropy", "dropout", "mlp", "mse_loss"}
    assert {*ROWS} <= set(mutants.NAMES)
