"""Checks of functions: every mutant fails, most by name, and no honest variant does."""

import itertools
import math
import re
import sys
import traceback
from pathlib import Path

import numpy as np
import pytest
import torch

from cnnlab import check
from cnnlab.check import exercises
from cnnlab.check.code.runs import _SEED
from cnnlab.check.core.calls import unattended
from cnnlab.check.core.differences import difference
from cnnlab.check.exercises import find
from cnnlab.check.exercises.im2col import im2col
from cnnlab.scratch import functional as F
from cnnlab.scratch import losses, naive
from tests import mutants

ZOO = [(name, mutant) for name in mutants.NAMES for mutant in mutants.of(name)]
EXERCISES = exercises.names()


def table(judge, zoo):
    """Print how each mutant fares; those that pass, and the share that is named."""
    survivors, named = [], 0
    for name, mutant in zoo:
        result = judge(name, mutant)
        good = mutant.sentence in result.message
        named += good
        print(f"{name:14} {mutant.name:24} {'named' if good else 'found':6} {result.message}")
        if result.status != "fail":
            survivors.append((name, mutant.name))
    print(f"{named} of {len(zoo)} by name")
    return survivors, named / len(zoo)


def test_every_wrong_forward_pass_fails_and_most_by_name():
    zoo = [(name, m) for name, m in ZOO if m.forward is not find(name).reference]
    # Their values are right and their gradients wrong.
    kept = {
        "summed",
        "one-hot left out",
        "only the label",
        "labels in every row",
        "label as a number",
    }
    zoo = [(name, m) for name, m in zoo if m.name not in kept or name != "cross_entropy"]
    survivors, share = table(lambda n, m: check.function(m.forward, n, asks="all"), zoo)
    assert not survivors
    assert share >= 0.9


def test_every_wrong_pair_fails_and_most_by_name():
    survivors, share = table(lambda n, m: check.pair(m.forward, m.backward, n, asks="all"), ZOO)
    assert not survivors
    assert share >= 0.9


@pytest.mark.parametrize("name", EXERCISES)
def test_the_right_function_passes(name):
    right = find(name, "all")
    result = check.function(right.reference, name, asks="all")
    assert result, result
    assert check.function(right.reference, name)


MORE = [
    (name, row)
    for name in EXERCISES
    for row in (*find(name).values, *find(name).code_only)
    if name not in (*mutants.NAMES, "output_size") and not row.name.endswith("left out")
]


@pytest.mark.parametrize(("name", "row"), MORE, ids=lambda value: getattr(value, "name", value))
def test_a_further_slip_is_named(name, row):
    def slips(*args, **settings):
        value = row.model(*args, **settings)
        return find(name, "all").reference(*args, **settings) if value is None else value

    result = check.function(slips, name, asks="all")
    assert result.status == "fail"
    assert row.sentence in result.message


def test_a_belief_about_sizes_is_named_in_a_function_too():
    result = check.function(lambda size, kernel, stride=1, padding=0: size - kernel, "output_size")
    assert "You stopped after the subtraction" in result.message
    assert result.message.endswith("Besides, it leaves out the padding.")
    forgets = lambda size, kernel, stride=1, padding=0: (size - kernel) // stride + 1  # noqa: E731
    result = check.function(forgets, "output_size")
    assert result.message.startswith("With padding 2: You left the padding out")
    assert result.hint == "It is right with a kernel alone and with stride 2."


@pytest.mark.parametrize(
    ("rounded", "said"),
    [
        (round, "You rounded to the nearest whole number"),
        (math.ceil, "You rounded up"),
        (float, "This asks for a whole number, and your function returns one with a fraction"),
    ],
)
def test_a_size_must_be_rounded_down(rounded, said):
    def size(size, kernel_size, stride=1, padding=0):
        return rounded((size + 2 * padding - kernel_size) / stride) + 1

    assert said in check.function(size, "output_size").message
    down = lambda s, k, stride=1, padding=0: (s + 2 * padding - k) // stride + 1.0  # noqa: E731
    assert check.function(down, "output_size")


def loops(image, kernel):
    rows = []
    for i in range(image.shape[0] - kernel.shape[0] + 1):
        rows.append([])
        for j in range(image.shape[1] - kernel.shape[1] + 1):
            window = image[i : i + kernel.shape[0], j : j + kernel.shape[1]]
            rows[-1].append(float((window * kernel).sum()))
    return rows


