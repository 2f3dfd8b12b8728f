"""Variants: stable, different, equally hard, and served by the same checks."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab import check, count, geometry, notebooks
from cnnlab.check.core.score import strict
from cnnlab.check.exercises import find as exercise
from cnnlab.check.numbers import fields, number, paddings, variants
from cnnlab.check.questions import NumberQuestion, find, output_sizes
from cnnlab.course.labs import files
from cnnlab.course.labs.source import is_test

STUDENTS = st.text(min_size=1).filter(str.strip)
SIZES = ["fits", "does-not-fit", "dilated"]
BANK = [name for name in variants.questions() if name not in variants.QUESTIONS]


def left_over(settings):
    span = geometry.effective_kernel_size(settings["kernel_size"], settings.get("dilation", 1))
    return (settings["size"] + 2 * settings["padding"] - span) % settings["stride"]


@given(STUDENTS)
def test_a_stride_that_must_not_fit_does_not_and_the_policies_differ(student):
    numbers = check.variant("does-not-fit", student)
    assert left_over(numbers) > 0
    down, up = (geometry.output_size(**numbers, policy=policy) for policy in ("floor", "ceil"))
    assert up == down + 1
    with pytest.raises(ValueError, match="does not fit"):
        geometry.output_size(**numbers, policy="error")
    assert check.output_size(down, **numbers)
    assert "rounded up" in check.output_size(up, **numbers).message


@given(st.sampled_from(["fits", "dilated"]), STUDENTS)
def test_a_stride_that_must_fit_does(question, student):
    numbers = check.variant(question, student)
    assert left_over(numbers) == 0
    assert numbers["stride"] > 1
    assert numbers["padding"] > 0
    assert (question == "dilated") == (numbers.get("dilation", 1) > 1)
    assert check.output_size(geometry.output_size(**numbers, policy="error"), **numbers)


@given(st.sampled_from(SIZES), STUDENTS)
def test_no_slip_is_right_by_luck(question, student):
    numbers = check.variant(question, student)
    settings = output_sizes.SizeSettings(**({"dilation": 1} | numbers), policy="floor")
    right = geometry.output_size(**numbers)
    misconceptions = {row.name: row.model(settings) for row in output_sizes.MISCONCEPTIONS}
    for name in ("padding forgotten", "dilation forgotten"):
        assert misconceptions[name] != right
    assert (
        misconceptions["forgot the + 1"] != misconceptions["padding forgotten"]
        or question == "dilated"
    )


@given(STUDENTS)
def test_a_padding_variant_has_one_answer_that_counting_taps_misses(student):
    numbers = check.variant("same-padding", student)
    before, after = geometry.same_padding(**numbers)
    assert before == after
    assert check.padding(before, **numbers)
    assert not check.padding((numbers["kernel_size"] - 1) // 2, **numbers)
    question = paddings.PaddingSettings(numbers["size"], numbers["kernel_size"], 1, 2, "floor", 0)
    assert question.span % 2


@given(STUDENTS)
def test_a_field_variant_tells_the_slips_apart(student):
    layers = check.variant("receptive-field", student)["layers"]
    right = geometry.receptive_field(layers).size
    assert check.receptive_field(right, layers)
    stack = tuple(fields.Layer(**layer) for layer in layers)
    wrong = [row.model(stack) for row in fields.MISCONCEPTIONS[:3]]
    assert len({right, *wrong}) == 4


@given(STUDENTS)
def test_a_table_variant_is_served_by_the_table_check(student):
    question = check.variant("table", student)
    summary = count.summarize(question["network"], question["input_shape"])
    assert check.table({r.path: (r.params, r.output_shape) for r in summary.rows}, **question)
    bare = {"conv2": summary["conv2"].params - question["network"]["conv2"].out_channels}
    assert "biases" in check.table(bare, **question, columns=["params"]).message
    assert {type(row).__name__ for row in question["network"]} >= {"Conv", "MaxPool", "Linear"}


@pytest.mark.parametrize(
    ("question", "function"), [("four-windows", "cross_correlate2d"), ("ten-records", "verdict")]
)
@given(student=STUDENTS)
def test_arrays_of_ones_own_tell_the_slips_of_a_pencil_apart(question, function, student):
    own, asked = check.variant(question, student), exercise(function)
    assert check.array(asked.reference(*own.values()), function, **own)
    answers = [slip.model(*own.values()) for slip in asked.values]
    said = {check.array(answer, function, **own).message for answer in answers}
    assert said == {slip.sentence for slip in asked.values}


@pytest.mark.parametrize("name", BANK)
@given(student=STUDENTS)
def test_a_question_of_the_bank_with_numbers_of_ones_own_names_each_slip(name, student):
    numbers = check.variant(name, student)
    asked = find(name, NumberQuestion).asked(**numbers)
    assert check.number(asked.value(), name, **numbers)
    assert all(f"{abs(value):,}" in repr(check.ask(name, **numbers)) for value in numbers.values())
    for row in asked.wrong:
        result = check.number(row.model(None), name, **numbers)
        assert (result.status, result.message) == ("fail", row.sentence)
    quantity = number.Quantity(asked.value(), asked.unit)
    slips = [row.model(quantity) for row in number.MISCONCEPTIONS]
    assert not any(check.number(slip, name, **numbers) for slip in slips if slip is not None)


def test_a_question_without_numbers_to_draw_takes_none():
    with pytest.raises(ValueError, match="has no numbers to draw"):
        check.ask("05-max-pool-padding", width=3)
    with pytest.raises(ValueError, match="has no numbers to draw"):
        check.number(2.3, "06-first-loss", width=3)
    assert check.number(6, lambda width: 2 * width, width=3)


DRAWING = [
    (path.stem, cell.id)
    for path in notebooks.source_paths()
    for cell in files.read(path).cells
    if is_test(cell) and "check.variant(" in cell.source
]


@pytest.mark.parametrize(("lab", "test"), DRAWING)
def test_the_solution_of_a_lab_is_right_whoever_the_student_is(lab, test):
    cells = files.read(files.source_of(lab)).cells
    end = next(place for place, cell in enumerate(cells) if cell.id == test)
    starts = [place for place in range(end) if cells[place].source.startswith("## Step")]
    code = {
        cell.id: cell.source for cell in cells[starts[-1] : end + 1] if cell.cell_type == "code"
    }
    first = {cell.id: cell.source for cell in cells if cell.id in ("imports", "board")}
    for student in ("ann", "bo", "cy"):
        names = {"student": student}
        with strict():
            for source in (first | code).values():
                exec(source, names)


@pytest.mark.parametrize("question", variants.questions())
def test_students_get_different_numbers_from_enough(question):
    drawn = {repr(check.variant(question, f"s{number}")) for number in range(60)}
    assert len(variants.candidates(question)) >= 40
    assert len(drawn) >= 20


DRAW = "from cnnlab import check; print([check.variant(q, 'Åsa 7') for q in {!r}])"


def test_a_variant_is_the_same_in_every_process():
    here = [check.variant(question, "åsa 7 ") for question in variants.questions()]
    draw = [sys.executable, "-c", DRAW.format(variants.questions())]
    there = subprocess.run(
        draw,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        env=_environment(),
    ).stdout
    assert there.strip() == repr(here)


def _environment():
    import os

    return os.environ | {
        "PYTHONHASHSEED": "5",
        "PYTHONIOENCODING": "utf-8",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }


def test_a_variant_written_down_once_stays_as_it_is():
    assert check.variant("fits", "s1234567") == FITS
    assert check.variant("fits", 7) == check.variant("fits", "7")


FITS = {"size": 59, "kernel_size": 7, "stride": 2, "padding": 2}


def test_changing_a_variant_changes_nobody_elses():
    check.variant("receptive-field", "ann")["layers"].clear()
    assert check.variant("receptive-field", "ann")["layers"]


@pytest.mark.parametrize(
    ("question", "student"),
    [("none", "s1"), ("fits", ""), ("fits", " "), ("fits", None), ("fits", ...)],
)
def test_nobody_and_nothing_are_refused(question, student):
    with pytest.raises(ValueError, match=r"question must be one of|student_id must name"):
        check.variant(question, student)


def test_an_accent_may_be_written_in_two_ways():
    assert check.variant("fits", "Jos\u00e9") == check.variant("fits", "Jose\u0301")
