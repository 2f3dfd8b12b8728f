"""A training result against a threshold: a network that is measured, or a history."""

import math
from typing import Any

from cnnlab.check.core.answers import real_number, unanswered
from cnnlab.check.core.calls import missing
from cnnlab.check.core.misconception import first_match
from cnnlab.check.core.result import Result
from cnnlab.check.core.score import check
from cnnlab.check.networks.histories import MISCONCEPTIONS, Run, read_run
from cnnlab.check.networks.measures import Measured, claim, measure, verdict


class _NotAsked:
    def __repr__(self) -> str:
        return "not asked"


NOT_ASKED = _NotAsked()
"""Unlike ``None``, nothing that a student could have left in place of an answer."""


@check
def training(
    answer: Any,
    *,
    at_least: float,
    metric: str = "val_accuracy",
    classes: int = 10,
    x: Any = None,
    labels: Any = None,
    data: Any = None,
    claimed: Any = NOT_ASKED,
    epochs: int | None = None,
    network: Any = None,
    like: Any = None,
) -> Result:
    """Check a training result against a threshold.

    A network is measured here, on images that the lab holds. A history alone can be judged
    too, but it says what somebody has measured, not on what.

    Parameters
    ----------
    answer : Stepper, network, nn.Module, History or mapping
        With images, a trained network or its Stepper; else metrics by name, one
        value an epoch.
    at_least : float
        Share of right answers asked for, from 0 to 1; leave room for other seeds.
    metric : str
        Which metric of a history must reach it, at its end.
    classes : int
        Number of classes.
    x : (N, ...) array, optional
        Images to measure a network on, prepared as in its training.
    labels : (N,) array of integers, optional
        Their labels; one-hot rows will do.
    data : optional
        Both together: a pair, or anything with ``images`` and ``labels``.
    claimed : float, optional
        The accuracy that the student measured on them, where the question asks for it; ``...``
        or ``None`` while there is none.
    epochs : int, optional
        How many epochs a history must have; any number if left out.
    network : Stepper, network or nn.Module, optional
        What is measured, where the answer is the history of its training: that says what held
        it back, and its ``metric`` must be that of these images.
    like : str, Row, network or nn.Module, optional
        The network that the task asks for, as in :func:`cnnlab.check.network`.
    step : str, optional
        Name of the lab's step that this answers, see :func:`cnnlab.check.lab`.

    Returns
    -------
    Result

    Raises
    ------
    ValueError
        If only one of ``x`` and ``labels`` is given.

    Examples
    --------
    >>> training({"loss": [1.9, 0.4], "val_accuracy": [0.71, 0.93]}, at_least=0.9)
    ✓ passed: val_accuracy reaches the threshold of 0.9.
    >>> training({"loss": [2.31, 2.30], "val_accuracy": [0.1, 0.1]}, at_least=0.9)
    ✗ not yet: The loss stays at the logarithm of the number of classes, so the network only \
guesses: do images and labels belong together, and do gradients arrive? Hint: val_accuracy ends \
at 0.10, below the threshold of 0.9.
    """
    if data is not None:
        x, labels = data if isinstance(data, tuple) else (data.images, data.labels)
    if (x is None) != (labels is None):
        raise ValueError("training: x and labels must come together. Give both, or neither.")
    if unanswered(answer):
        return missing("training result")
    if unanswered(claimed):
        return missing("accuracy")
    share = None if claimed is NOT_ASKED else real_number(claimed, "accuracy")
    if isinstance(share, Result):
        return share
    run: Run | Result | None = None
    if x is None or network is not None:
        run = read_run(answer, metric, at_least, classes, epochs)
    if isinstance(run, Result):
        return run
    if x is None and run is not None:
        return _judge(run)
    measured = measure(answer if network is None else network, x, labels, classes, like)
    return measured if isinstance(measured, Result) else _judged(measured, at_least, share, run)


def _judged(measured: Measured, at_least: float, claimed: float | None, run: Run | None) -> Result:
    """What a measured network deserves, and what its history explains."""
    wrong = None if claimed is None else claim(measured, claimed)
    if wrong is not None:
        return wrong
    said = verdict(measured, at_least)
    if run is None:
        return Result("pass", "the accuracy is right.") if said and claimed is not None else said
    if min(abs(value - measured.share) for value in _claims(run)) > 1.5 / len(measured.x):
        text = f"{run.metric} of this history was not measured on these images, or not with this "
        return Result(
            "fail", f"{text}network.", "Which images did fit get to measure each epoch on?"
        )
    row = None if said else first_match(MISCONCEPTIONS, run, bool)
    return said if row is None else Result("fail", row.sentence, said.message)


def _claims(run: Run) -> list[float]:
    """What the network may be worth by its history: at its end, or in the epoch put back."""
    values = run.of(run.metric)
    kept = [] if run.restored is None else [values[run.restored - 1]]
    return kept or [values[-1], max(values)]


def _judge(run: Run) -> Result:
    values = run.of(run.metric)
    row = first_match(MISCONCEPTIONS, run, bool)
    if run.good and (row is None or row.name in _HARMLESS):
        # The value itself may differ between processors, and a notebook stores this sentence.
        return Result("pass", f"{run.metric} reaches the threshold of {run.at_least:g}.")
    last = math.floor(100 * values[-1] + 1e-4) / 100  # 0.926 is not 0.93, if that is asked for
    text = f"{run.metric} ends at {last:.2f}, below the threshold of {run.at_least:g}."
    if row is None:
        return Result("fail", text, _STALLED if len(values) > 1 else "")
    return Result("fail", row.sentence, "" if run.good else text)


_STALLED = "It no longer rises. Try another learning rate: a few thousandths suit Adam."
_HARMLESS = {"memorised", "stopped too early", "steps too small", "loss does not fall"}
