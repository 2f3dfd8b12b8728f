"""Labelled texts as a value, and the sets of texts."""

import csv
import gzip
import html
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cnnlab.data.files import kept
from cnnlab.data.reviews import short_reviews
from cnnlab.data.rows import TextRow
from cnnlab.data.stratify import draw_parts, positions

Labels = npt.NDArray[np.int64]
Labelled = tuple[list[str], Labels]


@dataclass(frozen=True, eq=False, repr=False)
class Texts:
    """Labelled texts, with where they come from.

    Parameters
    ----------
    texts : sequence of str
    labels : (N,) int64 array
        Positions in ``class_names``.
    class_names : sequence of str
    name, source, licence, citation : str

    Raises
    ------
    TypeError
        If the labels are no such array.
    ValueError
        If there are not as many labels as texts, or a label has no class name.

    Examples
    --------
    >>> words = Texts(("sun", "moon", "river"), np.array([0, 0, 1]), ("1", "2"), "words")
    >>> words
    words: 3 texts, 2 classes
    >>> words.subset(words.labels == 1).texts
    ('river',)
    """

    texts: tuple[str, ...]
    labels: Labels
    class_names: tuple[str, ...]
    name: str
    source: str = ""
    licence: str = ""
    citation: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "texts", tuple(self.texts))
        object.__setattr__(self, "class_names", tuple(self.class_names))
        if not isinstance(self.labels, np.ndarray) or self.labels.dtype != np.int64:
            raise TypeError(
                f"Texts: labels must be an int64 array, not {self.labels!r}. "
                "Use np.array(labels, np.int64)."
            )
        if self.labels.shape != (len(self.texts),):
            raise ValueError(
                f"Texts: labels must have shape ({len(self.texts)},), one for each text, "
                f"not {self.labels.shape}. Pass one label per text."
            )
        if self.labels.size and not 0 <= self.labels.min() <= self.labels.max() < self.num_classes:
            raise ValueError(
                f"Texts: labels must lie in 0 … {self.num_classes - 1}, not "
                f"{self.labels.min()} … {self.labels.max()}. Give one class name per label."
            )

    def __len__(self) -> int:
        return len(self.texts)

    def __repr__(self) -> str:
        return f"{self.name}: {len(self):,} texts, {self.num_classes} classes"

    @property
    def num_classes(self) -> int:
        """How many class names there are, seen in the labels or not."""
        return len(self.class_names)

    def subset(self, indices: npt.ArrayLike) -> "Texts":
        """The texts at ``indices``, in that order; see :meth:`cnnlab.data.Dataset.subset`."""
        pick = np.arange(len(self))[positions(indices, len(self))]
        return replace(
            self, texts=tuple(self.texts[index] for index in pick), labels=self.labels[pick]
        )

    def split(
        self, sizes: float | list[float] | tuple[float, ...], *, seed: int | np.random.Generator = 0
    ) -> tuple["Texts", ...]:
        """Divide at random into parts that keep the balance of classes.

        See :meth:`cnnlab.data.Dataset.split`.

        Examples
        --------
        >>> words = Texts(("sun", "moon", "river", "water"), np.array([0, 0, 1, 1]), "12", "words")
        >>> [sorted(part.texts, key=len) for part in words.split(0.5)]
        [['sun', 'river'], ['moon', 'water']]
        """
        parts = draw_parts(self.labels, sizes, np.random.default_rng(seed))
        return tuple(self.subset(part) for part in parts)


def load_texts(row: TextRow, part: str, root: Path) -> Texts:
    """Read one part of a set of texts.

    Raises
    ------
    FileNotFoundError, OSError
        If a file is missing or damaged; the message says where to get it.
    """
    texts, labels = _READERS[row.name](row, part, root)
    return Texts(
        tuple(texts), labels, row.class_names, row.name, row.source, row.licence, row.citation
    )


def _read_syllables(row: TextRow, part: str, root: Path) -> Labelled:
    with gzip.open(kept(row.files[0], row.name), "rt", encoding="ascii") as stream:
        words, counts = zip(*(line.split() for line in stream), strict=True)
    return list(words), np.array(counts).astype(np.int64) - 1  # class 0 is one syllable


def _read_drug_reviews(row: TextRow, part: str, root: Path) -> Labelled:
    path = root / row.name / f"drugsCom{part.title()}_raw.tsv"
    if not path.is_file():
        raise FileNotFoundError(
            f"{row.name}: {path.name} must be in {path.parent}, but it is missing, since the "
            "course hands out no review. Get the Drug Review Dataset (Drugs.com) from "
            "https://archive.ics.uci.edu/dataset/462 and unpack it there."
        )
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t")
        if not {"review", "rating"} <= set(rows.fieldnames or ()):
            raise OSError(
                f"{row.name}: {path} must have the columns review and rating, separated by tabs, "
                f"not {rows.fieldnames}. Unpack the file again."
            )
        read = [(line["review"], line["rating"]) for line in rows]
    try:
        texts = [html.unescape(review).strip('"') for review, _ in read]
        ratings = np.array([float(rating) for _, rating in read])
    except (TypeError, ValueError):
        raise OSError(
            f"{row.name}: {path} must have a review and a number as rating in every row, but one "
            "has not. Unpack the file again."
        ) from None
    return texts, np.searchsorted([4.5, 6.5], ratings).astype(np.int64)


def _make_short_reviews(row: TextRow, part: str, root: Path) -> Labelled:
    return short_reviews(part, dict(row.splits)[part])


_READERS: dict[str, Callable[[TextRow, str, Path], Labelled]] = {
    "syllables": _read_syllables,
    "short-reviews": _make_short_reviews,
    "drug-reviews": _read_drug_reviews,
}
