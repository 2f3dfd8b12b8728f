"""On a worker of a cluster: whether it is fit to grade for somebody elsewhere, and one attempt."""

import hashlib
import tempfile
from functools import cache
from pathlib import Path

import cnnlab
from cnnlab.course.grading import attempts
from cnnlab.course.grading.attempts import Attempt
from cnnlab.course.grading.sandbox import Limits, obstacle, unfiltered


def attempt(content: bytes, source: str, most: Limits, wanted: str) -> Attempt:
    """Make one attempt from plain data, on a worker.

    Parameters
    ----------
    content : bytes
        Of the file that was handed in.
    source : str
        Of the lab, as text.
    most : Limits
        What it may use.
    wanted : str
        Which :func:`build` of cnnlab must stand here.

    Returns
    -------
    Attempt

    Raises
    ------
    PermissionError
        If this worker cannot do it as it is done elsewhere.
    """
    import nbformat
    from distributed import get_worker

    if why := unfit(most, wanted):
        raise PermissionError(refused(get_worker().address, why))
    lab = nbformat.reads(source, as_version=4)  # type: ignore[no-untyped-call]
    with tempfile.TemporaryDirectory(prefix="cnnlab-") as folder:
        path = Path(folder) / "handed-in.ipynb"
        path.write_bytes(content)
        return attempts.surely(path, lab, most, confined=True)


def state(most: Limits, wanted: str) -> tuple[str, str]:
    """Say why this worker is :func:`unfit`, and what is not protected here."""
    return unfit(most, wanted), unfiltered()


def unfit(most: Limits, wanted: str) -> str:
    """Say why nothing may be graded here for an instructor elsewhere; empty if it may.

    Parameters
    ----------
    most : Limits
        What one submission may use.
    wanted : str
        The instructor's :func:`build` of cnnlab.

    Returns
    -------
    str
        Without a subject and a full stop.

    Examples
    --------
    >>> unfit(Limits(), "0.0 (ab12)")
    'has cnnlab ... (...) where you have 0.0 (ab12)'
    """
    if build() != wanted:
        return f"has cnnlab {build()} where you have {wanted}"
    why = obstacle(most)
    return f"must confine students' code, but {why}" if why else ""


def refused(worker: str, why: str) -> str:
    """Make a sentence of why a worker is :func:`unfit`.

    Examples
    --------
    >>> refused("tcp://127.0.0.1:4000", "has no cnnlab")
    'All workers must grade alike, but tcp://127.0.0.1:4000 has no cnnlab. Mend that, or stop it.'
    """
    return f"All workers must grade alike, but {worker} {why}. Mend that, or stop it."


@cache
def build() -> str:
    """Tell this cnnlab, version and source, from any other.

    Examples
    --------
    >>> build().startswith(cnnlab.__version__)
    True
    """
    package = Path(cnnlab.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        digest.update(f"{path.relative_to(package).as_posix()}\n".encode() + path.read_bytes())
    return f"{cnnlab.__version__} ({digest.hexdigest()[:8]})"
