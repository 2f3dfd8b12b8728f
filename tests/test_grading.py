"""An instructor's course: every submission gets its score or a reason, and nothing is lost."""

import contextlib
import csv
import importlib.util
import io
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from unittest.mock import ANY

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat import v4 as new

from cnnlab.__main__ import main
from cnnlab.course import labs
from cnnlab.course.grading import execute, kernels, sandbox
from cnnlab.course.grading.attempts import Attempt, fingerprint
from cnnlab.course.grading.course import NEEDS_NBGRADER, Course
from cnnlab.course.grading.lists import Row
from cnnlab.course.grading.locked_cells import marked, reset
from cnnlab.course.grading.remote import build
from cnnlab.course.grading.reports.overview import Mistake, Step, overview, page
from cnnlab.course.labs import files
from tests import odd_submissions, submissions, trial_lab
from tests.submissions import LAB, Case

MOST = sandbox.Limits(memory=2 * 2**30, cell_seconds=5, seconds=90)
OBSTACLE = sandbox.obstacle(MOST)
nbgrader = pytest.mark.skipif(importlib.util.find_spec("nbgrader") is None, reason=NEEDS_NBGRADER)
confinable = pytest.mark.skipif(bool(OBSTACLE), reason=f"Nothing can be confined: {OBSTACLE}")


# What is graded: the lab's own checks around the student's answers.


def test_reset_leaves_a_good_submission() -> None:
    source = trial_lab.source()
    whole, notes = reset(submissions.done(), source)
    assert notes == ()
    assert [cell.id for cell in marked(whole).values()] == list(marked(source))
    assert [cell.source for cell in whole.cells if cell.id.startswith("answer")] == list(
        submissions.RIGHT.values()
    )
    assert "HIDDEN" in submissions.cell(whole, "test-3").source


CASES = submissions.CASES | odd_submissions.CASES


@pytest.mark.parametrize("student", CASES)
def test_checks_are_the_labs_own(student: str) -> None:
    source = trial_lab.source()
    whole, _ = reset(CASES[student].nb, source)
    own = marked(source)
    assert list(marked(whole)) == list(own)
    for name, cell in marked(whole).items():
        assert cell.metadata == own[name].metadata
        assert name.startswith(("answer", "reflection")) or cell.source == own[name].source
    nbformat.validate(whole)


# The course.


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("own") / f"{LAB}.ipynb"
    nbformat.write(trial_lab.source(), path)
    return path


