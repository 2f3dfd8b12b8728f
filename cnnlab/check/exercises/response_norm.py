"""AlexNet's normalisation across maps, with the paper's alpha."""

from collections.abc import Callable

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.draws import normal
from cnnlab.scratch import functional
from cnnlab.scratch.functional.checks import Array


def response_norm(x: Array, size: int, alpha: float, beta: float, k: float) -> Array:
    """Divide each number by the strength of the maps around it, (N, C, H, W) -> the same.

    Source: Krizhevsky, Sutskever and Hinton, 2012, section 3.3.

    Examples
    --------
    >>> x = np.array([3.0, 4, 0, 0, 12]).reshape(1, 5, 1, 1)
    >>> response_norm(x, 3, alpha=1, beta=0.5, k=0).ravel().round(2).tolist()
    [0.6, 0.8, 0.0, 0.0, 1.0]
    """
    # PyTorch, and with it the library, divides alpha by the number of maps.
    return functional.local_response_norm(x, size, alpha * size, beta, k)[0]


def _sums(x: Array, size: int, start: int = 0) -> Array:
    """Sum of squares over the maps around each, moved by ``start`` maps."""
    reach = size // 2
    maps = range(x.shape[1])
    near = [[j for j in maps if -reach <= j - i - start <= reach] for i in maps]
    return np.stack([(x[:, js] ** 2).sum(axis=1) for js in near], axis=1)


def _last_of(x: Array, size: int) -> Array:
    """Square of the last map of each window, 0 where it ends earlier."""
    reach = size // 2
    squares = np.zeros_like(x)
    squares[:, : max(x.shape[1] - reach, 0)] = x[:, reach:] ** 2
    return squares


def _sliced(x: Array, size: int) -> Array:
    """Sum of squares over slices as Python reads them, from below 0 too."""
    reach, maps = size // 2, range(x.shape[1])
    return np.stack([(x[:, i - reach : i + reach + 1] ** 2).sum(axis=1) for i in maps], axis=1)


def _one_by_one(x: Array, size: int, alpha: float, beta: float, k: float) -> Array:
    """Each map by those around it, of which the ones before are normalised already."""
    y, reach = x.copy(), size // 2
    for i in range(x.shape[1]):
        near = y[:, max(0, i - reach) : i + reach + 1]
        y[:, i] /= (k + alpha * (near**2).sum(axis=1)) ** beta
    return y


def _near(x: Array, size: int, take: Callable[..., Array]) -> Array:
    """Something else than the sum of squares of the maps around each."""
    reach = size // 2
    near = (x[:, max(0, i - reach) : i + reach + 1] for i in range(x.shape[1]))
    return np.stack([take(maps, axis=1) for maps in near], axis=1)


def _by(strength: Callable[[Array, int], Array]) -> Callable[..., Array]:
    """The formula with something else than the sum of squares of the maps around each."""
    return lambda x, n, alpha, beta, k: x / (k + alpha * strength(x, n)) ** beta


def _along(axis: int) -> Callable[..., Array]:
    """The sum taken over another axis than that of the maps."""

    def model(x: Array, *numbers: float) -> Array:
        turned = response_norm(x.swapaxes(1, axis), *numbers)  # type: ignore[arg-type]
        return turned.swapaxes(1, axis)

    return model


def _case(
    words: str, shape: tuple[int, ...], size: int, alpha: float, beta: float, k: float
) -> Case:
    numbers = {"size": size, "alpha": alpha, "beta": beta, "k": k}
    return Case(words, {"x": normal(*shape), **numbers})


