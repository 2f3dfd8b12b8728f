"""One training loop for every network: it drives a stepper and keeps the history.

The loop knows neither layers nor PyTorch. Whatever can take one optimisation step on a
batch (a :class:`Stepper`) can be trained by :func:`fit`, so that the NumPy network and
the PyTorch network see the same batches in the same order and report the same metrics.
"""

from cnnlab.train.callbacks import Callback, EarlyStopping, ReduceLROnPlateau
from cnnlab.train.history import History
from cnnlab.train.loop import fit
from cnnlab.train.stepper import Stepper

__all__ = ["Callback", "EarlyStopping", "History", "ReduceLROnPlateau", "Stepper", "fit"]
