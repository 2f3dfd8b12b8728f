"""What a stepper is handed, checked alike for NumPy and PyTorch.

:func:`cnnlab.train.fit` refuses what no network could take; here stands what depends on the
network: the kind of its inputs, the shape of its outputs.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from cnnlab import geometry
from cnnlab._names import nearest
from cnnlab.scratch.functional.checks import Array
from cnnlab.spec import Shape

# What other libraries call the losses.
_LOSSES_ELSEWHERE = {
    "ce": "cross-entropy",
    "categorical_crossentropy": "cross-entropy",
    "sparse_categorical_crossentropy": "cross-entropy",
    "bce": "binary-cross-entropy",
    "bce_with_logits": "binary-cross-entropy",
    "mean_squared_error": "mse",
    "mse_loss": "mse",
    "mean_absolute_error": "mae",
    "l1_loss": "mae",
}


def read_array(name: str, given: Any) -> Array:
    """Any list or tensor as a NumPy array.

    Examples
    --------
    >>> read_array("x", [[1.0, 2.0]]).shape
    (1, 2)
    """
    if isinstance(given, np.ndarray):
        return given
    if hasattr(given, "images"):
        raise TypeError(
            f"Stepper: {name} must be an array, not a {type(given).__name__}. "
            "Give its .images, and its .labels as y."
        )
    try:
        return np.asarray(given.detach().cpu() if hasattr(given, "detach") else given)
    except (TypeError, ValueError):
        advice = (
            "This kind of tensor is unknown to NumPy: convert it with .float()."
            if hasattr(given, "detach")
            else "Make its rows of one length."
        )
        raise TypeError(
            f"Stepper: {name} must be an array of numbers, not {type(given).__name__}. {advice}"
        ) from None


def read_inputs(given: Any, vocabulary: int | None) -> Array:
    """A batch of inputs: floats, or tokens for a network that begins with an embedding.

    Parameters
    ----------
    given : (N, ...) array
    vocabulary : int or None
        How many tokens the network knows; None if it takes numbers.

    Examples
    --------
    >>> read_inputs(np.zeros((2, 3), np.uint8), None)
    Traceback (most recent call last):
        ...
    TypeError: Stepper: x must be floating point, not uint8. Scale it first as the training \
images were, for example x.astype(np.float32) / 255.
    """
    x = read_array("x", given)
    if x.ndim == 0:
        raise ValueError("Stepper: x must hold a batch (N, ...), not one number. Add axes.")
    whole = x.dtype.kind in "iu"
    if vocabulary is not None and whole:
        if x.size and not 0 <= x.min() <= x.max() < vocabulary:
            raise ValueError(
                f"Stepper: tokens must lie between 0 and {vocabulary - 1}, not {x.min()} to "
                f"{x.max()}. Give the embedding more rows, or map rare words to one token."
            )
    elif x.dtype.kind != "f":
        raise TypeError(
            f"Stepper: x must be floating point, not {x.dtype}. "
            + (
                "Scale it first as the training images were, for example "
                "x.astype(np.float32) / 255."
                if whole
                else "Convert it with x.astype(np.float32)."
                if x.dtype.kind == "b"
                else "Turn every example into numbers of one shape first."
            )
        )
    return x


def read_labels(given: Any, outputs_shape: Shape, *, soft: bool = False) -> Array:
    """Labels for a cross-entropy: one integer for each row of logits.

    Parameters
    ----------
    given : (N,) array of integers
    outputs_shape : tuple of int
        ``(N, K)``, or ``(N, K, ...)`` for one label at each position.
    soft : bool
        Whether probabilities in the shape of the outputs will do too.

    Examples
    --------
    >>> read_labels([[0, 1], [1, 0]], (2, 2))
    Traceback (most recent call last):
        ...
    ValueError: Stepper: labels must have shape (2,), one integer an example, not one-hot \
(2, 2). Use y.argmax(axis=1).
    """
    y = read_array("y", given)
    if len(outputs_shape) < 2 or outputs_shape[1] < 2:
        raise ValueError(
            f"Stepper: cross-entropy needs outputs (N, K), one logit for each of at least 2 "
            f"classes, not {outputs_shape}. Give the last layer more outputs, or use "
            "loss='binary-cross-entropy' for one output, loss='mse' for numbers."
        )
    expected = outputs_shape[:1] + outputs_shape[2:]
    if soft and y.dtype.kind == "f" and y.shape == outputs_shape:
        return y
    if len(expected) > 1 and y.shape == expected[:1]:
        raise ValueError(
            f"Stepper: labels must have shape {expected}, one integer for each position of the "
            f"outputs {outputs_shape}, not {y.shape}. For one answer an example, end the network "
            "with a Flatten and a dense layer, or with a global pooling and a Flatten."
        )
    if y.shape != expected:
        raise ValueError(
            f"Stepper: labels must have shape {expected}, one integer an example, "
            f"not {_shape_in_words(y, outputs_shape)}"
        )
    if y.dtype.kind not in "iu":
        raise TypeError(
            f"Stepper: labels must be integers, not {_kind_in_words(y)}. "
            + (
                "Number the classes: class_names, y = np.unique(y, return_inverse=True)."
                if y.dtype.kind in "USO"
                else "Use y.astype(np.int64)."
            )
        )
    if y.size and not 0 <= y.min() <= y.max() < outputs_shape[1]:
        raise ValueError(
            f"Stepper: labels must lie between 0 and {outputs_shape[1] - 1}, not {y.min()} to "
            f"{y.max()}. Count classes from 0, or give the last layer more outputs."
        )
    return y


def read_numbers(given: Any, outputs_shape: Shape) -> Array:
    """Targets that are compared number by number: the shape of the outputs.

    Examples
    --------
    >>> read_numbers([1.0, 2.0], (2, 1))
    Traceback (most recent call last):
        ...
    ValueError: Stepper: targets must have the shape of the outputs, (2, 1), not (2,). \
