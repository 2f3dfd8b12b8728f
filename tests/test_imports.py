"""Imports follow the arrows of the design and never run back; ``import cnnlab`` is light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import cnnlab
from cnnlab import check

PACKAGE = Path(cnnlab.__file__).parent

# What each room may import when it is entered.
AT_ENTRY = {
    "_names": set(),
    "_text": set(),
    "geometry": set(),
    "spec": {"geometry"},
    "conventions": set(),
    "count": {"geometry", "spec"},
    "zoo": {"geometry", "spec"},
    "scratch": {"geometry", "spec"},
    "pytorch": {"geometry", "spec", "scratch"},
    "data": set(),
    "train": set(),
    "plots": {"geometry", "spec", "count"},
    "check": {"geometry", "spec", "count", "zoo", "scratch"},
    "explore": {"geometry", "spec", "count", "zoo", "scratch"},
    "notebooks": set(),
    "results": set(),
    "prose": {"notebooks", "results"},
    "project": {"check", "data", "prose", "scratch"},
    "course": {"check", "data", "explore", "notebooks", "results", "spec"},
    "server": set(),
    "__main__": {"zoo"},
    "__init__": set(),
}
ANY_ROOM = {"_names", "_text"}  # words that need nothing
# What it may import later, inside a function that needs it.
LATER = {
    "zoo": {"count", "data", "pytorch", "scratch"},
    "train": {"plots"},
    "explore": {"data", "pytorch"},
    "plots": {"count", "zoo", "scratch"},
    "__main__": {"course", "notebooks", "prose"},
}
HEAVY = {
    "torch",
    "torchvision",
    "matplotlib",
    "ipywidgets",
    "anywidget",
    "skimage",
    "mlxtend",
    "pandas",
}
MAY_ENTER_HEAVY = {
    "pytorch": {"torch"},
    "plots": {"matplotlib"},
    "explore": {"anywidget", "ipywidgets"},
}


def room(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(tree):
    """Modules imported by a piece of syntax, type-checking blocks left out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node, node.module
            if node.module == "cnnlab":
                yield from ((node, f"cnnlab.{alias.name}") for alias in node.names)


def skip_type_checking(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = [ast.Pass()]
    return tree


def inside_functions(tree):
    functions = (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.Lambda))
    return {id(node) for function in functions for node in ast.walk(function)}


def wrong_imports(path, source):
    tree = skip_type_checking(ast.parse(source))
    later, here = inside_functions(tree), room(path)
    for node, module in imported(tree):
        parts = module.split(".")
        deferred = id(node) in later
        if parts[0] == "cnnlab" and len(parts) > 1 and parts[1] != here:
            allowed = ANY_ROOM | AT_ENTRY[here] | (LATER.get(here, set()) if deferred else set())
            if parts[1] not in allowed:
                yield f"{here} must not import {module} ({'later' if deferred else 'at entry'})"
        if parts[0] in HEAVY - MAY_ENTER_HEAVY.get(here, set()) and not deferred:
            yield f"{here} must not import {module} when it is entered"


MODULES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_follow_the_arrows(path):
    assert list(wrong_imports(path, path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("where", "source"),
    [
        ("geometry/x.py", "from cnnlab.spec import Conv"),
        ("spec/x.py", "from cnnlab import count"),
        ("count.py", "def f():\n    import cnnlab.pytorch"),
        ("count.py", "import torch"),
        ("zoo/x.py", "from cnnlab.count import summarize"),
    ],
)
def test_a_wrong_import_is_seen(where, source):
    assert list(wrong_imports(PACKAGE / where, source))


def modules_after(code):
    script = f"import sys\n{code}\nprint(*sorted(sys.modules))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in run.stdout.split()}


def test_import_cnnlab_is_light():
    light = modules_after(
        "import cnnlab, cnnlab.zoo, cnnlab.count; cnnlab.zoo.get('ds-4400').summary()"
    )
    assert not light & (HEAVY | {"numpy"})


def test_the_summary_command_is_light():
    code = "from cnnlab.__main__ import main; main(['summary', 'datasci-207'])"
    assert not modules_after(code) & (HEAVY | {"numpy"})


def test_checks_of_tables_and_code_load_on_first_use():
    code = "import cnnlab.check\nassert not {'cnnlab.scratch', 'cnnlab.spec'} & {*sys.modules}"
    assert not modules_after(code) & (HEAVY | {"numpy"})
    for name in check.__all__:
        assert callable(getattr(check, name)) or name == "Status"
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = check.nothing


def test_rooms_open_on_first_use():
    assert cnnlab.geometry.output_size(7, 3) == 5
    assert set(cnnlab.__all__) <= set(dir(cnnlab))
    for name in cnnlab.__all__:
        assert getattr(cnnlab, name) is not None
    with pytest.raises(
        AttributeError, match="has no attribute 'nothing'; it has check, conventions"
    ):
        _ = cnnlab.nothing
