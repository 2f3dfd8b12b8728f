"""Digits in a CSV file, a row for each image, as Kaggle's Digit Recognizer has them."""

import os
import warnings
from pathlib import Path
from typing import NoReturn

import numpy as np
import numpy.typing as npt

from cnnlab.data.dataset import Images

Labels = npt.NDArray[np.int64]

_SIDE = 28
_PIXELS = [f"pixel{number}" for number in range(_SIDE * _SIDE)]


def read_digits(path: str | os.PathLike[str]) -> tuple[Images, Labels | None]:
    r"""Read a CSV file of digits: a header, then a row for each image.

    Parameters
    ----------
    path : path
        Its columns are ``label`` and ``pixel0`` … ``pixel783``, row by row from the top left,
        bytes from 0, black, to 255, white; or the pixels alone.

    Returns
    -------
    images : (N, 1, 28, 28) float32 array
        In [0, 1].
    labels : (N,) int64 array, or None
        None if the file has no labels.

    Raises
    ------
    FileNotFoundError
        If there is no file.
    ValueError
        If the columns are others, or a row does not hold such numbers.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> header = ",".join(["label", *(f"pixel{n}" for n in range(784))])
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "train.csv")
    ...     _ = path.write_text(header + "\n7" + 783 * ",0" + ",255\n")
    ...     images, labels = read_digits(path)
    >>> images.shape, images[0, 0, -1, -1].item(), labels
    ((1, 1, 28, 28), 1.0, array([7]))
    """
    with Path(path).open(encoding="utf-8-sig") as stream:
        columns = [name.strip().strip('"') for name in stream.readline().split(",")]
        labelled = columns[:1] == ["label"]
        if columns[labelled:] != _PIXELS:
            _refuse(
                path,
                f"begin with label,pixel0,…,pixel783, or pixel0,…,pixel783, not {_told(columns)}",
            )
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # a file without rows
                table = np.loadtxt(stream, delimiter=",", dtype=np.uint8, ndmin=2)
        except ValueError as error:
            _refuse(path, f"hold whole numbers from 0 to 255 in rows of one length, but {error}")
    if not len(table):
        table = table.reshape(0, len(columns))
    if table.shape[1] != len(columns):
        _refuse(
            path, f"have {len(columns)} numbers in a row, as its header says, not {table.shape[1]}"
        )
    images = np.divide(table[:, labelled:], 255, dtype=np.float32)
    labels = table[:, 0].astype(np.int64) if labelled else None
    if labels is not None and len(labels) and labels.max() > 9:
        _refuse(path, f"have labels from 0 to 9, not {labels.max()}")
    return images.reshape(-1, 1, _SIDE, _SIDE), labels  # (N, 1, 28, 28)


def _told(columns: list[str]) -> str:
    shown = ",".join(columns[:3])
    return f"{shown},… ({len(columns)} columns)" if len(columns) > 3 else shown


def _refuse(path: str | os.PathLike[str], rule: str) -> NoReturn:
    raise ValueError(
        f"read_digits: {os.fspath(path)} must {rule}. "
        "Take train.csv or test.csv of Kaggle's Digit Recognizer as it comes."
    )
