"""Random changes to training images, as a composition of torchvision's transforms."""

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from torchvision.transforms import v2

    from cnnlab.zoo import Augmentation

FULL_TURN = 360  # degrees


class Brightness(nn.Module):
    """Adds one number, drawn from [−share, share], to a whole image in [0, 1]."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, x: Tensor) -> Tensor:
        return (x + torch.empty(()).uniform_(-self.share, self.share).item()).clamp(0, 1)

    def extra_repr(self) -> str:
        return f"share={self.share}"


class Contrast(nn.Module):
    """Stretches each channel around its mean by a factor from [1 − share, 1 + share]."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, x: Tensor) -> Tensor:
        factor = torch.empty(()).uniform_(1 - self.share, 1 + self.share).item()
        mean = x.mean(dim=(-2, -1), keepdim=True)  # (..., C, 1, 1)
        return (mean + factor * (x - mean)).clamp(0, 1)

    def extra_repr(self) -> str:
        return f"share={self.share}"


def transform(augmentation: "Augmentation") -> "v2.Compose":
    """Turn an augmentation into a transform for training images.

    Parameters
    ----------
    augmentation : cnnlab.zoo.Augmentation
        How far images are changed.

    Returns
    -------
    torchvision.transforms.v2.Compose
        From a ``(C, H, W)`` tensor, float in [0, 1] or uint8, to a float one of the same shape.
        It draws from PyTorch's random state: call ``torch.manual_seed`` to repeat a run.

    Notes
    -----
    Give it one image at a time, as a data set's ``transform``: a batch given at once is changed
    alike throughout. Corners that a turn or shift uncovers are black; Keras mirrors the image.
    Shifts are whole pixels; Keras' are fractions of pixels too. Brightness adds a number and
    contrast stretches each channel by itself, as in Keras and unlike torchvision's
    ``ColorJitter``; values are kept in [0, 1], while Keras' layers expect 0 to 255 unless
    ``value_range`` says otherwise, and do not cut at 1.

    Examples
    --------
    >>> from cnnlab import zoo
    >>> change = transform(zoo.get("alexnet-64").augmentation)
    >>> change(torch.rand(3, 64, 64)).shape
    torch.Size([3, 64, 64])
    """
    from torchvision.transforms import v2

    steps: list[nn.Module] = [v2.ToDtype(torch.float32, scale=True)]
    if augmentation.horizontal_flip:
        steps.append(v2.RandomHorizontalFlip())
    if augmentation.rotation or augmentation.translation:
        steps.append(
            v2.RandomAffine(
                degrees=FULL_TURN * augmentation.rotation,
                translate=(augmentation.translation, augmentation.translation),
                interpolation=v2.InterpolationMode.BILINEAR,
            )
        )
    if augmentation.brightness:
        steps.append(Brightness(augmentation.brightness))
    if augmentation.contrast:
        steps.append(Contrast(augmentation.contrast))
    return v2.Compose(steps)
