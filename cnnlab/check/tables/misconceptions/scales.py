"""What students believe about parameters that scale and shift: norms, sub-sampling, slopes."""

from collections.abc import Iterator
from math import prod

from cnnlab.check.tables.misconceptions.base import POOLINGS, About, of
from cnnlab.spec import GroupNorm, LayerNorm, PReLU


def norms() -> Iterator[About]:
    """Misconceptions about scale and shift of a normalisation, and what else it holds."""
    yield from _without_statistics()
    yield from _layer_norm()
    yield from of(
        ("normalization",),
        (
            "running statistics counted",
            lambda c: c.table.rows[c.path].params + c.buffers if c.buffers else None,
            "You counted running mean and variance too, but they are measured, not learned.",
        ),
        (
            "shift forgotten",
            lambda c: c.into[0],
            "You counted one number a channel, but a channel is scaled and shifted.",
        ),
        (
            "one pair for all channels",
            lambda c: 2,
            "You counted one scale and one shift for all, but each channel has its own.",
        ),
        (
            "one number for all channels",
            lambda c: 1,
            "You counted one number for the whole row, but each channel has its own scale and "
            "shift.",
        ),
        (
            "a pair for each position",
            lambda c: 2 * prod(c.into),
            "You counted a scale and a shift for each position, but a channel shares them.",
        ),
        (
            "normalisation without parameters",
            lambda c: 0,
            "Normalising itself learns nothing, but a learned scale and shift follow it.",
        ),
        where=lambda c: c.weights and c.kind is not LayerNorm,
    )


def _without_statistics() -> Iterator[About]:
    yield from of(
        ("normalization",),
        (
            "running statistics that are not kept",
            lambda c: 2 * c.table.rows[c.path].params,
            "You counted running mean and variance too, but this row keeps none: it normalises "
            "each example by itself.",
        ),
        where=lambda c: c.weights and not c.buffers,
    )
    yield from of(
        ("normalization",),
        (
            "a pair for each group",
            lambda c: 2 * c.row.num_groups if isinstance(c.row, GroupNorm) else None,
            "You counted a scale and a shift for each group, but a group shares its mean and "
            "variance only: each channel has its own scale and shift.",
        ),
        (
            "a number for each group",
            lambda c: c.row.num_groups if isinstance(c.row, GroupNorm) else None,
            "You counted one number for each group, but each channel has its own scale and shift.",
        ),
        where=lambda c: c.weights,
    )


def _layer_norm() -> Iterator[About]:
    yield from of(
        ("normalization",),
        (
            "layer norm as batch norm",
            lambda c: 2 * c.into[0] if len(c.into) > 1 else None,
            "You counted a scale and a shift for each channel, as batch normalisation has them; "
            "here each number of an example has its own.",
        ),
        (
            "layer norm as batch norm, with its statistics",
            lambda c: 4 * c.into[0] if len(c.into) > 1 else None,
            "You counted four numbers for each channel, as batch normalisation keeps them; here "
            "each number of an example has a scale and a shift.",
        ),
        (
            "channels of the layer norm forgotten",
            lambda c: 2 * prod(c.into[1:]) if len(c.into) > 1 else None,
            "You counted a scale and a shift for each position, but the channels of a position "
            "have their own.",
        ),
        (
            "shift of the layer norm forgotten",
            lambda c: c.weights,
            "You counted one number for each that enters, but it is scaled and shifted.",
        ),
        (
            "one pair for the whole layer",
            lambda c: 2,
            "You counted one scale and one shift for all: an example shares its mean and variance "
            "only.",
        ),
        (
            "layer norm without parameters",
            lambda c: 0,
            "Normalising itself learns nothing, but a learned scale and shift follow it.",
        ),
        where=lambda c: c.weights and c.kind is LayerNorm,
    )


def subsampling() -> Iterator[About]:
    """Misconceptions about the weight and bias of LeNet's sub-sampling."""
    yield from of(
        POOLINGS,
        (
            "sub-sampling as plain pooling",
            lambda c: 0,
            "Plain pooling learns nothing, but LeNet's sub-sampling has a weight and a bias for "
            "each map.",
        ),
        (
            "sub-sampling as a convolution",
            lambda c: c.into[0] * (prod(c.kernel) + 1),
            "You counted a weight for each value of the window, but the window is averaged and "
            "the mean gets one weight.",
        ),
        (
            "sub-sampling without its bias",
            lambda c: c.into[0],
            "You counted one number for each map, but it has a weight and a bias.",
        ),
        where=lambda c: c.weights,
    )


def slopes() -> Iterator[About]:
    """Misconceptions about the learned slope of an activation."""
    yield from of(
        ("activation",),
        (
            "no slope learned",
            lambda c: 0,
            "Most activations learn nothing, but this one learns its slope below zero.",
        ),
        (
            "a slope for each channel",
            lambda c: c.into[0] if c.weights == 1 else None,
            "You gave each channel a slope, but here all share one, as in PyTorch by default.",
        ),
        (
            "one slope for all channels",
            lambda c: 1,
            "You counted one slope for all channels, but here each channel has its own.",
        ),
        (
            "a slope for each value",
            lambda c: prod(c.into),
            "You gave each value a slope, but the positions of a channel share one.",
        ),
        (
            "slope and bias",
            lambda c: 2 * c.weights,
            "You counted a bias as well, but only the slope is learned.",
        ),
        where=lambda c: c.kind is PReLU,
    )
