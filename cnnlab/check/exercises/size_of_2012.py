"""The size of a map as the program of AlexNet's authors computed it: rounded up."""

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise


def size_of_2012(size: int, kernel_size: int, stride: int) -> int:
    """Places of a window along one axis, without padding; the last may hang over the edge.

    Source: the program of Krizhevsky, Sutskever and Hinton, 2012, published in 2025.

    Examples
    --------
    >>> size_of_2012(224, 11, 4)
    55
    """
    return -((kernel_size - size) // stride) + 1


def _case(words: str, *numbers: int) -> Case:
    names = ("size", "kernel_size", "stride")
    return Case(words, dict(zip(names, numbers, strict=True)))


EXERCISE = Exercise(
    size_of_2012,
    (
        _case("with AlexNet's first layer", 224, 11, 4),
        _case("where the stride fits", 227, 11, 4),
        _case("with stride 1", 27, 5, 1),
        _case("where half a step is left over", 12, 5, 2),
        _case("where most of a step is left over", 20, 5, 4),
        _case("where one pixel is left over", 14, 5, 4),
        _case("where two of five pixels are left over", 19, 7, 5),
        _case("with a single window", 7, 7, 3),
    ),
    values=(
        Misconception(
            "rounded down",
            lambda n, k, s: (n - k) // s + 1,
            "The window that hangs over the edge is missing: this is the size rounded down, as in "
            "most libraries. The program of 2012 rounded up.",
        ),
        Misconception(
            "to the nearest",
            lambda n, k, s: round((n - k) / s) + 1,
            "You rounded to the nearest whole number; round up always.",
        ),
        Misconception(
            "always one more",
            lambda n, k, s: (n - k) // s + 2,
            "You round down and add one more, always. Where the stride fits, nothing hangs over.",
        ),
        Misconception(
            "moves",
            lambda n, k, s: -((k - n) // s),
            "You counted the moves. The window is at its first place before it moves: one more.",
        ),
        Misconception(
            "moves, rounded down",
            lambda n, k, s: (n - k) // s,
            "You counted the moves and rounded down. Count the first place too, and round up.",
        ),
        Misconception(
            "same",
            lambda n, k, s: -(-n // s),
            'That is padding "same", as in Keras: the size divided by the stride, rounded up. '
            "There is no padding here.",
        ),
        Misconception(
            "without the kernel",
            lambda n, k, s: n // s + 1,
            "The kernel is missing: it must fit into the input before it moves.",
        ),
        Misconception(
            "stride forgotten",
            lambda n, k, s: n - k + 1,
            "The stride is missing: it says by how many pixels the window moves at a time.",
        ),
        Misconception(
            "padding 2",
            lambda n, k, s: (n + 4 - k) // s + 1,
            "That is torchvision's repair: padding 2, rounded down. It gives AlexNet's 55, but the "
            "program of 2012 had no padding.",
        ),
        Misconception(
            "three pixels more",
            lambda n, k, s: (n + 3 - k) // s + 1,
            "Three pixels more repair 224, as Caffe's 227 do, but not every other size. Round up "
            "instead.",
        ),
        Misconception(
            "one minus missing",
            lambda n, k, s: -((n - k) // s) + 1,
            "One of the two minus signs is missing: `-(-a // b)` has one in front of the a, too.",
        ),
        Misconception(
            "1 inside",
            lambda n, k, s: -(-(n - k) // s + 1),
            "The 1 is inside the brackets that the minus sign applies to; add it last.",
        ),
        Misconception(
            "kernel in the end",
            lambda n, k, s: -(-n // s) - k + 1,
            "The kernel is subtracted last. Subtract it before you divide.",
        ),
        Misconception(
            "input divided",
            lambda n, k, s: n // s,
            "This is the input divided by the stride. The kernel takes places away, and the first place counts, too.",
        ),
        Misconception(
            "kernel forgotten",
            lambda n, k, s: -(-n // s) + 1,
            "The kernel is missing: how many pixels are left when it is at its first place?",
        ),
        Misconception(
            "padding 2, rounded up",
            lambda n, k, s: -(-(n + 4 - k) // s) + 1,
            "There is padding 2 in it. The program of 2012 had none.",
        ),
        Misconception(
            "constant",
            lambda n, k, s: 55,
            "It says 55 whatever the numbers are.",
        ),
    ),
)
