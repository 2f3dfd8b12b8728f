"""Checks run in a process of their own: what crosses is plain data, and lies earn nothing."""

import asyncio
import contextlib
import json
import os
import pickle
import socket
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from nbformat import NotebookNode
from nbformat import v4 as new

from cnnlab import check, pytorch, spec, train
from cnnlab.course.grading import sandbox
from cnnlab.course.grading.border import answers, crossing, wire
from cnnlab.course.grading.border.decode import UnreadableError, decode
from cnnlab.course.grading.border.encode import LENGTH, encode
from cnnlab.course.grading.border.plan import Plan, plans
from cnnlab.course.labs import cells

# Plain data as bytes.

NUMBERS = st.one_of(st.booleans(), st.integers(), st.floats(), st.complex_numbers())
PLAIN = st.one_of(
    st.none(), st.just(...), NUMBERS, st.text(), st.binary(), st.fractions(),
    st.decimals(min_value=-1000, max_value=1000), st.builds(range, st.integers(-9, 9)),
    arrays.arrays(
        st.sampled_from(["?", "i1", "u2", "i8", "f2", "f4", "f8", "c16"]),
        arrays.array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=3),
    ),
    arrays.from_dtype(np.dtype("f4")), arrays.from_dtype(np.dtype("i8")),
)  # fmt: skip
KEYS = st.one_of(st.integers(), st.text(), st.tuples(st.integers(), st.text()))
NESTS = st.recursive(
    PLAIN,
    lambda inner: st.one_of(
        st.lists(inner), st.tuples(inner, inner), st.dictionaries(KEYS, inner), st.frozensets(KEYS)
    ),
    max_leaves=5,
)


def same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray | np.generic):
        alike = type(one) is type(other) and one.shape == other.shape
        return alike and one.dtype == other.dtype and repr(one.tolist()) == repr(other.tolist())
    if isinstance(one, list | tuple):
        pairs = zip(one, other, strict=True)
        return type(one) is type(other) and all(same(a, b) for a, b in pairs)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return type(one) is type(other) and (one == other or repr(one) == repr(other))


@given(NESTS)
def test_plain_data_come_over_as_they_are(value: Any) -> None:
    back = decode(encode(value))
    assert same(value, back) or repr(value) == repr(back)


@given(st.binary())
def test_any_bytes_are_read_or_refused(message: bytes) -> None:
    for text in (message, LENGTH.pack(len(message)) + message):
        with contextlib.suppress(UnreadableError):
            decode(text)


JSON = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.floats(), st.integers(),
        st.sampled_from(["<f8", "|b1", "O", "U", "x", "__array_interface__", "shape", "-1", "1e9"]),
        st.sampled_from(["list", "dict", "array", "objects", "record", "object", "held", "masked",
                         "int", "decimal", "fraction", "range", "scalar", "bytes", "set"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=5), st.dictionaries(st.sampled_from(["history", "x"]), inner)
    ),
    max_leaves=20,
)  # fmt: skip


@given(JSON, st.binary(max_size=16))
def test_any_text_is_read_or_refused(text: Any, rest: bytes) -> None:
    data = json.dumps(text).encode()
    with contextlib.suppress(UnreadableError):
        decode(LENGTH.pack(len(data)) + data + rest)


def written(value: Any) -> bytes:
    data = json.dumps(value).encode()
    return LENGTH.pack(len(data)) + data