EXERCISE = Exercise(
    response_norm,
    (
        _case("with one pixel and three maps", (1, 5, 1, 1), 3, 1.0, 0.5, 1.0),
        _case("with several images and pixels", (2, 5, 3, 4), 3, 0.5, 0.75, 2.0),
        _case("with AlexNet's five maps", (2, 8, 3, 3), 5, 0.1, 0.75, 2.0),
        _case("with more maps around than there are", (1, 3, 2, 4), 7, 0.3, 0.6, 1.5),
        _case("with as many maps as pixels along each axis", (2, 4, 4, 4), 3, 0.7, 0.9, 0.5),
    ),
    axes="(N, C, H, W)",
    values=(
        Misconception(
            "alpha divided",
            lambda x, n, alpha, beta, k: response_norm(x, n, alpha / n, beta, k),
            "Alpha is divided by the number of maps, as PyTorch does. The paper's formula does not.",
        ),
        Misconception(
            "across pixels",
            _along(3),
            "The sum runs over neighbouring pixels. It runs over neighbouring maps, at the same "
            "pixel.",
        ),
        Misconception(
            "down the rows",
            _along(2),
            "The sum runs over neighbouring pixels. It runs over neighbouring maps, at the same "
            "pixel.",
        ),
        Misconception(
            "across images",
            _along(0),
            "The sum runs over the images of the batch. It runs over neighbouring maps.",
        ),
        Misconception(
            "all maps",
            _by(lambda x, n: (x**2).sum(axis=1, keepdims=True)),
            "The sum runs over all maps; only those beside it count.",
        ),
        Misconception(
            "not squared",
            lambda x, n, alpha, beta, k: (
                x / np.abs(k + alpha * _sums(np.sqrt(np.abs(x)), n)) ** beta
            ),
            "The neighbours are added up by their size. Square them first.",
        ),
        Misconception(
            "itself alone",
            _by(lambda x, n: x**2),
            "Each map is divided by its own strength alone; the maps beside it count, too.",
        ),
        Misconception(
            "beta as a factor",
            lambda x, n, alpha, beta, k: x / (beta * (k + alpha * _sums(x, n))),
            "Beta multiplies what to divide by; it is its exponent.",
        ),
        Misconception(
            "k outside",
            lambda x, n, alpha, beta, k: x / (k + (alpha * _sums(x, n)) ** beta),
            "The k is added after the power is taken; it belongs inside the parentheses.",
        ),
        Misconception(
            "no exponent",
            lambda x, n, alpha, beta, k: response_norm(x, n, alpha, 1.0, k),
            "The exponent beta is missing.",
        ),
        Misconception(
            "no k",
            lambda x, n, alpha, beta, k: response_norm(x, n, alpha, beta, 0.0),
            "The k is missing.",
        ),
        Misconception(
            "no alpha",
            lambda x, n, alpha, beta, k: response_norm(x, n, 1.0, beta, k),
            "The alpha is missing.",
        ),
        Misconception(
            "k of 1",
            lambda x, n, alpha, beta, k: response_norm(x, n, alpha, beta, 1.0),
            "The k is 1 whatever was handed in.",
        ),
        Misconception(
            "multiplied",
            lambda x, n, alpha, beta, k: response_norm(x, n, alpha, -beta, k),
            "It is multiplied by the strength of its neighbours; divide.",
        ),
        Misconception(
            "without itself",
            _by(lambda x, n: _sums(x, n) - x**2),
            "The sum leaves the map itself out; it counts, too.",
        ),
        Misconception(
            "size maps on each side",
            lambda x, n, alpha, beta, k: response_norm(x, 2 * n + 1, alpha, beta, k),
            "You took `size` maps on each side. There are `size` in all: half of the others on "
            "each side.",
        ),
        Misconception(
            "one too few on the right",
            _by(lambda x, n: _sums(x, n) - _last_of(x, n)),
            "The last map of each window is missing: a slice in Python ends before its end.",
        ),
        Misconception(
            "maps below only",
            _by(lambda x, n: _sums(x, n, -(n // 2))),
            "The window ends at the map itself. It should be in the middle.",
        ),
        Misconception(
            "maps above only",
            _by(lambda x, n: _sums(x, n, n // 2)),
            "The window begins at the map itself. It should be in the middle.",
        ),
        Misconception(
            "strength alone",
            lambda x, n, alpha, beta, k: (k + alpha * _sums(x, n)) ** beta,
            "This is what to divide by; the numbers themselves are missing.",
        ),
        Misconception(
            "negative start",
            _by(_sliced),
            "A slice that begins below 0 counts from the end, so that the first maps lose their neighbours. Begin at `max(0, i - size // 2)`.",
        ),
        Misconception(
            "mean of the squares",
            _by(lambda x, n: _near(x**2, n, np.mean)),
            "You took the mean of the squares; the paper has their sum.",
        ),
        Misconception(
            "largest square",
            _by(lambda x, n: _near(x**2, n, np.max)),
            "Only the largest square counts here; add up all of them.",
        ),
        Misconception(
            "summed, then squared",
            _by(lambda x, n: _near(x, n, np.sum) ** 2),
            "The numbers are added up first and squared afterwards. Square each of them first.",
        ),
        Misconception(
            "root of the sum",
            _by(lambda x, n: np.sqrt(_sums(x, n))),
            "There is a root around the sum; the formula has none.",
        ),
        Misconception(
            "over all pixels too",
            _by(lambda x, n: _sums(x, n).sum(axis=(2, 3), keepdims=True)),
            "The sum runs over all pixels, too. It should stay at one pixel.",
        ),
        Misconception(
            "over everything",
            _by(lambda x, n: _sums(x, n).sum(axis=(0, 2, 3), keepdims=True)),
            "The sum runs over all pixels and images, too. It should stay at one pixel: `sum(axis=1)`.",
        ),
        Misconception(
            "times beta",
            lambda x, n, alpha, beta, k: x / (k + alpha * _sums(x, n)) * beta,
            "Beta multiplies; it is the exponent of what to divide by, so write ** beta.",
        ),
        Misconception(
            "numbers squared",
            lambda x, n, alpha, beta, k: x**2 / (k + alpha * _sums(x, n)) ** beta,
            "The number itself is squared, too. Only those of the sum are.",
        ),
        Misconception(
            "k and alpha added",
            lambda x, n, alpha, beta, k: x / ((k + alpha) * _sums(x, n)) ** beta,
            "k and alpha are added first. Alpha multiplies the sum, then k is added.",
        ),
        Misconception(
            "k as a factor",
            lambda x, n, alpha, beta, k: x / (k * alpha * _sums(x, n)) ** beta,
            "The k multiplies; it should be added.",
        ),
        Misconception(
            "neither k nor alpha",
            lambda x, n, alpha, beta, k: response_norm(x, n, 1.0, beta, 0.0),
            "k and alpha are both missing.",
        ),
        Misconception(
            "five maps always",
            lambda x, n, alpha, beta, k: response_norm(x, 5, alpha, beta, k),
            "The sum runs over five maps, whatever `size` is.",
        ),
        Misconception(
            "normalised neighbours",
            _one_by_one,
            "The sum takes maps that are normalised already. Read from `x`, and write into a new array.",
        ),
    ),
)