def conv_in_other_order(x, w, b, padding=0, stride=1, **more):
    return naive.conv2d(x, w, b, stride=stride, padding=padding), "extra", "cache"


def conv_in_float32(x, weight, bias, stride=1, padding=0):
    narrow = (array.astype(np.float32) for array in (x, weight, bias))
    return naive.conv2d(*narrow, stride=stride, padding=padding)


def pool_in_loops(x, size, stride=None):
    return naive.pool2d(x, size, stride or size), None


def relu_in_place_of_a_copy(x):
    y = x.copy()
    y[y < 0] = 0
    return y


HONEST = [
    ("cross_correlate2d", loops),
    ("cross_correlate2d", lambda image, kernel: torch.tensor(loops(image, kernel))),
    ("conv2d", naive.conv2d),
    ("conv2d", conv_in_other_order),
    ("conv2d", conv_in_float32),
    ("conv2d", torch.nn.functional.conv2d),
    ("max_pool2d", pool_in_loops),
    ("max_pool2d", torch.nn.functional.max_pool2d),
    ("relu", relu_in_place_of_a_copy),
    ("relu", lambda z: (z + abs(z)) / 2),
    ("relu", torch.nn.functional.relu),
    ("linear", torch.nn.functional.linear),
    ("linear", lambda x, w, b: np.einsum("nf,kf->nk", x, w) + b),
    ("softmax", lambda x: torch.softmax(torch.from_numpy(x), 1)),
    ("softmax", lambda x: (np.exp(x.T - x.max(1)) / np.exp(x.T - x.max(1)).sum(0)).T),
    ("cross_entropy", torch.nn.functional.cross_entropy),
    ("cross_entropy", lambda x, t: torch.nn.functional.cross_entropy(torch.tensor(x), t)),
    ("cross_entropy", lambda x, t: np.float32(losses.cross_entropy(x, t)[0])),
    ("accuracy", lambda x, t: np.mean(np.argmax(x, axis=-1) == t)),
    ("one_hot", lambda t, k: [[int(i == label) for i in range(k)] for label in t]),
    ("one_hot", lambda t, k: torch.nn.functional.one_hot(torch.from_numpy(t), k)),
]


@pytest.mark.parametrize(("name", "honest"), HONEST)
def test_honest_variants_pass(name, honest):
    result = check.function(honest, name)
    assert result, result


def empty(*args, **settings):
    pass


def dots(*args, **settings):
    return ...


def raises(*args, **settings):
    raise NotImplementedError("write me")


@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize("answer", [None, ..., empty, dots, raises])
def test_an_empty_answer_is_to_do(name, answer):
    assert check.function(answer, name).status == "todo"
    if name in mutants.NAMES:
        right = find(name)
        assert check.pair(answer, answer, name).status == "todo"
        assert check.pair(right.reference, answer, name).status == "todo"


@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize("value", [0, 0.0, "", (), [], np.zeros(3), {}, object(), np.nan, True])
def test_nonsense_fails(name, value):
    assert check.function(lambda *args, **settings: value, name).status == "fail"
    if name in mutants.NAMES:
        right = find(name).reference
        assert check.pair(right, lambda *args: value, name).status == "fail"


ANY = np.random.default_rng(259)  # another factor at every call


def zeros_of(*args, **settings):
    return np.zeros_like(args[0])


