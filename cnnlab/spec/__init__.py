"""The rows of an architecture, and the four ways of putting them together.

A specification is a value: it reads like the table in a paper, prints as the code that
rebuilds it, and compares and hashes by what it says. Counting, NumPy, PyTorch and plots
all read it.

Examples
--------
>>> from cnnlab.spec import Chain, Conv, Flatten, Linear, MaxPool, ReLU
>>> net = Chain(
...     conv1=Conv(10, 3), relu1=ReLU(), pool1=MaxPool(2), flatten=Flatten(), fc=Linear(10)
... )
>>> net.out_shape((1, 28, 28))
(10,)
>>> eval(repr(net)) == net
True
"""

from cnnlab.spec.base import *
from cnnlab.spec.combine import *
from cnnlab.spec.conv import *
from cnnlab.spec.dense import *
from cnnlab.spec.layout import *
from cnnlab.spec.normalization import *
from cnnlab.spec.pointwise import *
from cnnlab.spec.pool import *
from cnnlab.spec.trace import *
from cnnlab.spec.transposed import *
