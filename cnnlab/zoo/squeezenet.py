"""SqueezeNet: fire modules, which squeeze to few channels and expand with 1×1 and 3×3.

References
----------
F. N. Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and
<0.5MB model size", 2016, sections 3 and 5.
"""

from collections.abc import Container

from cnnlab.spec import (
    Chain,
    Concat,
    Conv,
    Dropout,
    Flatten,
    GlobalAvgPool,
    MaxPool,
    ReLU,
)
from cnnlab.zoo.network import Network, Published


def fire(s1x1: int, e1x1: int, e3x3: int) -> Chain:
    """A fire module.

    Parameters
    ----------
    s1x1 : int
        1×1 filters that squeeze.
    e1x1, e3x3 : int
        1×1 and 3×3 filters that expand; their maps are stacked.

    Examples
    --------
    >>> fire(16, 64, 64).out_shape((96, 55, 55))
    (128, 55, 55)
    """
    return Chain(
        squeeze1x1=Conv(s1x1, 1),
        relu1=ReLU(),
        expand=Concat(expand1x1=Conv(e1x1, 1), expand3x3=Conv(e3x3, 3, padding=1)),
        relu2=ReLU(),
    )


def squeezenet(
    conv1: Conv,
    pool_after: Container[int],
    sr: float = 0.125,
    pct3x3: float = 0.5,
    num_classes: int = 1000,
) -> Chain:
    """SqueezeNet from the metaparameters of the paper's section 5.

    Fire modules 2 to 9 expand to e = 128, 128, 256, 256, 384, 384, 512, 512 filters.

    Parameters
    ----------
    conv1 : Conv
        The first convolution.
    pool_after : container of int
        Fire modules, by number, that a max-pooling follows.
    sr : float
        Squeeze ratio SR = s1×1 / (e1×1 + e3×3).
    pct3x3 : float
        Share PCT3×3 of the expanding filters that are 3×3.
    num_classes : int
        Outputs.

    Returns
    -------
    Chain
        The table; it ends with logits.

    Raises
    ------
    ValueError
        If SR is not in (0, 1] or PCT3×3 not in (0, 1).

    Examples
    --------
    >>> from cnnlab.count import summarize
    >>> wide = squeezenet(Conv(96, 7, stride=2), {4, 8}, sr=0.75)
    >>> f"{summarize(wide, (3, 224, 224)).params:,}"
    '4,841,704'
    """
    if not 0 < sr <= 1:
        raise ValueError(f"squeezenet: sr must be in (0, 1], not {sr!r}. The paper uses 0.125.")
    if not 0 < pct3x3 < 1:
        raise ValueError(
            f"squeezenet: pct3x3 must be in (0, 1), not {pct3x3!r}. The paper uses 0.5."
        )
    rows: dict[str, Chain | MaxPool] = {}
    for number in range(2, 10):
        expand = 128 * (number // 2)
        e3x3 = round(pct3x3 * expand)
        rows[f"fire{number}"] = fire(round(sr * expand), expand - e3x3, e3x3)
        if number in pool_after:
            rows[f"maxpool{number}"] = _pool()
    return Chain(
        conv1=conv1,
        relu1=ReLU(),
        maxpool1=_pool(),
        **rows,
        dropout=Dropout(p=0.5),
        conv10=Conv(num_classes, 1),
        relu10=ReLU(),
        avgpool10=GlobalAvgPool(),
        flatten=Flatten(),
    )


def _pool() -> MaxPool:
    return MaxPool(3, stride=2, policy="ceil")


_CEIL = "Pooling rounds up, as in the authors' Caffe files and in torchvision."

NETWORKS = (
    Network(
        "squeezenet-1.0",
        squeezenet(Conv(96, 7, stride=2), pool_after={4, 8}),
        (3, 224, 224),
        Published(
            source="F. N. Iandola et al., SqueezeNet, arXiv:1602.07360, 2016",
            year=2016,
            params=1_248_424,
            # Table 1 of the paper, "#parameter before pruning".
            rows={"conv1": 14_208, "conv10": 513_000},
            note=_CEIL + " The paper's table gives conv1 111×111 maps from 224×224 pixels; that"
            " needs 227×227, which the authors' files take. With 224 and no padding they are"
            " 109×109. Parameters are the same.",
        ),
    ),
    Network(
        "squeezenet-1.1",
        squeezenet(Conv(64, 3, stride=2), pool_after={3, 5}),
        (3, 224, 224),
        Published(
            source="F. N. Iandola et al., SqueezeNet 1.1, the authors' release, 2016",
            year=2016,
            params=1_235_496,
            note=_CEIL + " As 1.0 with a smaller first convolution and earlier pooling, for 2.4"
            " times fewer operations.",
        ),
    ),
)
