"""LeNet-5's last layer: how far a row of numbers is from the code of each class."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Draw, Exercise
from cnnlab.check.exercises.common.draws import normal
from cnnlab.scratch import functional
from cnnlab.scratch.functional.checks import Array


def code_distances(f6: Array, codes: Array) -> Array:
    """Squared distance of each image's numbers to each class's code, (N, D), (K, D) -> (N, K).

    Examples
    --------
    >>> code_distances(np.array([[0.5, -1, 1]]), np.array([[1.0, 1, 1], [1, -1, 1]])).tolist()
    [[4.25, 0.25]]
    """
    return functional.rbf(f6, codes)[0]


def _codes(*shape: int) -> Draw:
    return lambda rng: rng.choice([-1.0, 1.0], shape)


def _differences(f6: Array, codes: Array) -> Array:
    return f6[:, None] - codes  # (N, K, D)


def _lengths(rows: Array) -> Array:
    lengths: Array = np.linalg.norm(rows, axis=1)
    return lengths


def _case(words: str, images: int, classes: int, numbers: int) -> Case:
    return Case(words, {"f6": normal(images, numbers), "codes": _codes(classes, numbers)})


EXERCISE = Exercise(
    code_distances,
    (
        _case("with one image and two classes", 1, 2, 3),
        _case("with several images", 4, 3, 5),
        _case("with as many images as classes", 3, 3, 6),
        _case("with as many classes as numbers", 2, 4, 4),
        _case("with ten classes and 84 numbers", 5, 10, 84),
        Case(
            "with codes that are not −1 and +1",
            {"f6": normal(3, 4), "codes": normal(5, 4)},
        ),
    ),
    axes="(N, K)",
    values=(
        Misconception(
            "not squared",
            lambda f6, codes: _differences(f6, codes).sum(axis=-1),
            "The differences are added up as they are, so positive and negative ones cancel. "
            "Square each of them first.",
        ),
        Misconception(
            "absolute",
            lambda f6, codes: np.abs(_differences(f6, codes)).sum(axis=-1),
            "You added up the absolute differences; here they are squared.",
        ),
        Misconception(
            "root",
            lambda f6, codes: np.sqrt(code_distances(f6, codes)),
            "This is the distance itself. LeNet-5 takes its square, so leave the root out.",
        ),
        Misconception(
            "mean",
            lambda f6, codes: code_distances(f6, codes) / f6.shape[1],
            "This is the mean of the squared differences; add them up.",
        ),
        Misconception(
            "half",
            lambda f6, codes: code_distances(f6, codes) / 2,
            "This is half of it. Leave the ½ out.",
        ),
        Misconception(
            "scores",
            lambda f6, codes: f6 @ codes.T,
            "These are the scores of a dense layer, sums of products. Here it is a distance: "
            "subtract, square, add up.",
        ),
        Misconception(
            "sum squared",
            lambda f6, codes: _differences(f6, codes).sum(axis=-1) ** 2,
            "The differences are added up first and squared afterwards. Square each of them first.",
        ),
        Misconception(
            "largest difference",
            lambda f6, codes: (_differences(f6, codes) ** 2).max(axis=-1),
            "Only the largest difference counts here; all of them do.",
        ),
        Misconception(
            "added",
            lambda f6, codes: code_distances(f6, -codes),
            "The code is added to the numbers instead of subtracted.",
        ),
        Misconception(
            "cross term once",
            lambda f6, codes: code_distances(f6, codes) + f6 @ codes.T,
            "In a² − 2ab + b², the 2 is missing.",
        ),
        Misconception(
            "cross term missing",
            lambda f6, codes: code_distances(f6, codes) + 2 * f6 @ codes.T,
            "The squares of both are added. In a² − 2ab + b², the middle is missing.",
        ),
        Misconception(
            "difference of squares",
            lambda f6, codes: (f6[:, None] ** 2 - codes**2).sum(axis=-1),
            "You squared first and then subtracted. Subtract first, then square.",
        ),
        Misconception(
            "doubled",
            lambda f6, codes: 2 * _differences(f6, codes).sum(axis=-1),
            "The differences are doubled; square them with ** 2.",
        ),
        Misconception(
            "cosine",
            lambda f6, codes: 1 - f6 @ codes.T / np.outer(_lengths(f6), _lengths(codes)),
            "This is 1 minus the cosine. Here it is the squared distance.",
        ),
        Misconception(
            "places that differ",
            lambda f6, codes: (f6[:, None] != codes).sum(axis=-1),
            "You counted the places that differ. Subtract, square, add up.",
        ),
        Misconception(
            "signs that differ",
            lambda f6, codes: (np.sign(f6)[:, None] != codes).sum(axis=-1),
            "You counted the places whose signs differ. Subtract, square, add up.",
        ),
        Misconception(
            "negative",
            lambda f6, codes: -code_distances(f6, codes),
            "The sign is wrong, as if the largest should win. A squared distance is never "
            "negative.",
        ),
        Misconception(
            "closeness",
            lambda f6, codes: np.exp(-code_distances(f6, codes)),
            "You turned the distances into closeness by an exponential. LeNet-5's outputs are the "
            "squared distances themselves.",
        ),
    ),
    shapes=(
        Misconception(
            "exchanged",
            lambda f6, codes: (len(codes), len(f6)),
            "Rows and columns are exchanged: there is a row for each image and a column for each class.",
        ),
        Misconception(
            "nearest alone",
            lambda f6, codes: (len(f6),),
            "There is one number for each image, as if the class had been chosen already. Give the "
            "distance to every class.",
        ),
        Misconception(
            "not added up",
            lambda f6, codes: (len(f6), *codes.shape),
            "The squares are there, but not added up: sum over the last axis.",
        ),
        Misconception(
            "summed over the classes",
            lambda f6, codes: f6.shape,
            "It is added up over the classes. Add up over the numbers of a code, the last axis.",
        ),
    ),
)
