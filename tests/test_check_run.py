"""Students' functions are called through one seam, which might as well lie in another process."""

import multiprocessing
import pickle
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from cnnlab import check, pytorch, scratch, spec
from cnnlab.check import exercises
from cnnlab.check.core.binding import Arguments
from cnnlab.check.run import seam
from cnnlab.check.run.seam import Earlier, Here, Outcome
from cnnlab.course.grading.border import answers as answers_to
from cnnlab.course.grading.border import distant
from cnnlab.course.grading.border.decode import decode
from cnnlab.course.grading.border.encode import encode
from tests.student_functions import answers

NAMES = exercises.names()


class Coded(Here):
    """A seam over which everything goes as bytes, both ways, as it does where labs are graded."""

    def call(
        self, name: str, given: Arguments, tensors: bool = False, ours: bool = False
    ) -> Outcome:
        outcome = super().call(name, pickle.loads(pickle.dumps(given)), tensors, ours)
        return distant.outcome(decode(encode(answers_to.told(outcome))))


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_is_judged_alike_if_all_goes_as_bytes(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = [(label, answer()) for label, answer in answers(name)]
    monkeypatch.setattr(seam, "enter", Coded)
    there = [(label, answer()) for label, answer in answers(name)]
    assert here == there
    assert {result.status for _, result in here} == {"pass", "fail", "todo"}


class There:
    """A function that is looked up where it arrives; here it is only its name."""

    def __init__(self, name: str, part: str) -> None:
        self.address = name, part

    def __call__(self) -> None:
        raise AssertionError("it must be called in the other process")

    def __reduce__(self) -> tuple[Any, ...]:
        return right_part, self.address


def right_part(name: str, part: str) -> Any:
    return OBJECTS[part] if name == "here" else getattr(exercises.find(name), part)


def serve(wire: Any) -> None:
    """Another process, which has the functions and is asked by name."""
    here = Here({})
    while (order := wire.recv()) is not None:
        what, *rest = order
        if what == "enter":
            here = Here(*rest)
        wire.send(None if what == "enter" else getattr(here, what)(*rest))


class Elsewhere:
    """A seam to functions in another process."""

    def __init__(self, wire: Any) -> None:
        self.wire = wire

    def __call__(self, functions: Any) -> "Elsewhere":
        return self._ask("enter", functions) or self

    def tensors(self) -> Any:
        return self._ask("tensors")

    def unfit(self, name: str, given: Arguments) -> Any:
        return self._ask("unfit", name, given)

    def call(self, name: str, given: Arguments, tensors: bool = False, ours: bool = False) -> Any:
        return self._ask("call", name, given, tensors, ours)

    def _ask(self, *order: Any) -> Any:
        self.wire.send(order)
        return self.wire.recv()


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Elsewhere]:
    context = multiprocessing.get_context("spawn")
    wire, their_end = context.Pipe()
    process = context.Process(target=serve, args=(their_end,))
    process.start()
    yield Elsewhere(wire)
    wire.send(None)
    process.join()


def writes_into_x(x: Any) -> Any:
    y = np.maximum(x, 0)
    x *= 0.5
    return y


def shares_x(x: Any) -> Any:
    return np.maximum(x, 0, out=x.copy()) if x.min() < 0 else x


BUFFER = np.zeros(10_000)


def overwrites(x: Any) -> Any:
    return np.maximum(x, 0, out=BUFFER[: x.size].reshape(x.shape))


def negates(x: Any) -> Any:
    return np.maximum(-x, 0)


def stops(x: Any) -> Any:
    return x.no_such_thing


def adds_up(dy: Any, cache: Any) -> Any:
    cache[0][...] += 1
    return dy * (cache[0] > 1)


def remembers(x: Any) -> Any:
    return np.maximum(x, 0), [x * 1]


