"""Convolutions that benchmarks time: those of the course, and any of the zoo's, drawn."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from cnnlab import zoo
from cnnlab.scratch.functional.blocks import CACHE, COLUMNS
from cnnlab.spec import Conv, DepthwiseConv
from cnnlab.spec.trace import TraceStep, trace


class Layer(NamedTuple):
    """A convolution on ``images`` square images of ``channels`` channels."""

    name: str
    images: int
    channels: int
    size: int
    kernels: int
    kernel_size: int
    stride: int = 1
    padding: int = 0
    groups: int = 1


class Arrays(NamedTuple):
    """Inputs, upstream gradient and arguments of one layer."""

    x: np.ndarray
    weight: np.ndarray
    bias: np.ndarray
    dy: np.ndarray
    settings: dict[str, int]

    @classmethod
    def of(cls, layer: Layer) -> "Arrays":
        rng = np.random.default_rng(0)
        channels, k = layer.channels // layer.groups, layer.kernel_size
        x = rng.standard_normal((layer.images, layer.channels, layer.size, layer.size), np.float32)
        weight = rng.standard_normal((layer.kernels, channels, k, k), np.float32)
        bias = rng.standard_normal(layer.kernels, np.float32)
        settings = {name: getattr(layer, name) for name in ("stride", "padding", "groups")}
        out = (layer.size + 2 * layer.padding - k) // layer.stride + 1
        dy = rng.standard_normal((layer.images, layer.kernels, out, out), np.float32)
        return cls(x, weight, bias, dy, settings)

    def operations(self) -> int:
        """Floating-point operations of the forward pass; a multiply-add is two."""
        return 2 * self.dy.size * self.weight[0].size

    def products(self, input_gradient: bool = True) -> Callable[[], None]:
        """Return the matrix products of both passes alone, on columns that are already in cache."""
        groups = self.settings["groups"]
        kernels, taps = len(self.weight) // groups, self.weight[0].size
        pixels = self.dy.size // len(self.weight)
        block = min(pixels, max(COLUMNS, CACHE // (groups * taps)))
        columns = np.ones((groups, taps, block), np.float32)
        weight, dy = np.ones((groups, kernels, taps), np.float32), columns[:, :1].repeat(kernels, 1)
        y, dweight, dcolumns = np.empty_like(dy), np.empty_like(weight), np.empty_like(columns)

        def run() -> None:
            for _ in range(round(pixels / block)):
                np.matmul(weight, columns, out=y)
                np.matmul(dy, columns.swapaxes(1, 2), out=dweight)
                if input_gradient:
                    np.matmul(weight.swapaxes(1, 2), dy, out=dcolumns)

        return run


def batches(name: str, *rest: int) -> list[Layer]:
    return [Layer(f"{name}, batch {images}", images, *rest) for images in (64, 256)]


LAYERS = [
    *batches("LeNet-5 C1, 6@5×5", 1, 32, 6, 5),
    *batches("LeNet-5 C3, 16@5×5", 6, 14, 16, 5),
    *batches("DATASCI 207, 32@3×3", 1, 28, 32, 3, 1, 1),
    *batches("DATASCI 207, 64@3×3", 32, 28, 64, 3, 1, 1),
    *batches("DS 4400, 10@3×3", 1, 28, 10, 3),
    *batches("DS 4400, 5@3×3", 10, 13, 5, 3),
    *batches("AI Civil W8, 8@5×5", 1, 28, 8, 5, 1, 2),
    *batches("AI Civil W8, 16@3×3", 8, 14, 16, 3, 1, 1),
    Layer("AlexNet 1, 96@11×11 stride 4", 16, 3, 227, 96, 11, 4),
    Layer("AlexNet 2, 256@5×5 in 2 groups", 16, 96, 27, 256, 5, 1, 2, 2),
    Layer("AlexNet 3, 384@3×3", 16, 256, 13, 384, 3, 1, 1),
    Layer("AlexNet 4, 384@3×3 in 2 groups", 16, 384, 13, 384, 3, 1, 1, 2),
    Layer("VGG 3→64@3×3 at 224", 4, 3, 224, 64, 3, 1, 1),
    Layer("VGG 64→64@3×3 at 224", 4, 64, 224, 64, 3, 1, 1),
    Layer("VGG 256→256@3×3 at 56", 4, 256, 56, 256, 3, 1, 1),
    Layer("VGG 512→512@3×3 at 14", 16, 512, 14, 512, 3, 1, 1),
    Layer("ResNet 64→64@3×3 at 56", 16, 64, 56, 64, 3, 1, 1),
    Layer("ResNet 64→128@3×3 stride 2 at 56", 16, 64, 56, 128, 3, 2, 1),
    Layer("ResNet 256→64@1×1 at 56", 16, 256, 56, 64, 1),
    Layer("ResNet 256→512@1×1 stride 2 at 56", 16, 256, 56, 512, 1, 2),
    Layer("depthwise 128@3×3 at 56", 16, 128, 56, 128, 3, 1, 1, 128),
    Layer("depthwise 128@3×3 stride 2 at 56", 16, 128, 56, 128, 3, 2, 1, 128),
]

# No network of the zoo has them at stride 1.
LARGE_KERNELS = [
    Layer("64→64@7×7 at 56", 16, 64, 56, 64, 7, 1, 3),
    Layer("192→192@7×7 at 14", 16, 192, 14, 192, 7, 1, 3),
    Layer("32→32@9×9 at 112", 4, 32, 112, 32, 9, 1, 4),
    Layer("64→64@11×11 at 56", 16, 64, 56, 64, 11, 1, 5),
    Layer("16→16@11×11 at 32", 64, 16, 32, 16, 11, 1, 5),
    Layer("64→64@11×11 at 28, one image", 1, 64, 28, 64, 11, 1, 5),
    Layer("32→32@31×31 at 64", 4, 32, 64, 32, 31, 1, 15),
]

FLOATS = 30_000_000  # of inputs and outputs of a batch, so that a layer takes seconds at most


def drawn(seed: int, count: int = 20) -> list[Layer]:
    """Draw different layers of the zoo, each with a batch of 1 to 64 images."""
    rng = np.random.default_rng(seed)
    layers: dict[tuple[int, ...], Layer] = {}
    while len(layers) < count:
        name = str(rng.choice(zoo.names()))
        network = zoo.get(name)
        found = [layer for step in trace(network.spec, network.input_shape) for layer in of(step)]
        if not found:
            continue
        layer = found[rng.integers(len(found))]
        floats = layer.size**2 * (layer.channels + layer.kernels / layer.stride**2)
        images = int(rng.choice([n for n in (1, 2, 4, 8, 16, 32, 64) if n * floats <= FLOATS]))
        title = f"{name} {layer.name}, batch {images}"
        layers.setdefault(layer[2:], layer._replace(name=title, images=images))
    return list(layers.values())


def of(step: TraceStep) -> Iterator[Layer]:
    """Yield the layer of a step, if it is a convolution of square maps with a square kernel."""
    row, shape = step.row, step.in_shape
    if isinstance(row, DepthwiseConv):
        row = row.grouped(shape)
    if not isinstance(row, Conv) or len(shape) != 3 or shape[1] != shape[2]:
        return
    k, stride, padding = row.kernel_size, row.stride, row.padding
    if not (isinstance(k, int) and isinstance(stride, int) and row.dilation == 1):
        return
    if padding == "same" and stride == 1 and k % 2:
        padding = k // 2
    if not isinstance(padding, int) or row.policy != "floor":
        return
    kind = " depthwise" if row.groups == shape[0] > 1 else ""
    moved = f" stride {stride}" if stride > 1 else ""
    name = f"{shape[0]}→{row.out_channels}@{k}×{k}{moved}{kind} at {shape[1]}"
    yield Layer(name, 1, shape[0], shape[1], row.out_channels, k, stride, padding, row.groups)
