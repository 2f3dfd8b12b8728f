"""How many channels a widened layer has: a multiple of 8, never below 90 % of what was asked for."""

from collections.abc import Callable
from math import ceil, floor

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.zoo.efficientnet import round_channels

STEP = 8


def round_width(channels: float) -> int:
    """The nearest multiple of 8, a half up; the next one where that is below 90 %.

    Source: M. Tan and Q. V. Le, the authors' program for *EfficientNet*, 2019.

    Examples
    --------
    >>> round_width(44.0), round_width(33.6), round_width(11.0)
    (48, 32, 16)
    """
    return round_channels(channels)


def _nearest(channels: float) -> int:
    return floor(channels / STEP + 0.5) * STEP


def _guarded(nearest: Callable[[float], int], share: float = 0.9) -> Callable[[float], int]:
    """Never below that share of what was asked for."""

    def model(channels: float) -> int:
        rounded = nearest(channels)
        return rounded if rounded >= share * channels else rounded + STEP

    return model


def _case(words: str, channels: float) -> Case:
    return Case(words, {"channels": channels})


EXERCISE = Exercise(
    round_width,
    (
        _case("with a multiple of 8", 40.0),
        _case("with a little more than a multiple of 8", 35.2),
        _case("with a little less than a multiple of 8", 30.8),
        _case("half-way between two multiples", 44.0),
        _case("half-way above an even multiple", 52.0),
        _case("where a tenth would be lost and more", 11.0),
        _case("where a little more than a tenth would be lost", 18.4),
        _case("where a little less than a tenth is lost", 17.6),
        _case("with very few channels", 3.0),
        _case("with many channels", 1407.9),
    ),
    values=(
        Misconception(
            "below 90 %",
            _nearest,
            "This is the nearest multiple of 8, even where more than a tenth is lost. Where it "
            "lies below 90 % of the channels, take the next one.",
        ),
        Misconception(
            "below 90 %, a half to the even",
            lambda channels: round(channels / STEP) * STEP,
            "Where the nearest multiple of 8 lies below 90 % of the channels, the next one is taken. "
            "And a half goes up; Python's `round` takes it to the even number.",
        ),
        Misconception(
            "below 90 %, at least 8",
            lambda channels: max(STEP, _nearest(channels)),
            "This is the nearest multiple of 8, even where more than a tenth is lost. Where it "
            "lies below 90 % of the channels, take the next one.",
        ),
        Misconception(
            "a half to the even",
            _guarded(lambda channels: round(channels / STEP) * STEP),
            "A half must go up. Python's `round` takes it to the even number, so 6.5 becomes 6.",
        ),
        Misconception(
            "up",
            lambda channels: ceil(channels / STEP) * STEP,
            "You always round up. Take the nearest multiple; only where it is too low, the next.",
        ),
        Misconception(
            "down",
            lambda channels: floor(channels / STEP) * STEP,
            "You always round down. Take the nearest multiple, and never less than 90 %.",
        ),
        Misconception(
            "down, guarded",
            _guarded(lambda channels: floor(channels / STEP) * STEP),
            "You round down first. Take the nearest multiple first; then look whether it is too low.",
        ),
        Misconception(
            "nearest whole number",
            lambda channels: floor(channels + 0.5),
            "This is a whole number, but not a multiple of 8.",
        ),
        Misconception(
            "cut to a whole number",
            int,
            "This is a whole number, but not a multiple of 8.",
        ),
        Misconception(
            "always the next",
            lambda channels: floor(channels / STEP + 1) * STEP,
            "You always take the next multiple of 8. Take the nearest.",
        ),
        Misconception(
            "a half down",
            _guarded(lambda channels: ceil(channels / STEP - 0.5) * STEP),
            "A half must go up, and yours goes down.",
        ),
        Misconception(
            "how many eights",
            lambda channels: round_width(channels) // STEP,
            "You counted how many times 8; multiply by 8 again.",
        ),
        Misconception(
            "how many eights, below 90 %",
            lambda channels: _nearest(channels) // STEP,
            "You counted how many times 8; multiply by 8 again.",
        ),
    ),
)
