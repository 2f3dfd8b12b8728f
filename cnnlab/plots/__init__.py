"""The course's pictures: matplotlib figures in one style, each with its text equivalent.

Every figure's function returns a :class:`Figure`, draws nothing anywhere else, and needs neither a
display nor ``pyplot``. The alternative text says what the figure shows; numbers that come
out of training are drawn in the picture only, since their last digit depends on the machine.
"""

from cnnlab.plots.bars import bars
from cnnlab.plots.connections import connections
from cnnlab.plots.curves import training_curves
from cnnlab.plots.diagrams.architecture import architecture, describe
from cnnlab.plots.diagrams.graphs import graph
from cnnlab.plots.diagrams.sketches import neuron, topologies
from cnnlab.plots.diagrams.tokens import tokens
from cnnlab.plots.diagrams.unrolled import unrolled
from cnnlab.plots.figure import COLORS, Figure
from cnnlab.plots.functions import functions
from cnnlab.plots.history import error_by_year, networks_by_year, parameters_against_error
from cnnlab.plots.images import filters, image_grid, overlay, response_maps
from cnnlab.plots.mistakes import confusion_matrix, worst_mistakes
from cnnlab.plots.numbers import number_grids
from cnnlab.plots.paths import paths
from cnnlab.plots.planes import Plane, planes
from cnnlab.plots.regions import regions
from cnnlab.plots.units import units

__all__ = [
    "COLORS",
    "Figure",
    "Plane",
    "architecture",
    "bars",
    "confusion_matrix",
    "connections",
    "describe",
    "error_by_year",
    "filters",
    "functions",
    "graph",
    "image_grid",
    "networks_by_year",
    "neuron",
    "number_grids",
    "overlay",
    "parameters_against_error",
    "paths",
    "planes",
    "regions",
    "response_maps",
    "tokens",
    "topologies",
    "training_curves",
    "units",
    "unrolled",
    "worst_mistakes",
]
