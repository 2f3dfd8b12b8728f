"""Cases of functions that work on each number by itself."""

import numpy as np

from cnnlab.check.exercises.common.base import Case
from cnnlab.check.exercises.common.draws import few, normal, wide

ASKS = ("any shape",)
CASES = (
    Case("with a batch", {"x": normal(5, 4)}),
    Case("with maps", {"x": normal(2, 3, 4, 5)}, needs="any shape"),
    Case("with one axis", {"x": normal(6)}, needs="any shape"),
    Case("with zeros among the numbers", {"x": few(5, 4)}),
    Case("with numbers up to 50", {"x": wide(5, 4)}),
    Case("with arrays of float32", {"x": normal(5, 4)}, dtype=np.float32, needs="float32"),
)
