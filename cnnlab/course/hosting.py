"""What appears where the course has a public address: badges, and links to run it elsewhere.

The address is one setting in ``pyproject.toml``::

    [project.urls]
    Repository = "https://github.com/OWNER/NAME"

As long as it is not set, nothing here makes any link.
"""

import copy
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
COLAB = "colab"  # the folder of the copies, and the branch that a workflow publishes them as
MARKS = "<!-- badges: made by python -m cnnlab badges -->", "<!-- end of badges -->"

_ADDRESS = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?")
_LINK = re.compile(r"\]\((\d\d_\w+\.ipynb)(?:#[^)]*)?\)")
_INSTALL = """\
# Get the course where it is not installed, as on Colab; it takes some minutes, once.
import importlib.util
import sys

if importlib.util.find_spec("cnnlab") is None:
    !git clone --quiet --depth 1 {address} course
    %pip install --quiet ./course
    sys.path.insert(0, "course")"""


def repository(pyproject: Path = ROOT / "pyproject.toml") -> str | None:
    """Owner and name of the public repository, as ``pyproject.toml`` says.

    Returns
    -------
    str or None
        Such as ``"owner/name"``; None as long as no address is set.

    Raises
    ------
    ValueError
        If the address is not one of a repository on GitHub, which Colab and Binder need.

    Examples
    --------
    >>> repository(Path("no such file")) is None
    True
    """
    if not pyproject.is_file():
        return None
    project = tomllib.loads(pyproject.read_text(encoding="utf-8")).get("project", {})
    address = project.get("urls", {}).get("Repository")
    if address is None:
        return None
    match = _ADDRESS.fullmatch(address)
    if not match:
        raise ValueError(
            "[project.urls] Repository must be https://github.com/OWNER/NAME, "
            f"not {address!r}. Correct it in pyproject.toml, or take the line out."
        )
    return match[1]


def colab(name: str, repo: str) -> str:
    """Address that opens the copy of a notebook in Colab."""
    return f"https://colab.research.google.com/github/{repo}/blob/{COLAB}/{name}"


def binder(name: str, repo: str) -> str:
    """Address that opens a notebook in Binder."""
    return f"https://mybinder.org/v2/gh/{repo}/HEAD?urlpath=lab/tree/notebooks/{name}"


def links(name: str, repo: str | None) -> str:
    """HTML links from a notebook's page to where it can be run; empty without a repository.

    Examples
    --------
    >>> links("04_lecture_convolution.ipynb", None)
    ''
    """
    if repo is None:
        return ""
    places = {"Run it in Colab": colab(name, repo), "Run it in Binder": binder(name, repo)}
    return "".join(f'<a href="{escape(url)}">{words}</a>' for words, url in places.items())


def badges(repo: str | None) -> str:
    """Markdown with the README's badges; empty without a repository."""
    if repo is None:
        return ""
    first = "00_lecture_start_here.ipynb"
    tests = f"https://github.com/{repo}/actions/workflows/tests.yml"
    shown = (
        ("Tests", f"{tests}/badge.svg", tests),
        (
            "Open in Colab",
            "https://colab.research.google.com/assets/colab-badge.svg",
            colab(first, repo),
        ),
        ("Launch Binder", "https://mybinder.org/badge_logo.svg", binder(first, repo)),
    )
    return "\n".join(f"[![{words}]({image})]({url})" for words, image, url in shown) + "\n"


def with_badges(readme: str, repo: str | None) -> str:
    """A README whose badges, between their two marks, are those of a repository.

    Raises
    ------
    ValueError
        If it does not hold both marks.
    """
    start, end = MARKS
    if readme.count(start) != 1 or readme.count(end) != 1:
        raise ValueError(
            f"The README must hold {start} and {end} once each, but it does not. "
            "Put them below its title."
        )
    before, after = readme.split(start)[0], readme.split(end)[1]
    return f"{before}{start}\n{badges(repo)}{end}{after}"


def for_colab(notebook: Mapping[str, Any], repo: str) -> dict[str, Any]:
    """A notebook whose first cell installs the course where it is missing."""
    made = copy.deepcopy(dict(notebook))
    for cell in made["cells"]:
        if cell["cell_type"] == "markdown":
            text = "".join(cell["source"])
            cell["source"] = _LINK.sub(lambda match: f"]({colab(match[1], repo)})", text)
    source = _INSTALL.format(address=f"https://github.com/{repo}")
    install = {"id": "install", "metadata": {}, "source": source}
    made["cells"].insert(
        0, {**install, "cell_type": "code", "execution_count": None, "outputs": []}
    )
    return made


def write_copies(folder: str | Path, notebooks: Iterable[Path], repo: str | None) -> list[Path]:
    """Write the copies for Colab into a folder's ``colab``; none without a repository."""
    if repo is None:
        return []
    place = Path(folder) / COLAB
    place.mkdir(parents=True, exist_ok=True)
    made = []
    for path in notebooks:
        notebook = for_colab(json.loads(path.read_text(encoding="utf-8")), repo)
        made.append(place / path.name)
        text = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
        made[-1].write_text(text, encoding="utf-8")
    return made
