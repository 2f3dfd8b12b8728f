"""The output size of a window along one axis, as a function."""

from typing import Any

from cnnlab import geometry
from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.questions.output_sizes import IN_CODE, IN_FUNCTIONS, MISCONCEPTIONS, SizeSettings


def _case(words: str, size: int, kernel: int, **settings: Any) -> Case:
    return Case(words, {"size": size, "kernel_size": kernel}, settings)


def _as_function(row: Misconception[SizeSettings]) -> Misconception[Any]:
    """What is believed of one number, as a function of its settings."""

    def model(
        size: int,
        kernel_size: int,
        stride: int = 1,
        padding: Any = 0,
        dilation: int = 1,
        policy: geometry.Policy = "floor",
    ) -> int:
        settings = SizeSettings(size, kernel_size, stride, padding, dilation, policy)
        value = row.model(settings)  # None where the misconception makes no difference
        return geometry.output_size(*settings) if value is None else value

    return Misconception(row.name, model, row.sentence)


EXERCISE = Exercise(
    geometry.output_size,
    (
        _case("with a kernel alone", 32, 5),
        _case("with stride 2", 7, 3, stride=2),
        _case("with padding 2", 11, 3, padding=2),
        _case("with a stride that does not fit", 7, 3, stride=3),
        _case("with a stride that leaves most of a step over", 8, 3, stride=3),
        _case("with stride 2 and padding 3", 224, 7, stride=2, padding=3),
        _case("with stride 3 and padding 1", 12, 5, stride=3, padding=1),
        _case("with an even kernel and stride 2", 28, 2, stride=2),
        _case("with a single window", 5, 5, stride=3),
        _case("with stride 5", 32, 4, stride=5),
        _case("with stride 4 and padding 3", 17, 6, stride=4, padding=3),
        _case("with dilation 3", 12, 3, dilation=3),
        _case("with a kernel of 5 and dilation 2", 25, 5, dilation=2),
        _case("with stride 3, padding 2 and dilation 2", 21, 4, stride=3, padding=2, dilation=2),
        _case("with policy ceil", 10, 3, stride=4, policy="ceil"),
        _case("with policy ceil and padding 1", 5, 2, stride=3, padding=1, policy="ceil"),
    ),
    asks=("stride", "padding"),
    values=tuple(map(_as_function, (*MISCONCEPTIONS, *IN_FUNCTIONS, *IN_CODE))),
)
