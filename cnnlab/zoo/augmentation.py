"""Random changes to training images, as data."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Augmentation:
    """How far training images are changed at random, in the shares that Keras' layers take.

    :mod:`cnnlab.pytorch.augmentation` says where its images differ from Keras'.

    Attributes
    ----------
    horizontal_flip : bool
        Whether every other image is mirrored left to right.
    rotation : float
        Largest turn either way, as a share of a full turn: 0.05 is 18 degrees.
    translation : float
        Largest shift either way along each axis, as a share of the image's size.
    brightness : float
        Largest number added or taken away, as a share of the range of values.
    contrast : float
        Largest change of the distance of each value to its channel's mean, as a share of it.

    Raises
    ------
    ValueError
        If a share is not in [0, 1].

    Examples
    --------
    >>> Augmentation(horizontal_flip=True, rotation=0.05).translation
    0.0
    """

    horizontal_flip: bool = False
    rotation: float = 0.0
    translation: float = 0.0
    brightness: float = 0.0
    contrast: float = 0.0

    def __post_init__(self) -> None:
        for name in ("rotation", "translation", "brightness", "contrast"):
            share = getattr(self, name)
            if not 0 <= share <= 1:
                raise ValueError(
                    f"Augmentation: {name} must be a share in [0, 1], not {share}. Try 0.1."
                )