@pytest.fixture(scope="module")
def released(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course that has handed the lab out; tests work on copies, because making one is slow."""
    folder = tmp_path_factory.mktemp("released") / "course"
    Course(folder).release(source)
    return folder


def handed(released: Path, place: Path, **books: NotebookNode) -> Course:
    """Begin a course with what these students handed in, collected."""
    shutil.copytree(released, place / "course")
    course = Course(place / "course")
    (place / "in").mkdir()
    for student, nb in books.items():
        nbformat.write(nb, place / "in" / f"{student}_{LAB}.ipynb")
    course.collect(LAB, place / "in")
    return course


@pytest.fixture(scope="module", params=[False, pytest.param(True, marks=pytest.mark.full)])
def graded(
    source: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> tuple[Path, dict[str, Case], str]:
    """Everything handed in and graded in one run of the commands; and what they said."""
    if OBSTACLE:  # hostile submissions are among them
        pytest.skip(f"Nothing can be confined: {OBSTACLE}")
    place = tmp_path_factory.mktemp("teaching")
    due = odd_submissions.everything() if request.param else odd_submissions.some()
    odd_submissions.hand_in(place / "in", place / "late", due)
    course = ["--course", str(place / "course")]
    limits = ["--memory", "2", "--cell-seconds", str(MOST.cell_seconds), "--seconds", "90"]
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        assert main(["release", str(source), *course]) == 0
        assert main(["collect", LAB, str(place / "in"), *course]) == 1  # not everything came in
        if (place / "late").is_dir():
            assert main(["collect", LAB, str(place / "late"), *course]) == 1
        assert main(["grade", LAB, *course, *limits]) == 0
        assert main(["feedback", LAB, *course]) == 0
    return place / "course", due, said.getvalue()


def grades(course: Path) -> dict[str, dict[str, str]]:
    with Course(course).grades(LAB).open(encoding="utf-8", newline="") as file:
        return {row["student"] or row["remark"]: row for row in csv.DictReader(file)}


@nbgrader
def test_every_submission_has_its_score_or_a_reason(
    graded: tuple[Path, dict[str, Case], str],
) -> None:
    course, due, _ = graded
    rows = grades(course)
    wrong = []
    for student, case in due.items():
        row = rows.pop(student)
        if case.due is None:  # it may end either way
            good = row["score"] == "2.0" or row["remark"] != ""
        elif isinstance(case.due, str):
            good = row["score"] == "" and case.due in row["remark"]
        else:
            good = row["score"] == f"{case.due:.1f}" and case.remark in row["remark"]
        if not good:
            wrong.append((student, case.due, row))
    assert wrong == []
    assert set(rows) == {odd_submissions.NAMELESS}  # what belongs to nobody is not lost either


WITH_WORDS = ["kinds-of-cells-changed", "pasted-picture", "right-with-words"]


@nbgrader
def test_only_words_wait_for_a_person(graded: tuple[Path, dict[str, Case], str]) -> None:
    waiting = [name for name, row in grades(graded[0]).items() if row["by_hand"]]
    assert sorted(waiting) == [name for name in WITH_WORDS if name in graded[1]]


@nbgrader
def test_everybody_gets_something_back(graded: tuple[Path, dict[str, Case], str]) -> None:
    course, due, said = graded
    for student, row in grades(course).items():
        place = course / "feedback" / student / LAB
        if row["score"]:
            assert "Trial" in (place / f"{LAB}.html").read_text(encoding="utf-8")
        elif student in due:
            assert row["remark"] in (place / "no_score.txt").read_text(encoding="utf-8")
    assert "Not protected: " in said
    assert all(char.isprintable() for char in said.replace("\n", "")), "orders to the terminal"
    assert f"of {len(due) + 1} have a score" in said


@nbgrader
def test_the_class_is_seen_at_a_glance(
    graded: tuple[Path, dict[str, Case], str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    course, due, _ = graded
    steps = {step.name: step for step in overview(Course(course), LAB)}
    scored = {student for student, row in grades(course).items() if row["score"]}
    for step in steps.values():
        wrong = [who for mistake in step.mistakes for who in mistake.students]
        assert sorted([*step.right, *step.open, *wrong]) == sorted(scored)
    points = {who: sum(who in step.right for step in steps.values()) for who in scored}
    assert all(points[who] == due[who].due for who in scored if due[who].due is not None)
    assert "untouched" in steps["1"].open
    counts = [len(mistake.students) for mistake in steps["2"].mistakes]
    assert counts == sorted(counts, reverse=True)
    assert (
        main(["class", LAB, "--course", str(course), "--page", str(tmp_path / "class.html")]) == 0
    )
    said, shown = capsys.readouterr().out, (tmp_path / "class.html").read_text("utf-8")
    frequent = steps["1"].mistakes[0]
    for text in (said, shown):
        assert f"{len(frequent.students)} × {frequent.sentence}" in text
        assert not any(student in text for student in frequent.students), "unless asked"
    assert main(["class", LAB, "--course", str(course), "--names"]) == 0
    assert f"({', '.join(frequent.students)})" in capsys.readouterr().out


def test_a_page_of_the_class_shows_code_as_text() -> None:
    mistake = Mistake("NameError: <script>1</script>", ("bo",))
    shown = page("Lab & more", [Step("1", "Size", (), (), (mistake,))])
    assert "<script>" not in shown
    assert "Lab &amp; more" in shown


@nbgrader
def test_feedback_says_what_a_check_says(graded: tuple[Path, dict[str, Case], str]) -> None:
    def given_back(student: str) -> str:
        return (graded[0] / "feedback" / student / LAB / f"{LAB}.html").read_text(encoding="utf-8")

    assert "✗ not yet: " in given_back("all-wrong")
    assert "raise CheckFailed" not in given_back("all-wrong")
    assert "A cell of step 2 was stopped after 5 seconds." in given_back("infinite-loop")
    assert "[Output is left out from here on" in given_back("floods")


@nbgrader
def test_handed_out_lab_is_ours(graded: tuple[Path, dict[str, Case], str]) -> None:
    theirs = files.read(graded[0] / "release" / LAB / f"{LAB}.ipynb")
    for cell in theirs.cells:
        cell.metadata.get("nbgrader", {}).pop("checksum", None)
    ours = labs.student_version(trial_lab.source())
    assert theirs.cells == ours.cells


@nbgrader
def test_the_latest_attempt_that_can_be_graded_counts(released: Path, tmp_path: Path) -> None:
    course, handed_in = handed(released, tmp_path), tmp_path / "in"
    path = handed_in / f"ada_{LAB}.ipynb"
    other = new.new_notebook(cells=[new.new_code_cell("1")])
    why = "The notebook holds no cell of this lab."
    for nb, reason, expected in (
        (other, why, Row("ada", remark=why)),
        (submissions.done(), "", Row("ada", 3.0, 4.0)),
        (other, f"{why} The earlier one counts.", Row("ada", 3.0, 4.0)),
        (submissions.lab(), "", Row("ada", 0.0, 4.0)),
    ):
        nbformat.write(nb, path)
        assert [one.reason for one in course.collect(LAB, handed_in)] == [reason]
        assert list(course.grade(LAB, unconfined=bool(OBSTACLE), most=MOST)) == [expected]
        (back,) = course.feedback(LAB)
        assert [back] == list(back.parent.iterdir())
    kept = course.folder.glob(f"received/{LAB}/*/{path.name}")
    assert sorted(one.parent.name for one in kept) == ["2", "3", "4", "5"]


@nbgrader
def test_accident_of_the_grader_costs_one_submission(
    released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def attempt(path: Path, *rest: object) -> None:
        raise SystemError("out of order")

    course = handed(released, tmp_path, ada=submissions.done())
    monkeypatch.setattr("cnnlab.course.grading.attempts.attempt", attempt)
    why = "Grading failed (SystemError: out of order). Grade it again."
    assert list(course.grade(LAB, unconfined=bool(OBSTACLE), most=MOST)) == [Row("ada", remark=why)]


@nbgrader
def test_points_by_hand_reach_the_list(released: Path, tmp_path: Path) -> None:
    from nbgrader.api import Gradebook

    course = handed(released, tmp_path, ada=submissions.done(reflection="It must fit."))
    assert list(course.grade(LAB, unconfined=bool(OBSTACLE), most=MOST)) == [
        Row("ada", 3.0, 4.0, "yes")
    ]
    with Gradebook(f"sqlite:///{course.folder / 'gradebook.db'}") as book:
        grade = book.find_grade("reflection", LAB, LAB, "ada")
        grade.manual_score, grade.needs_manual_grade = 0.5, False
        book.db.commit()
    (page,) = course.feedback(LAB)
    assert "Score: 3.5 / 4.0" in page.read_text(encoding="utf-8")
    assert grades(course.folder)["ada"] == {
        "student": "ada", "score": "3.5", "max_score": "4.0", "penalty": "", "counts": "3.5",
        "late": "", "by_hand": "", "remark": "", "file": ANY}  # fmt: skip


def test_without_a_checker_replaced_checks_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execute, "checking", lambda *_: contextlib.nullcontext())  # as on Windows
    whole, _ = reset(submissions.CASES["false-check"].nb, trial_lab.source())
    with pytest.raises(
        execute.NoScoreError, match=r"cnnlab\.check changed before the check of step 1"
    ):
        execute.run(whole, MOST, confined=not OBSTACLE)


@nbgrader
def test_unconfined_only_when_asked(
    released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = ["--course", str(released)]
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit, match=r"must be confined, but bubblewrap .*--unconfined"):
        main(["grade", LAB, *course])


@nbgrader
@confinable
def test_a_lab_whose_own_solution_no_longer_passes_is_not_graded(
    released: Path, tmp_path: Path
) -> None:
    course = handed(released, tmp_path, ada=submissions.done())
    source = course.source(LAB)

    def update(code: str) -> None:
        nb = files.read(source)
        nb.metadata.cnnlab["build"] = "0.0 (another)"
        marked(nb)["test-2"].source = code
        source.write_text(files.text_of(nb), encoding="utf-8")

    whole = marked(files.read(source))["test-2"].source
    update('check.number(1, "99-gone", step="2")')
    with pytest.raises(ValueError, match=r"it fails in step 2\. It was released"):
        list(course.grade(LAB, most=MOST))
    assert not course.grades(LAB).exists()
    update(whole)
    assert [row.remark for row in course.grade(LAB, most=MOST)] == [""]
    assert files.read(source).metadata.cnnlab["build"] == build()  # once is enough


@pytest.mark.full  # the tests once more, in a process of their own
def test_without_confinement_no_hostile_code_runs(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-n0", "-p", "no:cacheprovider", "-rs", __file__]
    done = subprocess.run(
        [*command, "-k", "every_submission"],
        env={**os.environ, "PATH": str(tmp_path)},  # where there is no bubblewrap
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "passed" not in done.stdout
    assert "Nothing can be confined: bubblewrap is not installed" in done.stdout


@pytest.mark.parametrize(
    ("system", "unlimited", "obstacle"),
    [
        ("Linux", "the number of processes", ""),
        ("Darwin", "memory and the number of processes", "Linux only, and this is Darwin"),
        (
            "Windows",
            "memory, the size of files and the number of processes",
            "Linux only, and this is Windows",
        ),
    ],
)
def test_what_a_system_does_not_limit_is_said(
    monkeypatch: pytest.MonkeyPatch, system: str, unlimited: str, obstacle: str
) -> None:
    monkeypatch.setattr("platform.system", lambda: system)
    assert sandbox.unlimited() == unlimited
    assert not obstacle or obstacle in sandbox.obstacle(MOST)


@nbgrader
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["release", "98_lab_none"], "lab must be one of"),
        (["collect", LAB, "."], "must be handed out before"),
        (["grade", LAB], "must be handed out before"),
        (["feedback", LAB], "must be graded first"),
        (["class", LAB], "must be graded notebooks"),
    ],
)
def test_wrong_order_is_explained(tmp_path: Path, words: list[str], sentence: str) -> None:
    with pytest.raises(SystemExit, match=sentence):
        main([*words, "--course", str(tmp_path)])


@nbgrader
def test_locked_release_refuses_solutions(source: Path, released: Path) -> None:
    course = Course(released)
    assert not files.is_locked(
        files.read(course.folder / "release" / LAB / f"{LAB}.ipynb").metadata
    )
    assert files.is_locked(files.read(course.release(source, lock=True)).metadata)
    assert not files.is_locked(files.read(course.release(source)).metadata)


def test_missing_nbgrader_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match=r"needs nbgrader.*pip install -e"):
        main(["release", LAB, "--course", str(tmp_path)])


# Confinement, seen from inside.

CALL = """
import ctypes, errno
library = ctypes.CDLL(None, use_errno=True)
if library.{} and ctypes.get_errno() == errno.EPERM:
    raise PermissionError
"""
INSIDE = {
    "no network": "import socket; socket.create_connection(('127.0.0.1', {port}), timeout=2)",
    "no files of ours": "open({secret!r})",
    "nothing else in the folder of the package": "open({checkout!r})",
    "a system to read only": "open('/usr/written', 'w')",
    "Python to read only": "import os; open(os.__file__, 'a')",
    "limited memory": "bytearray(3 * 2**30)",
    "limited processes": "import os\nfor _ in range(400):\n if not os.fork(): __import__('time').sleep(30)",
    "no other processes": "import os; os.kill({pid}, 0)",
    "a root to read only": "open('/written', 'w')",
    "a device folder to read only": "open('/dev/written', 'w')",
    "limited shared memory": "open('/dev/shm/much', 'wb').write(bytes(600 * 2**20))",
    "no namespaces of its own": CALL.format("unshare(0x10000000)"),
    "no tracing": CALL.format("ptrace(0, 0, 0, 0)"),
    "no sockets of other kinds": "import socket; socket.socket(socket.AF_INET6)",
    "no rights": "import os; os.setuid(0) if os.getuid() else 1 / 0; os.chroot('/')",
}


def inside(code: str) -> subprocess.CompletedProcess[str]:
    command = sandbox.sandboxed([sys.executable, "-c", code], MOST)
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@confinable
@pytest.mark.parametrize("what", INSIDE)
def test_confined_code_has(what: str, tmp_path: Path) -> None:
    import os
    import socket

    secret = tmp_path / "gradebook.db"
    secret.write_text("marks", encoding="utf-8")
    checkout = str(Path(sandbox.__file__).parents[3] / "pyproject.toml")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        code = INSIDE[what].format(
            port=port, secret=str(secret), checkout=checkout, pid=os.getpid()
        )
        done = inside(code)
    assert done.returncode, done.stdout
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith(("OSError", "FileNotFoundError", "PermissionError", "MemoryError",
                            "ConnectionRefusedError", "BlockingIOError", "ProcessLookupError"))  # fmt: skip


@confinable
def test_honest_workers_work_in_the_box() -> None:
    done = inside(
        "import torch; from torch.utils.data import DataLoader\n"
        "print([len(part) for part in DataLoader(torch.ones(8, 3), batch_size=4, num_workers=2)])"
    )
    assert done.stdout == "[4, 4]\n", done.stderr


@confinable
def test_memory_of_all_processes_is_counted_together() -> None:
    code = (
        "import os, time; os.fork(); os.fork(); held = bytearray(b'x') * 30_000_000; "
        "print('held', flush=True); time.sleep(60)"
    )
    command = sandbox.sandboxed([sys.executable, "-c", code], MOST)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert [process.stdout.readline() for _ in range(4)] == ["held\n"] * 4
        assert kernels.memory(process.pid, 200_000_000) == ""
        assert "of memory in all its processes" in kernels.memory(process.pid, 100_000_000)
        process.kill()


def test_a_folder_of_sockets_holds_little_else(tmp_path: Path) -> None:
    (tmp_path / "k-1").touch()
    assert kernels.litter(tmp_path) == ""
    (tmp_path / "much").write_bytes(bytes(2_000_000))
    assert kernels.litter(tmp_path) != ""
    (tmp_path / "much").unlink()
    for number in range(200):
        (tmp_path / str(number)).touch()
    assert kernels.litter(tmp_path) != ""


def test_a_box_without_libseccomp_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox.limits, "libseccomp", lambda: None)
    assert "no libseccomp here" in sandbox.unfiltered()


@pytest.mark.skipif(os.name == "nt", reason="Windows confines no code and makes few links.")
def test_cleaning_follows_no_link(tmp_path: Path) -> None:
    outside, box = tmp_path / "outside", tmp_path / "box"
    (outside / "inside").mkdir(parents=True)
    outside.chmod(0o750)
    (box / "shut").mkdir(parents=True)
    (box / "shut" / "file").write_text("x")
    (box / "link").symlink_to(outside, target_is_directory=True)
    (box / "shut").chmod(0)
    kernels.remove(box)
    assert not box.exists()
    assert outside.stat().st_mode & 0o777 == 0o750
    assert (outside / "inside").is_dir()


@confinable
def test_confined_code_works_and_leaves_nothing() -> None:
    name = "left-by-a-confined-program"
    done = inside(
        f"open({name!r}, 'w').write('x'); import cnnlab.check, os; print(os.listdir('.'))"
    )
    assert name in done.stdout
    assert not (sandbox.HOME / name).exists()


# A long run: nothing ends it, nothing is done twice, nothing is lost.


@pytest.fixture
def ready(released: Path, tmp_path: Path) -> Course:
    """Four right submissions that wait to be graded."""
    return handed(
        released, tmp_path, **dict.fromkeys(("ada", "bo", "cy", "di"), submissions.done())
    )


def quick(path: Path, *rest: object) -> Attempt:
    """An attempt that passes at once."""
    whole, _ = reset(files.read(path), trial_lab.source())
    return Attempt(whole, "", "print")


@nbgrader
def test_a_gradebook_that_is_held_costs_nobody_a_grade(
    ready: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cnnlab.course.grading.attempts.attempt", quick)
    first = {row.student: row.score for row in ready.grade(LAB, unconfined=True)}
    assert set(first.values()) == {3.0}

    def held(*rest: object) -> None:
        raise OSError("database is locked")

    monkeypatch.setattr("cnnlab.course.grading.gradebook.converters.enter", held)
    monkeypatch.setattr("cnnlab.course.grading.gradebook.ledger.students", held)
    *rows, last = ready.grade(LAB, unconfined=True)
    assert {row.student: row.score for row in rows} == first
    why = "The earlier grade stands. It could not be entered (OSError: database is locked)."
    assert all(row.remark.startswith(why) for row in rows)
    assert last.remark == "The list of students could not be read (database is locked)."


@nbgrader
def test_each_grade_is_kept_at_once_and_a_later_run_goes_on(
    ready: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tried, interruptions = [], ["cy"]

    def attempt(path: Path, *rest: object) -> Attempt:
        student = path.parents[1].name
        tried.append(student)
        if student in interruptions:
            interruptions.remove(student)
            raise KeyboardInterrupt
        return quick(path)._replace(file=fingerprint(path))

    monkeypatch.setattr("cnnlab.course.grading.attempts.attempt", attempt)
    words = [LAB, "--course", str(ready.folder), "--unconfined", "--workers", "1"]
    assert main(["grade", *words]) == 130
    assert "Stopped. 2 are graded and kept" in capsys.readouterr().out
    assert set(grades(ready.folder)) == {"ada", "bo"}
    tried.clear()
    assert main(["grade", *words, "--new"]) == 0
    assert set(tried) == {"cy", "di"}
    assert set(grades(ready.folder)) == {"ada", "bo", "cy", "di"}
    for more, expected in (
        (["--new"], []),
        (["--failed"], []),
        (["--only", "bo", "di"], ["bo", "di"]),
        ([], ["ada", "bo", "cy", "di"]),
    ):
        tried.clear()
        assert main(["grade", *words, *more]) == 0
        assert sorted(tried) == expected
        assert ("nothing to grade" in capsys.readouterr().out) == (not expected)
        assert set(grades(ready.folder)) == {"ada", "bo", "cy", "di"}
    with pytest.raises(SystemExit, match="student must be one of"):
        main(["grade", *words, "--only", "bob"])


@nbgrader
@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to one process.")
def test_an_interrupted_run_ends_its_kernels_soon(ready: Course, tmp_path: Path) -> None:
    handed_in = tmp_path / "late"
    handed_in.mkdir()
    slow = "import time\nfor _ in range(600):\n    time.sleep(1)"
    for student in ("bo", "cy", "di"):  # ada is graded at once, so one sees when all are at work
        path = handed_in / f"{student}_{LAB}.ipynb"
        nbformat.write(submissions.done(answer_2=slow), path)
    ready.collect(LAB, handed_in)
    # Whoever runs the tests in the background may have them ignore SIGINT; a person does not.
    start = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from cnnlab.__main__ import main; sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", start, "grade", LAB, "--course", str(ready.folder)]
    command += ["--cell-seconds", "500", "--workers", "2", *["--unconfined"] * bool(OBSTACLE)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as run:
        assert run.stdout is not None
        assert run.stdout.readline().endswith("] ada: 3 of 4\n")
        time.sleep(2)
        run.send_signal(signal.SIGINT)
        said, _ = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "Stopped. 1 is graded" in said
    assert set(grades(ready.folder)) == {"ada"}


@nbgrader
def test_whoever_is_in_the_roster_has_a_line(
    ready: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cnnlab.course.grading.attempts.attempt", quick)
    roster = tmp_path / "students.csv"
    roster.write_text("id,first_name,last_name,email\nada,Ada,L,\nzz9,Zo,Z,\n", "utf-8")
    late = tmp_path / "late"
    late.mkdir()
    nbformat.write(submissions.lab(), late / f"Ada L_77_{LAB}.ipynb")
    words = ["collect", LAB, str(late), "--course", str(ready.folder), "--roster", str(roster)]
    assert main(words) == 0
    list(ready.grade(LAB, unconfined=True))
    assert grades(ready.folder)["zz9"]["remark"] == "Nothing was handed in."
    assert grades(ready.folder)["ada"]["score"] != ""


@nbgrader
def test_a_page_that_cannot_be_made_costs_the_others_nothing(
    ready: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cnnlab.course.grading.gradebook import converters

    monkeypatch.setattr("cnnlab.course.grading.attempts.attempt", quick)
    list(ready.grade(LAB, unconfined=True))
    make = converters.feedback

    def fail(folder: Path, lab: str, student: str) -> Path:
        if student == "bo":
            raise KeyError("attachment")
        return make(folder, lab, student)

    monkeypatch.setattr(converters, "feedback", fail)
    pages = {path.parents[1].name: path for path in ready.feedback(LAB)}
    assert {student: path.suffix for student, path in pages.items()} == {
        "ada": ".html", "bo": ".txt", "cy": ".html", "di": ".html"}  # fmt: skip
    assert "The page could not be made (KeyError" in pages["bo"].read_text("utf-8")
