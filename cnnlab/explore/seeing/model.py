"""Networks to ask, pictures to ask them about, and what a patch may show instead."""

import hashlib
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cnnlab.explore.images import channels_last

if TYPE_CHECKING:
    from torch import Tensor, nn

Image = npt.NDArray[np.float32]

PHOTOS = ("coffee", "astronaut", "chelsea", "rocket", "camera", "coins", "brick", "grass", "gravel")
DIGITS = tuple(f"digit {n}" for n in range(10))
OWN = "own"
MISSING = "missing"  # the mark of a picture that is not there yet
FILLS = ("grey", "black", "mean", "blurred")
LITE = "efficientnet-lite0"
TRAINED_ON = 2000


class Reader(NamedTuple):
    """What is known of a network before it is read from its file, or trained.

    Attributes
    ----------
    name : str
        In words.
    layers : tuple of str
        Paths of the layers whose maps can be shown, the first next to the input.
    depth : int
        Layers with weights.
    side : int
        Pixels of the side of its square pictures.
    low, high : float
        What black and white are for it.
    """

    name: str
    layers: tuple[str, ...]
    depth: int
    side: int
    low: float
    high: float


STAGES = tuple(f"stage{n}" for n in range(1, 10))
PHOTO_READER = Reader("EfficientNet-Lite0", STAGES, 50, 224, -1.0, 1.0)
DIGIT_READER = Reader("digit network", ("relu1", "relu2"), 3, 28, 0.0, 1.0)


class Network(NamedTuple):
    """A network to ask: logits from (N, C, H, W), and the classes in their order."""

    net: "nn.Module"
    classes: tuple[str, ...]


@dataclass(frozen=True)
class Picture:
    """A picture as its network is given it.

    Attributes
    ----------
    name : str
        As the explorer calls it.
    mark : str
        What tells pictures of one's own apart.
    image : (C, H, W) array
        In [0, 1], before it is resized and cut.
    """

    name: str
    mark: str = ""
    image: Image = field(default_factory=lambda: np.zeros((1, 1, 1), np.float32), compare=False)

    @property
    def is_digit(self) -> bool:
        """Whether the digit network is asked."""
        return not self.mark and self.name in DIGITS

    @property
    def reader(self) -> Reader:
        """Which network is asked."""
        return DIGIT_READER if self.is_digit else PHOTO_READER

    @property
    def is_missing(self) -> bool:
        """Whether one's own picture is not there yet."""
        return self.mark == MISSING


