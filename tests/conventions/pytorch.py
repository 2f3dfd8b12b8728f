"""PyTorch and torchvision."""

import warnings
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from tests.conventions.asking import Question, dot, refuses, turned


def line(*numbers: float) -> Tensor:
    """One example of one channel."""
    return torch.tensor(numbers, dtype=torch.float32).reshape(1, 1, -1)


def ones(size: int) -> Tensor:
    return torch.ones(1, 1, size)


def slope(function: Callable[[Tensor], Tensor], *at: float) -> list[float]:
    """Gradient of the sum of a function's values."""
    x = torch.tensor(at, dtype=torch.float32, requires_grad=True)
    (gradient,) = torch.autograd.grad(function(x).sum(), x)
    return gradient.tolist()


def first_step(rule: Any, w: float, g: float, **settings: Any) -> float:
    """How far the first step goes, at learning rate 1."""
    weight = torch.tensor([w], requires_grad=True)
    optimizer = rule([weight], lr=1.0, **settings)
    weight.grad = torch.tensor([g])
    optimizer.step()
    return w - weight.item()


def spread(kind: Any, *sizes: int, **settings: Any) -> float:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return float(f"{kind(*sizes, **settings).weight.std().item():.2g}")


def running(layer: nn.Module, x: Tensor, name: str) -> float:
    layer.train()(x)
    return getattr(layer, name).item()


def plateau() -> list[float]:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    rule = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=1)
    rates = []
    for loss in (0.9, 0.7, 0.8, 0.8, 0.8, 0.8):
        rule.step(loss)
        rates.append(optimizer.param_groups[0]["lr"])
    return rates


def even() -> Tensor:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that the input is copied
        return F.conv1d(line(1, 2, 3), ones(2), padding="same")


def padded_same() -> Tensor:
    return F.conv1d(line(1, 2, 3, 4), ones(3), stride=2, padding="same")


def emptied() -> float:
    layer = nn.BatchNorm1d(1).train()
    layer(torch.zeros(0, 1))
    return layer.running_mean.item()


def jittered(picture: Tensor, **factors: tuple[float, float]) -> Tensor:
    from torchvision.transforms import v2

    return v2.ColorJitter(**factors)(picture)


def random_turn() -> float:
    from torchvision.transforms import v2

    turn = v2.RandomRotation((0.25, 0.25), v2.InterpolationMode.BILINEAR)
    return turned(turn(torch.from_numpy(dot())[None]))


def quarter(library: str) -> list[float]:
    """Where a bright pixel at the left of the top row is after a turn by +90 degrees."""
    from torchvision.transforms.v2 import functional as T

    image = torch.zeros(1, 2, 2)
    image[0, 0, 0] = 1
    if library == "rotate":
        return T.rotate(image, 90)[0].ravel().tolist()
    return T.affine(image, 90, [0, 0], 1.0, [0, 0])[0].ravel().tolist()


def grey() -> Tensor:
    from torchvision.transforms.v2 import functional as T

    return T.rgb_to_grayscale(torch.eye(3)[:, :, None].reshape(3, 3, 1))[0]


def white() -> Tensor:
    from torchvision.models import VGG16_Weights

    image = torch.full((3, 224, 224), 255, dtype=torch.uint8)
    return VGG16_Weights.IMAGENET1K_V1.transforms()(image)[:, 0, 0]


def gated(kind: str) -> int:
    return sum(p.numel() for p in getattr(nn, kind)(3, 4).parameters())


def label_smoothing() -> Tensor:
    return F.cross_entropy(torch.tensor([[2.0, 0, 0]]), torch.tensor([0]), label_smoothing=0.3)


def weighted() -> Tensor:
    logits = torch.tensor([[2.0, 0.0], [2.0, 0.0]])
    return F.cross_entropy(logits, torch.tensor([0, 1]), weight=torch.tensor([1.0, 3.0]))


