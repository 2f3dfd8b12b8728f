"""Wrong pooling."""

from typing import Any

import numpy as np

from cnnlab.scratch import functional as F
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.functional.pooling_windows import pad
from cnnlab.scratch.layers.base import Backward, Forward
from cnnlab.scratch.mutants.base import Change, Mutant, generic, gradient, output


def max_pool_mutants() -> list[Mutant]:
    """Wrong versions of :func:`cnnlab.scratch.functional.max_pool2d`."""
    f, b = F.max_pool, F.max_pool_backward
    return [
        *generic(f, b),
        *_wrong_windows(f, b),
        Mutant("mean for max", "the mean is taken", _other(f, F.avg_pool), b),
        Mutant("min for max", "the minimum is taken", _of(f, np.negative, np.negative), b),
        Mutant("max of sizes", "the largest |x| is taken", _of(f, np.abs), b),
        Mutant("padding is 0", "padded zeros take part", _max_with_zeros, b),
        Mutant("tie to the last", "the last maximum gets the gradient", f, _to_ties("last")),
        Mutant("tie shared", "all maxima share the gradient", f, _to_ties("share")),
        Mutant("tie to all", "all maxima get the whole gradient", f, _to_ties("all")),
        Mutant("gradient to all", "every pixel of the window gets it", f, _to_ties("window")),
        Mutant("gradient to the corner", "the window's first pixel gets it", f, _to_ties("corner")),
        Mutant("overlap overwritten", "only the last window counts", f, _to_ties("overwrite")),
    ]


def avg_pool_mutants() -> list[Mutant]:
    """Wrong versions of :func:`cnnlab.scratch.functional.avg_pool2d`."""
    f, b = F.avg_pool, F.avg_pool_backward
    return [
        *generic(f, b),
        *_wrong_windows(f, b),
        Mutant("max for mean", "the maximum is taken", _other(f, F.max_pool), b),
        Mutant("sum for mean", "the sum is not divided", _avg_summed, b),
        Mutant("root mean square", "squares are averaged", _of(f, np.square, _root), b),
        Mutant("padding never counts", "count_include_pad is False", _avg_counts(False), b),
        Mutant("padding always counts", "count_include_pad is True", _avg_counts(True), b),
        Mutant("gradient not divided", "every pixel gets all of it", f, _avg_backward_undivided),
        Mutant("gradient to the corner", "the window's first pixel gets it", f, _avg_to_corner),
        Mutant("overlap overwritten", "only the last window counts", f, _avg_overwrites),
        Mutant("gradient shifted", "off by one", f, gradient(b, lambda g: np.roll(g, 1, -1))),
    ]


def _wrong_windows(f: Forward, b: Backward) -> list[Mutant]:
    return [
        Mutant("stride ignored", "windows lie side by side", _without_stride(f), b),
        Mutant("ceil for floor", "windows that hang over are kept", _policy(f, "ceil"), b),
        Mutant("floor for ceil", "windows that hang over are dropped", _policy(f, "floor"), b),
        Mutant("off-by-one window", "windows begin one pixel early", _of(f, _rolled), b),
        Mutant("one-sided padding", "all padding lies before", _one_sided(f), b),
        Mutant("last row left out", "one window too few", output(f, _without_last_row), b),
        Mutant("window one smaller", "the window's last column is not read", _narrow(f), b),
    ]


def _rolled(x: Array) -> Array:
    return np.roll(x, 1, axis=-1)


def _root(y: Array) -> Array:
    root: Array = np.sqrt(y)
    return root


def _without_last_row(y: Array) -> Array:
    y = y.copy()
    y[:, :, -1] = 0
    return y


def _fit(wrong: Array, y: Array) -> Array:
    """The wrong output, cut or filled to the right size."""
    result = np.zeros_like(y)
    part = tuple(slice(min(a, b)) for a, b in zip(y.shape, wrong.shape, strict=True))
    result[part] = wrong[part]
    return result


def _other(f: Forward, other: Forward) -> Forward:
    def mutated(x: Array, kernel_size: Any, **settings: Any) -> tuple[Array, Any]:
        _, cache = f(x, kernel_size, **settings)
        settings.pop("count_include_pad", None)
        return other(x, kernel_size, **settings)[0], cache

    return mutated


