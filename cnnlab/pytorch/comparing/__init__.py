"""Two networks on the same input, layer by layer, and the convention that parts them.

``compare`` records what every layer makes of the input, finds the first layer whose numbers
differ, and reruns ours under each convention that libraries are known to differ in. The one that
reproduces theirs is the answer.
"""

from cnnlab.pytorch.comparing.compare import compare
from cnnlab.pytorch.comparing.report import Comparison

__all__ = ["Comparison", "compare"]
