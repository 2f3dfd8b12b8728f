"""Arguments of the commands for learners and instructors; a command is loaded when it is run."""

import argparse
from collections.abc import Callable
from importlib import import_module

LIMITS = {
    "memory": "GB for each process",
    "cell-seconds": "seconds for one cell",
    "seconds": "seconds for one notebook",
    "workers": "notebooks at the same time",
}


def later(room: str, name: str) -> Callable[[argparse.Namespace], int]:
    """Run the command of this name in a room of the course, with its arguments by name.

    Examples
    --------
    >>> callable(later("grading", "release"))
    True
    """

    def run(arguments: argparse.Namespace) -> int:
        commands = import_module(f"cnnlab.course.{room}.commands")
        given = {key: value for key, value in vars(arguments).items() if key != "run"}
        try:
            code: int = getattr(commands, name)(**given)
        except ValueError as error:  # what was typed, or stands in a list, cannot be read
            raise SystemExit(str(error)) from error
        except (ConnectionRefusedError, ConnectionAbortedError) as error:  # of a cluster
            raise SystemExit(str(error)) from None
        return code

    return run


def add_learner(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Add what learners use.

    Parameters
    ----------
    add : callable
        Makes a command: its name, what it runs, and what its help says.
    """
    start = add("start", later("labs", "start"), "copy a lab into your own folder, work")
    reset = add("reset", later("labs", "reset"), "put a fresh copy of a lab beside yours")
    solution = add("solution", later("labs", "solution"), "show the solution of a lab's step")
    for command in (start, reset, solution):
        command.add_argument("lab", metavar="LAB", help="its name, or a notebook")
    verify = add("verify", later("grading", "verify"), "say if a lab can be handed in as it is")
    verify.add_argument("file", metavar="FILE", help="the notebook that you mean to hand in")
    solution.add_argument("step", nargs="?", metavar="STEP", help="all if none is named")


def add_instructor(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Add what instructors use, each with a lab and a course.

    Parameters
    ----------
    add : callable
        Makes a command: its name, what it runs, and what its help says.
    """

    def of_lab(name: str, text: str, run: str = "") -> argparse.ArgumentParser:
        command = add(name, later("grading", run or name), f"{text} (instructors)")
        command.add_argument("lab", metavar="LAB", help="its name, or a notebook")
        command.add_argument("--course", default=".", metavar="FOLDER", help="by default this one")
        return command

    release = of_lab("release", "make the notebook to hand out")
    release.add_argument(
        "--lock", action="store_true", help="python -m cnnlab solution refuses this lab then"
    )
    collect = of_lab("collect", "take in what students handed in")
    collect.add_argument(
        "handed_in", metavar="FOLDER", help="with everything handed in; or a zip archive of it"
    )
    collect.add_argument(
        "--roster", metavar="FILE", help="students of the course, by which all are told from now on"
    )
    collect.add_argument(
        "--at", metavar="DATE", help="when all of it came; by default, the date of each file"
    )
    due = of_lab("due", "say until when a lab may be handed in")
    due.add_argument("until", nargs="?", metavar="DATE", help="such as 2026-12-01T23:59+01:00")
    due.add_argument(
        "--penalty", default="", metavar="RULE", help='such as "10%% a day, at most 50%%"'
    )
    _add_grade(of_lab("grade", "grade what was collected"))
    of_lab("feedback", "make what students get back")
    overview = of_lab("class", "say what a class has understood, step by step", "overview")
    overview.add_argument("--page", metavar="FILE", help="also write it as a page with bars")
    overview.add_argument("--names", action="store_true", help="say whose answers they are")
    words = of_lab("words", "show all answers in words on one page, or enter points for them")
    words.add_argument("--page", metavar="FILE", help="where the page goes")
    words.add_argument("--points", metavar="FILE", help="the list, with the points in it")
    words.add_argument("--names", action="store_true", help="say whose answers they are")
    of_lab("similar", "say whose code is most alike, as a hint where to look")
    of_lab("mail", "write a text to each student: points, steps, remarks")
    export = of_lab("export", "fill in a list of grades from Moodle or Canvas")
    export.add_argument("--into", required=True, metavar="FILE", help="as the platform exports it")
    export.add_argument("--column", required=True, metavar="NAME", help="heading of its column")


def _add_grade(grade: argparse.ArgumentParser) -> None:
    grade.add_argument(
        "--unconfined", action="store_true", help="run students' code with all your own rights"
    )
    grade.add_argument(
        "--scheduler", default="", metavar="ADDRESS", help="grade on the workers of a Dask cluster"
    )
    for name, text in LIMITS.items():
        grade.add_argument(f"--{name}", type=int, metavar="N", help=text)
    grade.add_argument("--only", nargs="+", metavar="STUDENT", help="grade these alone")
    grade.add_argument(
        "--new", action="store_true", help="grade what was not graded, or has changed since"
    )
    grade.add_argument("--failed", action="store_true", help="grade what has no score")
    grade.add_argument(
        "--again", metavar="STEP", help="say who has other points, after its check was mended"
    )