def divides(x, **settings):
    return x / (1 // 0)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (5, "this is an int"),
        (
            lambda x, w, b, strides=1: x,
            "with x, weight, bias, stride, padding; its arguments are x, w, b, strides.",
        ),
        (lambda x: x, "calls your function with x, weight, bias, stride, padding; its arguments"),
        (lambda *a, **s: conv(*a, **s)[0], "the batch, is missing"),
        (lambda *a, **s: conv(*a, **s).transpose(0, 2, 3, 1), "the channels come last"),
        (
            lambda *a, **s: conv(*a, **s).transpose(0, 1, 3, 2),
            "Rows and columns of the output are exchanged",
        ),
        (lambda *a, **s: conv(*a, **s).ravel(), "flattened to one axis"),
        (lambda *a, **s: conv(*a, **s).sum(2), "axis 2 was summed, averaged or left out"),
        (lambda *a, **s: conv(*a, **s)[:, :, :-1], "a row or column is missing"),
        (lambda *a, **s: conv(*a, **s) + np.nan, "NaN or infinity"),
        (lambda *a, **s: conv(*a, **s) + 1, "off by the same number"),
        (lambda *a, **s: -conv(*a, **s), "The sign is wrong"),
        (lambda *a, **s: conv(*a, **s) * 255, "the factor 255"),
        (lambda *a, **s: conv(*a, **s) * 3, "3 times the right one"),
        (lambda *a, **s: conv(*a, **s).astype(int), "behind the decimal point is cut off"),
        (lambda *a, **s: np.ones_like(conv(*a, **s)), "All its values are the same number"),
        (lambda *a, **s: conv(*a, **s)[..., ::-1], "flipped along axis 3"),
        (lambda x, w, b, **s: naive.conv2d(x, w, b), "without the stride"),
        (lambda x, w, b, **s: conv(x, w, b, stride=s.get("stride", 1)), "without the padding"),
        (lambda *a, **s: "y", "must be an array of numbers"),
        (lambda *a, **s: conv(*a, **s) * 0.996, "off by at most 0.4 % of the largest"),
        (lambda *a, **s: conv(*a, **s) * ANY.uniform(0.5, 0.9), "gives two different answers"),
    ],
)
def test_what_is_wrong_with_a_convolution_is_said(answer, sentence):
    result = check.function(answer, "conv2d")
    assert result.status == "fail"
    assert sentence in repr(result)


def conv(*args, **settings):
    return F.conv2d(*args, **settings)[0]


def test_an_exception_is_told_with_the_students_line():
    result = check.function(lambda x: divides(x), "relu")
    assert "ZeroDivisionError" in result.message
    assert "return x / (1 // 0)" in result.message
    result = check.pair(lambda x: F.relu(x), lambda dy, cache: dy @ dy @ undefined, "relu")  # noqa: F821
    assert result.status == "fail"
    assert "NameError" in result.message or "in a matrix product" in result.message
    assert "dy @ dy @ undefined" in result.message


def calls_itself(x):
    return calls_itself(x)


def gives_its_own_name_a_value(x):
    for one in x:
        gives_its_own_name_a_value = max(gives_its_own_name_a_value, one)  # noqa: F823
    return gives_its_own_name_a_value


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda x: print("positive:", x > 0), "print only shows it"),
        (lambda x: maximum(x, 0), "Is the name spelled right"),  # noqa: F821
        (calls_itself, "never comes to an end"),
        (gives_its_own_name_a_value, "not the function's own name"),
        (lambda x: np.zeros(len(x) / 1), "// divides"),
        (lambda x: [x[i + 1] for i, _ in enumerate(x)], "counted from 0"),
        (lambda x: ["1", "2"], "without quotes"),
        (lambda x: {"y": x}, "in square brackets"),
    ],
)
def test_a_slip_of_the_language_gets_a_hint_of_its_own(answer, hint):
    result = check.function(answer, "relu")
    assert result.status == "fail"
    assert hint in result.hint


def test_a_function_that_prints_and_returns_passes(capsys):
    assert check.function(lambda x: (print("here"), np.maximum(x, 0))[1], "relu")
    assert "here" in capsys.readouterr().out


def test_a_check_lets_a_function_print_some_lines_and_leaves_out_the_rest(capsys):
    for _ in range(2):
        assert check.function(lambda x: ([print(i) for i in range(9)], np.maximum(x, 0))[1], "relu")
        told = capsys.readouterr().out.splitlines()
        assert told[-1].startswith("… ")
        assert len(told) == 21
    assert check.function(lambda x: (print("\n" * 99), np.maximum(x, 0))[1], "relu")
    assert len(capsys.readouterr().out.splitlines()) == 21


def test_a_return_inside_a_loop_is_known_by_what_it_leaves_at_zero():
    def first_row(x, weight):
        y = np.zeros((len(x), len(weight), *x.shape[2:]))
        for i, image in enumerate(x):
            y[i] = np.einsum("chw,kc->khw", image, weight)
            break
        return y

    result = check.function(first_row, "pointwise")
    assert "did it stop too early?" in result.message


def test_a_students_folder_may_be_named_like_the_folder_of_python():
    source = "def divides(x):\n    return x / (1 // 0)\n"
    names = {}
    exec(compile(source, sys.prefix + "-course/lab.py", "exec"), names)
    result = check.function(names["divides"], "relu")
    assert "It happens in line 2" in result.message


