"""VGG: six networks of 3×3 convolutions, from one table of configurations."""

from cnnlab.spec import LRN, Chain, Conv, Dropout, Flatten, Linear, MaxPool, ReLU, Row
from cnnlab.zoo.network import Network, Published

_NORM = LRN(size=5, alpha=5e-4, beta=0.75, k=2.0)  # AlexNet's, as the paper says

# Table 1 of the paper: the kernel size of each convolution, stage by stage; a maximum pooling
# ends each stage.
WIDTHS = (64, 128, 256, 512, 512)
CONFIGURATIONS: dict[str, tuple[tuple[int | LRN, ...], ...]] = {
    "a": ((3,), (3,), (3, 3), (3, 3), (3, 3)),
    "a-lrn": ((3, _NORM), (3,), (3, 3), (3, 3), (3, 3)),
    "b": ((3, 3), (3, 3), (3, 3), (3, 3), (3, 3)),
    "c": ((3, 3), (3, 3), (3, 3, 1), (3, 3, 1), (3, 3, 1)),
    "d": ((3, 3), (3, 3), (3, 3, 3), (3, 3, 3), (3, 3, 3)),
    "e": ((3, 3), (3, 3), (3, 3, 3, 3), (3, 3, 3, 3), (3, 3, 3, 3)),
}

# Recounted to the last one; table 2 of the paper rounds them to 133, 133, 134, 138, 144 million.
PARAMETERS = {
    "a": 132_863_336,
    "a-lrn": 132_863_336,
    "b": 133_047_848,
    "c": 133_638_952,
    "d": 138_357_544,
    "e": 143_667_240,
}

NOTES = {
    "a": "Eleven weight layers: VGG-11.",
    "a-lrn": "A with local response normalisation after the first convolution.",
    "b": "Thirteen weight layers: VGG-13.",
    "c": "Sixteen weight layers; the third of a stage is 1×1. Not what others call VGG-16.",
    "d": "Sixteen weight layers: VGG-16.",
    "e": "Nineteen weight layers: VGG-19.",
}


def _stage(number: int, width: int, kernels: tuple[int | LRN, ...]) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for position, kernel in enumerate(kernels, start=1):
        if isinstance(kernel, LRN):
            rows[f"lrn{number}"] = kernel
        else:
            rows[f"conv{number}_{position}"] = Conv(width, kernel, padding=kernel // 2)
            rows[f"relu{number}_{position}"] = ReLU()
    return {**rows, f"pool{number}": MaxPool(2)}


def _vgg(stages: tuple[tuple[int | LRN, ...], ...]) -> Chain:
    rows: dict[str, Row] = {}
    for number, (width, kernels) in enumerate(zip(WIDTHS, stages, strict=True), start=1):
        rows |= _stage(number, width, kernels)
    return Chain(
        **rows,
        flatten=Flatten(),
        fc6=Linear(4096),
        relu6=ReLU(),
        dropout6=Dropout(p=0.5),
        fc7=Linear(4096),
        relu7=ReLU(),
        dropout7=Dropout(p=0.5),
        fc8=Linear(1000),
    )


NETWORKS = tuple(
    Network(
        f"vgg-{letter}",
        _vgg(stages),
        (3, 224, 224),
        Published(
            source="K. Simonyan and A. Zisserman, Very Deep Convolutional Networks for "
            "Large-Scale Image Recognition, ICLR 2015",
            year=2014,
            params=PARAMETERS[letter],
            note=NOTES[letter],
        ),
    )
    for letter, stages in CONFIGURATIONS.items()
)
