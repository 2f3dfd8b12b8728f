"""Names to arrays: the sets and photographs of the registry."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar, overload

import numpy as np
import numpy.typing as npt

from cnnlab._names import unknown
from cnnlab.data.dataset import Dataset, Images
from cnnlab.data.files import data_root, downloaded, packaged
from cnnlab.data.made import RECIPES
from cnnlab.data.pictures import read_image
from cnnlab.data.registry import PHOTOS, SETS
from cnnlab.data.registry_texts import TEXTS
from cnnlab.data.rows import SetRow, TextRow
from cnnlab.data.series import mnist_1d
from cnnlab.data.texts import Texts, load_texts

Row = TypeVar("Row")
Arrays = tuple[Images, npt.NDArray[Any]]

# What people call the sets elsewhere.
_ALSO = {
    "fmnist": "fashion-mnist",
    "cifar": "cifar10",
    "lfw": "faces",
    "cat": "chelsea",
    "cmudict": "syllables",
}


def names() -> list[str]:
    """Names that :func:`load` knows.

    Examples
    --------
    >>> names()
    ['mnist-5k', 'mnist', 'fashion-mnist', 'cifar10', 'faces', 'digits-on-photos', \
'coloured-digits', 'photo-patches', 'mnist-1d', 'syllables', \
'short-reviews', 'drug-reviews']
    """
    return [*SETS, *TEXTS]


def photo_names() -> list[str]:
    """Names that :func:`photo` knows.

    Examples
    --------
    >>> photo_names()[:4]
    ['astronaut', 'brick', 'camera', 'chelsea']
    """
    return list(PHOTOS)


@overload
def load(  # type: ignore[overload-overlap]  # a name of texts is a str, but no name of images
    name: Literal["syllables", "short-reviews", "drug-reviews"],
    *,
    split: str | None = None,
    root: str | os.PathLike[str] | None = None,
    download: bool = True,
) -> Texts: ...


@overload
def load(
    name: str = "mnist-5k",
    *,
    split: str | None = None,
    root: str | os.PathLike[str] | None = None,
    download: bool = True,
) -> Dataset: ...


def load(
    name: str = "mnist-5k",
    *,
    split: str | None = None,
    root: str | os.PathLike[str] | None = None,
    download: bool = True,
) -> Dataset | Texts:
    """Load a labelled set of images, series or texts by name.

    ``mnist-5k`` and ``faces`` come with installed packages, ``syllables`` with the course, five
    sets are computed, and none of these needs a network. ``drug-reviews`` reads your own copy.
    The others are downloaded once, through torchvision, if they are not yet in the data folder;
    a folder that has them is only read.

    Parameters
    ----------
    name : str
        One of :func:`names`.
    split : str, optional
        For sets that have parts, such as "train" and "test"; "train" if left out. Divide the
        others with :meth:`Dataset.split`.
    root : path, optional
        Folder of downloaded sets, in torchvision's layout. If left out, the environment
        variable ``CNNLAB_DATA``, else the project's ``data`` folder.
    download : bool
        Whether missing files may be downloaded.

    Returns
    -------
    Dataset or Texts
        Images (N, C, H, W), float32 in [0, 1]; labels (N,), int64. Series are images of height 1,
        whose values are not confined to [0, 1]. Texts have their labels too. New arrays each time.

    Raises
    ------
    ValueError
        If the name or the split is unknown.
    FileNotFoundError
        If a file is missing and cannot be downloaded.
    OSError
        If a file is cut short or damaged. Nothing is loaded then.

    Examples
    --------
    >>> digits = load("mnist-5k")
    >>> digits
    mnist-5k: 5,000 images 1x28x28, 10 classes
    >>> train, test = digits.split(0.8, seed=0)
    >>> train.images.shape
    (4000, 1, 28, 28)
    """
    every: dict[str, SetRow | TextRow] = {**SETS, **TEXTS}
    row = _row(every, name, "load")
    part = _part(row, split)
    if isinstance(row, TextRow):
        return load_texts(row, part, data_root(root))
    return _load_images(row, part, data_root(root), download=download)


def _load_images(row: SetRow, part: str, root: Path, *, download: bool) -> Dataset:
    if row.name == "mnist-1d":
        images, labels = mnist_1d(part, dict(row.splits)[part])
    elif row.made_from:
        images, labels = RECIPES[row.name](part, load("mnist-5k"), _photographs())
    elif row.torchvision is None:
        images, labels = _PACKAGED[row.name](row)
    else:
        images, labels = _read_torchvision(row, part, root, download=download)
    expected = (dict(row.splits)[part], *row.shape)
    if images.shape != expected or labels.shape != expected[:1]:
        raise OSError(
            f"{row.name}: {part} must have images {expected}, not {images.shape} with "
            f"{len(labels):,} labels. Empty the data folder and load again."
        )
    return Dataset(
        images,
        labels.astype(np.int64),
        row.class_names,
        name=row.name,
        source=row.source,
        licence=row.licence,
        citation=row.citation,
    )


@dataclass(frozen=True, eq=False, repr=False)
class Photo:
    """A photograph as a (C, H, W) float32 array in [0, 1], with where it comes from."""

    image: Images
    name: str
    what: str
    source: str
    licence: str

    def __repr__(self) -> str:
        shape = "x".join(map(str, self.image.shape))
        return f"{self.name}: {self.what}, {shape} ({self.source}; {self.licence})"


def photo(name: str) -> Photo:
    """Load a sample photograph that comes with scikit-image; no network is needed.

    Parameters
    ----------
    name : str
        One of :func:`photo_names`.

    Raises
    ------
    ValueError
        If the name is unknown.
    OSError
        If the file in the installed package is missing or damaged.

    Examples
    --------
    >>> photo("chelsea")
    chelsea: a cat, in colour, 3x300x451 (Stefan van der Walt; CC0)
    >>> photo("camera").image.shape
    (1, 512, 512)
    """
    row = _row(PHOTOS, name, "photo")
    path = packaged("skimage", row.file, row.name)
    return Photo(read_image(path), row.name, row.what, row.source, row.licence)


def _photographs() -> dict[str, Images]:
    return {name: photo(name).image for name in PHOTOS}


def _row(table: Mapping[str, Row], name: str, where: str) -> Row:
    if name not in table:
        raise ValueError(unknown(f"{where}: name", name, table, _ALSO))
    return table[name]


def _part(row: SetRow | TextRow, split: str | None) -> str:
    parts = dict(row.splits)
    if split is None:
        return next(iter(parts))
    if split not in parts:
        raise ValueError(
            f"load: split of {row.name} must be {' or '.join(map(repr, parts))}, not {split!r}. "
            f"Leave split out, or divide a set with .split(0.8)."
        )
    return split


def _unit(pixels: npt.NDArray[np.uint8]) -> Images:
    """Bytes 0 … 255 as float32 0 … 1."""
    return np.divide(pixels, 255, dtype=np.float32)


def _read_mnist_5k(row: SetRow) -> Arrays:
    path = packaged(str(row.package), row.files[0], row.name)
    table = np.loadtxt(path, delimiter=",", dtype=np.uint8)  # (5000, 784 pixels + label)
    return _unit(table[:, :-1].reshape(-1, *row.shape)), table[:, -1]


def _read_faces(row: SetRow) -> Arrays:
    path = packaged(str(row.package), row.files[0], row.name)
    patches = np.load(path, allow_pickle=False)  # (200, 25, 25), in [0, 1]
    labels = np.repeat([row.class_names.index("face"), row.class_names.index("non-face")], 100)
    return patches[:, None].astype(np.float32), labels  # (200, 1, 25, 25)


_PACKAGED: dict[str, Callable[[SetRow], Arrays]] = {
    "mnist-5k": _read_mnist_5k,
    "faces": _read_faces,
}


def _read_torchvision(row: SetRow, part: str, root: Path, *, download: bool) -> Arrays:
    downloaded(row, root, download=download)
    import torchvision

    reader = getattr(torchvision.datasets, str(row.torchvision))
    opened = reader(root, train=part == "train", download=False)
    pixels = np.asarray(opened.data)  # (N, H, W) or (N, H, W, C)
    images = pixels.reshape(*pixels.shape[:3], -1).transpose(0, 3, 1, 2)  # (N, C, H, W)
    return _unit(np.ascontiguousarray(images)), np.asarray(opened.targets)
