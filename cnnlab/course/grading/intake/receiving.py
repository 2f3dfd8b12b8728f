"""Keep everything that was handed in, as it came: archives are unpacked, links are not followed."""

import os
import re
import shutil
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

SYSTEM = {".DS_Store", "__MACOSX", "Thumbs.db", "desktop.ini"}  # what systems leave in folders
PACKED = {".7z", ".gz", ".rar", ".tar", ".tgz", ".xz"}
MOST_BYTES, MOST_FILES = 500_000_000, 5_000  # of one archive, unpacked
BLOCK = 4096  # bytes that a file takes at least


def receive(handed_in: Path, target: Path, lab: str = "") -> dict[Path, str]:
    """Copy everything that was handed in.

    Parameters
    ----------
    handed_in : Path
        A folder, or a zip archive of one. An archive that lies in a folder alone, without the
        name of the lab, is such a one, too.
    target : Path
        Where the copies go; a zip archive in the folder becomes a folder of its name.
    lab : str
        Name of the lab.

    Returns
    -------
    dict of Path to str
        What could not be taken in, by its place in the folder, and why.

    Raises
    ------
    FileNotFoundError
        If there is no such folder or archive.
    """
    handed_in = _download(handed_in, lab)
    packed = handed_in.suffix.lower() == ".zip" and handed_in.is_file()
    if not (packed or handed_in.is_dir()):
        raise FileNotFoundError(
            f"There must be a folder or a zip archive {handed_in}, but there is none."
        )
    target.mkdir(parents=True)
    if packed:
        why = _unpack(handed_in, target)
        return {Path(handed_in.name): why} if why else {}
    refused: dict[Path, str] = {}
    for path in _files(handed_in, refused):
        copy = target / path.relative_to(handed_in)
        if why := _take(path, copy):
            refused[path] = why
    return {path.relative_to(handed_in): why for path, why in refused.items()}


def _download(folder: Path, lab: str) -> Path:
    """Return the archive of a whole class that lies in a folder alone, or the folder."""
    if not lab or not folder.is_dir() or not os.access(folder, os.R_OK):
        return folder
    there = [path for path in folder.iterdir() if not _is_systems(path.name)]
    alone = len(there) == 1 and there[0].suffix.lower() == ".zip" and lab not in there[0].name
    return there[0] if alone and not there[0].is_symlink() else folder


def _is_systems(name: str) -> bool:
    """Whether a system left it there; macOS puts ``._`` beside each file."""
    return name in SYSTEM or name.startswith("._")


def _files(folder: Path, refused: dict[Path, str]) -> Iterator[Path]:
    def unreadable(error: OSError) -> None:
        refused[Path(error.filename)] = f"The folder cannot be read ({error.strerror})."

    for here, folders, names in os.walk(folder, onerror=unreadable):
        links = [name for name in folders if (Path(here) / name).is_symlink()]
        folders[:] = sorted(set(folders) - SYSTEM - set(links))
        for name in sorted({*names, *links}):
            if not _is_systems(name):
                yield Path(here) / name


def _take(path: Path, copy: Path) -> str:
    """Copy one file; gives the reason if that cannot be done."""
    if path.is_symlink():
        return "It is a link, and what it leads to was not handed in."
    if path.suffix.lower() == ".zip":
        return _unpack(path, copy)
    if path.suffix.lower() in PACKED:
        return "It is an archive, and only .zip is unpacked here. Unpack it and collect again."
    try:
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)  # with its time, by which the latest attempt is told
    except OSError as error:
        return f"It cannot be read ({error.strerror})."
    return ""


def _unpack(path: Path, folder: Path, room: int | None = None) -> str:
    """Unpack an archive and those in it, which share the ``room`` that one has; gives the reason if not."""
    inner, left = room is not None, MOST_BYTES
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if _is_wanted(one)]
            size = sum(one.file_size for one in members)
            if len(members) > MOST_FILES or size > (MOST_BYTES if room is None else room):
                return (
                    f"Unpacked it would be more than {MOST_FILES:,} files or "
                    f"{MOST_BYTES // 1_000_000} MB. Unpack what is needed and collect again."
                )
            for one in members:
                copy = folder.joinpath(*_parts(one.filename))
                copy.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(one) as packed, copy.open("wb") as unpacked:
                    shutil.copyfileobj(packed, unpacked)
                when = time.mktime((*one.date_time, 0, 0, -1))
                os.utime(copy, (when, when))
                if not inner and copy.suffix.lower() == ".zip":  # of a student, in a platform's
                    left -= _unfold(copy, left)
    except (OSError, RuntimeError, NotImplementedError, zipfile.BadZipFile, OverflowError) as error:
        return f"The archive cannot be unpacked ({error})."
    folder.mkdir(parents=True, exist_ok=True)  # also of an empty archive
    return ""


def _unfold(path: Path, room: int) -> int:
    """Put what an archive holds in its place and return its bytes; what does not fit stays packed."""
    packed = path.rename(path.with_name(f"{path.name}.part"))
    if _unpack(packed, path, room):
        shutil.rmtree(path, ignore_errors=True)
        packed.rename(path)
        return 0
    packed.unlink()
    return sum(max(one.stat().st_size, BLOCK) for one in path.rglob("*"))


def _is_wanted(member: zipfile.ZipInfo) -> bool:
    parts = _parts(member.filename)
    return bool(parts) and not (member.is_dir() or SYSTEM & set(parts) or _is_systems(parts[-1]))


def _parts(name: str) -> list[str]:
    """Parts of a member's path that stay inside the folder, whatever it says.

    Examples
    --------
    >>> _parts("ada/../../05_lab.ipynb")
    ['ada', '05_lab.ipynb']
    """
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return [re.sub(r'[<>:"|?*\0]', "_", part) for part in parts if part not in ("/", "..")]
