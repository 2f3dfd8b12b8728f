"""Experiments of the labs; in lab 08 a stack of blocks, without and with a shortcut in each."""

from collections.abc import Mapping
from dataclasses import dataclass

from cnnlab.check.core.misconception import Misconception
from cnnlab.spec import Add, Chain, Concat, Conv, Flatten, Identity, Linear, MaxPool, ReLU, Row

Tasks = Mapping[str, Row]


@dataclass(frozen=True)
class Comparison:
    """An experiment: one thing is changed, and all the rest stays as it is.

    Attributes
    ----------
    tasks : mapping of str to Row
        The networks by name, first the one without the change.
    at_least : float
        Share of right answers that the changed one reaches with any seed.
    at_most : float
        Share that the other one stays below.
    slips : tuple of Misconception
        Models make other networks of the right ones, by the same names.
    learned : str
        What to say where the one without the change reads more than it can.
    """

    tasks: Tasks
    at_least: float
    at_most: float
    slips: tuple[Misconception[Tasks], ...]
    learned: str


BLOCKS, MAPS = 8, 12


def stack(block: Row) -> Row:
    """A network for digits of 28×28 pixels: the same block again and again.

    Examples
    --------
    >>> stack(Identity()).out_shape((1, 28, 28))
    (10,)
    """
    rows = [row for _ in range(BLOCKS) for row in (block, ReLU())]
    start = Conv(MAPS, 3, padding=1), ReLU(), MaxPool(2)
    return Chain(*start, *rows, MaxPool(2), Flatten(), Linear(10))


def _conv() -> Row:
    return Conv(MAPS, 3, padding=1)


PATH = Chain(_conv(), ReLU(), _conv())
_LINEAR = Chain(_conv(), _conv())


def _slip(name: str, sentence: str, plain: Row, residual: Row) -> Misconception[Tasks]:
    wrong = {"plain": stack(plain), "residual": stack(residual)}
    return Misconception(name, lambda _: wrong, sentence)


def _residual(path: Row, *more: Row) -> Row:
    return Add(Chain(path, *more) if more else path, Identity())


SHORTCUT = Comparison(
    {"plain": stack(PATH), "residual": stack(_residual(PATH))},
    at_least=0.75,
    at_most=0.3,
    slips=(
        _slip(
            "shortcut forgotten",
            "The residual network has no shortcut: it computes the same as the plain one.",
            PATH,
            PATH,
        ),
        _slip(
            "shortcut in both",
            "The plain network has shortcuts, too, so nothing is left to compare.",
            _residual(PATH),
            _residual(PATH),
        ),
        _slip(
            "exchanged",
            "The two are exchanged: the one called plain has the shortcuts.",
            _residual(PATH),
            PATH,
        ),
        _slip(
            "ReLU before the sum",
            "A ReLU comes before the sum, so a block can add something but never take it away.",
            PATH,
            _residual(PATH, ReLU()),
        ),
        _slip(
            "no ReLU inside",
            "There is no ReLU between the two convolutions, so that they are one in disguise.",
            PATH,
            _residual(_LINEAR),
        ),
        _slip(
            "no ReLU inside either",
            "There is no ReLU between the two convolutions of a block, so that they are one in "
            "disguise.",
            _LINEAR,
            _residual(_LINEAR),
        ),
        _slip(
            "side by side",
            "The input is put beside what the path makes, where it should be added to it.",
            PATH,
            Concat(PATH, Identity()),
        ),
        _slip(
            "a convolution around",
            "The shortcut has a convolution of its own. Here the shapes fit, so the input needs "
            "none on its way.",
            PATH,
            Add(PATH, Conv(MAPS, 1)),
        ),
        _slip(
            "one convolution",
            "The blocks have one convolution each, and the task asks for two.",
            _conv(),
            _residual(_conv()),
        ),
    ),
    learned="The plain network learns, which it does not from the weights that `build` gives by "
    "default. Leave `init` as it is, so that the two differ in the shortcut alone.",
)

EXPERIMENTS = {"08-shortcut": SHORTCUT}
"""Experiments by name."""