def test_two_calls_must_agree():
    kept = []

    def remembers(x):
        kept.append(x)
        return np.maximum(kept[0], 0) if kept[0].shape == x.shape else np.maximum(x, 0)

    calls = iter(range(10**6))
    result = check.function(lambda x: np.maximum(x, 0) + (next(calls) > 4), "relu")
    assert "two different answers" in result.message
    assert check.function(remembers, "relu").status == "fail"


def test_an_output_may_not_share_memory_with_the_input():
    result = check.function(lambda x: x if (x >= 0).all() else np.maximum(x, 0), "relu")
    assert result
    result = check.function(lambda x: np.maximum(x, 0, out=x), "relu")
    assert "changes x" in result.message
    identity = check.function(lambda x, kernel_size, stride=1: x, "windows")
    assert identity.status == "fail"


def test_the_hint_lists_what_is_right_already():
    result = check.function(
        lambda x, w, b, stride=1, padding=0: conv(x, w, b, stride=stride), "conv2d"
    )
    assert result.message.startswith("With padding 1: This is what comes out without the padding")
    assert "with stride 2" in result.hint


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: check.function(abs, "conv3d"), "name must be one of accuracy"),
        (lambda: check.function(abs, "conv2d", asks=["strides"]), "asks must be among bias"),
        (lambda: check.pair(abs, abs, "im2col"), "name must be a function with a backward pass"),
        (lambda: check.array(3, "conv3d", 1), "reference must be one of"),
    ],
)
def test_a_senseless_question_raises(act, message):
    with pytest.raises(ValueError, match=message):
        act()


STYLE = re.compile(r'style="[^"]*"')


def told(result):
    return f"{result!r} {STYLE.sub('', result._repr_html_())}"


def decimals(values):
    return {f"{abs(v):.{digits}f}" for v in np.ravel(values) for digits in (2, 3, 4)}


@pytest.mark.parametrize("name", EXERCISES)
def test_no_result_tells_the_expected_values(name):
    asked = find(name, "all")
    right = set()
    for i, case in enumerate(asked.cases):
        made = case.draw(_SEED + i)
        right |= decimals(asked.outputs(made)[0])
    wrong = [zeros_of, *(m.forward for n, m in ZOO if n == name)]
    for answer in wrong:
        found = set(re.findall(r"\d+\.\d\d+", told(check.function(answer, name, asks="all"))))
        assert not found & right


def test_a_strict_traceback_tells_nothing():
    image = np.random.default_rng(0).standard_normal((4, 5))
    for act in (
        lambda: check.array(np.zeros((3, 4)), "cross_correlate2d", image, image[:2, :2]),
        lambda: check.function(zeros_of, "softmax"),
        lambda: check.pair(F.relu, zeros_of, "relu"),
    ):
        with check.strict(), pytest.raises(check.CheckFailed) as caught:
            act()
        lines = traceback.TracebackException(
            type(caught.value), caught.value, caught.tb, capture_locals=True
        )
        text = "".join(lines.format())
        assert "CheckFailed" in text
        assert str(Path("check", "code")) not in text  # no frame of a check's own modules
        assert caught.value.__cause__ is None


def pooled_with(number):
    def max_pool2d(x, kernel_size, stride=None, padding=0):
        sides = (padding, padding)
        padded = np.pad(x, ((0, 0), (0, 0), sides, sides), constant_values=number)
        return F.max_pool(padded, kernel_size, stride)[0]

    return max_pool2d


