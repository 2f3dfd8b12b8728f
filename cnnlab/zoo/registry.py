"""Every network of the zoo, by name: a new family is named here."""

from cnnlab._names import unknown
from cnnlab.zoo import (
    alexnet,
    ciresan,
    decks,
    efficientnet,
    googlenet,
    inception,
    lenet,
    nin,
    resnet,
    smu,
    squeezenet,
    vgg,
    xception,
    zfnet,
)
from cnnlab.zoo.network import Network

# In the order of the course: each family's table is in a file of its own.
_FAMILIES = (
    decks,
    lenet,
    ciresan,
    alexnet,
    zfnet,
    vgg,
    nin,
    googlenet,
    inception,
    resnet,
    smu,
    xception,
    squeezenet,
    efficientnet,
)
_REGISTRY: dict[str, Network] = {
    network.name: network for family in _FAMILIES for network in family.NETWORKS
}

# What people call them elsewhere.
_ALSO = {
    "vgg11": "vgg-a",
    "vgg13": "vgg-b",
    "vgg16": "vgg-d",
    "vgg19": "vgg-e",
    "vgg": "vgg-d",
    "lenet": "lenet-5",
    "resnet": "resnet-50",
    "inception": "googlenet",
    "inception-v1": "googlenet",
    "squeezenet": "squeezenet-1.1",
    "efficientnet": "efficientnet-b0",
    "efficientnet-lite": "efficientnet-lite0",
    "nin": "nin-cifar10",
    "network-in-network": "nin-cifar10",
    **{f"resnet-{depth}": f"resnet-{depth}-cifar" for depth in (20, 32, 44, 56, 110)},
}


def names() -> list[str]:
    """Names of all networks, sorted.

    Examples
    --------
    >>> "ds-4400" in names()
    True
    """
    return sorted(_REGISTRY)


def get(name: str) -> Network:
    """Look a network up by name.

    Parameters
    ----------
    name : str
        One of :func:`names`.

    Raises
    ------
    KeyError
        If there is none of that name; the message lists those there are, and names the one that
        was meant if it can tell.

    Examples
    --------
    >>> get("ds-4400").input_shape
    (1, 28, 28)
    """
    if name not in _REGISTRY:
        raise KeyError(unknown("name", name, names(), _ALSO))
    return _REGISTRY[name]
