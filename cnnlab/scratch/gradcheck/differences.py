"""The slopes of a loss, measured by moving a little, against those that backward gives."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.gradcheck.causes import likely_cause
from cnnlab.scratch.gradcheck.report import Entry, Report

Point: TypeAlias = dict[str, Array]
Slope: TypeAlias = tuple[Array, float]  # a direction, and how fast the loss rises along it

STEP = 1e-5
TOLERANCE = 1e-6  # of a slope, relative to its own size
DIRECTIONS = 3
MOVES = 8  # attempts to find a smooth point
ENTRIES = 4096  # more than these are not looked at one by one


class Problem(NamedTuple):
    """What is checked: the output at a point, and the gradients there."""

    output: Callable[[Point], Array]
    gradients: Callable[[Point, Array], Mapping[str, Any]]


def compare(problem: Problem, point: Point, seed: int) -> Report:
    """Compare the gradients with differences; see :func:`cnnlab.scratch.gradcheck.check`."""
    # A stream of its own: x is often drawn with the same seed, and dy must not equal x.
    rng = np.random.default_rng([seed, 1])
    y = problem.output(_copies(point))
    if not _equal(y, problem.output(_copies(point))):
        raise ValueError(
            "gradcheck: the same input must give the same output, but two calls differ. "
            "Fix the random state, or switch the noise off."
        )
    dy = np.asarray(rng.standard_normal(y.shape))
    changed = _changed(problem, point, dy)
    if changed:
        return Report({name: Entry(False, np.inf, cause=cause) for name, cause in changed.items()})
    point, slopes, moved = _smooth_point(problem, point, dy, rng)
    gradients = problem.gradients(point, dy)
    entries = {
        name: _verdict(problem, point, name, dy, gradients.get(name), slopes[name])
        for name in point
    }
    return Report(entries, moved)


def _changed(problem: Problem, point: Point, dy: Array) -> dict[str, str]:
    """Inputs that the forward or the backward pass writes into, with a reproach."""
    copies = _copies(point)
    upstream = dy.copy()
    problem.output(copies)
    changed = {name: "forward" for name in point if not _equal(point[name], copies[name])}
    copies = _copies(point)
    problem.gradients(copies, upstream)
    now = copies | {"dy": upstream}
    for name, array in (point | {"dy": dy}).items():
        if name not in changed and not _equal(array, now[name]):
            changed[name] = "backward"
    return {name: f"{culprit} changes {name} in place" for name, culprit in changed.items()}


def _copies(point: Point) -> Point:
    return {name: array.copy() for name, array in point.items()}


def _equal(a: Array, b: Array) -> bool:
    return np.array_equal(a, b, equal_nan=True)


def _smooth_point(
    problem: Problem, point: Point, dy: Array, rng: np.random.Generator
) -> tuple[Point, dict[str, list[Slope]], bool]:
    for attempt in range(MOVES):
        slopes = {}
        for name in point:
            found = _slopes(problem, point, name, dy, rng)
            if found is None:
                break
            slopes[name] = found
        else:
            return point, slopes, attempt > 0
        point = {name: a + 0.01 * rng.standard_normal(a.shape) for name, a in point.items()}
    raise ValueError(
        "gradcheck: forward must be smooth somewhere near, but every point tried lies at a "
        "kink or jump. Give another point, for example standard normal numbers."
    )


def _loss(problem: Problem, point: Point, name: str, change: Array, dy: Array) -> float:
    return float((problem.output(point | {name: point[name] + change}) * dy).sum())


def _slopes(
    problem: Problem, point: Point, name: str, dy: Array, rng: np.random.Generator
) -> list[Slope] | None:
    """Slopes along random directions, or None at a kink."""
    here = _loss(problem, point, name, np.zeros_like(point[name]), dy)
    slopes = []
    for _ in range(DIRECTIONS):
        direction = np.asarray(rng.standard_normal(point[name].shape))
        central, gaps = [], []
        for step in (STEP, STEP / 2):
            after = _loss(problem, point, name, step * direction, dy)
            before = _loss(problem, point, name, -step * direction, dy)
            central.append((after - before) / (2 * step))
            gaps.append(abs(after - 2 * here + before) / step)  # right slope minus left slope
        size = max(abs(central[0]), gaps[0], 1e-3)
        # Halving the step halves the gap of a smooth function; at a kink the gap stays.
        if gaps[1] > max(0.75 * gaps[0], 1e-4 * size) or not (
            abs(central[0] - central[1]) <= 1e-5 * size
        ):
            return None
        slopes.append((direction, central[1]))
    return slopes


def _verdict(
    problem: Problem, point: Point, name: str, dy: Array, given: Any, slopes: list[Slope]
) -> Entry:
    shape = point[name].shape
    if given is None:
        return Entry(False, np.inf, cause="backward returns none")
    given = np.asarray(given)
    if given.shape != shape:
        return Entry(False, np.inf, cause=f"its shape is {given.shape}, not {shape}")
    length = float(np.linalg.norm(given))
    errors = [
        abs(float((given * direction).sum()) - slope) / max(abs(slope), length, 1e-3)
        for direction, slope in slopes
    ]
    error = max(errors, default=0.0) if np.isfinite(errors).all() else np.inf
    if error <= TOLERANCE:
        return Entry(True, error)
    if given.size > ENTRIES:
        return Entry(False, error, cause="slopes along random directions differ")
    right = _entry_by_entry(problem, point, name, dy)
    where = np.unravel_index(np.nan_to_num(np.abs(given - right), nan=np.inf).argmax(), shape)
    index = tuple(int(i) for i in where)
    cause = likely_cause(given, right)
    return Entry(False, error, index, float(given[index]), float(right[index]), cause)


def _entry_by_entry(problem: Problem, point: Point, name: str, dy: Array) -> Array:
    right = np.empty_like(point[name])
    change = np.zeros_like(right)
    for index in np.ndindex(right.shape):
        change[index] = STEP
        after = _loss(problem, point, name, change, dy)
        right[index] = (after - _loss(problem, point, name, -change, dy)) / (2 * STEP)
        change[index] = 0
    return right
