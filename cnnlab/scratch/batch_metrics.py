"""What is reported beside the loss; the same functions read NumPy arrays and PyTorch tensors.

A metric is ``metric(outputs, targets) -> number``, the mean over the batch. One that speaks of
some examples only, such as precision, returns two numbers: the share of examples that count
for it, and the share of examples that it is about. Their quotient over an epoch is then that of
all its examples, which the mean of the batches' quotients is not.
"""

import math
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from cnnlab._names import nearest
from cnnlab.spec import Shape

Metric: TypeAlias = Callable[[Any, Any], Any]


class Share(float):
    """A quotient of a batch, with the share of its examples that it is about as ``weight``.

    Examples
    --------
    >>> share = Share(0.2, 0.25)
    >>> share, share.weight
    (0.8, 0.25)
    """

    weight: float

    def __new__(cls, part: float, whole: float) -> "Share":
        share = super().__new__(cls, part / whole if whole else math.nan)
        share.weight = whole
        return share


def accuracy(outputs: Any, targets: Any) -> Any:
    """Share of examples whose largest output is at the label.

    Parameters
    ----------
    outputs : (N, K) array or tensor
    targets : (N,) integer labels

    Examples
    --------
    >>> import numpy as np
    >>> float(accuracy(np.array([[2.0, 1.0], [0.0, 3.0]]), np.array([0, 0])))
    0.5
    """
    _check_labels("accuracy", outputs.shape, targets.shape)
    return _mean(outputs.argmax(axis=1) == targets)


def top_k_error(k: int) -> Metric:
    """Share of examples whose label is not among the ``k`` largest outputs.

    ImageNet's contest counts five. An output as large as the label's does not push it out.

    Parameters
    ----------
    k : int
        How many guesses an example has.

    Returns
    -------
    function
        A metric, reported as ``top_5_error`` for ``k=5``.

    References
    ----------
    O. Russakovsky et al., "ImageNet Large Scale Visual Recognition Challenge", 2015.

    Examples
    --------
    >>> import numpy as np
    >>> outputs, labels = np.array([[3.0, 2.0, 1.0], [3.0, 2.0, 1.0]]), np.array([1, 2])
    >>> [float(top_k_error(k)(outputs, labels)) for k in (1, 2, 3)]
    [1.0, 0.5, 0.0]
    """
    if isinstance(k, bool) or not isinstance(k, int) or k < 1:
        raise ValueError(
            f"top_k_error: k must be a whole number of at least 1, not {k!r}. "
            "Say how many guesses an example has, such as 5."
        )
    name = f"top_{k}_error"

    def error(outputs: Any, targets: Any) -> Any:
        _check_labels(name, outputs.shape, targets.shape)
        right = outputs[list(range(len(targets))), targets]  # (N,)
        better = (outputs > right[:, None]).sum(axis=1)
        return _mean(better >= k)

    error.__name__ = name
    return error


def precision(of: int | None = None) -> Metric:
    """Of the examples that the network puts into a class, the share that belongs there.

    Parameters
    ----------
    of : int, optional
        The class. With two classes, or one logit, it is class 1 and may be left out.

    Returns
    -------
    function
        A metric, reported as ``precision``, or as ``precision_3`` for class 3. It is not a
        number where no example is put into the class.

    Examples
    --------
    >>> import numpy as np
    >>> outputs, labels = np.array([[0.0, 1.0], [0.0, 1.0], [1.0, 0.0]]), np.array([1, 0, 1])
    >>> part, whole = precision()(outputs, labels)
    >>> round(float(part / whole), 2)
    0.5
    """
    return _of_a_class("precision", of, lambda chosen, meant: chosen)


def recall(of: int | None = None) -> Metric:
    """Of the examples that belong to a class, the share that the network puts there.

    Parameters
    ----------
    of : int, optional
        As in :func:`precision`.

    Returns
    -------
    function
        A metric, reported as ``recall``, or as ``recall_3`` for class 3.

    Examples
    --------
    >>> import numpy as np
    >>> outputs, labels = np.array([[1.0], [2.0], [-1.0]]), np.array([[1.0], [1.0], [1.0]])
    >>> part, whole = recall()(outputs, labels)
    >>> round(float(part / whole), 2)
    0.67
    """
    return _of_a_class("recall", of, lambda chosen, meant: meant)


