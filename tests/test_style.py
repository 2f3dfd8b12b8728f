"""The code passes the linters, the formatter and the type checker."""

import ast
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
STATIC = ROOT / "cnnlab" / "explore" / "static"


@pytest.mark.parametrize(
    "command",
    [
        "ruff check --no-fix .",
        "ruff format --check .",
        "mypy",
        "mypy --platform win32 --cache-dir .mypy_cache/win32",
        pytest.param(
            "mypy --platform darwin --cache-dir .mypy_cache/darwin",
            marks=pytest.mark.full,  # there, the plain one finds the same
        ),
    ],
)
def test_tool_finds_nothing(command: str) -> None:
    passes([sys.executable, "-m", *command.split()])


def test_javascript_linter_finds_nothing() -> None:
    oxlint = shutil.which("oxlint", path=sysconfig.get_path("scripts")) or shutil.which("oxlint")
    assert oxlint, 'oxlint is not installed: pip install -e ".[test]"'
    # A small function may stand beside its use, and a handler may replace the one before.
    allowed = ["consistent-function-scoping", "prefer-add-event-listener"]
    rules = ["--deny=correctness", "--deny=suspicious", *(f"--allow=unicorn/{r}" for r in allowed)]
    passes([oxlint, *rules, str(ROOT / "cnnlab")])


def unseeded(source: str) -> list[str]:
    """Generators that a piece of code makes without a seed, so that no two runs are alike."""
    makers = ("default_rng", "Random", "RandomState", "SeedSequence", "PCG64")
    return [
        ast.unparse(node)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and not node.args and not node.keywords
        if ast.unparse(node.func).rpartition(".")[2] in makers
    ]


@pytest.mark.parametrize("folder", ["tests", "benchmarks", "cnnlab"])
def test_every_generator_has_a_seed(folder: str) -> None:
    files = sorted((ROOT / folder).rglob("*.py"))
    assert files
    assert [(path.name, made) for path in files for made in unseeded(path.read_text("utf-8"))] == []


def test_a_generator_without_a_seed_is_seen() -> None:
    assert unseeded("rng = np.random.default_rng()") == ["np.random.default_rng()"]
    assert unseeded("rng = np.random.default_rng(3)") == []


def passes(command: list[str]) -> None:
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"


def test_what_every_explorer_carries_stays_small() -> None:
    assert sum(len(path.read_bytes()) for path in STATIC.iterdir()) < 60_000  # bytes


def test_what_one_explorer_alone_carries_stays_small() -> None:
    own = {p.name: len(p.read_bytes()) for p in STATIC.parent.rglob("*.js") if p.parent != STATIC}
    assert own.keys() == {"model.js", "pad.js", "page.js"}
    assert own["pad.js"] < 6_000  # bytes; the others are for pages alone
    assert own["page.js"] < 19_000
