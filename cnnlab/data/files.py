"""Where files lie, whether they are whole, and how missing ones are fetched."""

import hashlib
import os
import tempfile
from importlib.util import find_spec
from pathlib import Path

from cnnlab.data.rows import DataFile, SetRow

_WITHOUT_NETWORK = "set CNNLAB_DATA to a folder that has it, or use load('mnist-5k')"


def data_root(root: str | os.PathLike[str] | None = None) -> Path:
    """Folder of downloaded sets: ``root``, else ``CNNLAB_DATA``, else the project's ``data``.

    An installed package without a project around it uses ``~/.cache/cnnlab``.

    Parameters
    ----------
    root : path, optional
        A folder of your choice.

    Examples
    --------
    >>> data_root("somewhere").name
    'somewhere'
    """
    chosen = root or os.environ.get("CNNLAB_DATA")
    if chosen:
        return Path(chosen).expanduser()
    project = Path(__file__).resolve().parents[2]
    if (project / "pyproject.toml").is_file():
        return project / "data"
    return Path.home() / ".cache" / "cnnlab"


def check(path: Path, file: DataFile, owner: str, remedy: str) -> Path:
    """Return ``path`` if the file there has the size and checksum it must have.

    Raises
    ------
    FileNotFoundError
        If there is no file.
    OSError
        If it was cut short or changed; the message names file, fault and remedy.
    """
    packed = path.with_name(f"{path.name}.gz")
    if not path.is_file() and packed.is_file():
        raise FileNotFoundError(
            f"{owner}: {path.name} must be in {path.parent}, but only {packed.name} is, still "
            f'packed. Unpack it: python -m gzip -d "{packed}"'
        )
    if not path.is_file():
        raise FileNotFoundError(
            f"{owner}: {path.name} must be in {path.parent}, but it is missing. {remedy}"
        )
    size = path.stat().st_size
    if size != file.size:
        fault = "cut short" if size < file.size else "too long"
        raise OSError(
            f"{owner}: {path} must have {file.size:,} bytes, not {size:,}: it is {fault}. {remedy}"
        )
    algorithm, _, digest = file.checksum.partition(":")
    with path.open("rb") as stream:
        # MD5 guards against accidents here, not attacks; the flag lets FIPS systems use it.
        found = hashlib.file_digest(
            stream, lambda: hashlib.new(algorithm, usedforsecurity=False)
        ).hexdigest()
    if found != digest:
        raise OSError(
            f"{owner}: {path} must have {algorithm} {digest}, not {found}: "
            f"its contents are damaged. {remedy}"
        )
    return path


def packaged(package: str, file: DataFile, owner: str) -> Path:
    """Path of a checked file inside an installed package, whose code is not run.

    Raises
    ------
    ModuleNotFoundError
        If the package is not installed; nothing is ever downloaded.
    FileNotFoundError, OSError
        As :func:`check`.
    """
    distribution = {"skimage": "scikit-image"}.get(package, package.replace("_", "-"))
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(
            f"{owner}: the package {package} must be installed, but it is not. "
            f"Run: pip install {distribution}",
            name=package,
        )
    path = Path(spec.submodule_search_locations[0], file.path)
    return check(path, file, owner, f"Run: pip install --force-reinstall {distribution}")


def kept(file: DataFile, owner: str) -> Path:
    """Path of a checked file that the course brings along, in the project or in the package.

    Raises
    ------
    FileNotFoundError, OSError
        As :func:`check`.
    """
    package = Path(__file__).resolve().parent
    project = package.parents[1]
    in_project = (project / "pyproject.toml").is_file()
    folder = project / "data" if in_project else package / "kept"
    return check(folder / file.path, file, owner, "Install the course again.")


def downloaded(row: SetRow, root: Path, *, download: bool) -> None:
    """Make sure every file of a torchvision set is in ``root`` and whole.

    Only missing files are written. A damaged one is reported, never replaced, since
    the folder may be shared or hold the learner's own work.
    """
    missing = [file for file in row.files if not (root / file.path).is_file()]
    packed = any((root / f"{file.path}.gz").is_file() for file in missing)
    if missing and download and not packed:
        _download(row, missing, root)
    for file in row.files:
        remedy = (
            f"Call load with download=True, {_WITHOUT_NETWORK}."
            if file in missing
            else f"Delete it and load {row.name!r} again, which downloads a new copy."
        )
        check(root / file.path, file, row.name, remedy)


def _download(row: SetRow, missing: list[DataFile], root: Path) -> None:
    """Let torchvision download into a side folder, then move whole files into place.

    torchvision takes any file that exists for a finished one, so an interrupted download
    must never leave one under its final name.
    """
    import torchvision

    megabytes = sum(file.size for file in row.files) / 1e6
    print(f"{row.name}: downloading once to {root} ({megabytes:.0f} MB on disk)", flush=True)
    try:
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".download-", dir=root) as folder:
            getattr(torchvision.datasets, str(row.torchvision))(folder, download=True)
            for file in missing:
                fresh = Path(folder, file.path)
                check(fresh, file, row.name, "Load it again.")
                (root / file.path).parent.mkdir(parents=True, exist_ok=True)
                fresh.replace(root / file.path)
    except (OSError, RuntimeError) as error:  # torchvision reports a failed mirror as RuntimeError
        reason = " ".join(str(error).split())
        raise FileNotFoundError(
            f"{row.name}: {missing[0].path} must be in {root}, but it is missing and could not "
            f"be downloaded ({reason}). Connect to the network and load again, "
            f"{_WITHOUT_NETWORK}, which needs no network."
        ) from error