Use y.reshape(2, 1).
    """
    y = read_targets(given)
    if y.shape != outputs_shape:
        cure = (
            f"Use y.reshape{outputs_shape}."
            if y.size == np.prod(outputs_shape)
            else "Give one number for each output, or change the last layer."
        )
        raise ValueError(
            f"Stepper: targets must have the shape of the outputs, {outputs_shape}, "
            f"not {y.shape}. {cure}"
        )
    return y


def read_targets(given: Any) -> Array:
    """Targets for a loss of one's own: any numbers."""
    y = read_array("y", given)
    if y.dtype.kind not in "fiub":
        raise TypeError(
            f"Stepper: targets must be numbers, not {_kind_in_words(y)}. "
            "Number the classes: class_names, y = np.unique(y, return_inverse=True)."
        )
    return y


def batch_starts(count: int, batch_size: Any) -> range:
    """Where the batches of a prediction begin; at least one, which may be empty.

    Examples
    --------
    >>> list(batch_starts(5, 2))
    [0, 2, 4]
    """
    return range(0, max(count, 1), geometry.integer("Stepper: batch_size", batch_size, 1))


def unknown_loss(loss: Any, known: Iterable[str], own: str, advice: str) -> ValueError:
    """The error for a loss that is none; ``own`` says how a loss of one's own is given."""
    near = nearest(loss, known, _LOSSES_ELSEWHERE) if isinstance(loss, str) else None
    return ValueError(
        f"Stepper: loss must be one of {', '.join(known)}, or {own}, not {loss!r}. "
        + (f"Did you mean {near!r}?" if near else advice)
    )


def misfit(shape: Shape, in_shape: Shape | None) -> str:
    """Say why a batch does not fit a network that failed on it; nothing if the shape is right.

    Parameters
    ----------
    shape : tuple of int
        Of the batch, ``(N, ...)``.
    in_shape : tuple of int or None
        What the network was built for, without N; None if that is not known.

    Examples
    --------
    >>> misfit((16, 8, 8, 1), (1, 8, 8))
    'Stepper: x must be (N, 1, 8, 8), which is (N, C, H, W), but it is (16, 8, 8, 1): its \
channels come last. Use x.transpose(0, 3, 1, 2).'
    """
    if in_shape is None or shape[1:] == in_shape:
        return ""
    expected = ", ".join(map(str, ("N", *in_shape)))
    axes = {2: " (N, C, L)", 3: " (N, C, H, W)", 4: " (N, C, D, H, W)"}.get(len(in_shape), "")
    which = f", which is{axes}" if axes else ""
    return (
        f"Stepper: x must be ({expected}){which}, but it is {shape}"
        f"{_cause_and_cure(shape, in_shape)}"
    )


def lonely(reason: str, shape: Shape) -> str:
    """Say what a batch of one example lacks; nothing if that was not the reason."""
    if "more than 1 value per channel" not in reason and "2 numbers in each channel" not in reason:
        return ""
    return (
        "Stepper: batch normalisation needs more than one number a channel to train on, "
        f"but this batch has shape {shape}. Choose a batch_size that leaves more than "
        "one example in the last batch."
    )


def _cause_and_cure(shape: Shape, in_shape: Shape) -> str:
    channels, *sides = in_shape
    rest = shape[1:]
    if shape == in_shape:
        return ": one example without its batch. Use x[None]."
    if sides and channels == 1 and rest == tuple(sides):
        return ": its channel axis is missing. Use x[:, None]."
    if sides and rest == (*sides, channels):
        order = ", ".join(map(str, (0, len(in_shape), *range(1, len(in_shape)))))
        return f": its channels come last. Use x.transpose({order})."
    if np.prod(rest) == np.prod(in_shape):
        return f". Use x.reshape{(-1, *in_shape)}, if its numbers stand in that order."
    return ". Prepare it as the training set was prepared."


def _shape_in_words(y: Array, outputs_shape: Shape) -> str:
    if y.shape == outputs_shape:
        return f"one-hot {y.shape}. Use y.argmax(axis=1)."
    if y.size == outputs_shape[0] * int(np.prod(outputs_shape[2:])):
        return f"{y.shape}. Use y.reshape{outputs_shape[:1] + outputs_shape[2:]}."
    return f"{y.shape}. Pair every example with one label."


def _kind_in_words(y: Array) -> str:
    if y.dtype.kind in "US" or (y.dtype.kind == "O" and y.size and isinstance(y.flat[0], str)):
        return "text"
    return "Python objects" if y.dtype.kind == "O" else str(y.dtype)
