"""Every layer of the course in NumPy, forward and backward.

Examples
--------
>>> import numpy as np
>>> from cnnlab import scratch, zoo
>>> network = zoo.get("ds-4400")
>>> net = scratch.build(network.spec, network.input_shape, seed=0)
>>> net.forward(np.zeros((2, 1, 28, 28), np.float32)).shape
(2, 10)
"""

from cnnlab.scratch.build import build
from cnnlab.scratch.stepper import Stepper

__all__ = ["Stepper", "build"]
