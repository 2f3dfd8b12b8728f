"""Labels as they are handed in: numbers, words or truth values, and the names of classes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cnnlab.plots.figure import Array, as_array

_NUMBER = "Number the classes: class_names, y = np.unique(y, return_inverse=True)."


def read_pair(
    where: str, labels: Any, predictions: Any, class_names: Any
) -> tuple[Array, Array, Any]:
    """True and predicted classes as integers; words are numbered in their order.

    Returns
    -------
    labels, predictions : (N,) arrays of integers
    class_names : sequence or None
        As given, or the words.

    Examples
    --------
    >>> read_pair("confusion_matrix", ["cat", "dog"], ["dog", "dog"], None)
    (array([0, 1]), array([1, 1]), ['cat', 'dog'])
    """
    y, p = as_array(labels), as_array(predictions)
    if y.ndim != 1 or y.shape != p.shape or not len(y):
        raise ValueError(
            f"{where}: labels and predictions must have one shape (N,), not {y.shape} and "
            f"{p.shape}. {_flattening(y, p)}"
        )
    both = np.concatenate([y, p])
    if {y.dtype.kind, p.dtype.kind} <= {"U", "O"} and all(isinstance(word, str) for word in both):
        known = np.unique(both) if class_names is None else class_list(where, class_names)
        place = {str(word): number for number, word in enumerate(known)}
        if unknown := [word for word in both if word not in place]:
            raise ValueError(
                f"{where}: every class must be among class_names, but {str(unknown[0])!r} is not. "
                "Name all of them."
            )
        numbers = np.array([place[word] for word in both])
        return numbers[: len(y)], numbers[len(y) :], list(place)
    return whole_numbers(where, y), whole_numbers(where, p), class_names


def whole_numbers(where: str, classes: Array) -> Array:
    """Classes as integers; True is class 1.

    Examples
    --------
    >>> whole_numbers("confusion_matrix", np.array([True, False]))
    array([1, 0])
    """
    if classes.dtype.kind == "b":
        return classes.astype(int)
    if classes.dtype.kind not in "iu":
        text = classes.dtype.kind in "USO"
        what = "text" if text else classes.dtype
        cure = _NUMBER if text else "Use y.astype(int); a probability becomes a class by p > 0.5."
        raise ValueError(f"{where}: classes must be integers, not {what}. {cure}")
    return classes


def class_list(where: str, class_names: Any) -> Sequence[Any]:
    """Names of classes in the order of their numbers.

    Examples
    --------
    >>> class_list("confusion_matrix", {1: "Trouser", 0: "T-shirt"})
    ['T-shirt', 'Trouser']
    """
    if isinstance(class_names, Mapping):
        count = len(class_names)
        if set(class_names) == set(range(count)):
            return [class_names[number] for number in range(count)]
        if set(class_names.values()) == set(range(count)):
            return sorted(class_names, key=class_names.__getitem__)
    elif not isinstance(class_names, (set, frozenset)):
        return list(class_names)
    raise ValueError(
        f"{where}: class_names must be a list in the order of the classes' numbers, "
        f"not {class_names!r}. Write ['first', 'second', ...]."
    )


def _flattening(y: Array, p: Array) -> str:
    several = [name for name, a in (("labels", y), ("predictions", p)) if a.ndim > 1]
    columns = [a for a in (y, p) if a.ndim > 1 and a.size == len(a)]
    if not several:
        return "Give one prediction for each example."
    name = several[0]
    return f"Use {name}.reshape(-1)." if columns else f"Use {name}.argmax(axis=1) first."
