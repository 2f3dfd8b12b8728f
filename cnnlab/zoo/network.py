"""A network of the zoo: its table, its input, and what was published about it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cnnlab.spec import Row, Shape
from cnnlab.zoo.augmentation import Augmentation

if TYPE_CHECKING:
    import numpy as np
    from torch import nn

    from cnnlab.count import Summary
    from cnnlab.scratch.layers import FunctionLayer
    from cnnlab.scratch.nets import Net


@dataclass(frozen=True)
class Published:
    """What a source says about a network; tests recount it.

    Attributes
    ----------
    source : str
        Paper or deck.
    year : int or None
        When the network first appeared, as a preprint, in a contest or in a paper, where that
        is known; the source may be the later conference paper.
    params : int or None
        Parameters, where the source gives them.
    trainable_params : int or None
        Trainable parameters, where the source tells them apart.
    params_with_heads : int or None
        Parameters with the auxiliary heads, where there are any.
    macs : int or None
        Multiply-accumulates for one example, where the source gives them to the last one.
    rows : dict
        Parameters of single layers by path, where the source gives them.
    note : str
        What a reader who holds the source beside the table should know.
    """

    source: str
    year: int | None = None
    params: int | None = None
    trainable_params: int | None = None
    params_with_heads: int | None = None
    macs: int | None = None
    rows: dict[str, int] = field(default_factory=dict, hash=False)
    note: str = ""


@dataclass(frozen=True)
class Network:
    """An architecture with its input shape and published facts.

    Attributes
    ----------
    name : str
        As in :func:`cnnlab.zoo.get`.
    spec : Row
        The table.
    input_shape : tuple of int
        ``(C, H, W)`` without the batch.
    published : Published
        What the source says.
    heads : tuple of (str, Row)
        Auxiliary classifiers for training, each with the path of the row whose output it reads.
    augmentation : Augmentation or None
        How the source changes its training images at random, where it says so.
    init : dict of str to str
        Schemes of the initial weights, where the source names them: by path, of a row or of a
        part that holds it, as :func:`cnnlab.scratch.build` takes them. Empty for PyTorch's own.
    l2 : dict of str to float
        Strengths of the penalty ``strength · Σ w²`` on the weights, by path in the same way.

    Examples
    --------
    >>> from cnnlab import zoo
    >>> zoo.get("ds-4400").summary().params
    9269
    """

    name: str
    spec: Row
    input_shape: Shape
    published: Published
    heads: tuple[tuple[str, Row], ...] = ()
    augmentation: Augmentation | None = None
    init: dict[str, str] = field(default_factory=dict, hash=False)
    l2: dict[str, float] = field(default_factory=dict, hash=False)

    def summary(self) -> "Summary":
        """Count shapes, parameters and MACs, layer by layer."""
        from cnnlab.count import summarize

        return summarize(self.spec, self.input_shape)

    def head_summaries(self) -> "dict[str, Summary]":
        """Count the auxiliary heads, each under the path of the row that it reads."""
        from cnnlab.count import summarize

        rows = self.summary()
        return {path: summarize(head, rows[path].output_shape) for path, head in self.heads}

    def torch(self, seed: "int | np.random.Generator" = 0, **options: Any) -> "nn.Module":
        """Build the PyTorch module; options as :func:`cnnlab.pytorch.build`.

        ``init`` is the network's own where it has one.
        """
        from cnnlab.pytorch import build

        return build(self.spec, self.input_shape, seed, **self._options(options))

    def numpy(self, seed: "int | np.random.Generator" = 0, **options: Any) -> "Net | FunctionLayer":
        """Build the NumPy network; options as :func:`cnnlab.scratch.build`.

        ``init`` is the network's own where it has one.

        Examples
        --------
        >>> from cnnlab import zoo
        >>> zoo.get("ds-4400").numpy()["fc2"].params["weight"].shape
        (10, 64)
        """
        from cnnlab.scratch import build

        return build(self.spec, self.input_shape, seed, **self._options(options))

    def _options(self, options: dict[str, Any]) -> dict[str, Any]:
        return ({"init": self.init} if self.init else {}) | options
