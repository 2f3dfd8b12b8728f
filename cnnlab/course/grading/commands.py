"""Grading from the command line: hand a lab out, collect it, grade it, give it back."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from cnnlab._names import unknown
from cnnlab._text import counted, listed, visible
from cnnlab.course.grading import pools
from cnnlab.course.grading.course import Course
from cnnlab.course.grading.intake import verifying
from cnnlab.course.grading.intake.due import EXTENSIONS, moment
from cnnlab.course.grading.intake.due import terms as terms_of
from cnnlab.course.grading.intake.roster import enrol, of
from cnnlab.course.grading.lists import Row
from cnnlab.course.grading.reports.again import checks_of
from cnnlab.course.grading.reports.again import lines as changes
from cnnlab.course.grading.reports.exports import fill
from cnnlab.course.grading.reports.likeness import pairs
from cnnlab.course.grading.reports.mail import write
from cnnlab.course.grading.sandbox import UNPROTECTED, Limits, unfiltered, unlimited
from cnnlab.course.grading.workers.interrupts import heeded


def say(line: object) -> None:
    """Print a line, at once; what students wrote gives the terminal no orders."""
    print(visible(str(line)), flush=True)


def release(lab: str, course: str, lock: bool) -> int:
    """Make the notebook to hand out."""
    path = Course(Path(course)).release(lab, lock=lock)
    say(f"{path}: hand out this notebook" + ("; its solutions are locked." if lock else "."))
    return 0


def collect(lab: str, handed_in: str, course: str, roster: str | None, at: str | None) -> int:
    """Take in what was handed in; 1 if anything was not."""
    place = Course(Path(course))
    if roster:
        enrol(place.folder, Path(roster))
    found = place.collect(lab, Path(handed_in), at=moment(at) if at else None)
    known, there = of(place.folder), set()
    for one in found:
        team = known.team(one.student) if known else (one.student,)
        where = _within(place.folder / "received" / lab, one.path)
        say(f"{where}: {one.reason or 'collected, ' + listed(team)}")
        there |= set(() if one.reason else team)
    missing = [one for one in found if one.reason and one.student not in there]
    say(f"{len(there)} collected, {len(missing)} not.")
    return int(bool(missing))


def _within(kept: Path, path: Path) -> Path:
    """Where a file lay in what was collected."""
    return Path(*path.relative_to(kept).parts[1:]) if path.is_relative_to(kept) else path


def due(lab: str, until: str | None, penalty: str, course: str) -> int:
    """Say until when a lab may be handed in; without a date, say what was said."""
    place = Course(Path(course))
    if until:
        place.due(lab, until, penalty)
    terms = terms_of(place.folder, lab)
    say(
        f"{lab}: {'due ' + terms.until.isoformat(' ', 'minutes') if terms.until else 'no due date'}."
    )
    if terms.penalty.percent:
        say(f"Late submissions lose {terms.penalty}.")
    for student, longer in sorted(terms.extended.items()):
        say(f"{student} has until {longer.isoformat(' ', 'minutes')}.")
    known = of(place.folder)
    strangers = [one for one in terms.extended if known and one not in known.ids]
    for student in strangers:
        say(f"{place.folder / EXTENSIONS} names {student}, who is not in the roster.")
    return int(bool(strangers))


def verify(file: str) -> int:
    """Tell a student what is wrong with a file; 1 if it could not be graded."""
    found = verifying.verify(Path(file))
    if found.trouble:
        say(f"{file}: it could not be graded. {found.trouble}")
        return 1
    say(f"{file}: {found.lab}, ready to be handed in.")
    for remark in found.remarks:
        say(f"  {remark}")
    return 0


def grade(
    lab: str,
    course: str,
    unconfined: bool,
    memory: int | None,
    cell_seconds: int | None,
    seconds: int | None,
    workers: int | None,
    only: list[str] | None,
    new: bool,
    failed: bool,
    again: str | None,
    scheduler: str,
) -> int:
    """Grade what was collected, and say what came of everybody."""
    place = Course(Path(course))
    asked = {
        "memory": memory and memory * 2**30,
        "cell_seconds": cell_seconds,
        "seconds": seconds,
        "workers": workers,
    }
    most = replace(Limits(), **{key: value for key, value in asked.items() if value})

    def choose(student: str, row: Row | None, file: str) -> bool:
        return (
            (only is None or student in only)
            and (not new or row is None or row.file != file)
            and (not failed or row is None or row.score == "")
        )

    there = [path.parents[1].name for path in place.folder.glob(f"submitted/*/{lab}/{lab}.ipynb")]
    for student in only or ():
        if student not in there:
            raise KeyError(unknown("student", student, sorted(there) or ["(nobody)"]))
    if scheduler and (unconfined or workers):
        raise ValueError(
            "With --scheduler, code is always confined, and each worker's --nthreads says how many "
            "notebooks it runs at the same time: leave --unconfined and --workers out."
        )
    for line in pools.survey(scheduler, most) if scheduler else ():
        say(line)
    cells = checks_of(place.released(lab), again) if again else set()
    before = place.points(lab) if again else {}
    rows: list[Row] = []
    left = Left()
    try:
        with heeded():
            for row in place.grade(
                lab,
                unconfined=unconfined,
                most=most,
                choose=left.counted(choose),
                scheduler=scheduler,
            ):
                rows.append(row)
                say(f"{left.after(len(rows))}{row}")
    except KeyboardInterrupt:
        say(
            f"Stopped. {len(rows)} {'is' if len(rows) == 1 else 'are'} graded and kept in {place.grades(lab)}. "
            f"Go on with: python -m cnnlab grade {lab} --new"
        )
        return 130
    if not rows:
        say(f"There is nothing to grade: every line of {place.grades(lab)} stays.")
        return 0
    scored = sum(row.score != "" for row in rows)
    say(f"{scored} of {len(rows)} have a score: {place.grades(lab)}")
    for line in changes(again, cells, before, place.points(lab)) if again else ():
        say(line)
    alone = f"The code ran unconfined, and without a limit on {unlimited()}."
    filtered = "" if scheduler else unfiltered()  # workers have said it of themselves
    say(alone if unconfined else " ".join(filter(None, (UNPROTECTED, filtered))))
    return 0


class Left:
    """How many submissions of a run are done, and how long the rest will take."""

    def __init__(self) -> None:
        self._students: set[str] = set()
        self._began = time.monotonic()

    def counted(self, choose: Callable[..., bool]) -> Callable[..., bool]:
        """Return the same choice, which also counts who was chosen."""

        def chosen(student: str, row: Row | None, file: str) -> bool:
            if yes := choose(student, row, file):
                self._students.add(student)
            return yes

        return chosen

    def after(self, done: int) -> str:
        """Say in words how far a run is when some are done; nothing of rows that need no run."""
        count = len(self._students)
        if done > count:
            return ""
        minutes = (time.monotonic() - self._began) / done * (count - done) / 60
        rest = f", about {minutes:.0f} min left" if minutes >= 1 else ""
        return f"[{done} of {count}{rest}] "


def feedback(lab: str, course: str) -> int:
    """Make what students get back."""
    for path in Course(Path(course)).feedback(lab):
        say(path)
    return 0


def export(lab: str, into: str, column: str, course: str) -> int:
    """Fill in a platform's own list of grades; 1 if a row was left as it was."""
    place = Course(Path(course))
    known = of(place.folder)
    if known is None:
        raise FileNotFoundError(
            "A roster must say who is who before grades go to a platform, but this course has "
            f"none. Run python -m cnnlab collect {lab} FOLDER --roster FILE."
        )
    found = fill(Path(into), column, place.graded(lab), known)
    target = place.folder / f"{Path(into).stem}_{lab}.csv"
    target.write_text(found.text, encoding="utf-8", newline="")
    for remark in found.remarks:
        say(remark)
    say(f"{len(found.students)} filled in: {target}")
    return int(bool(found.remarks))


