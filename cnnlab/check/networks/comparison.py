"""Two networks that differ in one thing alone, both trained: what each is, and what it reads."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from cnnlab.check.core.answers import kind, real_number, unanswered
from cnnlab.check.core.calls import missing
from cnnlab.check.core.misconception import first_match
from cnnlab.check.core.result import Result
from cnnlab.check.core.score import check
from cnnlab.check.networks.experiments import EXPERIMENTS, Comparison, Tasks
from cnnlab.check.networks.likeness import like_task
from cnnlab.check.networks.measures import Measured, claim, count_right, measure


@check
def comparison(answer: Any, experiment: str, *, data: Any, seen: Any = None) -> Result:
    """Check that two networks differ in one thing alone, are trained, and are measured rightly.

    Parameters
    ----------
    answer : mapping
        By name, the trained network or its Stepper, and the share that it reads by the student's
        own measurement.
    experiment : str
        Name of an experiment, such as "08-shortcut".
    data : pair, or anything with ``images`` and ``labels``
        What to measure on: images that were not trained on.
    seen : optional
        The images of the training, to recognise a share that was measured on them.
    step : str, optional
        Name of the lab's step that this answers, see :func:`cnnlab.check.lab`.

    Returns
    -------
    Result

    Raises
    ------
    ValueError
        If there is no such experiment.

    Examples
    --------
    >>> images, labels = np.zeros((2, 1, 28, 28)), np.zeros(2)
    >>> comparison({"plain": ..., "residual": ...}, "08-shortcut", data=(images, labels)).status
    'todo'
    """
    if experiment not in EXPERIMENTS:
        raise ValueError(
            f"comparison: experiment must be one of {', '.join(EXPERIMENTS)}, "
            f"not {experiment!r}. Choose one."
        )
    found = EXPERIMENTS[experiment]
    if unanswered(answer):
        return missing("two trained networks")
    if not isinstance(answer, Mapping):
        says = f"This asks for both networks by their names, and this is {kind(answer)}."
        return Result("fail", says)
    if any(unanswered(answer.get(name)) for name in found.tasks):
        return missing("two trained networks")
    read = {name: _pair(name, answer[name]) for name in found.tasks}
    refused = next((pair for pair in read.values() if isinstance(pair, Result)), None)
    if refused is not None:
        return refused
    return _compared(found, read, data, seen)


def _pair(name: str, answer: Any) -> tuple[Any, float] | Result:
    """A network and the accuracy that it is said to have."""
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        says = f"{name} must be a pair, the stepper and the share it reads, and is {kind(answer)}."
        return Result("fail", says, "What does your function return?")
    if unanswered(answer[0]) or unanswered(answer[1]):
        return missing("two trained networks")
    share = real_number(answer[1], f"accuracy of the {name} network")
    return share if isinstance(share, Result) else (answer[0], share)


def _compared(found: Comparison, read: dict[str, Any], data: Any, seen: Any) -> Result:
    first, second = (getattr(network, "module", network) for network, _ in read.values())
    if first is second:
        says = "Both names stand for one and the same network, so the second training went on "
        return Result("fail", f"{says}where the first had ended.", "Build a new one each time.")
    x, labels = data if isinstance(data, tuple) else (data.images, data.labels)
    measured: dict[str, Measured] = {}
    for name, (network, _) in read.items():
        one = measure(network, x, labels, 10)
        if isinstance(one, Result):
            return Result("fail", f"{name}: {one.message}", one.hint)
        measured[name] = one
    wrong = _other_networks(found, measured)  # a result is false unless it is a pass
    if wrong is None:
        wrong = _untrained(found, measured)
    if wrong is None:
        wrong = _claimed(measured, {name: share for name, (_, share) in read.items()}, seen)
    return _judged(found, measured) if wrong is None else wrong


def _other_networks(found: Comparison, measured: dict[str, Measured]) -> Result | None:
    """What is wrong with the networks themselves, if anything is."""

    def explains(tasks: Tasks) -> bool:
        return all(like_task(one.own, tasks[name], one.x[:4]) is None for name, one in pairs)

    pairs = measured.items()
    wrong = {name: like_task(one.own, found.tasks[name], one.x[:4]) for name, one in pairs}
    if all(result is None for result in wrong.values()):
        return None
    row = first_match(found.slips, found.tasks, explains)
    if row is not None:
        return Result("fail", row.sentence)
    return next(
        Result("fail", f"{name}: {said.message}", said.hint)
        for name, said in wrong.items()
        if said is not None
    )


def _untrained(found: Comparison, measured: dict[str, Measured]) -> Result | None:
    """Say that a network has the weights it began with, if its seed is the one of the task."""
    from cnnlab.scratch import build

    for name, one in measured.items():
        began = build(found.tasks[name], one.x.shape[1:], seed=0).params.values()
        if all(map(np.array_equal, one.own.params().values(), began)):
            says = f"The {name} network still has the weights that it began with."
            return Result("fail", says, "Does your function train the stepper that it returns?")
    return None


def _claimed(measured: dict[str, Measured], shares: dict[str, float], seen: Any) -> Result | None:
    """Say how the student's measurement went wrong, if it did."""
    for name, one in measured.items():
        wrong = claim(one, shares[name])
        if wrong is None:
            continue
        others = [other for key, other in measured.items() if key != name]
        if any(abs(shares[name] - other.share) < 0.005 for other in others):
            says = f"The share given for the {name} network is that of the other one."
            return Result("fail", says)
        if seen is not None and _is_share_of(one, shares[name], seen):
            says = f"The share of the {name} network was measured on the images of its training."
            return Result("fail", says, "How does it do on images that it has never seen?")
        return Result("fail", f"{name}: {wrong.message}", wrong.hint)
    return None


def _is_share_of(one: Measured, share: float, seen: Any) -> bool:
    x, labels = seen if isinstance(seen, tuple) else (seen.images, seen.labels)
    right = count_right(one.own, np.asarray(x, np.float32), np.asarray(labels), training=False)
    return abs(right / len(x) - share) < 0.0025


def _judged(found: Comparison, measured: dict[str, Measured]) -> Result:
    first, second = found.tasks
    most, least = (f"{100 * share:g} %" for share in (found.at_most, found.at_least))
    if measured[first].share > found.at_most:
        return Result("fail", found.learned)
    one = measured[second]
    if one.reaches(found.at_least):
        says = f"the {second} network gets at least {least} of these images right"
        return Result("pass", f"{says}, the {first} one at most {most}.")
    return Result(
        "fail",
        f"The {second} network gets {one.right} of {len(one.x)} images right, and it can get "
        f"{one.needed(found.at_least)} right after two epochs.",
        "A thousandth suits Adam as learning rate here, and batches of 32 give it enough steps.",
    )