def named(given: Any) -> dict[str, Metric]:
    """The metrics a stepper reports, by name; refuses what cannot be told apart.

    Parameters
    ----------
    given : sequence of names and functions
        Names: "accuracy", "precision", "recall", "top_5_error" with any number.

    Examples
    --------
    >>> list(named(["accuracy", "top_3_error"]))
    ['accuracy', 'top_3_error']
    """
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise TypeError(
            f"Stepper: metrics must be a list of names and functions, not {given!r}. "
            "Put it in brackets."
        )
    found: dict[str, Metric] = {}
    for metric in given:
        name, function = _named(metric)
        if name in found or name == "loss":
            raise ValueError(
                f"Stepper: every metric needs a name of its own, but {name!r} is taken. "
                + (
                    "Leave it out the second time."
                    if function is found.get(name) or isinstance(metric, str)
                    else "Write it as a function with another name, by def."
                )
            )
        found[name] = function
    return found


_BY_NAME: dict[str, Callable[[], Metric]] = {
    "accuracy": lambda: accuracy,
    "precision": precision,
    "recall": recall,
}


def _named(metric: Any) -> tuple[str, Metric]:
    if isinstance(metric, str):
        if metric in _BY_NAME:
            return metric, _BY_NAME[metric]()
        if guesses := re.fullmatch(r"top_([1-9]\d*)_error", metric):
            return metric, top_k_error(int(guesses[1]))
    elif callable(metric) and hasattr(metric, "__name__"):
        return metric.__name__, metric
    what = f"{metric!r}, which has no __name__" if callable(metric) else repr(metric)
    near = nearest(metric, [*_BY_NAME, "top_5_error"], {"acc": "accuracy"})
    raise ValueError(
        f"Stepper: metrics must be 'accuracy' or functions, not {what}. "
        + (f"Did you mean {near!r}? " if near and isinstance(metric, str) else "")
        + "Other names are 'precision', 'recall' and 'top_5_error'; a function is written by def "
        "and takes (outputs, targets)."
    )


def _of_a_class(name: str, of: int | None, whole: Callable[[Any, Any], Any]) -> Metric:
    def quotient(outputs: Any, targets: Any) -> tuple[Any, Any]:
        chosen, meant = _in_class(name, outputs, targets, of)
        return _mean(chosen & meant), _mean(whole(chosen, meant))

    quotient.__name__ = name if of is None else f"{name}_{of}"
    return quotient


def _in_class(name: str, outputs: Any, targets: Any, of: int | None) -> tuple[Any, Any]:
    """Which examples are put into the class, and which belong there."""
    if outputs.shape[1:] == (1,) and of in (None, 1):
        return outputs[:, 0] > 0, targets.reshape(-1) > 0.5
    _check_labels(name, outputs.shape, targets.shape)
    classes = outputs.shape[1]
    if of is None and classes > 2:
        raise ValueError(
            f"{name}: one of {classes} classes must be meant, but none is named. "
            f"Give {name}(of=...) of cnnlab.scratch.batch_metrics as the metric."
        )
    wanted = 1 if of is None else of
    return outputs.argmax(axis=1) == wanted, targets == wanted


def _check_labels(name: str, outputs_shape: Shape, targets_shape: Shape) -> None:
    if len(outputs_shape) != 2 or targets_shape != outputs_shape[:1]:
        one_hot = ", and y.argmax(axis=1) for one-hot labels" * (targets_shape == outputs_shape)
        raise ValueError(
            f"{name}: outputs must be (N, K) and labels (N,), not {tuple(outputs_shape)} and "
            f"{tuple(targets_shape)}. Use metrics=() for other targets{one_hot}."
        )


def _mean(flags: Any) -> Any:
    return flags.sum() / len(flags)
