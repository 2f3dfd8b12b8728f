"""Right answers in many styles: what no check may refuse.

``RIGHT`` has a row for each thing that a lab asks for: its name, the abilities asked for, and
right functions in as many styles as people write. A new exercise gets its tests by adding a row.
"""

from tests.styles import backwards, graphs, signals
from tests.styles.alexnet import ALEXNET
from tests.styles.base import DRESSES, Row
from tests.styles.digits import DIGITS
from tests.styles.kernels import KERNELS
from tests.styles.layers import LAYERS
from tests.styles.neurons import NEURONS
from tests.styles.pointwise import POINTWISE
from tests.styles.resnet import RESNET
from tests.styles.seeing import SEEING
from tests.styles.sequences import SEQUENCES
from tests.styles.small import SMALL
from tests.styles.smaller import SMALLER
from tests.styles.steps import STEPS
from tests.styles.study import STUDY
from tests.styles.training import TRAINING, TRAINING_BACKWARDS
from tests.styles.transfer import TRANSFER

__all__ = ["BACKWARDS", "BACKWARD_ASKS", "DRESSES", "PAIRS", "RIGHT", "Row"]

RIGHT: dict[str, Row] = {
    **KERNELS,
    **LAYERS,
    **SMALL,
    **DIGITS,
    **POINTWISE,
    **NEURONS,
    **STEPS,
    **TRAINING,
    **ALEXNET,
    **RESNET,
    **SMALLER,
    **SEEING,
    **STUDY,
    **SEQUENCES,
    **TRANSFER,
    **graphs.RIGHT,
}
BACKWARDS = backwards.BACKWARDS | graphs.BACKWARDS | signals.BACKWARDS | TRAINING_BACKWARDS
BACKWARD_ASKS: dict[tuple[str, str], tuple[str, ...]] = {("dropout", "dx"): ()}  # as its lab does
PAIRS = backwards.PAIRS | graphs.PAIRS
