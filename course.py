"""Start the course, or run its tests, with nothing but Python installed.

    python course.py          make the environment if need be, then open the course in JupyterLab
    python course.py test     the same environment, then every test
    python course.py setup    make or repair the environment, and stop
    python course.py doctor   say what is installed, missing or too old

What follows the command is passed on: to JupyterLab (python course.py open --no-browser),
to pytest (python course.py test -k geometry), or to pip (python course.py setup --no-index).
Everything is installed into the folder .venv beside this file; delete that folder to undo it.
"""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

# The whole file parses on Python 3.6, so that every Python 3 a learner may have gets to say this
# (Python 2 stops at the f-string and shows its line, which says the same).
if sys.version_info < (3, 11):  # noqa: UP036 - the file is there to say so
    sys.exit(
        f"The course needs Python 3.11 or newer; this is {sys.version.split()[0]}, {sys.executable}. "
        "Install a newer one from https://www.python.org/downloads/ and run the command with it, "
        "for example: python3.12 course.py"
    )

PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOG = VENV / "install.log"
FIRST_NOTEBOOK = "notebooks/00_*.ipynb"
COMMANDS = ("open", "test", "setup", "doctor")
# Room for the installed libraries and for the downloads while they are unpacked. PyTorch's
# Linux build brings the CUDA libraries; the other systems' builds are far smaller.
NEEDED_GB = 10 if sys.platform == "linux" else 4

# What pip's log says when it fails, and what to do about it; the first match counts.
REMEDIES = (
    (
        r"Operation cancelled by user",
        "You stopped it. Run the same command again to go on.",
    ),
    (
        r"No space left on device|Errno 28|not enough space on the disk",
        "The disk is full. Free some space on this disk and on the one that holds temporary "
        "files (the variable TMPDIR moves those), then run the same command again.",
    ),
    (
        r"Long Path support|path too long|File name too long",
        "A file's path is too long for this system. Move the course to a folder with a short "
        "path, such as C:\\cnnlab, and run the same command again.",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|certificate verify failed",
        "The package index's certificate is not trusted here, as happens behind some company "
        "networks. Point pip at your network's certificate file (the variable PIP_CERT) and run "
        "the same command again.",
    ),
    (
        r"ResolutionImpossible",
        "pip found no versions that fit together. The lines above name the packages; if pip is "
        "held to certain versions by a constraints file, loosen it and run the same command again.",
    ),
    (
        r"NewConnectionError|Failed to establish a new connection|ConnectTimeout|Read timed out"
        r"|name resolution|getaddrinfo failed|ProxyError|Network is unreachable"
        r"|Connection refused|Connection reset|Connection aborted|connection error"
        r"|No matching distribution found for hatchling",  # pure Python: any reachable index has it
        "pip could not reach the package index. Connect to the internet, or point pip at a local "
        "index (the variable PIP_INDEX_URL) or at a folder of wheels (PIP_NO_INDEX=1 and "
        "PIP_FIND_LINKS=folder), then run the same command again.",
    ),
    (
        r"No matching distribution found for torch(vision)?\b",
        "There is no build of PyTorch for this Python and this machine. For Intel Macs there are "
        "none any more: use another computer. On Windows for ARM processors, and on a Mac with "
        "Apple's processor, install Python for the right one: Windows needs the x86-64 build, "
        "which it runs in emulation, a Mac the universal one. Elsewhere, try another Python from "
        "3.11 on.",
    ),
    (
        r"No matching distribution found|Could not find a version",
        "No index that pip knows has a build of that package for this Python and this machine. "
        "Try another Python from 3.11 on, or the conda way in README.md.",
    ),
    (
        r"Permission denied|PermissionError|Access is denied|WinError (5|32)\b",
        "A file in .venv could not be written. Close every JupyterLab and Python that runs from "
        "this folder, check that the folder is yours, and run the same command again.",
    ),
)
UNKNOWN = "pip's lines above say what went wrong. Mend that and run the same command again."


def say(sentence: str) -> None:
    """Print at once, so that lines stay in order with those of the programs we call."""
    print(sentence, flush=True)


def fingerprint(pyproject: bytes, python: str, folder: str) -> str:
    """Name what an installation depends on; when it changes, pip has work to do."""
    return hashlib.sha256(b"\0".join([pyproject, python.encode(), folder.encode()])).hexdigest()


def plan(exists: bool, works: bool, stamp: str, wanted: str) -> list[str]:
    """Name the steps from what is there to a ready environment."""
    if not works:
        return ["rebuild" if exists else "create", "install"]
    return [] if stamp == wanted else ["install"]


def remedy(log: str) -> str:
    """Say in one or two sentences what to do about a failed installation."""
    return next((advice for sign, advice in REMEDIES if re.search(sign, log)), UNKNOWN)


def split(arguments: list[str]) -> tuple[str, list[str]]:
    """Separate the command from what is passed on; no command means ``open``."""
    if arguments and not arguments[0].startswith("-"):
        return arguments[0], arguments[1:]
    return "open", arguments


def venv_python() -> Path:
    """Where the environment's own Python is, whether it exists or not."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def venv_works() -> bool:
    """Whether the environment starts, has pip, and was made by this Python version."""
    code = f"import pip, sys; sys.exit('%d.%d' % sys.version_info[:2] != '{PYTHON}')"
    try:
        done = subprocess.run([venv_python(), "-c", code], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def call(*command: str | Path) -> int:
    """Run a program inside the environment, from the course's folder, and give its exit code."""
    bin_folder = str(venv_python().parent)
    path = os.pathsep.join([bin_folder, os.environ.get("PATH", os.defpath)])
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "VIRTUAL_ENV": str(VENV), "PATH": path}
    )
    while True:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            continue  # Ctrl+C reached the program too: let it ask, tidy up and end by itself
        return code if code >= 0 else 128 - code  # a signal, as shells report it


