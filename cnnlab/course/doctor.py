"""What is installed, missing or too old, in plain words: ``python -m cnnlab doctor``.

Nothing here needs more than Python itself: a library that is missing or broken is a
finding, not a traceback.
"""

import importlib
import importlib.metadata
import platform
import shutil
import sys
import tomllib
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from packaging.requirements import Requirement

Status: TypeAlias = Literal["ok", "missing", "too old", "note"]

PROJECT = Path(__file__).resolve().parents[2]
EXTENSIONS = {"@jupyter-widgets/jupyterlab-manager": "ipywidgets", "anywidget": "anywidget"}
FEW_GB = 1


class Finding(NamedTuple):
    """One thing looked at: how it is, what it is, and what to do if it is not well."""

    status: Status
    what: str
    remedy: str = ""


def examine() -> list[Finding]:
    """Look at everything the course uses.

    Returns
    -------
    list of Finding
        Python, packages, JupyterLab, data sets, hardware, disk, in this order. ``missing`` and
        ``too old`` stop the course or a part of it; a ``note`` does not.

    Examples
    --------
    >>> examine()[0].status
    'ok'
    """
    python = Finding("ok", f"Python {platform.python_version()} in {sys.prefix}")
    return [python, *packages(), *jupyter(), *data_sets(), *hardware(), *disk()]


def main() -> int:
    """Print what :func:`examine` finds; 0 if nothing needed is missing or too old, else 1."""
    findings = examine()
    for remedy, group in groupby(findings, key=attrgetter("remedy")):
        for finding in group:
            print(f"{finding.status:<8} {finding.what}")
        if remedy:
            print(f"{'':<8}   {remedy}")
    wrong = sum(finding.status in ("missing", "too old") for finding in findings)
    if wrong:
        print(f"\n{wrong} of these must be mended. What to do is said below them.")
    else:
        print("\nEverything the course needs is here.")
    return 1 if wrong else 0


def repair() -> str:
    """Name the command that mends this environment."""
    if (Path(sys.prefix) / "conda-meta").is_dir():
        return "Run: conda env update -f environment.yml"
    if (PROJECT / "course.py").is_file():
        return "Run: python course.py setup"
    return "Run python course.py in the folder of the course; this copy lies outside it"


def requirements() -> list[str]:
    """What the package asks for, as it was installed, else as pyproject.toml says.

    Examples
    --------
    >>> any(line.startswith("numpy") for line in requirements())
    True
    """
    try:
        return importlib.metadata.requires("cnnlab") or []
    except importlib.metadata.PackageNotFoundError:
        project: Any = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
        extras = project["optional-dependencies"].items()
        needed: list[str] = project["dependencies"]
        return needed + [f'{line}; extra == "{extra}"' for extra, lines in extras for line in lines]


def packages() -> Iterator[Finding]:
    """Each required package against the version the course needs."""
    try:
        from packaging.requirements import Requirement
    except ModuleNotFoundError:  # comes with matplotlib and JupyterLab, so those are missing too
        yield Finding("missing", f"The course's packages, in {sys.prefix}", repair())
        return
    for line in requirements():
        yield from _package(Requirement(line))


def _package(wanted: "Requirement") -> Iterator[Finding]:
    needed = wanted.marker is None or wanted.marker.evaluate({"extra": ""})
    try:
        version = importlib.metadata.version(wanted.name)
    except importlib.metadata.PackageNotFoundError:
        if needed:
            yield Finding("missing", f"{wanted.name} {wanted.specifier}", repair())
        elif wanted.marker and wanted.marker.evaluate({"extra": "test"}):
            yield Finding(
                "note",
                f"{wanted.name} is not here; only the tests need it",
                "To have it, run: python course.py test",
            )
        return
    if wanted.specifier.contains(version, prereleases=True):
        yield Finding("ok", f"{wanted.name} {version}")
    else:
        status: Status = "too old" if needed else "note"
        yield Finding(status, f"{wanted.name} {version}, needs {wanted.specifier}", repair())


def jupyter() -> Iterator[Finding]:
    """Whether JupyterLab will show the widgets and run notebooks with this Python."""
    folder = Path(sys.prefix, "share", "jupyter", "labextensions")
    for name, package in EXTENSIONS.items():
        if (folder / name / "package.json").is_file():
            yield Finding("ok", f"JupyterLab sees the widgets of {package}")
        else:
            yield Finding("missing", f"JupyterLab extension {name} (from {package})", repair())
    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    except ImportError:
        return  # part of JupyterLab, which is reported as missing above
    try:
        spec = KernelSpecManager().get_kernel_spec("python3")
    except NoSuchKernel:
        yield Finding("missing", "Notebook kernel python3 (from ipykernel)", repair())
        return
    yield _kernel(str(spec.argv[0]))


def _kernel(program: str) -> Finding:
    # jupyter_client runs a bare "python" with the Python that JupyterLab itself runs in.
    if "/" not in program.replace("\\", "/") or Path(program) == Path(sys.executable):
        return Finding("ok", "Notebooks run with this Python")
    return Finding(
        "note",
        f"Notebooks started by default run with another Python, {program}",
        "Run: python -m ipykernel install --sys-prefix",
    )


def data_sets() -> Iterator[Finding]:
    """Which data sets are ready, and how to get the others."""
    try:
        from cnnlab.data import files, registry
    except ImportError:
        return  # a package it needs is reported as missing above
    for row in registry.SETS.values():
        try:
            if row.made_from:
                continue  # ready as soon as what it is computed from
            if row.package:
                for file in row.files:
                    files.packaged(row.package, file, row.name)
            else:
                files.downloaded(row, files.data_root(), download=False)
        except (ImportError, FileNotFoundError):
            if row.package:
                yield Finding("missing", f"{row.name}: comes with {row.package}", repair())
            else:
                yield Finding(
                    "note",
                    f"{row.name}: not downloaded",
                    f"To fetch it, in a notebook: cnnlab.data.load({row.name!r})",
                )
        except OSError as error:  # cut short or damaged; the message says what to do
            yield Finding("missing", str(error))
        else:
            place = row.comes if row.package else f"in {files.data_root()}"
            yield Finding("ok", f"{row.name}: ready ({place})")


def hardware() -> Iterator[Finding]:
    """What PyTorch can compute on, if it loads at all."""
    for name in ("torch", "torchvision"):
        try:
            module: Any = importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name == name:
                return  # reported as missing above
            yield _broken(name, error)
            return
        except Exception as error:  # a broken binary raises anything: OSError, RuntimeError …
            yield _broken(name, error)
            return
        if name == "torch":
            yield Finding("ok", f"PyTorch computes on {_device(module)}")


def disk() -> Iterator[Finding]:
    """A note when there is hardly room left to work in."""
    free = shutil.disk_usage(PROJECT).free / 10**9
    if free < FEW_GB:
        yield Finding("note", f"Only {free:.1f} GB of disk are free", "Free some space.")


def _broken(name: str, error: Exception) -> Finding:
    reason = next(iter(str(error).splitlines()), type(error).__name__)
    return Finding("missing", f"{name} is installed but does not load: {reason}", repair())


def _device(torch: Any) -> str:
    """Where lessons compute, and what else is there for experiments of one's own."""
    threads = f"the CPU, {torch.get_num_threads()} threads"
    if torch.cuda.is_available():
        name = torch.cuda.get_device_name(0)
        return f"{threads}; Stepper(…, device='cuda') takes the GPU {name}"
    if torch.backends.mps.is_available():
        return f"{threads}; Stepper(…, device='mps') takes the Mac's GPU, which has no float64"
    return f"{threads}; no GPU was found and none is needed"
