"""Arguments of the commands for learners and instructors; a command is loaded when it is run."""

import argparse
from collections.abc import Callable
from importlib import import_module

LIMITS = {
    "memory": "memory for each process, in GB",
    "cell-seconds": "time for one cell, in seconds",
    "seconds": "time for one notebook, in seconds",
    "workers": "how many notebooks are graded at the same time",
}

_LAB = "name of the lab, such as 05_lab_shapes_and_parameters, or its notebook"
_NAMES = "show whose answers they are"


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
    solution = add("solution", later("labs", "solution"), "print the solution of a step of a lab")
    for command in (start, reset, solution):
        command.add_argument("lab", metavar="LAB", help=_LAB)
    verify = add(
        "verify", later("grading", "verify"), "say whether a lab can be handed in as it is"
    )
    verify.add_argument("file", metavar="FILE", help="the notebook that you mean to hand in")
    solution.add_argument(
        "step", nargs="?", metavar="STEP", help="a number, such as 2 (without it, all steps)"
    )


def add_instructor(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Add what instructors use, each with a lab and a course.

    Parameters
    ----------
    add : callable
        Makes a command: its name, what it runs, and what its help says.
    """

    def of_lab(name: str, text: str, run: str = "") -> argparse.ArgumentParser:
        command = add(name, later("grading", run or name), f"{text} (instructors)")
        command.add_argument("lab", metavar="LAB", help=_LAB)
        command.add_argument(
            "--course",
            default=".",
            metavar="FOLDER",
            help="folder of your teaching (by default, the folder you are in)",
        )
        return command

    release = of_lab("release", "make the notebook to hand out")
    release.add_argument(
        "--lock",
        action="store_true",
        help="students cannot have the lab's solutions printed until you release it without this",
    )
    collect = of_lab("collect", "take in what students handed in")
    collect.add_argument(
        "handed_in",
        metavar="FOLDER",
        help="folder or zip archive with everything that was handed in",
    )
    collect.add_argument(
        "--roster",
        metavar="FILE",
        help="list of the students; from now on, every file is matched to one of them",
    )
    collect.add_argument(
        "--at",
        metavar="DATE",
        help="when all of it was handed in (by default, the date of each file)",
    )
    due = of_lab("due", "set or show until when a lab may be handed in")
    due.add_argument(
        "until",
        nargs="?",
        metavar="DATE",
        help="such as 2026-12-01T23:59 (without it, what holds is shown)",
    )
    due.add_argument(
        "--penalty",
        default="",
        metavar="RULE",
        help='what being late costs, such as "10%% a day, at most 50%%"',
    )
    _add_grade(of_lab("grade", "grade what was collected"))
    of_lab("feedback", "write the pages that students get back")
    overview = of_lab("class", "say what a class has understood, step by step", "overview")
    overview.add_argument(
        "--page", metavar="FILE", help="also write it into FILE, as a page with bars"
    )
    overview.add_argument("--names", action="store_true", help=_NAMES)
    words = of_lab("words", "show all answers in words on one page, or enter points for them")
    words.add_argument("--page", metavar="FILE", help="where to write the page")
    words.add_argument(
        "--points", metavar="FILE", help="the list that this command wrote, with your points in it"
    )
    words.add_argument("--names", action="store_true", help=_NAMES)
    of_lab("similar", "say whose code is most alike, as a hint for where to look")
    of_lab("mail", "write a text for each student, with points, steps and remarks")
    export = of_lab("export", "fill in a list of grades from Moodle or Canvas")
    export.add_argument(
        "--into", required=True, metavar="FILE", help="the list, as the platform exported it"
    )
    export.add_argument(
        "--column", required=True, metavar="NAME", help="heading of the column to fill in"
    )


def _add_grade(grade: argparse.ArgumentParser) -> None:
    grade.add_argument(
        "--unconfined",
        action="store_true",
        help="run students' code outside the sandbox, with all your own rights",
    )
    grade.add_argument(
        "--scheduler", default="", metavar="ADDRESS", help="grade on the workers of a Dask cluster"
    )
    for name, text in LIMITS.items():
        grade.add_argument(f"--{name}", type=int, metavar="N", help=text)
    grade.add_argument("--only", nargs="+", metavar="STUDENT", help="grade only these students")
    grade.add_argument(
        "--new",
        action="store_true",
        help="grade only what has not been graded yet, or has changed since",
    )
    grade.add_argument("--failed", action="store_true", help="grade only what has no score")
    grade.add_argument(
        "--again",
        metavar="STEP",
        help="grade everybody once more after you mended this step's check, and say whose points changed",
    )
