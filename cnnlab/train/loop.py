"""The training loop: shuffle, step, measure, remember."""

import contextlib
import math
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from cnnlab.train.callbacks import Callback
from cnnlab.train.history import History
from cnnlab.train.keeping import keeping
from cnnlab.train.rehearsal import Transform, rehearse, transformed
from cnnlab.train.settings import (
    at_least_one,
    check_callbacks,
    check_stepper,
    check_transform,
    examples,
)
from cnnlab.train.stepper import Array, Stepper


def fit(
    stepper: Stepper,
    train: Any,
    validation: Any = None,
    *,
    epochs: int,
    batch_size: int = 64,
    seed: int | np.random.Generator = 0,
    callbacks: Sequence[Callback] = (),
    transform: Transform | None = None,
    progress: bool | None = None,
) -> History:
    """Train for some epochs and return what happened.

    Each epoch shuffles the examples with ``rng.permutation``, ``rng`` being
    ``np.random.default_rng(seed)``, and takes one step a batch; the last batch may be
    short. On one machine's CPU the same seed gives the same history and the same weights.

    The first validation batches are measured once before the first step, so that a set that does
    not fit, or a callback that watches a metric nobody reports, is refused before any training.

    Ctrl-C (in Jupyter: interrupt the kernel) ends training, not the program: the history of
    the completed epochs is returned, the weights stay as they are. An error keeps them too: it
    carries the history as ``error.history``, and :class:`EarlyStopping` puts the best weights
    back first. In a notebook the last error is ``sys.last_value``.

    Parameters
    ----------
    stepper : Stepper
        The network with its loss and optimiser, for example ``cnnlab.pytorch.Stepper``.
    train : (x, y) or object with ``images`` and ``labels``
        x : (N, ...) floating-point array, or integers if the network begins with an embedding;
        y : (N,) integer labels, or targets with two or more axes, (N, ...).
    validation : like ``train``, optional
        Measured after each epoch.
    epochs : int
        Times the training set is gone through.
    batch_size : int
        Examples a step.
    seed : int or np.random.Generator
        Decides the order of the examples.
    callbacks : sequence of Callback
        Called after each epoch, in order.
    transform : function (x, rng) -> x, optional
        Applied to each training batch, for example augmentation. Its random numbers do not
        change the order of the examples.
    progress : bool, optional
        Show a progress bar. By default shown in a terminal and in a notebook, unless the
        environment sets ``CI`` or ``CNNLAB_QUIET``.

    Returns
    -------
    History
        Metrics by epoch, the reason training ended, the best epoch.

    Raises
    ------
    ValueError, TypeError
        If the data or the settings cannot be trained with.
    FloatingPointError
        As soon as the loss is infinite or not a number; ``.history`` has the epochs before.

    Examples
    --------
    >>> import torch
    >>> from cnnlab.pytorch import Stepper
    >>> x = np.linspace(-1, 1, 8, dtype=np.float32).reshape(8, 1)
    >>> y = (x[:, 0] > 0).astype(int)
    >>> stepper = Stepper(torch.nn.Linear(1, 2), lr=0.1)
    >>> history = fit(stepper, (x, y), (x, y), epochs=3, batch_size=4)
    >>> history.epochs, list(history)
    (3, ['loss', 'accuracy', 'val_loss', 'val_accuracy', 'learning_rate'])
    """
    epochs, batch_size = at_least_one("epochs", epochs), at_least_one("batch_size", batch_size)
    check_stepper(stepper)
    check_callbacks(callbacks, validation is not None)
    check_transform(transform)
    x, y = examples("train", train, stepper)
    held_out = None if validation is None else examples("validation", validation, stepper)
    rng = np.random.default_rng(seed)
    prepare = _drawing_from(rng, transform)
    rehearse(stepper, (x, y), held_out, batch_size, transform, callbacks)
    history = History()
    with (
        keeping(history, callbacks, stepper),
        _progress_bar(progress, epochs * math.ceil(len(x) / batch_size)) as tick,
    ):
        while history.epochs < epochs and history.stopped == "finished":
            started, rate = time.perf_counter(), stepper.learning_rate
            batches = _shuffled(x, y, batch_size, rng, prepare)
            metrics = _mean(_train(stepper, batches, history.epochs + 1, tick))
            if held_out is not None:
                metrics |= _validate(stepper, *held_out, batch_size, history.epochs + 1)
            metrics["learning_rate"] = rate
            history.append(metrics, time.perf_counter() - started)
            stops = [callback.epoch_end(history, stepper) for callback in callbacks]
            if any(stops):
                history.stopped = "early stopping"
    return history


