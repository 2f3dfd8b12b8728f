"""Badges and links to run the course elsewhere: all of them where it has an address, else none."""

import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest
import yaml
from IPython.core.inputtransformer2 import TransformerManager

from cnnlab.course import hosting, pages

ROOT = hosting.ROOT
REPO = "someone/convolutions"
NAME = "04_lecture_convolution.ipynb"


def pyproject(folder: Path, address: str) -> Path:
    path = folder / "pyproject.toml"
    path.write_text(f'[project]\nname = "x"\n[project.urls]\nRepository = "{address}"\n', "utf-8")
    return path


@pytest.mark.parametrize("ending", ["", "/", ".git"])
def test_the_address_is_one_setting(tmp_path: Path, ending: str) -> None:
    assert hosting.repository(pyproject(tmp_path, f"https://github.com/{REPO}{ending}")) == REPO


def test_without_the_setting_there_is_no_address(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text('[project]\nname = "x"\n', "utf-8")
    assert hosting.repository(path) is None
    assert hosting.badges(None) == hosting.links(NAME, None) == ""
    assert hosting.write_copies(tmp_path / "site", [ROOT / "notebooks" / NAME], None) == []
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("address", ["https://example.org/a/b", "github.com/a/b", ""])
def test_another_address_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(ValueError, match=r"must be https://github\.com/OWNER/NAME, not"):
        hosting.repository(pyproject(tmp_path, address))


def test_the_readme_has_the_badges_of_the_setting_and_no_others() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert hosting.with_badges(readme, hosting.repository()) == readme
    there = hosting.with_badges(readme, REPO)
    assert there.count(f"/{REPO}/") == 4  # the tests' badge and page, Colab, Binder
    assert hosting.with_badges(there, hosting.repository()) == readme


def test_a_readme_without_the_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="once each"):
        hosting.with_badges("# A course\n", REPO)


def test_pages_link_to_where_they_can_be_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = tmp_path / "notebooks"
    small.mkdir()
    shutil.copy(ROOT / "notebooks" / "91_appendix_glossary.ipynb", small)
    for repo in (None, REPO):
        monkeypatch.setattr(hosting, "repository", lambda repo=repo: repo)
        place = tmp_path / str(bool(repo))
        pages.write(place, small)
        page = (place / "91_appendix_glossary.html").read_text("utf-8")
        assert (place / "colab").is_dir() == (REPO in page) == ("mybinder" in page) == bool(repo)


def test_a_copy_for_colab_begins_with_the_installation() -> None:
    notebook = json.loads((ROOT / "notebooks" / NAME).read_text("utf-8"))
    made = hosting.for_colab(notebook, REPO)
    assert f"https://github.com/{REPO}" in made["cells"][0]["source"]
    assert len(made["cells"]) == len(notebook["cells"]) + 1
    said = "".join("".join(cell["source"]) for cell in made["cells"])
    assert "](05_" not in said
    assert hosting.colab("05_lecture_stride_padding_pooling.ipynb", REPO) in said


STUB = """
class Shell:
    def system(self, line): print("!" + line)
    def run_line_magic(self, name, line, *rest): print("%" + name, line)

def get_ipython(): return Shell()

"""


@pytest.mark.parametrize("installed", [True, False])
def test_the_first_cell_installs_only_where_the_course_is_missing(
    tmp_path: Path, installed: bool
) -> None:
    python = Path(sys.executable)
    if not installed:
        venv.create(tmp_path / "bare", with_pip=False)
        windows = sys.platform == "win32"
        python = tmp_path / "bare" / ("Scripts/python.exe" if windows else "bin/python")
    source = hosting.for_colab({"cells": []}, REPO)["cells"][0]["source"]
    script = tmp_path / "cell.py"
    script.write_text(STUB + TransformerManager().transform_cell(source), "utf-8")
    done = subprocess.run(
        [python, "-I", script], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    clone = f"!git clone --quiet --depth 1 https://github.com/{REPO} course"
    wanted = [] if installed else [clone, "%pip install --quiet ./course"]
    assert done.stdout.splitlines() == wanted


@pytest.mark.skipif(sys.platform == "win32", reason="the workflow runs on Linux")
def test_the_workflow_publishes_the_copies_as_a_branch(tmp_path: Path) -> None:
    job = yaml.safe_load((ROOT / ".github/workflows/pages.yml").read_text("utf-8"))["jobs"]["colab"]
    step = job["steps"][-1]

    def git(*words: str, at: Path = tmp_path / "clone") -> str:
        command = ["git", *words]
        done = subprocess.run(command, cwd=at, capture_output=True, text=True, check=True)
        return done.stdout

    git("init", "--bare", "-q", "origin.git", at=tmp_path)
    git("clone", "-q", "origin.git", "clone", at=tmp_path)
    site = tmp_path / "clone" / "site"
    for _ in range(2):  # again, after each change of the course
        shutil.rmtree(site, ignore_errors=True)
        hosting.write_copies(site, [ROOT / "notebooks" / NAME], REPO)
        subprocess.run(
            ["bash", "-e", "-c", step["run"]],
            cwd=tmp_path / "clone",
            env=os.environ | step["env"],
            capture_output=True,
            check=True,
        )
    assert git("ls-tree", "-r", "--name-only", "colab", at=tmp_path / "origin.git") == f"{NAME}\n"
