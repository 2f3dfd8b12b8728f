"""From a specification to a PyTorch module with plain, predictable names."""

import numpy as np
import torch
from torch import nn

from cnnlab.pytorch.rows import module_of
from cnnlab.scratch.init import Init, initial_state
from cnnlab.spec import Row, Shape, trace


def build(
    network: Row,
    input_shape: Shape,
    seed: int | np.random.Generator = 0,
    *,
    init: Init = "torch",
    device: torch.device | str | None = None,
) -> nn.Module:
    """Build the PyTorch twin of a specification.

    Parameters
    ----------
    network : Row
        A row or a combinator of rows.
    input_shape : tuple of int
        ``(C, H, W)`` and its like, without the batch.
    seed : int or numpy.random.Generator
        Source of the initial weights, the same as in NumPy for the same seed; PyTorch's own
        random state is left alone.
    init : str or dict of str to str
        As :func:`cnnlab.scratch.build`; "torch" is the framework's default.
    device : torch.device or str, optional
        Where the module lives; the CPU if left out. On "meta" it has shapes but no numbers,
        so that a large network is built in no time and no memory.

    Returns
    -------
    torch.nn.Module
        Its ``state_dict`` keys are the paths of the specification and PyTorch's own names.

    Raises
    ------
    ShapeError
        If a row does not fit; it names the row and shows the shapes up to there.

    Examples
    --------
    >>> from cnnlab.spec import Chain, Conv, Flatten, Linear
    >>> net = build(Chain(conv1=Conv(6, 5), flatten=Flatten(), fc=Linear(10)), (1, 28, 28))
    >>> list(net.state_dict())
    ['conv1.weight', 'conv1.bias', 'fc.weight', 'fc.bias']
    """
    trace(network, input_shape)  # refuses what does not fit, by name
    with torch.device("meta"):  # PyTorch need not draw weights that are replaced at once
        module = module_of(network, tuple(input_shape))
    # So that an error can say what should have entered.
    module.in_shape = tuple(input_shape)  # type: ignore[assignment]
    target = torch.device(device or "cpu")
    if target.type == "meta":
        return module
    state = initial_state(network, input_shape, seed, init)
    tensors = {key: torch.from_numpy(array).to(target) for key, array in state.items()}
    module.load_state_dict(tensors, assign=True)
    return module