NEARLY = [
    (
        "output_size",  # right wherever the padding of both sides is a multiple of the stride
        lambda size, kernel_size, stride=1, padding=0: (
            (size - kernel_size) // stride + 1 + 2 * padding // stride
        ),
    ),
    (
        "output_size",
        lambda size, kernel_size, stride=1, padding=0: (
            ((size + 2 * padding - kernel_size) // stride + 1,) * 2
        ),
    ),
    ("max_pool2d", pooled_with(-1)),
    ("relu", lambda x: np.clip(x, 0, 6)),
    ("softmax", lambda x: np.exp(x - x.max()) / np.exp(x - x.max()).sum(axis=1, keepdims=True)),
]


@pytest.mark.parametrize(("name", "answer"), NEARLY)
def test_what_is_right_in_easy_cases_only_fails(name, answer):
    asks = ["stride", "padding"] if name in ("output_size", "max_pool2d") else None
    assert check.function(answer, name, asks=asks).status == "fail"


def test_a_tuple_is_an_output_where_nothing_is_remembered():
    def correlate(signal, kernel):
        return tuple(naive.cross_correlate1d(signal, kernel))

    assert check.function(correlate, "cross_correlate1d")
    assert check.function(lambda x: (np.maximum(x, 0), x), "relu")


@pytest.mark.parametrize("row", find("input_gradient").values, ids=lambda row: row.name)
def test_the_way_back_by_hand_is_judged_by_name(row):
    dy, kernel = check.given("04-way-back")
    right = find("input_gradient").reference(dy, kernel)
    assert check.array(right.tolist(), "input_gradient", dy, kernel)
    result = check.array(row.model(dy, kernel).tolist(), "input_gradient", dy, kernel)
    assert (result.status, result.message) == ("fail", row.sentence)


def test_the_way_back_agrees_with_the_engine():
    rng = np.random.default_rng(0)
    dy, kernel = rng.standard_normal((3, 4)), rng.standard_normal((2, 3))
    image = np.zeros((1, 1, 4, 6))
    right = naive.conv2d_backward(dy[None, None], image, kernel[None, None])[0][0, 0]
    assert check.array(right, "input_gradient", dy, kernel)


def test_windows_may_be_asked_for_that_are_not_square():
    def square(x, kernel_size, stride=1, padding=0):
        return im2col(
            x, kernel_size if np.ndim(kernel_size) == 0 else kernel_size[0], stride, padding
        )

    asks = ["stride", "padding", "not square"]
    assert check.function(square, "im2col")
    assert check.function(im2col, "im2col", asks=asks)
    result = check.function(square, "im2col", asks=asks)
    assert result.message.startswith("With windows that are not square: ")


@pytest.mark.parametrize("name", ["04-way-back", "05-image", "05-way-back"])
def test_what_a_step_works_on_is_fresh_each_time(name):
    for array in np.atleast_1d(check.given(name)) if name == "05-image" else check.given(name):
        array[...] = 0
    again = check.given(name)
    assert all(part.any() for part in ([again] if name == "05-image" else again))


@pytest.mark.parametrize(
    ("given", "right", "says"),
    [
        ((2, 5, 6, 4), (2, 4, 5, 6), "the channels come last"),
        ((2, 5, 5, 4), (2, 4, 5, 5), "the channels come last"),
        ((2, 3, 4, 3), (2, 3, 3, 4), "its axes are in another order"),
        ((4, 2, 5, 5), (2, 4, 5, 5), "axes 0 and 1 are exchanged"),
        ((2, 4, 6, 5), (2, 4, 5, 6), "axes 2 and 3 are exchanged"),
    ],
)
def test_exchanged_axes_are_named_where_the_shape_alone_is_sure(given, right, says):
    rng = np.random.default_rng(0)
    text = difference(rng.standard_normal(given), rng.standard_normal(right))
    assert text == f"Its shape is {given}: {says}{', but axis 1 is theirs' * ('last' in says)}."


def test_values_tell_which_axes_are_exchanged_where_shapes_do_not():
    right = np.random.default_rng(0).standard_normal((2, 3, 3, 4))
    assert "the channels come last" in difference(right.transpose(0, 2, 3, 1), right)
    assert "axes 2 and 3 are exchanged" in difference(right.swapaxes(2, 3), right)


def test_float64_is_no_float32():
    def wide(pixels):
        return pixels.reshape(-1, 1, 28, 28) / 255

    assert "this asks for float32" in check.function(wide, "prepare_images").message
    assert check.function(lambda pixels: wide(pixels).astype(np.float32), "prepare_images")
    own = lambda pixels: torch.tensor(wide(pixels))  # noqa: E731
    assert not check.function(own, "prepare_images")


def test_entries_handed_over_one_by_one_are_an_output():
    def rows(labels, classes):
        for label in labels:
            yield np.eye(classes)[label]

    def endless(labels, classes):
        yield from ()
        while True:
            yield 0

    assert check.function(rows, "one_hot")
    assert check.function(lambda labels, k: map(np.eye(k).__getitem__, labels), "one_hot")
    assert "axes" in check.function(endless, "one_hot").message


@pytest.mark.parametrize(
    ("own", "says"),
    [
        (lambda *a, **s: {"size": 5}, "this is a dict"),
        (lambda *a, **s: "100", "its entries are texts"),
        (lambda *a, **s: [28, 28], "this asks for one number"),
        (lambda *a, **s: 7, "It is another number."),
        (lambda *a, **s: [None, 1], "its entries are objects"),
        (lambda *a, **s: 2j, "its entries are complex numbers"),
    ],
)
def test_what_is_no_number_is_called_by_its_name(own, says):
    result = check.function(own, "output_size")
    assert (result.status, says in result.message) == ("fail", True), result


def test_axes_of_another_array_are_named_in_one_sentence():
    text = difference(np.ones((6, 2)), np.ones((4, 3)), "of new")
    assert text == "Its shape is (6, 2); the shape asked for is that of new."


def test_a_function_that_fills_one_array_again_and_again_fails():
    made = {}

    def fills(x):
        y = made.setdefault(x.shape, np.empty_like(x))
        np.maximum(x, 0, out=y)
        return y

    assert "returns the same array each time" in check.function(fills, "relu").message

    kept = np.zeros((4, 6))

    def adds(image, kernel):
        kept[: 6 - len(kernel), : 8 - kernel.shape[1]] += naive.cross_correlate2d(image, kernel)
        return kept

    said = check.function(adds, "cross_correlate2d").message
    assert said.startswith("Called twice with the same arguments")


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda x: input("How large? "), "asks for something with input()"),
        (lambda x: sys.exit(), "ends Python with exit()"),
        (lambda x: exit(1), "ends Python with exit()"),
    ],
)
def test_a_function_that_waits_or_leaves_gets_a_card(answer, says):
    result = check.function(answer, "relu")
    assert (result.status, says in result.message) == ("fail", True), result


