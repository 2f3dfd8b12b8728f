"""Everything that is handed in is kept, and every file has a line that says what became of it."""

import os
import zipfile
from pathlib import Path

import nbformat
import pytest

from cnnlab.course.grading import lists
from cnnlab.course.grading.intake import collecting, receiving, recognising, variants
from cnnlab.course.grading.intake.roster import Roster
from cnnlab.course.grading.locked_cells import marked
from cnnlab.course.labs import files
from tests import submissions, trial_lab
from tests.submissions import LAB

NAMES = set(marked(trial_lab.source()))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


def put(path: Path, when: int = 0, **answers: str) -> Path:
    """Write a submission, as old as one likes (seconds)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(submissions.done(**answers), path)
    os.utime(path, (1e9 + when, 1e9 + when))
    return path


def became(folder: Path, roster: Roster | None = None) -> dict[str, tuple[str, str]]:
    """Student and reason of each thing, by its name."""
    target = folder.parent / "received"
    refused = receiving.receive(folder, target, LAB)
    rows = collecting.find(target, LAB, NAMES, roster, refused)
    assert len({row.path for row in rows}) == len(rows)
    return {row.path.name: (row.student, row.reason) for row in rows}


def test_an_empty_file_does_not_replace_a_good_one(place: Path) -> None:
    put(place / f"ada_{LAB}-1.ipynb")
    (place / f"ada_{LAB}-2.ipynb").write_bytes(b"")
    assert became(place) == {
        f"ada_{LAB}-1.ipynb": ("ada", ""),
        f"ada_{LAB}-2.ipynb": ("ada", f"The file is empty. ada_{LAB}-1.ipynb counts."),
    }


@pytest.mark.parametrize("later", ["-10", "-2"])
def test_of_two_attempts_the_later_number_counts(place: Path, later: str) -> None:
    put(place / f"ada_{LAB}-1.ipynb", when=50)
    put(place / f"ada_{LAB}{later}.ipynb", when=20)
    rows = became(place)
    assert rows[f"ada_{LAB}{later}.ipynb"] == ("ada", "")


def test_of_two_attempts_without_numbers_the_later_time_counts(place: Path) -> None:
    put(place / f"ada_{LAB}_a.ipynb", when=50)
    put(place / f"ada_{LAB}_b.ipynb", when=20)
    rows = became(place)
    assert rows[f"ada_{LAB}_a.ipynb"] == ("ada", "")
    assert rows[f"ada_{LAB}_b.ipynb"] == ("ada", f"ada_{LAB}_a.ipynb counts.")


def test_copies_and_files_beside_are_told(place: Path) -> None:
    put(place / "Ada L" / f"{LAB}.ipynb")
    put(place / "Ada L" / f"{LAB}-Copy1.ipynb", when=9)
    (place / "Ada L" / "data.csv").write_text("1,2")
    kept = ("Ada_L", f"It is kept; {LAB}.ipynb counts.")
    assert became(place) == {
        f"{LAB}.ipynb": ("Ada_L", ""),
        f"{LAB}-Copy1.ipynb": kept,
        "data.csv": kept,
    }


def test_a_damaged_notebook_gives_way_to_its_copy(place: Path) -> None:
    put(place / "ada" / f"{LAB}-Copy1.ipynb")
    (place / "ada" / f"{LAB}.ipynb").write_text("{")
    assert became(place)[f"{LAB}-Copy1.ipynb"] == ("ada", "")


def test_two_that_nobody_can_tell_apart_are_not_guessed(place: Path) -> None:
    put(place / "ada" / "mine.ipynb")
    put(place / "ada" / "final.ipynb", when=9)
    assert became(place) == {
        "ada": ("ada", f"There are several notebooks of {LAB}: final.ipynb, mine.ipynb. Keep one.")
    }


@pytest.mark.parametrize("where", [f"ada_{LAB}.zip", "ada/homework.zip"])
def test_an_archive_is_unpacked(place: Path, where: str) -> None:
    book = put(place.parent / f"{LAB}.ipynb")
    (place / where).parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(place / where, "w") as archive:
        archive.write(book, f"work/{LAB}.ipynb")
        archive.writestr("__MACOSX/._x", "")
        archive.writestr("../../outside.txt", "harmless")
    rows = became(place)
    assert rows[f"{LAB}.ipynb"] == ("ada", "")
    assert set(rows) == {f"{LAB}.ipynb", "outside.txt"}
    assert not (place.parents[1] / "outside.txt").exists()


@pytest.mark.parametrize("inside", [False, True])
def test_a_whole_download_may_be_one_archive(place: Path, inside: bool) -> None:
    book = put(place.parent / f"{LAB}.ipynb")
    packed, own = place / "download.zip", place.parent / "own.zip"
    with zipfile.ZipFile(own, "w") as archive:
        archive.write(book, f"work/{LAB}.ipynb")
    with zipfile.ZipFile(packed, "w") as archive:
        for student in ("Ada", "Bo"):
            archive.write(book, f"{student}_12_assignsubmission_file/{LAB}.ipynb")
        archive.write(own, "Cy_12_assignsubmission_file/homework.zip")
        archive.writestr("Di_12_assignsubmission_file/homework.zip", "damaged")
    target = place.parent / "received"
    assert receiving.receive(place if inside else packed, target, LAB) == {}
    *found, last = collecting.find(target, LAB, NAMES)
    assert [(one.student, one.reason) for one in found] == [
        ("Ada_12", ""), ("Bo_12", ""), ("Cy_12", "")]  # fmt: skip
    assert last.reason == f"There is no notebook of {LAB}, but homework.zip."


def test_what_systems_leave_is_passed_over(place: Path) -> None:
    put(place / f"ada_{LAB}.ipynb")
    (place / ".DS_Store").write_bytes(b"1")
    (place / "__MACOSX").mkdir()
    (place / "__MACOSX" / f"._ada_{LAB}.ipynb").write_bytes(b"1")
    assert became(place) == {f"ada_{LAB}.ipynb": ("ada", "")}


def test_links_and_unreadable_files_have_a_line(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(place / f"ada_{LAB}.ipynb")
    put(place / f"bo_{LAB}.ipynb")
    try:
        (place / f"cy_{LAB}.ipynb").symlink_to(place / "nowhere")
    except OSError:
        pytest.skip("this system makes no links")
    copy = receiving.shutil.copy2

    def refuse(path: Path, target: Path) -> None:
        if path.name.startswith("bo"):
            raise PermissionError(13, "Permission denied")
        copy(path, target)

    monkeypatch.setattr(receiving.shutil, "copy2", refuse)
    assert became(place) == {
        f"ada_{LAB}.ipynb": ("ada", ""),
        f"bo_{LAB}.ipynb": ("bo", "It cannot be read (Permission denied)."),
        f"cy_{LAB}.ipynb": ("cy", "It is a link, and what it leads to was not handed in."),
    }


@pytest.mark.parametrize("name", ["work.tar.gz", "work.rar"])
def test_an_archive_of_another_kind_says_what_to_do(place: Path, name: str) -> None:
    (place / name).write_bytes(b"1")
    (reason,) = (why for _, why in became(place).values())
    assert reason.endswith("Unpack it and collect again.")


def test_an_archive_too_large_is_refused(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "MOST_BYTES", 1000)
    with zipfile.ZipFile(place / "ada.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("much.txt", "0" * 1001)
    assert became(place)["ada.zip"][1].startswith("Unpacked it would be more than")


def test_archives_in_an_archive_have_one_room_together(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "MOST_BYTES", 10_000)
    inner = place.parent / "inner.zip"
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("much.txt", "0" * 6000)
    with zipfile.ZipFile(place / "ada.zip", "w") as archive:
        for name in ("a.zip", "b.zip"):
            archive.write(inner, name)
    receiving.receive(place, target := place.parent / "received")
    assert (target / "ada.zip" / "a.zip" / "much.txt").stat().st_size == 6000
    assert (target / "ada.zip" / "b.zip").read_bytes() == inner.read_bytes()


def test_a_mark_in_front_of_a_file_does_no_harm(place: Path) -> None:
    path = put(place / f"ada_{LAB}.ipynb")
    path.write_text("\ufeff" + path.read_text("utf-8"), "utf-8")
    assert recognising.trouble(path, NAMES) == ""


def test_letters_with_marks_are_one_name() -> None:
    assert recognising.clean("Zoe\u0308") == recognising.clean("Zo\u00eb")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "'quoted'", "plain", ""])
def test_a_spreadsheet_computes_nothing(tmp_path: Path, text: str) -> None:
    path = tmp_path / "list.csv"
    lists.write(path, [lists.Row("ada", 1.0, 2.0, remark=text)])
    assert not any(f",{sign}" in path.read_text("utf-8") for sign in "=+-@")
    assert lists.grades(path) == [lists.Row("ada", 1.0, 2.0, remark=text)]


ROSTER = Roster(
    [
        {"id": "al1", "first_name": "Ada", "last_name": "Lovelace", "email": "ada@x.org"},
        {"id": "zm2", "first_name": "Zo\u00eb", "last_name": "M\u00fcller", "email": "zoe.m@x.org"},
        {"id": "js3", "first_name": "Jo", "last_name": "Smith", "email": "jo1@x.org"},
        {"id": "js4", "first_name": "Jo", "last_name": "Smith", "email": "jo2@x.org"},
    ]
)


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("al1", "al1"),
        ("Ada Lovelace_4711_assignsubmission_file", "al1"),
        ("Ada_Lovelace_12", "al1"),
        ("lovelaceada_93_1807", "al1"),
        ("lovelaceada_LATE_93_1807", "al1"),
        ("Lovelace, Ada", "al1"),
        ("ada", "al1"),
        ("zoe_muller", "zm2"),
        ("Zoe\u0308 Mu\u0308ller", "zm2"),
        ("zoe.m@x.org", "zm2"),
        ("jo2", "js4"),
        ("Jo Smith_7", ""),
        ("Charles", ""),
        ("1234", ""),
    ],
)
def test_a_student_is_one_id_however_a_platform_writes_the_name(name: str, student: str) -> None:
    found, why = ROSTER.identify(name)
    assert (found, bool(why)) == (student, not student)


def test_namesakes_are_listed_not_guessed() -> None:
    assert "may be js3 or js4" in ROSTER.identify("Jo Smith_7")[1]


def test_attempts_under_two_names_are_one_students(place: Path) -> None:
    put(place / "Ada Lovelace_11_assignsubmission_file" / f"{LAB}.ipynb", when=1)
    put(place / "Ada Lovelace_22_assignsubmission_file" / "second.ipynb", when=9)
    put(place / f"nobody_{LAB}.ipynb")
    assert became(place, ROSTER) == {
        f"{LAB}.ipynb": ("al1", "second.ipynb counts."),
        "second.ipynb": ("al1", ""),
        f"nobody_{LAB}.ipynb": ("", "Nobody in the roster is called nobody."),
    }


@pytest.mark.parametrize("rows", [[{"id": ""}], [{"id": "a"}, {"id": "a"}], [{"name": "Ada"}]])
def test_a_roster_needs_an_id_for_each(rows: list[dict[str, str]]) -> None:
    with pytest.raises(ValueError, match="must have an id of its own"):
        Roster(rows)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("student = 'Ada Lovelace'  # me", ""),
        ("student = bo", ""),  # of her group
        ('student = "cy"\nstudent = "ada"', "drawn for cy."),
        ('student = "anyone"', 'drawn for "anyone", who is not on the roster.'),
        ("student = ''", "drawn without a name."),
        ("of_student = 'cy'", ""),
    ],
)
def test_numbers_drawn_for_somebody_else_are_told(cell: str, said: str) -> None:
    listed = Roster(
        [
            {"id": "ada", "first_name": "Ada", "last_name": "Lovelace", "group": "1"},
            {"id": "bo", "group": "1"},
            {"id": "cy"},
        ]
    )
    lab = files.read(files.source_of("05_lab_shapes_and_parameters"))
    next(one for one in lab.cells if one.id == "student").source = cell
    assert variants.remark(lab, "ada", listed) == (f"Its numbers were {said}" if said else "")
    assert variants.remark(lab, "ada", None) == ""
    assert variants.remark(trial_lab.source(), "ada", listed) == ""
