"""What a dense layer would need to compute the map of a convolution."""

from math import prod
from typing import NamedTuple

from cnnlab import spec
from cnnlab.explore.parameters.formulas import params_formula
from cnnlab.spec import Row, Shape, TraceStep

CONVOLUTIONS = (spec.Conv, spec.DepthwiseConv, spec.TableConv, spec.TransposedConv)


class Dense(NamedTuple):
    """A convolution beside the dense layer for the same map.

    Attributes
    ----------
    path : str
        Of the convolution.
    scale : int
        How many times larger the side of the image is.
    in_shape, out_shape : tuple of int
    convolution, dense : str
        Formulas with their values.
    params, dense_params : int
        The values.
    """

    path: str
    scale: int
    in_shape: Shape
    out_shape: Shape
    convolution: str
    dense: str
    params: int
    dense_params: int


def dense_formula(row: Row, in_shape: Shape) -> tuple[str, int]:
    """Parameters of the dense layer that computes what a convolution does.

    Parameters
    ----------
    row : Row
        A convolution.
    in_shape : tuple of int
        Shape that enters it, without the batch.

    Returns
    -------
    (str, int)
        The formula and its value.

    Examples
    --------
    >>> from cnnlab.spec import Conv
    >>> dense_formula(Conv(6, 5), (1, 32, 32))
    ('(32·32·1 + 1)·(28·28·6)', 4821600)
    """
    out_shape = row.out_shape(in_shape)
    bias = int("bias" in row.param_shapes(in_shape))
    numbers = [_product((*shape[1:], shape[0])) for shape in (in_shape, out_shape)]
    term = f"({numbers[0]}{' + 1' if bias else ''})·({numbers[1]})"
    return term, (prod(in_shape) + bias) * prod(out_shape)


def _product(shape: Shape) -> str:
    return "·".join(f"{number:,}" for number in shape)


def dense_instead(steps: list[TraceStep], selected: str, scale: int) -> Dense | None:
    """Compare a convolution with the dense layer for the same map.

    Parameters
    ----------
    steps : list of TraceStep
        A network.
    selected : str
        Key of a row; where it is no convolution, the last one before it is compared, or the
        largest of the network if none was selected.
    scale : int
        How many times larger the side of the image is.

    Returns
    -------
    Dense or None
        None where nothing convolves.
    """
    found = [(i, step) for i, step in enumerate(steps) if isinstance(step.row, CONVOLUTIONS)]
    if not found or scale < 1:
        return None
    number = selected.removeprefix("rows:")
    if number.isdecimal():
        before = [step for i, step in found if i <= int(number)]
        step = before[-1] if before else found[0][1]
    else:
        step = max((step for _, step in found), key=lambda s: prod(s.in_shape) * prod(s.out_shape))
    in_shape = step.in_shape[0], *(scale * size for size in step.in_shape[1:])
    formula = params_formula(step.row, in_shape).term
    params = sum(map(prod, step.row.param_shapes(in_shape).values()))
    dense, count = dense_formula(step.row, in_shape)
    return Dense(
        path=step.path,
        scale=scale,
        in_shape=in_shape,
        out_shape=step.row.out_shape(in_shape),
        convolution=f"{formula} = {params:,}",
        dense=f"{dense} = {count:,}",
        params=params,
        dense_params=count,
    )