def test_leaving_a_notebook_is_kept_from_it(monkeypatch):
    class Shell:
        def ask_exit(self):
            raise AssertionError("the kernel would stop")

    shell = Shell()
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    assert "exit()" in check.function(lambda x: shell.ask_exit(), "relu").message
    with pytest.raises(AssertionError, match="would stop"):
        shell.ask_exit()
    with unattended():  # as a check within a check does
        with unattended():
            pass
        with pytest.raises(SystemExit):
            shell.ask_exit()
    with pytest.raises(AssertionError, match="would stop"):
        shell.ask_exit()


def test_a_guess_must_explain_every_case():
    exercise = find("perceptron_step")
    steps = exercise.reference

    def off_by_one_then_by_another(weights, x, target):
        return steps(weights, x, target) + (0.5 if target else np.arange(len(weights)))

    result = check.function(off_by_one_then_by_another, "perceptron_step")
    assert "off by the same number" not in result.message
    assert "its values are not" in result.message
    everywhere = check.function(lambda w, x, t: steps(w, x, t) + 0.5, "perceptron_step")
    assert "off by the same number" in everywhere.message


def test_two_values_in_another_order_are_no_explanation():
    right = np.array([0, 1, 1, 1, 0, 1, 0, 0, 1, 1])
    assert "another order" not in difference(right[::-1].copy(), right)
    assert "another order" in difference(np.roll(np.arange(10.0), 3), np.arange(10.0))


@pytest.mark.parametrize(
    ("given", "right", "says"),
    [
        (np.ones(2), np.ones((2, 2)), "it is a single row."),
        (np.ones(2), np.ones(3), "a number is missing."),
        (np.ones(4), np.ones(3), "there is a number too many."),
        (np.ones((2, 2, 2)), np.ones((3, 2, 2, 2)), "that of the batch, is missing."),
    ],
)
def test_shapes_are_told_without_a_batch_that_is_not_there(given, right, says):
    assert difference(given, right).endswith(says)
    layers = difference(np.ones((2, 2)), np.ones((2, 2, 2)), "(layer, to, from)")
    assert "the first axis is missing;" in layers


def test_a_row_says_so_where_other_cases_end_otherwise():
    def subtracted(x, weight, bias):
        maps = map(naive.cross_correlate2d, x, weight)
        return sum(maps) - bias

    def and_not_of_two(x, weight, bias):
        if len(x) == 2:
            raise IndexError("index 2 is out of bounds for axis 0 with size 2")
        return subtracted(x, weight, bias)

    name = "cross_correlate_channels"
    alone, also = check.function(subtracted, name), check.function(and_not_of_two, name)
    assert alone.message == also.message
    assert "another case" not in alone.hint
    assert "In another case something else is wrong" in also.hint


@pytest.mark.parametrize("count", [1, 2, 5])
def test_truth_values_are_told_apart_although_numpy_subtracts_none(count):
    every = list(itertools.product([False, True], repeat=count))
    for right, given in itertools.product(every, repeat=2):
        text = difference(np.array(given), np.array(right))
        assert (text == "") is (given == right)
