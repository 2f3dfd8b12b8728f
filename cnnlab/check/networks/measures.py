"""A trained network on images that it has not seen: whether it is right often enough."""

from typing import Any

import numpy as np

from cnnlab.check.core.answers import kind
from cnnlab.check.core.arrays import Array, to_array
from cnnlab.check.core.calls import call
from cnnlab.check.core.result import Result
from cnnlab.check.networks.models import Model, model


def measure(
    answer: Any, x: Any, labels: Any, at_least: float, classes: int, claimed: float | None
) -> Result:
    """Measure a trained network, in evaluation mode, on images and labels.

    Parameters
    ----------
    answer, x, labels, at_least, classes, claimed
        As in :func:`cnnlab.check.training`.

    Returns
    -------
    Result

    Examples
    --------
    >>> from cnnlab import spec
    >>> net = spec.Chain(fc=spec.Linear(2))
    >>> measure(net, np.ones((4, 3)), np.eye(2)[None], 0.9, 2, None)
    ✗ not yet: The labels have shape (1, 2, 2): they were turned into one-hot rows twice. ...
    """
    images, targets = to_array(x, "x"), to_array(labels, "labels")
    if isinstance(images, Result):
        return images
    if isinstance(targets, Result):
        return targets
    read = _labels(targets, len(images), classes)
    if isinstance(read, Result):
        return read
    shape = images.shape[1:]
    own = call(lambda: (model(answer, shape),), (), {}, "", "network")
    if isinstance(own, Result):
        return own
    if own[0] is None:
        return Result("fail", f"This asks for a network, and this is {kind(answer)}.")
    images = images.astype(np.float32)
    share = _accuracy(own[0], images, read, False)
    if isinstance(share, Result):
        return share
    return _verdict(own[0], images, read, share, at_least, claimed)


def _labels(targets: Array, count: int, classes: int) -> Array | Result:
    if targets.ndim == 3:
        return Result(
            "fail",
            f"The labels have shape {targets.shape}: they were turned into one-hot rows twice.",
            "Print the shape of the labels after each step of their preparation.",
        )
    if len(targets) != count:
        return Result("fail", f"There are {count} images and {len(targets)} labels.")
    read = targets.argmax(axis=1) if targets.ndim == 2 and targets.shape[1] > 1 else targets.ravel()
    if read.min() < 0 or read.max() >= classes:
        return Result("fail", f"Labels must lie between 0 and {classes - 1}: count from 0.")
    return read


def _accuracy(own: Model, x: Array, labels: Array, training: bool) -> float | Result:
    right = 0
    for start in range(0, len(x), 256):
        part = slice(start, start + 256)
        made = call(own.run, (x[part], training), {}, f"with images {x[part].shape}", "network")
        y = made if isinstance(made, Result) else to_array(made, "output of the network")
        if isinstance(y, Result):
            return y
        if y.ndim != 2:
            return Result("fail", f"The network gives {y.shape} for {len(x[part])} images.")
        right += int((y.argmax(axis=1) == labels[part]).sum())
    return right / len(x)


def _verdict(
    own: Model, x: Array, labels: Array, share: float, at_least: float, claimed: float | None
) -> Result:
    noisy = _accuracy(own, x, labels, True) if claimed is not None else share
    if isinstance(noisy, Result):
        noisy = share
    if claimed is not None and abs(claimed - share) > 0.005:
        if abs(claimed - 100 * share) < 0.5:
            return Result("fail", "This accuracy is in percent; give a share from 0 to 1.")
        if abs(claimed - noisy) < abs(claimed - share):
            return Result(
                "fail",
                "This accuracy was measured in training mode, where dropout drops and batch "
                "normalisation looks at the batch.",
                "Evaluate in evaluation mode.",
            )
        return Result("fail", "This is not the accuracy of the network on these images.")
    if share >= at_least:
        return Result("pass", f"the network is right for {share:.2f} of the images.")
    text = f"The network is right for {share:.2f} of the images, below {at_least:g}."
    if float(np.abs(x).max(initial=0)) > 20:
        return Result(
            "fail", f"{text} The images run up to {x.max():g}: scale them as in training."
        )
    return Result("fail", text)
