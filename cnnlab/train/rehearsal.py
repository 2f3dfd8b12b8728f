"""A look at what will be measured, before the first step is spent on it."""

import difflib
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

import numpy as np

from cnnlab.train.callbacks import Callback
from cnnlab.train.stepper import Array, Stepper

Examples: TypeAlias = tuple[Array, Array]
Transform: TypeAlias = Callable[[Array, np.random.Generator], Array]


def rehearse(
    stepper: Stepper,
    train: Examples,
    validation: Examples | None,
    batch_size: int,
    transform: Transform | None,
    callbacks: Sequence[Callback],
) -> None:
    """Measure a few batches and compare the metrics' names with those that callbacks watch.

    Nothing is learned, and no random number of the run is used up.

    Raises
    ------
    ValueError, TypeError
        If the validation set does not fit the network, or a metric is not reported.
    """
    monitors = [callback for callback in callbacks if hasattr(callback, "monitor")]
    if validation is not None:
        measured = _measure(stepper, validation, batch_size)
        names = [*measured, *(f"val_{name}" for name in measured)]
    elif monitors:
        x, y = train[0][:batch_size], train[1][:batch_size]
        x = x if transform is None else transformed(x, transform, np.random.default_rng(0))
        names = list(stepper.evaluate(x, y))
    for callback in monitors:
        _check_monitor(callback, [*names, "learning_rate"])


def transformed(x: Array, transform: Transform, rng: np.random.Generator) -> Array:
    """The batch, changed; still one example for each that was given."""
    result = np.asarray(transform(x, rng))
    if result.ndim == 0 or len(result) != len(x):
        raise ValueError(
            f"fit: transform must return one example for each of the {len(x)} it is given, "
            f"not shape {result.shape}. Keep the first axis."
        )
    return result


def _measure(stepper: Stepper, validation: Examples, batch_size: int) -> Iterable[str]:
    """The batches that would be refused after the first epoch, if any would."""
    x, y = validation
    telling = {0, len(x) - 1}  # the last batch may be short
    if y.ndim == 1:
        telling |= {int(y.argmin()), int(y.argmax())}
    names: Iterable[str] = ()
    for start in sorted({i // batch_size * batch_size for i in telling}):
        batch = slice(start, start + batch_size)
        try:
            names = stepper.evaluate(x[batch], y[batch])
        except (TypeError, ValueError) as error:
            error.add_note("fit: this is about the validation set, before the first step.")
            raise
    return names


def _check_monitor(callback: Callback, names: list[str]) -> None:
    monitor: str = callback.monitor  # type: ignore[attr-defined]
    if monitor in names:
        return
    near = difflib.get_close_matches(monitor, names, 1, cutoff=0.4)
    advice = f"Did you mean {near[0]!r}?" if near else "Let the stepper report it."
    raise ValueError(
        f"{type(callback).__name__}: monitor must be one of {', '.join(names)}, "
        f"not {monitor!r}. {advice}"
    )
