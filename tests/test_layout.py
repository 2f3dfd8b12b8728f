"""Files and folders hold one idea each: their size, and how deep imports go inside the checks."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import cnnlab

PACKAGE = Path(cnnlab.__file__).parent
LINES = 300  # of a file
FILES = 15  # of a folder, besides its __init__.py
CATALOGUES = {"zoo", "check/exercises", "check/questions", "scratch/functional"}  # a file an entry

# What each room of the checks may import of the others.
CHECK = {
    "core": set(),
    "exercises/common": {"core"},
    "questions": {"core", "exercises/common"},
    "tables/misconceptions": {"core"},
    "tables": {"core", "tables/misconceptions"},
    "numbers": {"core", "questions", "exercises", "tables/misconceptions"},
    "exercises": {"core", "questions", "exercises/common"},
    "run": {"core"},
    "code": {"core", "run", "exercises", "exercises/common"},
    "networks": {"core", "run"},
}
BETWEEN, WITHIN = 5, 4  # levels


def name_of(path: Path, package: Path) -> str:
    parts = ("cnnlab", *path.relative_to(package).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(package: Path) -> dict[str, set[str]]:
    """What each module imports of the package, in type annotations and inside functions too."""
    paths = {name_of(path, package): path for path in package.rglob("*.py")}
    found = {}
    for name, path in paths.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        every = {module for module in wanted(tree, name, path) if module in paths}
        found[name] = every - {name}
    return found


def wanted(tree: ast.Module, name: str, path: Path) -> Iterator[str]:
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = ".".join(package.split(".")[: len(package.split(".")) + 1 - node.level])
            base = ".".join(filter(None, [above if node.level else "", node.module]))
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def entering(graph: dict[str, set[str]], name: str) -> set[str]:
    """Modules that an import of this one names; a package only where nothing in it is named."""
    named = graph[name]
    return {
        module for module in named if not any(other.startswith(f"{module}.") for other in named)
    }


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Ways that lead from a module back to it."""
    done: set[str] = set()
    found = []

    def visit(name: str, way: list[str]) -> None:
        if name in way:
            found.append([*way[way.index(name) :], name])
        elif name not in done:
            for other in sorted(entering(graph, name)):
                visit(other, [*way, name])
            done.add(name)

    for name in graph:
        visit(name, [])
    return found


def longest(graph: dict[str, set[str]], names: set[str]) -> list[str]:
    """The longest chain of imports among these modules."""
    chains: dict[str, list[str]] = {}

    def chain(name: str) -> list[str]:
        if name not in chains:
            chains[name] = [name]
            below = (chain(other) for other in entering(graph, name) & names)
            chains[name] = [name, *max(below, key=len, default=[])]
        return chains[name]

    return max(map(chain, names), key=len, default=[])


def room(module: str) -> str:
    """The room of the checks in which a module stands: its folder."""
    return "/".join(module.split(".")[2:-1])


def faults(package: Path) -> Iterator[str]:
    for path in sorted(package.rglob("*.py")):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > LINES:
            yield f"{path.relative_to(package)} has {lines} lines, at most {LINES}: split its ideas."
    for folder in sorted({path.parent for path in package.rglob("*.py")}):
        where = folder.relative_to(package).as_posix()
        files = [path.name for path in folder.glob("*.py") if path.name != "__init__.py"]
        if len(files) > FILES and where not in CATALOGUES:
            yield f"{where} has {len(files)} files, at most {FILES}: part of them is a room."
    graph = imports(package)
    yield from (f"imports run in a circle: {' → '.join(way)}" for way in circles(graph))
    yield from check_faults(graph)


def check_faults(graph: dict[str, set[str]]) -> Iterator[str]:
    checks = {name for name in graph if name.startswith("cnnlab.check.")}
    homes = {name: room(f"{name}.x" if is_room(name) else name) for name in checks}
    for name in sorted(checks):
        if homes[name] not in CHECK:
            yield f"{name} stands in no room of the checks."
            continue
        for other in sorted(entering(graph, name) & checks):
            if homes[other] not in CHECK[homes[name]] | {homes[name]}:
                yield f"{homes[name]} must not import {other}, as {name} does."
    for place in CHECK:
        chain = longest(graph, {name for name in checks if homes[name] == place})
        if len(chain) > WITHIN:
            yield f"{place} is {len(chain)} levels deep, at most {WITHIN}: {' → '.join(chain)}"


def is_room(module: str) -> bool:
    return "/".join(module.split(".")[2:]) in CHECK


def test_the_package_keeps_its_layout() -> None:
    assert list(faults(PACKAGE)) == []


def test_rooms_of_the_checks_are_few_levels_deep() -> None:
    assert len(longest({k: set(v) for k, v in CHECK.items()}, {*CHECK})) <= BETWEEN
    assert circles(CHECK) == []


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package with a file in each of some rooms."""
    place = tmp_path / "cnnlab"
    for name in ("core/a", "core/b", "numbers/sizes", "exercises/relu", "code/runs"):
        path = place / "check" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        (path.parent / "__init__.py").touch()
    return place


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"train/loop.py": "\n" * 301}, "has 301 lines"),
        ({f"plots/p{n}.py": "" for n in range(16)}, "plots has 16 files"),
        ({"check/core/c.py": "from cnnlab.check.numbers import sizes"}, "core must not import"),
        (
            {"check/core/c.py": "def f():\n    from cnnlab.check.code.runs import g"},
            "core must not",
        ),
        ({"check/exercises/x.py": "from ..numbers.sizes import a"}, "exercises must not import"),
        ({"check/odd/x.py": ""}, "stands in no room"),
        ({"check/x.py": ""}, "stands in no room"),
        (
            {f"check/code/c{n}.py": f"import cnnlab.check.code.c{n + 1}" for n in range(4)}
            | {"check/code/c4.py": ""},
            "code is 5 levels deep",
        ),
        (
            {
                "train/a.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n"
                "    from cnnlab.train.b import B",
                "train/b.py": "from cnnlab.train.a import A",
            },
            "in a circle",
        ),
    ],
)
def test_what_breaks_the_layout_is_seen(package: Path, files: dict[str, str], says: str) -> None:
    assert list(faults(package)) == []
    for name, text in files.items():
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert any(says in fault for fault in faults(package))


def test_a_catalogue_may_grow(package: Path) -> None:
    for n in range(40):
        (package / "check" / "exercises" / f"e{n}.py").touch()
    assert list(faults(package)) == []
