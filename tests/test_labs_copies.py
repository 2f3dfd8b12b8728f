"""A learner's own copies of labs: made once, never overwritten, alive where they lie."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import v4 as new

from cnnlab import notebooks
from cnnlab.__main__ import main
from cnnlab.course import generated, labs, refresh
from cnnlab.course.grading.intake import collecting
from cnnlab.course.grading.locked_cells import marked
from cnnlab.course.labs import copies, files
from tests import trial_lab

ROOT = Path(__file__).resolve().parents[1]
LAB = trial_lab.NAME
TARGETS = re.compile(r"""\]\((?!\w+:)([^\s)#]+)|\b(?:src|href)="(?!\w+:)([^\s"#]+)""")


def lead(path: Path) -> list[Path]:
    """Files that the text of a notebook leads to."""
    text = "\n".join(cell.source for cell in files.read(path).cells if cell.cell_type == "markdown")
    return [path.parent / (one or other) for one, other in TARGETS.findall(text)]


def answered(path: Path, answer: str = "size = 5") -> Path:
    """Write a first answer into a notebook."""
    nb = files.read(path)
    next(cell for cell in nb.cells if cell.id == "answer-1").source = answer
    nbformat.write(nb, path)
    return path


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with the trial lab, a lecture and a picture, in which commands work."""
    folder = tmp_path / "course" / "notebooks"
    (folder / notebooks.SOURCE_FOLDER).mkdir(parents=True)
    lecture = new.new_notebook(metadata={"cnnlab": trial_lab.FACTS})
    nbformat.write(lecture, folder / "03_lecture_trial.ipynb")
    (folder / "dot.png").write_bytes(b"")
    write_source(folder, trial_lab.source())
    monkeypatch.setattr(notebooks, "__file__", str(tmp_path / "course" / "cnnlab" / "notebooks.py"))
    monkeypatch.delenv("CNNLAB_WORK")
    return folder


def write_source(folder: Path, nb: nbformat.NotebookNode) -> None:
    source = folder / notebooks.SOURCE_FOLDER / f"{LAB}.ipynb"
    text = '![dot](dot.png) <img src="dot.png"> [out](https://example.org/dot.png) `f[i](x)`'
    nb.cells[1:1] = [
        new.new_markdown_cell("", id=generated.LINKS), new.new_markdown_cell(text, id="pictures")
    ]  # fmt: skip
    nbformat.write(nb, source)
    nb.cells[1].source = generated.links(source) if (folder / f"{LAB}.ipynb").exists() else ""
    labs.make(folder)
    nb.cells[1].source = generated.links(source)
    nbformat.write(nb, source)
    labs.make(folder)


def test_a_lab_is_started(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = place.parents[1] / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert main(["start", LAB]) == 0
    assert f"work/{LAB}.ipynb is your own copy" in capsys.readouterr().out
    assert list(elsewhere.iterdir()) == []
    mine = files.read(place.parent / "work" / f"{LAB}.ipynb")
    given = files.read(place / f"{LAB}.ipynb")
    assert marked(mine) == marked(given)
    links = next(cell.source for cell in mine.cells if cell.id == generated.LINKS)
    assert links.startswith("**This copy is your own**")
    assert "cnnlab start" not in links


def test_links_and_pictures_work_from_a_copy(place: Path) -> None:
    path = copies.start(LAB).path
    there = lead(path)
    assert [target.name for target in there].count("dot.png") == 2
    assert place / "03_lecture_trial.ipynb" in {target.resolve() for target in there}
    text = next(cell.source for cell in files.read(path).cells if cell.id == "pictures")
    assert text.endswith("[out](https://example.org/dot.png) `f[i](x)`")
    assert all(target.exists() for target in there if target.name != "x")


def test_starting_again_loses_nothing(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = answered(copies.start(LAB).path)
    before = path.read_bytes()
    assert main(["start", LAB]) == 0
    said = capsys.readouterr().out
    assert "is there already, and was left as it is" in said
    assert f"python -m cnnlab reset {LAB}" in said
    assert "has changed" not in said
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_an_update_leaves_a_copy_alone_and_is_told(place: Path) -> None:
    path = answered(copies.start(LAB).path)
    before = path.read_bytes()
    newer = trial_lab.source()
    test = next(cell for cell in newer.cells if cell.id == "test-1")
    test.source = test.source.replace("kernel_size=3", "kernel_size=5")
    write_source(place, newer)
    assert path.read_bytes() == before
    again = copies.start(LAB)
    assert (again.path, again.made) == (path, False)
    assert "The lab has changed since" in again.note
    assert path.read_bytes() == before
    fresh = copies.reset(LAB)
    assert "kernel_size=5" in fresh.path.read_text(encoding="utf-8")
    assert "has changed" not in copies.start(LAB).note, "the newest copy counts"


def test_resetting_never_overwrites(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reset", LAB]) == 0, "before any start, too"
    first = answered(place.parent / "work" / f"{LAB}.ipynb")
    copy = shutil.copy(first, first.with_stem(f"{LAB}-Copy1"))  # by JupyterLab
    before = first.read_bytes()
    for number in (2, 3):
        assert main(["reset", LAB]) == 0
        fresh = first.with_stem(f"{LAB}-{number}")
        assert "size = 5" not in fresh.read_text(encoding="utf-8")
        assert f"{fresh.name} is a fresh copy" in capsys.readouterr().out
        assert first.read_bytes() == copy.read_bytes() == before
        answered(fresh)


def test_what_was_written_among_the_notebooks_comes_along(place: Path) -> None:
    answered(place / f"{LAB}.ipynb", "size = 4321")
    made = copies.start(LAB)
    assert "came along" in made.note
    assert "size = 4321" in made.path.read_text(encoding="utf-8")
    assert "size = 4321" not in copies.reset(LAB).path.read_text(encoding="utf-8")


@pytest.mark.parametrize("text", [None, "<<<<<<< Updated upstream\n{"], ids=["missing", "damaged"])
def test_without_a_good_notebook_a_copy_is_made_from_the_source(
    place: Path, text: str | None
) -> None:
    given = place / f"{LAB}.ipynb"
    given.unlink()
    if text:
        given.write_text(text, encoding="utf-8")
    path = copies.start(LAB).path
    assert marked(files.read(path)).keys() == marked(trial_lab.source()).keys()
    assert "SOLUTION" not in path.read_text(encoding="utf-8")
    assert text is None or given.read_text(encoding="utf-8") == text


def test_a_locked_lab_stays_locked(place: Path) -> None:
    given = place / f"{LAB}.ipynb"
    nb = files.read(given)
    nb.metadata.cnnlab[files.LOCK] = True
    nbformat.write(nb, given)
    for copied in (copies.start(LAB), copies.reset(LAB)):
        assert files.is_locked(files.read(copied.path).metadata)
    given.unlink()
    with pytest.raises(SystemExit, match="locked by your instructor"):
        main(["solution", LAB, "1"])


@pytest.mark.parametrize("command", ["start", "reset", "solution"])
@pytest.mark.parametrize("name", ["3", "03", "lab 03", "tria", "03_lab_trail", "03_lecture_trial"])
def test_a_near_miss_is_answered_with_the_name(place: Path, command: str, name: str) -> None:
    with pytest.raises(SystemExit, match=f"Did you mean '{LAB}'"):
        main([command, name])
    assert not (place.parent / "work").exists()


@pytest.mark.parametrize("name", ["zebra", "77", "77_lab_zebra", ""])
def test_a_lab_that_does_not_exist_is_refused(place: Path, name: str) -> None:
    with pytest.raises(SystemExit, match=rf"lab must be one of {LAB}, not '{name}'\. Choose"):
        main(["start", name])


@pytest.mark.parametrize(
    ("name", "lab"),
    [
        ("conv", "04_lab_convolution_from_scratch"),
        ("from scratch", "04_lab_convolution_from_scratch"),
        ("shapes", "05_lab_shapes_and_parameters"),
        ("parameters", "05_lab_shapes_and_parameters"),
        ("recogniser", "06_lab_digit_recogniser"),
        ("Back-propagation", "02_lab_back_propagation"),
    ],
)
def test_a_topic_is_answered_with_the_labs_name(name: str, lab: str) -> None:
    with pytest.raises(FileNotFoundError, match=f"Did you mean '{lab}'"):
        copies.start(name)


def test_where_nothing_can_be_written_is_explained(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place.parent / "work").write_text("a file")
    with pytest.raises(SystemExit, match=r"nothing can be written there .*CNNLAB_WORK"):
        main(["start", LAB])
    monkeypatch.setenv("CNNLAB_WORK", str(place.parents[1] / "mine" / "labs"))
    path = copies.start(LAB).path
    assert path.parent == place.parents[1] / "mine" / "labs"
    assert all(target.exists() for target in lead(path) if target.name != "x")


def test_the_map_leads_to_ones_own_copies(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "your copy" not in repr(notebooks.course_map())
    for _ in range(2):
        copies.reset(LAB)
    own = [f"../work/{LAB}.ipynb", f"../work/{LAB}-2.ipynb"]
    assert "".join(f"; your copy: {address}" for address in own) in repr(notebooks.course_map())
    table = notebooks.course_map()._repr_html_()
    found = re.findall(r'your copy: <a href="(.+?)">', table)
    assert found == own
    assert all((place / address).is_file() for address in found)
    monkeypatch.setenv("CNNLAB_WORK", os.devnull)
    assert "your copy" not in repr(notebooks.course_map())


def test_what_is_refreshed_and_compared_shows_nobodys_copies(tmp_path: Path) -> None:
    code = "from cnnlab.notebooks import work_folder\nwork_folder().is_dir()"
    nb = new.new_notebook(cells=[new.new_code_cell(code)])
    refresh.execute(nb, tmp_path, {})
    assert nb.cells[0].outputs[0]["data"]["text/plain"] == "False"


def test_git_ignores_the_folder() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a clone")
    for path, ignored in {f"work/{LAB}.ipynb": 0, f"notebooks/{LAB}.ipynb": 1}.items():
        done = subprocess.run(["git", "check-ignore", "-q", path], cwd=ROOT, check=False)
        assert done.returncode == ignored, path


def test_a_clone_with_answers_is_updated_without_a_conflict(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def git(*words: str, at: Path) -> str:
        who = ["-c", "user.name=Teacher", "-c", "user.email=teacher@localhost"]
        command = ["git", "-c", "init.defaultBranch=main", *who, *words]
        return subprocess.run(command, cwd=at, capture_output=True, text=True, check=True).stdout

    course = place.parent
    shutil.copy(ROOT / ".gitignore", course)
    git("init", "-q", at=course)
    git("add", "--all", at=course)
    git("commit", "-qm", "The course", at=course)
    git("clone", "-q", str(course), "clone", at=tmp_path)

    clone = tmp_path / "clone"
    monkeypatch.setattr(notebooks, "__file__", str(clone / "cnnlab" / "notebooks.py"))
    mine = answered(copies.start(LAB).path)
    before = mine.read_bytes()
    answered(place / f"{LAB}.ipynb", "a better question = ...")  # the course changes the same cell
    git("commit", "-qam", "A better lab", at=course)
    git("pull", "-q", "--ff-only", at=clone)
    assert mine.read_bytes() == before
    assert "a better question" in (clone / "notebooks" / f"{LAB}.ipynb").read_text("utf-8")
    assert git("status", "--porcelain", at=clone) == ""


def test_a_whole_course_that_was_handed_in_counts_by_its_own_copy(place: Path) -> None:
    names = set(marked(trial_lab.source()))
    mine = answered(copies.start(LAB).path)
    course = mine.parents[1]
    one = next(one for one in collecting.find(course.parent, LAB, names) if not one.reason)
    assert one.path == mine
    copies.reset(LAB)
    (one,) = collecting.find(course.parent, LAB, names)
    assert "several notebooks" in one.reason
    shutil.rmtree(mine.parent)
    one = next(one for one in collecting.find(course.parent, LAB, names) if not one.reason)
    assert one.path == place / f"{LAB}.ipynb", "never the source with its solutions"


@pytest.mark.parametrize("path", notebooks.source_paths(), ids=lambda path: path.stem)
def test_every_lab_says_how_and_leads_on_from_a_copy(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (path.parents[1] / path.name).read_text(encoding="utf-8")
    assert f"`python -m cnnlab start {path.stem}`" in text
    monkeypatch.setenv("CNNLAB_WORK", str(tmp_path))
    there = lead(copies.start(path.stem).path)
    assert there
    assert [target for target in there if not target.exists()] == []


def test_a_copy_runs_from_its_folder(place: Path) -> None:
    path = copies.start(LAB).path
    done = subprocess.run(
        [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--stdout", str(path)],
        capture_output=True, text=True, encoding="utf-8", check=False, cwd=place.parents[1],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "0 of 3 steps passed" in done.stdout
