"""Where windows land: the integer arithmetic of convolution and pooling.

Everything here is exact; no weights, no tensors. ``padding`` is counted per side,
``dilation`` counts from 1 (1 means adjacent taps), as in PyTorch.

References
----------
V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep learning", 2016.
"""

from cnnlab.geometry.settings import (
    AXIS_NAMES,
    POLICIES,
    AxisPadding,
    Policy,
    check_policy,
    integer,
    padding_per_axis,
    per_axis,
)
from cnnlab.geometry.sizes import (
    effective_kernel_size,
    output_shape,
    output_size,
    resolve_padding,
    same_padding,
)
from cnnlab.geometry.transposed import transposed_output_size, transposed_padding
from cnnlab.geometry.windows import (
    ReceptiveField,
    receptive_field,
    unread,
    window_slices,
    windows,
)

__all__ = [
    "AXIS_NAMES",
    "POLICIES",
    "AxisPadding",
    "Policy",
    "ReceptiveField",
    "check_policy",
    "effective_kernel_size",
    "integer",
    "output_shape",
    "output_size",
    "padding_per_axis",
    "per_axis",
    "receptive_field",
    "resolve_padding",
    "same_padding",
    "transposed_output_size",
    "transposed_padding",
    "unread",
    "window_slices",
    "windows",
]
