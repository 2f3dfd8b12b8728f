"""How networks grew and errors fell: what was published, with where it was said.

Parameters, MACs and depth of a network that the zoo has are counted from its table;
only networks it does not have carry the numbers of their paper.
"""

from dataclasses import dataclass, replace

from cnnlab.zoo.registry import names
from cnnlab.zoo.table import table


@dataclass(frozen=True)
class Winner:
    """The classification contest of one year of the ImageNet challenge.

    Attributes
    ----------
    year : int
        Year of the contest.
    name : str
        The winning team, or its network where that is better known.
    top5_error : float
        Percent of test images whose class is not among the five best guesses.
    source : str
        Where it was said, and with what: one model or several, with extra data or without.
    convolutional : bool
        Whether convolutional networks won.
    """

    year: int
    name: str
    top5_error: float
    source: str
    convolutional: bool = True


@dataclass(frozen=True)
class Milestone:
    """A network, how large it is, and how well one of it does on ImageNet.

    Attributes
    ----------
    name : str
        As in its paper.
    year : int
        Year in which the paper appeared.
    source : str
        The paper, and where the error stands in it.
    network : str or None
        Its name in the zoo, which counts it.
    params, macs, depth : int or None
        Parameters, multiply-accumulates for one example, and weight layers on the longest path.
    top5_error : float or None
        Percent on the validation set, by a single model; none for networks of digits.
    views : str
        How many views of each image were averaged for that error; more of them lower it.
    """

    name: str
    year: int
    source: str
    network: str | None = None
    params: int | None = None
    macs: int | None = None
    depth: int | None = None
    top5_error: float | None = None
    views: str = ""


_ILSVRC = "O. Russakovsky et al., ImageNet Large Scale Visual Recognition Challenge, IJCV 2015"
HUMAN = Winner(
    2014, "a trained human", 5.1, f"{_ILSVRC}: annotator A1, on 1,500 test images", False
)

# Test errors with the data of the contest alone. All from 2012 on are ensembles of networks.
WINNERS = (
    Winner(2010, "NEC-UIUC", 28.2, f"{_ILSVRC}: descriptors and support vector machines", False),
    Winner(2011, "XRCE", 25.8, f"{_ILSVRC}: Fisher vectors and support vector machines", False),
    Winner(2012, "AlexNet", 16.4, f"{_ILSVRC}: five networks; 15.3 with extra training data"),
    Winner(2013, "Clarifai", 11.7, f"{_ILSVRC}: several networks by M. Zeiler, of ZFNet"),
    Winner(2014, "GoogLeNet", 6.7, f"{_ILSVRC}: seven networks, 144 crops; second was VGG, 7.3"),
    Winner(
        2015,
        "ResNet",
        3.57,
        "K. He et al., Deep Residual Learning for Image Recognition, CVPR 2016: six networks",
    ),
    Winner(
        2016,
        "Trimps-Soushen",
        2.99,
        "ILSVRC 2016, results: Inception, Inception-ResNet, ResNet and wide ResNet together",
    ),
    Winner(
        2017,
        "SENet",
        2.25,
        "J. Hu et al., Squeeze-and-Excitation Networks, CVPR 2018: several networks",
    ),
)

_LECUN = "Y. LeCun et al., "
_SIMONYAN = (
    "K. Simonyan, A. Zisserman, Very Deep Convolutional Networks for Large-Scale Image "
    "Recognition, ICLR 2015, table 5"
)
_HE = "K. He et al., Deep Residual Learning for Image Recognition, CVPR 2016, table 4"
_TAN = (
    "M. Tan, Q. Le, EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks, "
    "ICML 2019, table 2 of the first version"
)

MILESTONES = (
    Milestone(
        "LeNet-1",
        1989,
        _LECUN + "Handwritten Digit Recognition with a Back-Propagation Network, NIPS 1989",
        network="lenet-1",
    ),
    Milestone(
        "LeNet-5",
        1998,
        _LECUN + "Gradient-Based Learning Applied to Document Recognition, Proc. IEEE 1998",
        network="lenet-5",
    ),
    Milestone(
        "AlexNet",
        2012,
        "A. Krizhevsky et al., ImageNet Classification with Deep CNNs, NeurIPS 2012, table 2",
        network="alexnet",
        top5_error=18.2,
        views="10 crops",
    ),
    Milestone(
        "ZFNet",
        2013,
        "M. Zeiler, R. Fergus, Visualizing and Understanding Convolutional Networks, ECCV 2014, "
        "table 2",
        network="zfnet",
        top5_error=16.5,
        views="10 crops",
    ),
    Milestone("VGG-16", 2014, _SIMONYAN, "vgg-d", top5_error=7.2, views="many crops, 3 scales"),
    Milestone("VGG-19", 2014, _SIMONYAN, "vgg-e", top5_error=7.1, views="many crops, 3 scales"),
    Milestone(
        "GoogLeNet",
        2014,
        "C. Szegedy et al., Going Deeper with Convolutions, CVPR 2015, table 3",
        network="googlenet",
        top5_error=10.07,
        views="1 crop",
    ),
    Milestone("ResNet-50", 2015, _HE, "resnet-50", top5_error=5.25, views="5 scales"),
    Milestone("ResNet-152", 2015, _HE, "resnet-152", top5_error=4.49, views="5 scales"),
    Milestone(
        "Inception v3",
        2015,
        "C. Szegedy et al., Rethinking the Inception Architecture, CVPR 2016, table 3",
        network="inception-v3",
        top5_error=5.6,
        views="1 crop",
    ),
    Milestone(
        "SqueezeNet",
        2016,
        "F. Iandola et al., SqueezeNet: AlexNet-level accuracy with 50x fewer parameters, 2016",
        network="squeezenet-1.0",
        top5_error=19.7,
        views="1 crop",
    ),
    Milestone(
        "Xception",
        2016,
        "F. Chollet, Xception: Deep Learning with Depthwise Separable Convolutions, CVPR 2017, "
        "table 1",
        network="xception",
        top5_error=5.5,
        views="1 crop",
    ),
    Milestone(
        "MobileNet",
        2017,
        "A. Howard et al., MobileNets: Efficient CNNs for Mobile Vision Applications, 2017",
        params=4_200_000,
        macs=569_000_000,
        depth=28,
    ),
    Milestone(
        "NASNet-A",
        2017,
        "B. Zoph et al., Learning Transferable Architectures for Scalable Image Recognition, "
        "CVPR 2018, table 2",
        params=88_900_000,
        macs=23_800_000_000,
        top5_error=3.8,
        views="1 crop",
    ),
    Milestone("EfficientNet-B0", 2019, _TAN, "efficientnet-b0", top5_error=6.8, views="1 crop"),
    Milestone("EfficientNet-B7", 2019, _TAN, "efficientnet-b7", top5_error=2.9, views="1 crop"),
)


def milestones() -> tuple[Milestone, ...]:
    """Networks of the course with their sizes, the oldest first.

    Returns
    -------
    tuple of Milestone
        Those that the zoo has, counted, and those of other papers as published.

    Examples
    --------
    >>> {one.name: one.params for one in milestones()}["MobileNet"]
    4200000
    """
    known = set(names())
    listed = [one for one in MILESTONES if one.network is None or one.network in known]
    counts = table([one.network for one in listed if one.network])
    return tuple(
        replace(
            one,
            params=counts[one.network].params,
            macs=counts[one.network].macs,
            depth=counts[one.network].layers,
        )
        if one.network
        else one
        for one in listed
    )