def _of(f: Forward, before: Change, after: Change = lambda y: y) -> Forward:
    """Pool something else than x."""

    def mutated(x: Array, kernel_size: Any, **settings: Any) -> tuple[Array, Any]:
        _, cache = f(x, kernel_size, **settings)
        return after(f(before(x), kernel_size, **settings)[0]), cache

    return mutated


def _without_stride(f: Forward) -> Forward:
    def mutated(x: Array, kernel_size: Any, **settings: Any) -> tuple[Array, Any]:
        y, cache = f(x, kernel_size, **settings)
        wrong = f(x, kernel_size, **settings | {"stride": None})[0]
        return _fit(wrong, y), cache

    return mutated


def _policy(f: Forward, policy: str) -> Forward:
    def mutated(x: Array, kernel_size: Any, **settings: Any) -> tuple[Array, Any]:
        return f(x, kernel_size, **settings | {"policy": policy})

    return mutated


def _one_sided(f: Forward) -> Forward:
    def mutated(x: Array, kernel_size: Any, **settings: Any) -> tuple[Array, Any]:
        _, cache = f(x, kernel_size, **settings)
        sides = tuple((before + after, 0) for before, after in cache.windows.padding)
        return f(x, kernel_size, **settings | {"padding": sides})[0], cache

    return mutated


def _narrow(f: Forward) -> Forward:
    def mutated(x: Array, kernel_size: Any, **settings: Any) -> tuple[Array, Any]:
        y, cache = f(x, kernel_size, **settings)
        *rest, last = cache.windows.kernel_size
        kernel = (*rest, max(last - 1, 1))
        wrong = f(x, kernel, **settings | {"stride": cache.windows.stride})[0]
        return _fit(wrong, y), cache

    return mutated


def _max_with_zeros(x: Array, kernel_size: Any, **settings: Any) -> tuple[Array, Any]:
    y, cache = F.max_pool(x, kernel_size, **settings)
    wide = pad(x, cache.windows, 0)
    taps = cache.windows.taps(wide)
    highest: Array = np.maximum.reduce(list(taps))
    return highest.reshape(y.shape), cache


def _to_ties(rule: str) -> Backward:
    """Hand each window's gradient on by a wrong rule."""

    def mutated(dy: Array, cache: Any) -> Array:
        padded, y, windows, _ = cache
        if rule == "share":
            return F.max_pool_backward(dy, cache._replace(ties="share"))
        dx = np.zeros(padded.shape, dy.dtype)
        pairs = list(zip(windows.taps(padded), windows.taps(dx), strict=True))
        waiting = np.ones(y.shape, bool)
        for i, (tap, target) in enumerate(pairs[::-1] if rule == "last" else pairs):
            wins = (tap == y) & waiting
            if rule == "all":
                target += dy * (tap == y)
            elif rule == "window":
                target += dy
            elif rule == "corner":
                target += dy * (i == 0)
            elif rule == "overwrite":
                target[wins] = dy[wins]
            else:
                target += dy * wins
            waiting &= ~wins
        inside: Array = windows.inside(dx)
        return inside

    return mutated


def _avg_summed(x: Array, kernel_size: Any, **settings: Any) -> tuple[Array, Any]:
    y, cache = F.avg_pool(x, kernel_size, **settings)
    return y * cache.counts, cache


def _avg_counts(always: bool) -> Forward:
    def mutated(x: Array, kernel_size: Any, **settings: Any) -> tuple[Array, Any]:
        return F.avg_pool(x, kernel_size, **settings | {"count_include_pad": always})

    return mutated


def _avg_backward_undivided(dy: Array, cache: Any) -> Array:
    return F.avg_pool_backward(dy, cache._replace(counts=np.ones_like(cache.counts)))


def _avg_to_corner(dy: Array, cache: Any) -> Array:
    dx = _avg_canvas(dy, cache)
    corner = next(cache.windows.taps(dx))
    corner += dy
    inside: Array = cache.windows.inside(dx)
    return inside


def _avg_overwrites(dy: Array, cache: Any) -> Array:
    dx = _avg_canvas(dy, cache)
    for tap in cache.windows.taps(dx):
        tap[...] = dy / cache.counts
    inside: Array = cache.windows.inside(dx)
    return inside


def _avg_canvas(dy: Array, cache: Any) -> Array:
    maps = np.zeros((*dy.shape[:2], *cache.windows.size), dy.dtype)
    return pad(maps, cache.windows, 0)
