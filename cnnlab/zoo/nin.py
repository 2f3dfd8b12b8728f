"""Network in Network: 1×1 convolutions between the others, and no dense layer at all."""

from cnnlab.spec import (
    AvgPool,
    Chain,
    Conv,
    Dropout,
    Flatten,
    GlobalAvgPool,
    MaxPool,
    ReLU,
)
from cnnlab.zoo.network import Network, Published

# cccp: cascaded cross-channel parametric pooling, the paper's name for the 1×1 convolutions.
NIN_CIFAR10 = Network(
    "nin-cifar10",
    Chain(
        conv1=Conv(192, 5, padding=2),
        relu1=ReLU(),
        cccp1=Conv(160, 1),
        relu_cccp1=ReLU(),
        cccp2=Conv(96, 1),
        relu_cccp2=ReLU(),
        pool1=MaxPool(3, stride=2, policy="ceil"),
        dropout1=Dropout(p=0.5),
        conv2=Conv(192, 5, padding=2),
        relu2=ReLU(),
        cccp3=Conv(192, 1),
        relu_cccp3=ReLU(),
        cccp4=Conv(192, 1),
        relu_cccp4=ReLU(),
        pool2=AvgPool(3, stride=2, policy="ceil"),
        dropout2=Dropout(p=0.5),
        conv3=Conv(192, 3, padding=1),
        relu3=ReLU(),
        cccp5=Conv(192, 1),
        relu_cccp5=ReLU(),
        cccp6=Conv(10, 1),
        relu_cccp6=ReLU(),
        pool3=GlobalAvgPool(),
        flatten=Flatten(),
    ),
    (3, 32, 32),
    Published(
        source="M. Lin, Q. Chen and S. Yan, Network in Network, ICLR 2014",
        year=2013,
        params=966_986,
        rows={
            "conv1": 14_592,
            "cccp1": 30_880,
            "cccp2": 15_456,
            "conv2": 460_992,
            "cccp3": 37_056,
            "cccp4": 37_056,
            "conv3": 331_968,
            "cccp5": 37_056,
            "cccp6": 1_930,
        },
        note="The authors' released network for CIFAR-10, recounted; the paper leaves the widths "
        "out. Its pooling lets the last window hang over (32 → 16 → 8), and its outputs are means "
        "of ten rectified maps.",
    ),
)


def bottleneck(reduced: int | None = None) -> Chain:
    """Convolve with 32 filters of 3×3, after a 1×1 convolution to fewer channels if wanted.

    Parameters
    ----------
    reduced : int, optional
        Channels that the 1×1 convolution leaves; without it there is none.

    Returns
    -------
    Chain
        Rows without biases, so that their parameters are the sums taught in class.

    Examples
    --------
    >>> from cnnlab.count import summarize
    >>> [summarize(bottleneck(r), (256, 28, 28)).params for r in (None, 128, 64)]
    [73728, 69632, 34816]
    """
    filters = Conv(32, 3, padding=1, bias=False)
    if reduced is None:
        return Chain(filters=filters)
    return Chain(reduce=Conv(reduced, 1, bias=False), filters=filters)


NETWORKS = (NIN_CIFAR10,)
