"""Test the course with the oldest libraries that pyproject.toml promises to run with.

    python3.11 -m tests.lowest                  make the environment .venv-lowest, run every test
    python3.11 -m tests.lowest tests/test_spec.py   what follows is passed on to pytest

The bounds are read from pyproject.toml at every run and kept in build/lowest.txt. mypy and
ruff are left out, because their verdicts belong to their newest versions.
"""

import re
import sys
import tomllib
from collections.abc import Iterable
from typing import Any

import course

EXTRAS = ("test", "instructor", "onnx", "cluster")
NEWEST = ("mypy", "ruff")


def pins(requirements: Iterable[str]) -> list[str]:
    """Turn lower bounds into exact versions, as pip's constraints want them."""
    found = []
    for line in requirements:
        match = re.fullmatch(r"([A-Za-z0-9-]+)[>=]=([0-9.]+)", line)
        if match is None:
            raise ValueError(
                f"{line!r} in pyproject.toml must have a lower bound and nothing else, such as "
                "'numpy>=2.0', so that it can be tried."
            )
        if match[1] not in NEWEST:
            found.append(f"{match[1]}=={match[2]}")
    return sorted(set(found))


def main(arguments: list[str]) -> int:
    """Make the environment if need be, test in it and return pytest's exit code."""
    project: Any = tomllib.loads((course.ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    oldest = project["requires-python"].removeprefix(">=")
    if oldest != course.PYTHON:
        sys.exit(
            f"The oldest libraries are tried on the oldest Python, {oldest}; this is "
            f"{course.PYTHON}. Run: python{oldest} -m tests.lowest"
        )
    extras = [project["optional-dependencies"][extra] for extra in EXTRAS]
    course.VENV = course.ROOT / ".venv-lowest"
    course.LOG = course.VENV / "install.log"
    constraints = course.ROOT / "build" / "lowest.txt"
    constraints.parent.mkdir(exist_ok=True)
    constraints.write_text("\n".join(pins(sum(extras, project["dependencies"]))))
    code = course.prepare(",".join(EXTRAS), options=["--constraint", str(constraints)])
    if code:
        return code
    style = "--deselect=tests/test_style.py::test_tool_finds_nothing"
    return course.call(course.venv_python(), "-m", "pytest", style, *arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
