"""Cases and wrong windows that the two poolings share."""

from typing import Any

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Wrong
from cnnlab.check.exercises.common.changes import Change, Function, fitted, kept
from cnnlab.check.exercises.common.draws import few, large, low, normal
from cnnlab.scratch.functional.checks import Array

MAPS = (2, 3, 7, 10)
ASKS = ("stride", "ties")


def case(words: str, image: Any, kernel: Any, draw: Any = normal, **settings: Any) -> Case:
    """One pooling."""
    return Case(words, {"x": draw(*image), "kernel_size": kernel}, settings)


CASES: tuple[Case, ...] = (
    case("with one map", (1, 1, 4, 6), 2),
    case("with several images and channels", (2, 3, 4, 6), 2),
    case("where the windows do not fit", MAPS, 3),
    case("with windows that overlap", MAPS, 3, stride=2),
    case("with windows that leave gaps", MAPS, 2, stride=3),
    case("with ties", (2, 3, 6, 8), 2, few)._replace(needs="ties"),
    case("with overlapping windows and ties", MAPS, 3, few, stride=2)._replace(needs="ties"),
    case("with padding 1", MAPS, 3, stride=2, padding=1),
    case("with padding 1 and numbers far below 0", MAPS, 3, low, stride=2, padding=1),
    case("with windows of 4, stride 1 and padding 2", MAPS, 4, stride=1, padding=2),
    case("with windows of 5, stride 4 and padding 1", MAPS, 5, stride=4, padding=1),
    case("with large numbers", MAPS, 3, large),
    case("with a single window", (2, 3, 4, 4), 4),
    case("with windows that are not square", MAPS, (2, 3))._replace(needs="not square"),
    case("with policy ceil", MAPS, 3, stride=2, policy="ceil"),
    case("with policy ceil and stride 3", MAPS, 2, stride=3, policy="ceil"),
)
IN_FLOAT32 = case("with arrays of float32", (2, 3, 4, 6), 2)._replace(
    dtype=np.float32, needs="float32"
)


def wrong_windows(pool: Function) -> Wrong:
    """Windows in wrong places."""
    return (
        Misconception(
            "stride ignored",
            _side_by_side(pool),
            "The windows do not move by the stride that was given.",
        ),
        Misconception(
            "ceil for floor",
            _policy(pool, "ceil"),
            "Windows that hang over the edge are kept, but policy floor drops them.",
        ),
        Misconception(
            "floor for ceil",
            _policy(pool, "floor"),
            "Windows that hang over the edge are dropped, but policy ceil keeps them.",
        ),
        Misconception(
            "off-by-one window",
            of(pool, lambda x: np.roll(x, 1, axis=-1)),
            "Every window begins one pixel too early.",
        ),
        Misconception(
            "one-sided padding",
            _one_sided(pool),
            "All padding lies above and to the left; half of it belongs on each side.",
        ),
        Misconception(
            "last row left out",
            lambda *a, **s: kept(pool(*a, **s)[0], ..., slice(-1), slice(None)),
            "The last row of the output stays 0: count the last window too.",
        ),
        Misconception(
            "window one smaller", _narrow(pool), "The last column of each window is not read."
        ),
    )


def wrong_settings(pool: Function, backward: Function) -> Wrong:
    """Gradients through windows of another stride or without padding, in places of the same number."""

    def model(**changes: Any) -> Function:
        def changed(dy: Array, cache: Any) -> Array:
            windows = cache.windows
            settings = {"stride": windows.stride, "padding": windows.padding, **changes}
            x = windows.inside(cache.padded) if hasattr(cache, "padded") else _blank(dy, windows)
            y, other = pool(x, windows.kernel_size, **settings)
            result: Array = backward(fitted(dy, y), other)
            return result

        return changed

    return tuple(
        Misconception(
            f"gradient without the {key}",
            model(**{key: plain}),
            f"This is the gradient without the {key}: does backward use it?",
        )
        for key, plain in (("stride", 1), ("padding", 0))
    )


def _blank(dy: Array, windows: Any) -> Array:
    """Maps of the size of the input, where the values do not matter."""
    return np.zeros((*dy.shape[:2], *windows.size), dy.dtype)


def of(pool: Function, before: Change, after: Change = lambda y: y) -> Function:
    """Pool something else than x."""
    return lambda x, *a, **s: after(pool(before(x), *a, **s)[0])


def _side_by_side(pool: Function) -> Function:
    def model(x: Array, kernel_size: Any, **settings: Any) -> Array:
        y, _ = pool(x, kernel_size, **settings)
        return fitted(pool(x, kernel_size, **settings | {"stride": None})[0], y)

    return model


def _policy(pool: Function, policy: str) -> Function:
    return lambda *a, **s: pool(*a, **s | {"policy": policy})


def _one_sided(pool: Function) -> Function:
    def model(x: Array, kernel_size: Any, **settings: Any) -> Array | None:
        _, cache = pool(x, kernel_size, **settings)
        sides = tuple((before + after, 0) for before, after in cache.windows.padding)
        if any(
            before >= k for (before, _), k in zip(sides, cache.windows.kernel_size, strict=True)
        ):
            return None  # a window would lie in the padding alone
        y: Array = pool(x, kernel_size, **settings | {"padding": sides})[0]
        return y

    return model


def _narrow(pool: Function) -> Function:
    def model(x: Array, kernel_size: Any, **settings: Any) -> Array:
        y, cache = pool(x, kernel_size, **settings)
        *rest, last = cache.windows.kernel_size
        kernel = (*rest, max(last - 1, 1))
        stride = {"stride": cache.windows.stride}
        return fitted(pool(x, kernel, **settings | stride)[0], y)

    return model
