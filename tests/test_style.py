"""The code passes the linters, the formatter and the type checker."""

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
    ["ruff check --no-fix .", "ruff format --check .", "mypy"],
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


def passes(command: list[str]) -> None:
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"


def test_what_every_explorer_carries_stays_small() -> None:
    assert sum(len(path.read_bytes()) for path in STATIC.iterdir()) < 40_000  # bytes
