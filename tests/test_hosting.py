"""What a host of repositories reads: workflows and forms follow its schema and name what exists."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
SCHEMAS = [("workflows", WORKFLOWS), ("issue-forms", FORMS)]


def validated(schema: str, *files: Path) -> "subprocess.CompletedProcess[str]":
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        f"vendor.github-{schema}",
    ]
    return subprocess.run([*command, *files], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("schema", "files"), SCHEMAS, ids=[name for name, _ in SCHEMAS])
def test_files_follow_the_schema(schema: str, files: list[Path]) -> None:
    assert len(files) == 3
    done = validated(schema, *files)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_slip_in_a_workflow_would_be_found(tmp_path: Path) -> None:
    slip = tmp_path / "tests.yml"
    text = WORKFLOWS[0].read_text("utf-8")
    slip.write_text(text.replace("runs-on", "run-on"), "utf-8")
    assert validated("workflows", slip).returncode == 1


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_runs_what_exists(path: Path) -> None:
    jobs = yaml.safe_load(path.read_text("utf-8"))["jobs"]
    lines = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    assert lines
    for line in (one for run in lines for one in run.splitlines()):
        if file := re.match(r"(?:python )?(\.ci/run|course\.py)", line):
            assert (ROOT / file[1]).is_file()
        elif module := re.match(r"\S*python -m (\S+)", line):
            # A look for pip makes Setuptools warn of a distutils that another test has imported.
            assert module[1] == "pip" or importlib.util.find_spec(module[1])
        else:
            assert line.startswith(("sudo apt-get", "git "))
    assert all("timeout-minutes" in job for job in jobs.values())


def test_the_gate_runs_on_linux_and_the_tests_on_windows_and_macos() -> None:
    jobs = yaml.safe_load((ROOT / ".github/workflows/tests.yml").read_text("utf-8"))["jobs"]
    assert jobs["linux"]["steps"][-1]["run"] == ".ci/run"
    assert jobs["others"]["strategy"]["matrix"]["os"] == ["windows-latest", "macos-latest"]
    assert jobs["others"]["steps"][-1]["run"] == "python course.py test"