def own_picture(pixels: npt.ArrayLike, name: str = "your picture") -> Picture:
    """Take a picture of one's own; of a long one, the middle.

    Parameters
    ----------
    pixels : (H, W), (C, H, W) or (H, W, C) array
        As :func:`cnnlab.explore.images.channels_last` takes it.
    name : str

    Examples
    --------
    >>> own_picture(np.zeros((40, 100, 3), np.uint8)).image.shape
    (3, 40, 80)
    """
    image = channels_last(pixels).transpose(2, 0, 1)  # (C, H, W)
    longest = 2 * min(image.shape[1:])  # the network is shown a square
    top, left = (max(side - longest, 0) // 2 for side in image.shape[1:])
    middle = np.ascontiguousarray(image[:, top : top + longest, left : left + longest])
    middle.flags.writeable = False
    return Picture(name, hashlib.sha256(middle.tobytes()).hexdigest(), middle)


@cache
def lite() -> Network:
    """EfficientNet-Lite0 with its ImageNet weights, read once a process."""
    from cnnlab import zoo

    return Network(zoo.pretrained(LITE), tuple(zoo.imagenet_classes()))


@cache
def digit_network() -> Network:
    """Train a small convolutional network on 2,000 of the packaged digits, once a process.

    Two convolutions and a dense layer; it takes about a second, and seeds are fixed.

    Examples
    --------
    >>> [path for path in dict(digit_network().net.named_modules()) if "relu" in path]
    ['relu1', 'relu2']
    """
    from cnnlab import data
    from cnnlab.pytorch import Stepper, build
    from cnnlab.spec import Chain, Conv, Flatten, Linear, MaxPool, ReLU

    table = Chain(
        conv1=Conv(8, 5, padding=2), relu1=ReLU(), pool1=MaxPool(2),
        conv2=Conv(16, 5, padding=2), relu2=ReLU(), pool2=MaxPool(2),
        flatten=Flatten(), fc=Linear(10),
    )  # fmt: skip
    train, _ = data.load("mnist-5k").split((TRAINED_ON,), seed=0)
    net = build(table, (1, 28, 28), seed=0, init="he-normal")
    stepper, rng = Stepper(net, lr=3e-3, metrics=()), np.random.default_rng(0)
    for _ in range(2):
        for batch in np.array_split(rng.permutation(TRAINED_ON), TRAINED_ON // 40):
            stepper.step(train.images[batch], train.labels[batch])
    return Network(net.eval(), tuple(map(str, range(10))))


@cache
def digits() -> "tuple[Tensor, ...]":
    """One digit of each class that the network was not trained on, each (1, 1, 28, 28).

    Examples
    --------
    >>> len(digits()), tuple(digits()[3].shape)
    (10, (1, 1, 28, 28))
    """
    import torch

    from cnnlab import data

    _, unseen = data.load("mnist-5k").split((TRAINED_ON,), seed=0)
    first = [int(np.flatnonzero(unseen.labels == n)[0]) for n in range(10)]
    return tuple(torch.from_numpy(unseen.images[[i]]) for i in first)


def network_for(picture: Picture) -> Network:
    """The network that is asked about a picture."""
    return digit_network() if picture.is_digit else lite()


@lru_cache(maxsize=4)
def shuffled(digit: bool, layers: int) -> "nn.Module":
    """Copy a network and shuffle the weights of its topmost layers, at most all of them."""
    from cnnlab.pytorch.attribution import randomized

    net = (digit_network() if digit else lite()).net
    most = (DIGIT_READER if digit else PHOTO_READER).depth
    return randomized(net, min(layers, most)) if layers else net


@lru_cache(maxsize=16)
def batch(picture: Picture) -> "Tensor":
    """A picture as its network reads it, (1, C, H, W)."""
    from cnnlab import data, zoo

    if picture.is_digit:
        return digits()[DIGITS.index(picture.name)]
    image = picture.image if picture.mark else data.photo(picture.name).image
    return zoo.preprocess(image, LITE)


def visible(picture: Picture) -> Image:
    """What the network sees of it, (H, W, 3), in [0, 1]."""
    known = picture.reader
    values: Any = batch(picture)[0].permute(1, 2, 0).numpy()  # (H, W, C)
    shares: Image = np.clip((values - known.low) / (known.high - known.low), 0, 1)
    return shares.repeat(3 // values.shape[2], axis=2)


def filling(picture: Picture, fill: str) -> "Tensor":
    """What a patch shows, or where a path begins; it broadcasts to the picture.

    Parameters
    ----------
    picture : Picture
    fill : str
        One of ``FILLS``.
    """
    import torch

    known, x = picture.reader, batch(picture)
    if fill == "mean":
        return x.mean(dim=(2, 3), keepdim=True)  # (1, C, 1, 1)
    if fill == "blurred":
        return blurred(x)
    share = {"black": 0.0, "grey": 0.5}[fill]
    return torch.tensor(known.low + share * (known.high - known.low))


def blurred(x: "Tensor") -> "Tensor":
    """Each pixel replaced by the mean of those around it, a quarter of the side across.

    Parameters
    ----------
    x : (N, C, H, W) Tensor

    Examples
    --------
    >>> import torch
    >>> tuple(blurred(torch.ones(1, 3, 28, 28)).shape)
    (1, 3, 28, 28)
    """
    from torch.nn import functional as F

    margin = x.shape[-1] // 8
    padded = F.pad(x, (margin,) * 4, mode="replicate")
    return F.avg_pool2d(padded, 2 * margin + 1, stride=1)
