"""The networks that SMU ML writes in Keras: one frame, and what stands in the middle of it."""

from cnnlab.spec import (
    Add,
    Chain,
    Concat,
    Conv,
    Dropout,
    Flatten,
    Identity,
    Linear,
    MaxPool,
    ReLU,
    Row,
    separable,
)
from cnnlab.zoo.augmentation import Augmentation
from cnnlab.zoo.network import Network, Published

DECK = "Lecture Notes for Machine Learning in Python, Southern Methodist University"
SOURCE = f"{DECK}: practical introductory CNNs, and its notebook on advanced CNN techniques, 2025"
COMMON = (
    "For the 200 classes of Tiny ImageNet; the table ends with logits, the deck's last layer adds "
    "a softmax. It is trained by Adam with a learning rate of 1e-4, until the validation loss has "
    "not fallen for five epochs."
)
AUGMENTATION = Augmentation(
    horizontal_flip=True, rotation=0.05, translation=0.1, brightness=0.1, contrast=0.1
)

STEM = Chain(
    conv1=Conv(96, 11, stride=2, padding="same"),
    relu1=ReLU(),
    conv2=Conv(96, 11, stride=2, padding="same"),  # "no max pool before next conv layer"
    relu2=ReLU(),
    pool=MaxPool(2),
)
HEAD = Chain(
    flatten=Flatten(),
    fc1=Linear(1024),
    relu1=ReLU(),
    fc2=Linear(512),
    relu2=ReLU(),
    dropout=Dropout(p=0.5),
    fc3=Linear(200),
)

BOTTLENECK = Chain(reduce=Conv(32, 1), conv=Conv(128, 3, padding="same"))

PARALLEL = Concat(
    path1=Conv(64, 1),
    path2=BOTTLENECK,
    path3=Chain(
        reduce=Conv(32, 1),
        conv1=Conv(64, 3, padding="same"),
        conv2=Conv(64, 3, padding="same"),
    ),
)


def _residual(path: Row) -> Chain:
    return Chain(add=Add(path=path, shortcut=Identity()), relu=ReLU(), pool=MaxPool(2))


def _narrow(last_kernel_size: int) -> Chain:
    return Chain(
        reduce=Conv(32, 1),
        conv=Conv(32, 3, padding="same"),
        expand=Conv(128, last_kernel_size, padding="same"),
    )


SEPARABLE = Chain(
    sep1=separable(64, 3),
    relu1=ReLU(),
    sep2=separable(64, 3, multiplier=2),
    relu2=ReLU(),
    sep3=separable(128, 3),
    relu3=ReLU(),
)


def _network(
    name: str,
    middle: dict[str, Row],
    published: Published,
    *,
    init: dict[str, str] | None = None,
    l2: dict[str, float] | None = None,
) -> Network:
    return Network(
        name,
        Chain(stem=STEM, **middle, head=HEAD),
        (3, 64, 64),
        published,
        augmentation=AUGMENTATION,
        init={"": "he-uniform", **(init or {}), "head.fc3": "glorot-uniform"},
        l2={"stem": 1e-6, "": 1e-5, **(l2 or {}), "head": 1e-4, "head.fc3": 0.0},
    )


ALEXNET_64 = _network(
    "alexnet-64",
    {
        "conv3": Conv(256, 5, padding="same"),
        "relu3": ReLU(),
        "pool3": MaxPool(2),
        "conv4": Conv(256, 3, padding="same"),
        "relu4": ReLU(),
        "pool4": MaxPool(3),
    },
    Published(
        source=SOURCE,
        params=3_245_480,
        rows={
            "stem.conv1": 34_944,
            "stem.conv2": 1_115_232,
            "conv3": 614_656,
            "conv4": 590_080,
            "head.fc1": 263_168,
            "head.fc2": 524_800,
            "head.fc3": 102_600,
        },
        note="AlexNet for 64×64 images. Its pools do not overlap, because Keras' default stride "
        f"is the window; it has one dropout where the paper has two. {COMMON}",
    ),
)

SMU_BOTTLENECK = _network(
    "smu-bottleneck",
    {"block1": BOTTLENECK, "pool1": MaxPool(2), "block2": BOTTLENECK, "pool2": MaxPool(2)},
    Published(
        source=SOURCE,
        rows={"block1.reduce": 3_104, "block1.conv": 36_992},
        note="The deck shows this block; two of them with a pool behind each, in the frame of its "
        "other networks, are ours. No activation stands inside, so that each block is one linear "
        "3×3 convolution of rank 32 over the channels; only its border differs, where the inner "
        f"bias is not padded. {COMMON}",
    ),
)

SMU_PARALLEL = _network(
    "smu-parallel",
    {
        "block1": PARALLEL,
        "mix1": Conv(128, 1),
        "relu1": ReLU(),
        "pool1": MaxPool(2),
        "block2": PARALLEL,
        "mix2": Conv(128, 1),
        "relu2": ReLU(),
    },
    Published(
        source=SOURCE,
        params=4_155_304,
        rows={
            "block1.path1": 6_208,
            "block1.path2.reduce": 3_104,
            "block1.path2.conv": 36_992,
            "block1.path3.reduce": 3_104,
            "block1.path3.conv1": 18_496,
            "block1.path3.conv2": 36_928,
            "mix1": 32_896,
            "block2.path1": 8_256,
            "mix2": 32_896,
            "head.fc1": 2_098_176,
        },
        note="A comment in the deck says that the paths are averaged; the code concatenates them. "
        "No path has an activation, so that each is one linear convolution, its border apart. "
        f"{COMMON}",
    ),
    l2={"block1.path1": 1e-6, "mix1": 1e-6, "block2.path1": 1e-6, "mix2": 1e-6},
)

SMU_RESIDUAL = _network(
    "smu-residual",
    {"project": Conv(128, 1), "block1": _residual(_narrow(1)), "block2": _residual(_narrow(3))},
    Published(
        source=SOURCE,
        params=2_383_272,
        rows={
            "project": 12_416,
            "block1.add.path.reduce": 4_128,
            "block1.add.path.conv": 9_248,
            "block1.add.path.expand": 4_224,
            "block2.add.path.expand": 36_992,
            "head.fc1": 525_312,
        },
        note="No path has an activation before it is added, so that each is one linear "
        f"convolution, its border apart. {COMMON}",
    ),
)

SMU_XCEPTION = _network(
    "smu-xception",
    {"project": Conv(128, 1), "block1": _residual(SEPARABLE), "block2": _residual(SEPARABLE)},
    Published(
        source=SOURCE,
        params=2_370_728,
        rows={
            "project": 12_416,
            "block1.add.path.sep1.depthwise": 1_152,
            "block1.add.path.sep1.pointwise": 8_256,
            "block1.add.path.sep2.depthwise": 1_152,
            "block1.add.path.sep2.pointwise": 8_256,
            "block1.add.path.sep3.depthwise": 576,
            "block1.add.path.sep3.pointwise": 8_320,
            "head.fc1": 525_312,
        },
        note="In the notebook only. The separable convolutions name neither initialiser nor "
        f"penalty, so that Keras' default draws their weights: Glorot, uniform. {COMMON}",
    ),
    init=dict.fromkeys(("block1", "block2"), "glorot-uniform"),
    l2=dict.fromkeys(("block1", "block2"), 0.0),
)

NETWORKS = (ALEXNET_64, SMU_BOTTLENECK, SMU_PARALLEL, SMU_RESIDUAL, SMU_XCEPTION)