def obstacle(free_bytes: int) -> str:
    """Say what stands in the way of making an environment; empty if nothing does."""
    if VENV.is_dir() and any(VENV.iterdir()) and not (VENV / "pyvenv.cfg").is_file():
        return f"{VENV} is there but is not a Python environment. Move it elsewhere and try again."
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        return (
            f"This Python ({sys.executable}) cannot make environments: its venv or ensurepip "
            f"module is missing. On Debian and Ubuntu: sudo apt install python{PYTHON}-venv. "
            "Elsewhere, install Python from https://www.python.org/downloads/."
        )
    if free_bytes < NEEDED_GB * 10**9:
        return (
            f"Installing needs about {NEEDED_GB} GB of free disk, and {ROOT} has "
            f"{free_bytes / 10**9:.1f} GB. Free some space, or move the course to another disk."
        )
    return ""


def make_venv() -> int:
    """Create the environment, empty."""
    problem = obstacle(shutil.disk_usage(ROOT).free)
    if problem:
        say(problem)
        return 1
    say(f"Making a Python environment in {VENV}.")
    return call(sys.executable, "-m", "venv", "--clear", VENV)


def drop_unfinished() -> None:
    """Forget packages whose installation was cut short, so that pip installs them again.

    pip takes a package for installed as soon as its metadata is there, but writes the
    INSTALLER file only after all of the package's files.
    """
    for pattern in ("lib/python*/site-packages/*.dist-info", "Lib/site-packages/*.dist-info"):
        for folder in VENV.glob(pattern):
            if not (folder / "INSTALLER").is_file():
                shutil.rmtree(folder)


def install(extra: str, options: list[str], stamps: list[Path]) -> int:
    """Have pip install the course, editable, with what it needs."""
    say(
        "Installing the course and its libraries. The first time this fetches PyTorch: a few "
        "minutes and, on Linux, about 6 GB of disk (less elsewhere)."
    )
    for path in (LOG, *stamps):
        path.unlink(missing_ok=True)
    drop_unfinished()
    target = f".[{extra}]" if extra else "."
    pip = [str(venv_python()), "-m", "pip", "install", "--disable-pip-version-check"]
    code = call(*pip, "--log", LOG, *options, "--editable", target)
    if code:
        log = LOG.read_text("utf-8", "replace") if LOG.is_file() else ""
        say("\nThe installation did not finish. " + remedy(log))
    return code


def quieten() -> None:
    """Let JupyterLab not ask on its first start whether to fetch news: nothing here is online."""
    settings = VENV / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    if not settings.exists():
        settings.parent.mkdir(parents=True, exist_ok=True)
        plugin = "@jupyterlab/apputils-extension:notification"
        settings.write_text(json.dumps({plugin: {"fetchNews": "false"}}), "utf-8")


def prepare(extra: str = "", force: bool = False, options: list[str] | None = None) -> int:
    """Bring the environment to where the course, or with an extra its tests, can run."""
    stamps = [VENV / "cnnlab-ready"] + ([VENV / f"cnnlab-ready-{extra}"] if extra else [])
    wanted = fingerprint((ROOT / "pyproject.toml").read_bytes(), PYTHON, str(ROOT))
    stamp = stamps[-1].read_text("utf-8") if stamps[-1].is_file() and not force else ""
    code = 0
    for step in plan(VENV.exists(), venv_works(), stamp, wanted):
        if step == "rebuild":
            say(f"The environment in .venv is unfinished, or not made by Python {PYTHON}.")
        code = install(extra, options or [], stamps) if step == "install" else make_venv()
        if code:
            return code
    quieten()
    for path in stamps:  # written last: without its stamp, an environment is installed again
        path.write_text(wanted, "utf-8")
    return code


def for_root(user: int) -> list[str]:
    """Options with which Jupyter starts for root, the user that most containers give."""
    if user != 0:
        return []
    say("You are root, so JupyterLab listens on this machine only (127.0.0.1).")
    return ["--allow-root", "--ServerApp.ip=127.0.0.1"]


def main(arguments: list[str]) -> int:
    """Do what the command line asks and return the exit code."""
    command, rest = split(arguments)
    if command not in COMMANDS or rest[:1] in (["-h"], ["--help"]):
        say(__doc__.strip())
        return 0 if command in COMMANDS else 2
    if command == "doctor":
        return call(venv_python() if venv_works() else sys.executable, "-m", "cnnlab", "doctor")
    if command == "setup":
        return prepare(force=True, options=rest)
    code = prepare("test" if command == "test" else "")
    if code:
        return code
    if command == "test":
        return call(venv_python(), "-m", "pytest", *rest)
    say("Opening the course in JupyterLab. To stop it, press Ctrl+C in this window.")
    notebook = sorted(ROOT.glob(FIRST_NOTEBOOK))[:1]
    options = [
        f"--ServerApp.root_dir={ROOT}",
        *for_root(getattr(os, "geteuid", lambda: 1)()),
        *rest,
    ]
    return call(venv_python(), "-m", "jupyterlab", *notebook, *options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