DEEP = '["list", [' * 5000 + "]]" * 5000
LIES = {
    "a pickle": pickle.dumps({"x": 1}),
    "nothing": b"",
    "an array that never came": written(["array", "<f8", [10**9], 0]),
    "a negative shape": written(["array", "<f8", [-1, -1], 0]),
    "an array from before the message": written(["array", "<f8", [1], -8]),
    "objects for numbers": written(["array", "|O8", [1], 0]),
    "a made-up shape": written(["objects", [10**12], "O", []]),
    "a list that holds itself": LENGTH.pack(len(DEEP)) + DEEP.encode(),
    "where NumPy looks for memory": written(
        ["object", "Liar", False, [["__array_interface__", ["dict", [], "dict", {}]]]]),
    "a method of Python": written(["record", "Liar", [[["list", []], None]]]),
    "a number without end": written(["int", "f" * 10**6]),
    "a decimal without end": written(["decimal", "1e999999999"]),
    "a list as a key": written(["dict", [["list", [["list", []], 1.0]]], "dict", {}]),
    "a thing of the other side": written(["held", 0, "Liar", True, {}]),
    "a text too long": LENGTH.pack(4 * 10**9 - 1) + b"[]",
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_refused_in_a_sentence(lie: str) -> None:
    with pytest.raises(UnreadableError, match=r"^An answer must be plain data, and .*\. Return"):
        decode(LIES[lie])


def test_odd_objects_come_as_what_they_are() -> None:
    class Point(tuple[int, ...]):
        _fields = ("x", "y")

    record = decode(encode(Point((1, 2))))
    assert (type(record).__name__, record, record.y) == ("Point", (1, 2), 2)
    assert decode(encode(Fraction(1, 3))) == Fraction(1, 3)
    assert decode(encode(Decimal("0.5"))) == Decimal("0.5")
    assert np.ma.is_masked(decode(encode(np.ma.array([1, 2], mask=[True, False]))))
    assert type(decode(encode(object()))).__name__ == "object"
    assert decode(encode(np.array([1, [2]], object))).tolist() == [1, [2]]
    assert decode(encode(np.array(["a", None], object))).tolist() == ["a", None]


# What a test cell needs.


def test_a_question_is_the_labs_and_an_answer_the_students() -> None:
    setup = "from cnnlab import check\nimport math\nlimit = 3\nmine = 1\ncheck.keep(three=limit)"
    nb: NotebookNode = new.new_notebook(  # type: ignore[no-untyped-call]
        cells=[
            cells.fixed("setup", setup),
            cells.fixed("uses", "twice = 2 * answer"),
            cells.step("test", "check.number(mine + len(answer), lambda: limit + twice, step='1')"),
            cells.step("other", "check.array(size, check.kept('three'), math.pi, step='2')"),
        ]
    )
    first, second = plans(nb).values()
    assert first.names == ("answer", "len", "mine", "twice")  # twice needs what a student made
    assert second.names == ("size",)
    assert first.setup[1].startswith("limit = 3")
    assert second.setup == ("from cnnlab import check\nimport math",)


# A checker, and answers of all kinds.

LIMITS = sandbox.Limits(memory=2 * 2**30)
pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows lacks such sockets.")
Judge = Callable[..., str]
MISSING = object()


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    """What a checker says of names that this process answers for."""
    folder = Path("/tmp") / tmp_path_factory.mktemp("box").name
    folder.mkdir(exist_ok=True)

    def judged(source: str, code: str = "", seconds: int = 20, **names: Any) -> str:
        async def asked() -> list[Any]:
            assert checker is not None
            plan = Plan(("from cnnlab import check\nimport numpy as np",), (*names,), "")
            answer = await checker.begin(source, plan, seconds)
            known = {name: value for name, value in names.items() if value is not MISSING}
            with contextlib.suppress(Exception):  # as in a kernel
                exec(code or answer, known)
            return await checker.verdict()

        (output,) = asyncio.run(asked())
        return str(output.get("evalue") or output.data["text/plain"])

    with crossing.checking(folder, LIMITS, confined=False) as checker:
        yield judged
    folder.rmdir()


def said(result: Callable[[], check.Result]) -> str:
    """What the same check says here."""
    return repr(result())


def square(x: Any) -> Any:
    return x**2


def relu(x: Any) -> Any:
    return np.maximum(x, 0), x


def relu_backward(dy: Any, x: Any) -> Any:
    return dy * (x > 0)


def with_loop(x: Any) -> Any:
    y = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        y[place] = max(x[place], 0)
    return y


NET = spec.Chain(flat=spec.Flatten(), fc=spec.Linear(10))
HISTORY = train.History({"loss": [1.0, 0.5], "val_accuracy": [0.7, 0.95]}, restored_epoch=2)
IMAGES = "data=(np.zeros((20, 1, 4, 4)), np.arange(20) % 10)"
CHECKS: dict[str, tuple[str, Any]] = {
    "a number": ("check.output_size(answer, size=7, kernel_size=3)", 5),
    "a wrong number": ("check.output_size(answer, size=7, kernel_size=3)", np.int8(4)),
    "no number": ("check.output_size(answer, size=7, kernel_size=3)", "five"),
    "nothing yet": ("check.output_size(answer, size=7, kernel_size=3)", ...),
    "letters": ("check.choice(answer, '05-average-pooling')", "a"),
    "an array": ("check.array(answer, np.abs, np.array([-1, 2]))", [1, 2]),
    "a wrong array": ("check.array(answer, np.abs, np.array([-1, 2]))", np.array([1.0, 3.0])),
    "a function": ("check.function(answer, 'relu')", lambda x: np.maximum(x, 0)),
    "a wrong function": ("check.function(answer, 'relu')", square),
    "one that stops": ("check.function(answer, 'relu')", lambda x: x.nothing),
    "one that loops": ("check.function(answer, 'relu', loops=False)", with_loop),
    "no function": ("check.function(answer, 'relu')", 3),
    "two functions": ("check.pair(*answer, 'relu')", (relu, relu_backward)),
    "a gradient": ("check.backward(answer, 'relu', 'dx')", relu_backward),
    "a wrong gradient": ("check.backward(answer, 'relu', 'dx')", lambda dy, x: dy),
    "a specification": ("check.network(answer, (1, 4, 4), learns=3)", NET),
    "a module": ("check.network(answer, (1, 4, 4), learns=3)", pytorch.build(NET, (1, 4, 4))),
    "no network": ("check.network(answer, (1, 4, 4))", int),
    "a stepper": (f"check.training(answer, at_least=0.1, {IMAGES})",
                  pytorch.Stepper(pytorch.build(NET, (1, 4, 4)))),
    "a history": ("check.training(answer, at_least=0.9)", HISTORY),
    "a table": ("check.table(answer, 'ds-4400', columns=['params'], rows=['conv1'])",
                {"conv1": 100}),
}  # fmt: skip


@pytest.mark.parametrize("kind", CHECKS)
def test_an_answer_is_judged_as_in_its_own_process(kind: str, judge: Judge) -> None:
    source, answer = CHECKS[kind]
    scope = {"check": check, "np": np, "answer": answer}
    assert judge(source, answer=answer) == said(lambda: eval(source, scope))


def test_a_function_may_be_called_by_the_cell_itself(judge: Judge) -> None:
    source = "check.output_size(answer(4), size=7, kernel_size=3)"
    assert judge(source, answer=lambda x: x + 1).startswith("✓ passed")
    assert judge(source, answer=lambda x: x / 0) == "division by zero"
    assert judge(source, answer=MISSING) == "name 'answer' is not defined"


def test_what_a_test_cell_expects_does_not_come_over(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bytes] = []
    receive = wire.receive

    def heard(connection: socket.socket) -> bytes:
        asked.append(receive(connection))
        return asked[-1]

    monkeypatch.setattr(wire, "receive", heard)
    assert judge("check.number(answer, lambda: 41_999.25)", answer=3).startswith("✗")
    assert judge("check.function(answer, 'relu')", answer=square).startswith("✗")
    kinds = {pickle.loads(one)[0] for one in asked if pickle.loads(one)}
    assert kinds == {"names", "enter", "unfit", "call", "record"}
    assert b"41999" not in b"".join(asked)


# Lies. `answer` is wrong or not there; whatever else the process does, it earns nothing.

WRONG = "check.output_size(answer, size=7, kernel_size=3, step='1')"


class Passes(check.Result):
    """An answer that would pass for a result."""

    def __init__(self) -> None:
        super().__init__("pass", "fine.")

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


FORGERIES: dict[str, Any] = {
    "equals everything": type("Equal", (), {"__eq__": lambda a, b: True, "__hash__": None})(),
    "a result": Passes(),
    "a result's words": "✓ passed: output size of input 7.",
    "a number that lies": type("Lie", (int,), {"__index__": lambda n: 5, "__eq__": lambda a, b: 1})(
        4
    ),
    "an attribute": type("Lie", (), {"status": "pass", "module": Passes(), "history": 5})(),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_an_answer_that_poses_as_something_else_earns_nothing(forgery: str, judge: Judge) -> None:
    assert judge(WRONG, answer=FORGERIES[forgery]).startswith("✗")


def test_a_process_that_answers_with_lies_earns_nothing(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = "check.function(answer, 'relu')"
    for lie in (b"lie", encode(None), encode({"number": "x"}), encode([0, True]), encode(3)):
        for question in ("call", "enter", "unfit"):
            with monkeypatch.context() as patch:
                patch.setattr(answers._Side, question, lambda *args, lie=lie: lie)
                assert not judge(source, answer=relu_backward).startswith("✓")
    monkeypatch.setattr(answers._Side, "names", lambda side: encode({"check": 3, "len": 4}))
    assert judge(WRONG, answer=5) == "name 'answer' is not defined"
    monkeypatch.undo()
    assert judge(WRONG, answer=5).startswith("✓ passed")


def test_a_process_that_does_not_answer_earns_nothing(judge: Judge) -> None:
    lost = "The answer of this step did not reach its check."
    assert judge(WRONG, code="1", answer=5) == lost
    assert judge(WRONG, answer=5).startswith("✓ passed")
