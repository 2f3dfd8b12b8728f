"""Labelled images as a value: subsets, stratified splits, batches."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from numbers import Integral
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from cnnlab.data.stratify import draw_parts, positions

if TYPE_CHECKING:
    from torch.utils.data import TensorDataset

Images: TypeAlias = npt.NDArray[np.float32]
Targets: TypeAlias = npt.NDArray[Any]  # int64 labels, or float32 numbers to predict


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Labelled images, with where they come from.

    Parameters
    ----------
    images : (N, C, H, W) float32 array
        As loaded, pixel values are in [0, 1].
    labels : (N,) int64 array, or (N, K) float32 array
        Positions in ``class_names``; without class names, K numbers for each image, the targets
        of a regression.
    class_names : sequence of str
        Empty for a regression.
    name, source, licence, citation : str

    Raises
    ------
    TypeError
        If an array is none, or has another dtype.
    ValueError
        If shapes do not fit together, channels come last, or a label has no class name.

    Examples
    --------
    >>> images, labels = np.zeros((6, 1, 2, 2), np.float32), np.array([0, 0, 0, 0, 1, 1])
    >>> dots = Dataset(images, labels, ("a", "b"), name="dots")
    >>> dots
    dots: 6 images 1x2x2, 2 classes
    >>> dots.split(0.5)
    (dots: 3 images 1x2x2, 2 classes, dots: 3 images 1x2x2, 2 classes)
    >>> Dataset(images, np.ones((6, 1), np.float32), (), name="ages")
    ages: 6 images 1x2x2, 1 number each
    """

    images: Images
    labels: Targets
    class_names: tuple[str, ...]
    name: str
    source: str = ""
    licence: str = ""
    citation: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "class_names", _class_names(self.class_names))
        _check_array("images", self.images, np.float32, ("(N, C, H, W)", 4))
        if self.images.shape[3] in (1, 3, 4) and min(self.images.shape[1:3]) > 4:
            raise ValueError(
                f"Dataset: images must be (N, C, H, W), channels first, not {self.images.shape}, "
                "where channels seem to come last. Use images.transpose(0, 3, 1, 2)."
            )
        if self.class_names:
            _check_array("labels", self.labels, np.int64, ("(N,)", 1))
        else:
            _check_array("labels", self.labels, np.float32, ("(N, K)", 2))
        _check_paired("Dataset", self.images, self.labels)
        if (
            self.class_names
            and len(self.labels)
            and not 0 <= self.labels.min() <= self.labels.max() < self.num_classes
        ):
            raise ValueError(
                f"Dataset: labels must lie in 0 … {self.num_classes - 1}, not "
                f"{self.labels.min()} … {self.labels.max()}. Give one class name per label."
            )

    def __len__(self) -> int:
        return len(self.images)

    def __repr__(self) -> str:
        shape = "x".join(map(str, self.image_shape))
        if self.class_names:
            told = f"{self.num_classes} classes"
        else:
            count = self.labels.shape[1]
            told = f"{count} number{'s' if count > 1 else ''} each"
        return f"{self.name}: {len(self):,} images {shape}, {told}"

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Channels, height and width of one image."""
        channels, height, width = self.images.shape[1:]
        return channels, height, width

    @property
    def num_classes(self) -> int:
        """How many class names there are, seen in the labels or not."""
        return len(self.class_names)

    def subset(self, indices: npt.ArrayLike) -> "Dataset":
        """Copy of the images at ``indices``, in that order.

        Parameters
        ----------
        indices : (M,) integers, or (N,) booleans

        Raises
        ------
        IndexError
            If they are not such a list or point outside the set.

        Examples
        --------
        >>> dots = Dataset(np.zeros((3, 1, 2, 2), np.float32), np.arange(3), tuple("abc"), "dots")
        >>> dots.subset([2, 0]).labels
        array([2, 0])
        >>> dots.subset(dots.labels > 0)
        dots: 2 images 1x2x2, 3 classes
        """
        pick = positions(indices, len(self))
        return replace(self, images=self.images[pick], labels=self.labels[pick])

    def split(
        self, sizes: float | Sequence[float], *, seed: int | np.random.Generator = 0
    ) -> tuple["Dataset", ...]:
        """Divide at random into parts that keep the balance of classes.

        Parts are shuffled, disjoint, and together the whole set. In each, every class has
        its proportional share to within one image; the targets of a regression have no classes,
        so that their parts are only drawn at random.

        Parameters
        ----------
        sizes : number or sequence of numbers
            Fractions (floats) or numbers of images (ints). What they leave over becomes
            one more part: ``split(0.8)`` is 80 % and 20 %.
        seed : int or Generator

        Raises
        ------
        TypeError
            If fractions and numbers of images are mixed.
        ValueError
            If the parts exceed the set, or one would be empty.

        Examples
        --------
        >>> labels = np.repeat([0, 1], [40, 10])
        >>> rare = Dataset(np.zeros((50, 1, 2, 2), np.float32), labels, ("no", "yes"), "rare")
        >>> train, test = rare.split(0.8)
        >>> np.bincount(train.labels), np.bincount(test.labels)
        (array([32,  8]), array([8, 2]))
        >>> [len(part) for part in rare.split((30, 10))]
        [30, 10, 10]
        """
        kinds = self.labels if self.class_names else np.zeros(len(self), np.int64)
        parts = draw_parts(kinds, sizes, np.random.default_rng(seed))
        return tuple(self.subset(part) for part in parts)

    def batches(
        self, batch_size: int = 32, *, rng: np.random.Generator | None = None
    ) -> Iterator[tuple[Images, Targets]]:
        """Batches of one pass over the set; see :func:`batches`."""
        return batches(self.images, self.labels, batch_size, rng=rng)

    def torch(self) -> "TensorDataset":
        """The same images and labels for ``torch.utils.data.DataLoader``; memory is shared."""
        import torch
        from torch.utils.data import TensorDataset

        return TensorDataset(torch.from_numpy(self.images), torch.from_numpy(self.labels))


def batches(
    images: Images,
    labels: Targets,
    batch_size: int = 32,
    *,
    rng: np.random.Generator | None = None,
) -> Iterator[tuple[Images, Targets]]:
    """Batches of one pass: every image once, the last batch short if it must be.

    Parameters
    ----------
    images : (N, ...) array
    labels : (N, ...) array
    batch_size : int
    rng : Generator, optional
        Shuffles. Without it the order is kept, as evaluation wants.

    Yields
    ------
    images : (B, ...) array
    labels : (B, ...) array
        Copies, B = ``batch_size`` or fewer in the last batch.

    Examples
    --------
    >>> images, labels = np.zeros((5, 1, 2, 2), np.float32), np.arange(5)
    >>> [y.tolist() for _, y in batches(images, labels, 2)]
    [[0, 1], [2, 3], [4]]
    """
    size = _batch_size(batch_size)
    _check_paired("batches", images, labels)
    if rng is not None and not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"batches: rng must be a numpy.random.Generator or None, not {rng!r}. "
            "Use rng=np.random.default_rng(0)."
        )
    order = np.arange(len(images)) if rng is None else rng.permutation(len(images))
    starts = range(0, len(order), size)
    picks = (order[start : start + size] for start in starts)
    return ((images[pick], labels[pick]) for pick in picks)


def _class_names(given: Any) -> tuple[str, ...]:
    if isinstance(given, str | Mapping) or not isinstance(given, Iterable):
        raise TypeError(
            "Dataset: class_names must be a sequence of names in the order of the labels, "
            f"not {given!r}. Write ('first', 'second', …)."
        )
    return tuple(given)


def _check_array(what: str, array: Any, dtype: type[np.generic], shape: tuple[str, int]) -> None:
    name = np.dtype(dtype).name
    if not isinstance(array, np.ndarray):
        advice = (
            f"Use {what}.numpy()."
            if hasattr(array, "numpy")
            else f"Use np.array({what}, np.{name})."
        )
        raise TypeError(
            f"Dataset: {what} must be a NumPy array, not {type(array).__name__}. {advice}"
        )
    if array.dtype != dtype:
        raise TypeError(
            f"Dataset: {what} must be {name}, not {array.dtype}. Convert with .astype(np.{name})."
        )
    if array.ndim != shape[1]:
        raise ValueError(
            f"Dataset: {what} must have shape {shape[0]}, not {array.shape}. Reshape them."
        )


def _batch_size(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, Integral) or value < 1:
        raise ValueError(
            f"batches: batch_size must be a whole number of at least 1, not {value!r}. "
            f"Choose one such as 32."
        )
    return int(value)


def _check_paired(where: str, images: npt.NDArray[Any], labels: npt.NDArray[Any]) -> None:
    if len(images) != len(labels):
        raise ValueError(
            f"{where}: images and labels must have the same length, not {len(images):,} "
            f"and {len(labels):,}. Pass one label per image."
        )