def overview(lab: str, course: str, page: str | None, names: bool) -> int:
    """Say what a class has understood, step by step."""
    from cnnlab.course.grading.reports import overview as view

    steps = view.overview(Course(Path(course)), lab)
    for line in view.lines(steps, names):
        say(line)
    if page:
        Path(page).write_text(view.page(lab, steps, names), encoding="utf-8")
        say(f"{page}: the same with bars.")
    return 0


def words(lab: str, course: str, page: str | None, points: str | None, names: bool) -> int:
    """Show all answers in words, or enter the points for them; 1 if some cannot be entered."""
    from cnnlab.course.grading.reports import words as view

    place = Course(Path(course))
    asked, given = view.questions(place.released(lab)), view.answers(place, lab)
    remarks: list[str] = []
    if points:
        entries, remarks = view.points(Path(points), asked, given)
        place.give(lab, entries)
        for remark in remarks:
            say(remark)
        say(f"Points for {len(entries)} entered: {place.grades(lab)}")
    else:
        table = place.folder / f"words_{lab}.csv"
        view.write(table, asked, given)
        target = Path(page) if page else table.with_suffix(".html")
        target.write_text(view.page(lab, asked, given, names), encoding="utf-8")
        say(f"{target}: {counted(len(given), 'answer')}. Give points in {table}.")
    return int(bool(remarks))


def similar(lab: str, course: str) -> int:
    """Say whose code is most alike."""
    found = list(pairs(Course(Path(course)), lab))
    for share, one, other in found:
        say(f"{100 * share:3.0f} %  {one}, {other}")
    if not found:
        say("No two students have code of their own in common.")
        return 0
    say(
        "This is a hint for where to look, not a proof: people who learn together, or from the same "
        "page, write alike, and some steps leave little choice. Read both before you speak to anybody."
    )
    return 0


def mail(lab: str, course: str) -> int:
    """Write a text to each student."""
    for path in write(Course(Path(course)), lab):
        say(path)
    return 0