@pytest.mark.parametrize("name", NAMES)
def test_right_functions_pass_in_another_process(
    name: str, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    exercise = exercises.find(name)
    monkeypatch.setattr(seam, "enter", elsewhere)
    forward, backward = There(name, "reference"), There(name, "backward")
    assert check.function(forward, name, asks="all")
    if exercise.backward is not None:
        assert check.pair(forward, backward, name, asks="all")


@pytest.mark.parametrize("function", [writes_into_x, overwrites, negates, stops, max])
def test_wrong_functions_are_named_alike_in_another_process(
    function: Any, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = check.function(function, "relu", asks="all")
    monkeypatch.setattr(seam, "enter", elsewhere)
    assert check.function(function, "relu", asks="all") == here
    assert not here


def test_a_cache_stays_where_it_is_between_two_calls(
    elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = check.pair(remembers, adds_up, "relu")
    monkeypatch.setattr(seam, "enter", elsewhere)
    assert check.pair(remembers, adds_up, "relu") == here
    assert not here


def test_what_only_the_other_side_can_see_is_told_in_words() -> None:
    given = Arguments({"x": np.array([1.0, 2.0])})
    functions = {"f": writes_into_x, "g": shares_x, "h": overwrites}
    here = Coded(functions)
    assert here.call("f", given).written == ("x",)
    assert here.call("g", given).shares == ("x",)
    first = here.call("h", given)
    assert not first.overwritten
    assert here.call("h", Arguments({"x": np.array([3.0, 4.0])})).overwritten
    assert given.inputs["x"].tolist() == [1, 2]  # what was handed over is a copy
    assert first.returned.tolist() == [1, 2]
    kept = here.call("f", Arguments({"x": Earlier(first.number, 0)}))
    assert kept.returned == 3  # the very array, which the second call wrote into


class Layer:
    """A layer like a student's, with something changed."""

    def __init__(self, row: spec.Row, shape: spec.Shape, **changes: Any) -> None:
        self.own = scratch.build(row, shape, dtype=np.float64)
        self.params, self.grads = self.own.params, self.own.grads
        self.changes = changes

    def out_shape(self, in_shape: spec.Shape) -> Any:
        return self.changes.get("out_shape", self.own.out_shape)(in_shape)

    def forward(self, x: Any, *, training: bool = False) -> Any:
        self.own.load_state_dict(self.params)
        y = self.own.forward(x.copy(), training=training)
        return self.changes.get("forward", lambda y, x: y)(y, x)

    def backward(self, dy: Any) -> Any:
        dx = self.own.backward(dy.copy())
        self.grads = self.own.grads
        return self.changes.get("backward", lambda dx, dy: dx)(dx, dy)


def into_x(y: Any, x: Any) -> Any:
    x *= 2
    return y


CHANGES: dict[str, dict[str, Any]] = {
    "right": {},
    "writes into x": {"forward": into_x},
    "halves": {"backward": lambda dx, dy: dx / 2},
    "writes into dy": {"backward": into_x},
    "stops": {"backward": lambda dx, dy: dx.nothing},
    "nothing": {"forward": lambda y, x: None},
    "another shape": {"out_shape": lambda shape: (7,)},
    "shifted": {"forward": lambda y, x: y + 1},
}
ROW = spec.Linear(3)
NETWORK = spec.Chain(flat=spec.Flatten(), fc=spec.Linear(10))
OBJECTS: dict[str, Any] = {
    f"layer that {name}": Layer(ROW, (4,), **changes) for name, changes in CHANGES.items()
} | {
    "network": NETWORK,
    "built": scratch.build(NETWORK, (1, 4, 4)),
    "module": pytorch.build(NETWORK, (1, 4, 4)),
    "with an activation": spec.Chain(flat=spec.Flatten(), fc=spec.Linear(10), act=spec.ReLU()),
    "drops": spec.Chain(flat=spec.Flatten(), drop=spec.Dropout(0.5), fc=spec.Linear(10)),
    "too small": spec.Chain(flat=spec.Flatten(), fc=spec.Linear(9)),
    "no network": 3,
}
IMAGES, LABELS = np.random.default_rng(0).random((40, 1, 4, 4)), np.arange(40) % 10


def judged(answer: Any) -> list[check.Result]:
    """What the checks of objects say of one."""
    return [
        check.layer(answer, (4,), ROW),
        check.layer(answer, (4,), training=True),
        check.network(answer, (1, 4, 4), like=NETWORK, learns=3),
        check.training(answer, at_least=0.5, x=IMAGES, labels=LABELS),
    ]


@pytest.mark.parametrize("name", OBJECTS)
def test_an_object_is_judged_alike_in_another_process(
    name: str, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = judged(OBJECTS[name])
    monkeypatch.setattr(seam, "enter", Coded)
    assert judged(OBJECTS[name]) == here
    monkeypatch.setattr(seam, "enter", elsewhere)
    assert judged(There("here", name)) == here


def square(x: Any, power: int = 2) -> Any:
    return x**power, (x, power)


def slope(dy: Any, cache: Any) -> Any:
    x, power = cache
    return dy * power * x ** (power - 1)


def half(dy: Any, cache: Any) -> Any:
    return slope(dy, cache) / 2


def into_cache(dy: Any, cache: Any) -> Any:
    dx = slope(dy, cache)
    cache[0][...] = 0
    return dx


def into_dy(dy: Any, cache: Any) -> Any:
    dx = slope(dy, cache)
    dy *= 0
    return dx


@pytest.mark.parametrize("forward", [square, stops])
@pytest.mark.parametrize("backward", [slope, half, into_cache, into_dy, stops, remembers])
def test_gradients_are_judged_alike_in_another_process(
    forward: Any, backward: Any, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    x = np.array([1.0, -2.0, 3.0])
    here = check.gradient(forward, backward, x, power=3)
    assert bool(here) == (forward is square and backward is slope)
    for way in (Coded, elsewhere):
        monkeypatch.setattr(seam, "enter", way)
        assert check.gradient(forward, backward, x, power=3) == here


def test_a_line_of_the_library_is_not_called_the_students() -> None:
    said = check.gradient(lambda: 0, slope, np.ones(3))
    assert "takes 0 positional arguments but 1 was given" in said.message
    assert "cell or file" not in said.message