PYTORCH: dict[str, Question] = {
    "same-stride": lambda: refuses(padded_same),
    "half-stride": lambda: F.conv1d(line(1, 2, 3, 4), ones(3), stride=2, padding=1),
    "same-even": even,
    "flip": lambda: F.conv1d(line(0, 0, 1, 0, 0), line(1, 2, 3)),
    "average-edge": lambda: F.avg_pool1d(line(4, 8), 3, 1, 1),
    "ceil-size": lambda: F.max_pool1d(line(1, 2, 3, 4), 3, 2, ceil_mode=True),
    "ceil-beyond": lambda: F.max_pool1d(line(1, 2, 3, 4), 2, 3, 1, ceil_mode=True),
    "ceil-average": lambda: F.avg_pool1d(line(1, 2, 3, 4), 3, 2, ceil_mode=True),
    "transposed-size": lambda: F.conv_transpose1d(line(1, 1), ones(3), stride=2, padding=1),
    "transposed-gap": lambda: F.conv_transpose1d(line(1, 1), ones(2), stride=3),
    "transposed-flip": lambda: F.conv_transpose1d(line(1, 0), line(1, 2, 3)),
    "dilated-padding": lambda: refuses(lambda: F.max_pool1d(line(1, 2, 3), 3, 1, 2, dilation=2)),
    "tie-pool": lambda: slope(lambda x: F.max_pool1d(x[None, None], 2), 1, 1),
    "tie-max": lambda: slope(lambda x: x.max(), 1, 1),
    "tie-axis": lambda: slope(lambda x: x.max(0).values, 1, 1),
    "tie-two": lambda: slope(lambda x: torch.maximum(x, torch.ones(1)), 1),
    "slope-relu": lambda: slope(F.relu, 0),
    "slope-relu6": lambda: slope(F.relu6, 0, 6),
    "slope-clamp": lambda: slope(lambda x: x.clamp(0, 1), 0, 1),
    "slope-hardtanh": lambda: slope(F.hardtanh, -1, 1),
    "slope-leaky": lambda: slope(F.leaky_relu, 0),
    "slope-abs": lambda: slope(torch.abs, 0),
    "slope-elu": lambda: slope(lambda x: F.elu(x, 2.0), 0),
    "slope-selu": lambda: slope(F.selu, 0),
    "slope-celu": lambda: slope(F.celu, 0),
    "nan-pool": lambda: F.max_pool1d(line(float("nan"), 1, 1, float("nan")), 2),
    "infinity-pool": lambda: F.max_pool1d(line(-float("inf"), -float("inf")), 2),
    "running-variance": lambda: running(
        nn.BatchNorm1d(1, momentum=1.0), torch.tensor([[0.0], [2.0]]), "running_var"
    ),
    "momentum": lambda: running(nn.BatchNorm1d(1), torch.tensor([[0.0], [2.0]]), "running_mean"),
    "batch-eps": lambda: nn.BatchNorm1d(1).eps,
    "layer-eps": lambda: nn.LayerNorm(1).eps,
    "lrn-alpha": lambda: nn.LocalResponseNorm(5, 1.0, 1.0)(torch.ones(1, 5, 1))[0, 2],
    "dropout-one": lambda: F.dropout(torch.ones(2), 1.0),
    "weighted-loss": weighted,
    "log-of-zero": lambda: F.binary_cross_entropy(torch.zeros(1), torch.ones(1)),
    "label-smoothing": label_smoothing,
    "adam-eps": lambda: torch.optim.Adam([torch.zeros(1)]).defaults["eps"],
    "adam-small": lambda: first_step(torch.optim.Adam, 0.0, 1e-7, eps=1e-7),
    "rmsprop-first": lambda: first_step(torch.optim.RMSprop, 0.0, 1.0),
    "adagrad-first": lambda: first_step(torch.optim.Adagrad, 0.0, 1.0),
    "decay": lambda: first_step(torch.optim.Adam, 2.0, 0.0, weight_decay=0.1),
    "plateau": plateau,
    "batch-of-none": emptied,
    "loss-of-none": lambda: F.cross_entropy(torch.zeros(0, 3), torch.zeros(0, dtype=torch.long)),
    "mean-of-none": lambda: torch.zeros(0).mean(),
    "batch-of-one": lambda: refuses(lambda: nn.BatchNorm1d(1).train()(torch.tensor([[3.0]]))),
    "first-dense": lambda: spread(nn.Linear, 1000, 1000),
    "first-depthwise": lambda: spread(nn.Conv2d, 4500, 4500, 3, groups=4500),
    "first-transposed": lambda: spread(nn.ConvTranspose2d, 50, 200, 3),
    "gelu": lambda: F.gelu(torch.ones(1))[0],
    "hard-sigmoid": lambda: F.hardsigmoid(torch.ones(1))[0],
    "leaky-slope": lambda: nn.LeakyReLU()(-torch.ones(1))[0],
    "lstm-size": lambda: gated("LSTM"),
    "gru-size": lambda: gated("GRU"),
    "deviation": lambda: torch.tensor([0.0, 2.0]).std(),
    "enlarge": lambda: F.interpolate(line(0, 1), 4, mode="linear"),
    "shrink": lambda: F.interpolate(line(0, 0, 4, 0, 0, 0), 2, mode="linear"),
}
TORCHVISION: dict[str, Question] = {
    "turn": lambda: quarter("rotate"),
    "turn-unit": random_turn,
    "brightness": lambda: jittered(torch.full((1, 1, 1), 0.5), brightness=(1.1, 1.1)),
    "contrast": lambda: jittered(torch.tensor([[[0.0, 1.0]]]), contrast=(2.0, 2.0)),
    "contrast-colour": lambda: jittered(torch.eye(3)[:, :1, None], contrast=(0.5, 0.5)),
    "grey": grey,
    "white-pixel": white,
}
AFFINE: dict[str, Question] = {"turn": lambda: quarter("affine")}
LIBRARIES = {"PyTorch": PYTORCH, "torchvision": TORCHVISION, "torchvision's affine": AFFINE}
