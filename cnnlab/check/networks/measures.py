"""A trained network on images that the lab holds: how often it is right, and which one it is."""

import math
from typing import Any, NamedTuple

import numpy as np

from cnnlab.check.core.arrays import Array, to_array
from cnnlab.check.core.result import RefusedError, Result
from cnnlab.check.networks.likeness import like_task
from cnnlab.check.networks.models import NetworkView
from cnnlab.check.networks.own import OwnNetwork
from cnnlab.check.run.things import Thing

_NOISE = 0.03  # how far two measurements in training mode lie apart, dropout at work


class Measured(NamedTuple):
    """A network and the images that it was measured on.

    Attributes
    ----------
    own : OwnNetwork
    x : (N, ...) array
    labels : (N,) array
    right : int
        How many of them it reads in evaluation mode.
    """

    own: OwnNetwork
    x: Array
    labels: Array
    right: int

    @property
    def share(self) -> float:
        """Share of right answers."""
        return self.right / len(self.x)

    def reaches(self, at_least: float) -> bool:
        """Whether enough answers are right, rounding of a float32 aside."""
        return self.right >= self.needed(at_least)

    def needed(self, at_least: float) -> int:
        """How many answers must be right."""
        return math.ceil(at_least * len(self.x) - 1e-6)


def measure(answer: Any, x: Any, labels: Any, classes: int, like: Any = None) -> Measured | Result:
    """Measure a trained network, in evaluation mode, on images and labels.

    Parameters
    ----------
    answer : network, module or Stepper
        The student's; left as it was.
    x, labels, classes, like
        As in :func:`cnnlab.check.training`.

    Returns
    -------
    Measured or Result
        A result if it cannot be measured, or is not the network of the task.

    Examples
    --------
    >>> from cnnlab import spec
    >>> net = spec.Chain(fc=spec.Linear(2))
    >>> measure(net, np.ones((4, 3)), np.eye(2)[None], 2)
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
    own = OwnNetwork(Thing(NetworkView(answer, shape), "network"))
    other = own.build()
    if other:
        text = f"This asks for a trained network or its Stepper, and this is {other}."
        several = other in ("a tuple", "a list")
        return Result("fail", text, "Take the network out of it by its place." if several else "")
    images = images.astype(np.float32)
    unlike = None if like is None else like_task(own, like, images[:4])
    if unlike is not None:
        return unlike
    return Measured(own, images, read, count_right(own, images, read, training=False))


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


def count_right(own: OwnNetwork, x: Array, labels: Array, training: bool) -> int:
    """Count the images whose largest output is at the label; ends the check if there is none."""
    right = 0
    for start in range(0, len(x), 256):
        part = slice(start, start + 256)
        y = own.at(f"with images {x[part].shape}").run(x[part], training)
        if y.ndim != 2:
            text = f"The network gives {y.shape} for {len(x[part])} images."
            raise RefusedError(Result("fail", text))
        right += int((y.argmax(axis=1) == labels[part]).sum())
    return right


def claim(measured: Measured, claimed: float) -> Result | None:
    """Compare an accuracy that the student has measured; None if it is right."""
    if abs(claimed - measured.share) <= 0.005:
        return None
    if abs(claimed - 100 * measured.share) < 0.5:
        return Result("fail", "This accuracy is in percent; give a share from 0 to 1.")
    if claimed == measured.right > 1:
        return Result("fail", "This is the number of right answers; give their share.")
    if abs(claimed - (1 - measured.share)) <= 0.005:
        return Result("fail", "This is the share of wrong answers; give that of the right ones.")
    try:
        right = count_right(measured.own, measured.x, measured.labels, training=True)
    except RefusedError:
        right = measured.right
    share = right / len(measured.x)
    if abs(claimed - share) < min(abs(claimed - measured.share), _NOISE):
        return Result(
            "fail",
            "This accuracy was measured in training mode, where dropout drops and batch "
            "normalisation looks at the batch.",
            "Evaluate in evaluation mode.",
        )
    return Result("fail", "This is not the accuracy of the network on these images.")


def verdict(measured: Measured, at_least: float) -> Result:
    """Whether a network is right often enough; its numbers are told where it is not.

    They may differ between processors, and a notebook stores what is said of a right answer.
    """
    if measured.reaches(at_least):
        return Result(
            "pass", f"the network gets at least {100 * at_least:g} % of these images right."
        )
    text = (
        f"The network gets {measured.right} of {len(measured.x)} images right, and the task asks "
        f"for {measured.needed(at_least)}."
    )
    if float(np.abs(measured.x).max(initial=0)) > 20:
        text = f"{text} The images run up to {measured.x.max():g}: scale them as in training."
    return Result("fail", text)