def _shuffled(
    x: Array, y: Array, batch_size: int, rng: np.random.Generator, prepare: Callable[[Array], Array]
) -> Iterator[tuple[Array, Array]]:
    order = rng.permutation(len(x))
    for start in range(0, len(x), batch_size):
        chosen = order[start : start + batch_size]
        yield prepare(x[chosen]), y[chosen]


def _train(
    stepper: Stepper,
    batches: Iterable[tuple[Array, Array]],
    epoch: int,
    tick: Callable[[str], None],
) -> Iterator[tuple[Mapping[str, float], int]]:
    for batch, (x, y) in enumerate(batches, start=1):
        metrics = stepper.step(x, y)
        if not math.isfinite(metrics["loss"]):
            raise _diverged(metrics["loss"], f"epoch {epoch}, batch {batch}", stepper, x, y)
        tick(f"epoch {epoch}, loss {metrics['loss']:.3f}")
        yield metrics, len(x)


def _validate(
    stepper: Stepper, x: Array, y: Array, batch_size: int, epoch: int
) -> dict[str, float]:
    metrics = _mean(
        (stepper.evaluate(x[i : i + batch_size], y[i : i + batch_size]), len(x[i : i + batch_size]))
        for i in range(0, len(x), batch_size)
    )
    if not math.isfinite(metrics["loss"]):
        raise _diverged(metrics["loss"], f"epoch {epoch}, validation", stepper, x, y)
    return {f"val_{name}": value for name, value in metrics.items()}


def _mean(batches: Iterable[tuple[Mapping[str, float], int]]) -> dict[str, float]:
    """Average batch means over examples: the last batch may be short and counts for less.

    So does a batch of which a metric speaks less: its ``weight`` is the share of examples it is
    about, such as those put into a class for precision.
    """
    totals: dict[str, float] = {}
    weights: dict[str, float] = {}
    for metrics, size in batches:
        for name, value in metrics.items():
            weight = size * getattr(value, "weight", 1.0)
            weights[name] = weights.get(name, 0.0) + weight
            if weight:
                totals[name] = totals.get(name, 0.0) + weight * value
    return {name: totals[name] / weight if weight else math.nan for name, weight in weights.items()}


def _diverged(loss: float, where: str, stepper: Stepper, x: Array, y: Array) -> FloatingPointError:
    must = f"fit: the loss must stay finite, but it is {loss} in {where}."
    if y.dtype.kind == "f" and not np.isfinite(y).all():
        return FloatingPointError(
            f"{must} The targets hold NaN or infinity: find them with np.isfinite(y)."
        )
    return FloatingPointError(
        f"{must} Lower the learning rate (now {stepper.learning_rate:g}), scale the inputs to "
        f"about -1 to 1 (this batch: {x.min():g} to {x.max():g}), or check that the loss fits "
        "the outputs (cross-entropy takes logits; a logarithm needs probabilities above 0)."
    )


def _drawing_from(
    rng: np.random.Generator, transform: Transform | None
) -> Callable[[Array], Array]:
    if transform is None:
        return lambda x: x
    own = rng.spawn(1)[0]  # leaves the stream that shuffles untouched
    return lambda x: transformed(x, transform, own)


def _is_set(variable: str) -> bool:
    return os.environ.get(variable, "").lower() not in ("", "0", "false")


def _show_progress(progress: bool | None) -> bool:
    if progress is not None:
        return progress
    if _is_set("CI") or _is_set("CNNLAB_QUIET"):
        return False
    return _in_notebook() or sys.stderr.isatty()


def _in_notebook() -> bool:
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


@contextlib.contextmanager
def _progress_bar(progress: bool | None, total: int) -> Iterator[Callable[[str], None]]:
    if not _show_progress(progress):
        yield lambda message: None
        return
    from tqdm.auto import tqdm

    with tqdm(total=total, unit="batch", leave=False) as bar:

        def tick(message: str) -> None:
            bar.set_description_str(message, refresh=False)
            bar.update()

        yield tick
        bar.total = bar.n  # who stops early is done too: tqdm would leave a red bar
