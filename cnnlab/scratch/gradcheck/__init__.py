"""Is a backward pass right? Compare it with differences of the forward pass.

The loss is ``Σ dy · y`` with a random upstream gradient ``dy``, so that every output counts
in its own way; a plain ``y.sum()`` is blind to much. It is moved a little along random
directions, in float64, where rounding is small, and away from kinks, where there is no
derivative to compare with.

References
----------
J. Nocedal and S. Wright, "Numerical Optimization", 2006, section 8.1.

Examples
--------
A softmax whose backward pass returns zeros:

>>> import numpy as np
>>> from cnnlab.scratch.functional import softmax, softmax_backward
>>> def zero_backward(dy, cache):
...     return np.zeros_like(dy)
>>> logits = np.random.default_rng(0).standard_normal((4, 3))

If the loss were the plain sum, zeros would even be right, because probabilities always sum
to 1:

>>> y, cache = softmax(logits)
>>> bool(np.allclose(softmax_backward(np.ones_like(y), cache), 0))
True

A random upstream gradient is not fooled:

>>> report = check(softmax, zero_backward, logits)
>>> report.ok
False
>>> print(report.entries["x"].cause)
it is all zeros: backward passes nothing on
>>> check(softmax, softmax_backward, logits)
Gradients agree with differences: x
"""

from cnnlab.scratch.gradcheck.causes import likely_cause
from cnnlab.scratch.gradcheck.checks import check, check_layer
from cnnlab.scratch.gradcheck.report import Entry, Report

__all__ = ["Entry", "Report", "check", "check_layer", "likely_cause"]
