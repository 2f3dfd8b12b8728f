"""Explorers: move one slider, see what changes, read it as text.

All arithmetic is Python: a pure scene, tested without a browser, becomes a picture and one
line of text that says the same. Every explorer's settings can be set and read from Python,
and its ``code()`` is the library call that computes what it shows.

Examples
--------
>>> from cnnlab import explore
>>> explore.ConvolutionExplorer(stride=2)
input 7×7, kernel 3×3, stride 2, padding 0 → output 3×3
>>> explore.OutputSizeExplorer(stride=3)
input 7, kernel 3, stride 3, padding 0 → floor 2, ceil 3, error: does not fit, 1 pixel left over
"""

from typing import Any

from cnnlab.explore.architecture.widget import ArchitectureExplorer
from cnnlab.explore.base import Explorer
from cnnlab.explore.blocks.widget import BlockExplorer
from cnnlab.explore.boundary.widget import BoundaryExplorer
from cnnlab.explore.convolution.widget import ConvolutionExplorer
from cnnlab.explore.filter.widget import FilterExplorer
from cnnlab.explore.graph.widget import GraphExplorer
from cnnlab.explore.inside.widget import InsideExplorer
from cnnlab.explore.optimizer.widget import OptimizerExplorer
from cnnlab.explore.output_size.widget import OutputSizeExplorer
from cnnlab.explore.parameters.widget import ParameterExplorer
from cnnlab.explore.pooling.widget import PoolingExplorer
from cnnlab.explore.receptive_field.widget import ReceptiveFieldExplorer
from cnnlab.explore.scaling.widget import ScalingExplorer
from cnnlab.explore.seeing.widget import SeeingExplorer
from cnnlab.explore.signal.widget import SignalExplorer
from cnnlab.explore.text.widget import TextExplorer
from cnnlab.explore.translation.widget import TranslationExplorer
from cnnlab.explore.unrolled.widget import UnrolledExplorer

__all__ = [
    "ArchitectureExplorer",
    "BlockExplorer",
    "BoundaryExplorer",
    "ConvolutionExplorer",
    "Explorer",
    "FilterExplorer",
    "GraphExplorer",
    "InsideExplorer",
    "OptimizerExplorer",
    "OutputSizeExplorer",
    "ParameterExplorer",
    "PoolingExplorer",
    "ReceptiveFieldExplorer",
    "ScalingExplorer",
    "SeeingExplorer",
    "SignalExplorer",
    "TextExplorer",
    "TranslationExplorer",
    "UnrolledExplorer",
    "listing",
    "names",
]

_EXPLORERS: tuple[type[Explorer[Any]], ...] = (
    BoundaryExplorer,
    GraphExplorer,
    SignalExplorer,
    OptimizerExplorer,
    ConvolutionExplorer,
    FilterExplorer,
    OutputSizeExplorer,
    PoolingExplorer,
    ReceptiveFieldExplorer,
    ParameterExplorer,
    TranslationExplorer,
    InsideExplorer,
    ArchitectureExplorer,
    BlockExplorer,
    ScalingExplorer,
    SeeingExplorer,
    TextExplorer,
    UnrolledExplorer,
)


def names() -> list[str]:
    """Names of all explorers, in the order of the course.

    Examples
    --------
    >>> names()[-1]
    'UnrolledExplorer'
    """
    return [explorer.__name__ for explorer in _EXPLORERS]


def listing() -> str:
    """One line for each explorer: its name and what it shows.

    Examples
    --------
    >>> print(listing().splitlines()[-1])
    UnrolledExplorer        a recurrent network that spells: its memory, and the message back through time
    """
    width = max(map(len, names()))
    return "\n".join(f"{e.__name__:{width}}  {e.purpose}" for e in _EXPLORERS)
