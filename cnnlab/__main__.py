"""The course from the command line: ``python -m cnnlab COMMAND`` (also installed as ``cnnlab``)."""

import argparse
import io
import json
import os
import re
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from cnnlab import zoo
from cnnlab._names import unknown


def _summary(arguments: argparse.Namespace) -> int:
    for name in arguments.names or zoo.names():
        network = zoo.get(name)
        print(f"{network.name}: {network.published.source}\n{network.summary()}")
        if network.published.note:
            print(f"Note: {network.published.note}")
        print()
    return 0


def _zoo(arguments: argparse.Namespace) -> int:
    table = zoo.table()
    print(table)
    if arguments.write:
        try:
            table.write(arguments.write)
        except ValueError as error:
            raise SystemExit(str(error)) from None
    return 0


def _doctor(arguments: argparse.Namespace) -> int:
    from cnnlab.course.doctor import main as examine

    return examine()


def _refresh(arguments: argparse.Namespace) -> int:
    from cnnlab.course.refresh import refresh

    bad = {"failed", "changed"} if arguments.check else {"failed"}
    return int(any(one.status in bad for one in refresh(arguments.paths, check=arguments.check)))


def _bounds(arguments: argparse.Namespace) -> int:
    from cnnlab.course import bounds

    for path in arguments.paths:
        for line in bounds.seek(path, arguments.runs):
            print(line, flush=True)
    return 0


def _numbers(arguments: argparse.Namespace) -> int:
    from cnnlab import notebooks, prose

    left = 0
    for path in arguments.paths or notebooks.executed_paths():
        print(path.name)
        for claim in prose.claims(json.loads(path.read_text(encoding="utf-8"))):
            print(f"  {claim.number:>12}  {claim.witness or 'NO CELL':<12} {claim.section}")
            left += not claim.witness
    return int(left > 0)


def _glossary(arguments: argparse.Namespace) -> int:
    from cnnlab.course import glossary

    try:
        state = glossary.make(check=arguments.check)
    except ValueError as error:
        raise SystemExit(str(error)) from None
    print(f"{glossary.NAME}: {state}")
    return int(arguments.check and state == "changed")


def _pages(arguments: argparse.Namespace) -> int:
    from cnnlab.course import pages

    print(f"Open {pages.write(arguments.folder)[0]} in a browser.")
    return 0


def _badges(arguments: argparse.Namespace) -> int:
    from cnnlab.course import hosting

    readme = hosting.ROOT / "README.md"
    made = hosting.with_badges(readme.read_text(encoding="utf-8"), hosting.repository())
    readme.write_text(made, encoding="utf-8")
    print(f"{readme.name}: badges of {hosting.repository() or 'no repository, so none'}")
    return 0


def _slides(arguments: argparse.Namespace) -> int:
    from cnnlab.course import slides

    try:
        made = slides.write(arguments.folder, arguments.paths)
    except ValueError as error:
        raise SystemExit(str(error)) from None
    print(f"Open {made[0]} in a browser.")
    return 0


def _later(room: str, name: str) -> Callable[[argparse.Namespace], int]:
    """Run the command of this name in a room of the course, with its arguments by name."""

    def run(arguments: argparse.Namespace) -> int:
        commands = import_module(f"cnnlab.course.{room}.commands")
        given = {key: value for key, value in vars(arguments).items() if key != "run"}
        code: int = getattr(commands, name)(**given)
        return code

    return run


def _add_learner(add: Callable[..., argparse.ArgumentParser]) -> None:
    start = add("start", _later("labs", "start"), "copy a lab into your own folder, work")
    reset = add("reset", _later("labs", "reset"), "put a fresh copy of a lab beside yours")
    solution = add("solution", _later("labs", "solution"), "show the solution of a lab's step")
    for command in (start, reset, solution):
        command.add_argument("lab", metavar="LAB", help="its name, or a notebook")
    verify = add("verify", _later("grading", "verify"), "say if a lab can be handed in as it is")
    verify.add_argument("file", metavar="FILE", help="the notebook that you mean to hand in")
    solution.add_argument("step", nargs="?", metavar="STEP", help="all if none is named")


def _add_instructor(add: Callable[..., argparse.ArgumentParser]) -> None:
    release = add(
        "release", _later("grading", "release"), "make the notebook to hand out (instructors)"
    )
    collect = add(
        "collect", _later("grading", "collect"), "take in what students handed in (instructors)"
    )
    grade = add("grade", _later("grading", "grade"), "grade what was collected (instructors)")
    feedback = add(
        "feedback", _later("grading", "feedback"), "make what students get back (instructors)"
    )
    overview = add(
        "class",
        _later("grading", "overview"),
        "say what a class has understood, step by step (instructors)",
    )
    export = add(
        "export",
        _later("grading", "export"),
        "fill in a list of grades from Moodle or Canvas (instructors)",
    )
    for command in (release, collect, grade, feedback, overview, export):
        command.add_argument("lab", metavar="LAB", help="its name, or a notebook")
    collect.add_argument(
        "handed_in", metavar="FOLDER", help="with everything handed in; or a zip archive of it"
    )
    for command in (release, collect, grade, feedback, overview, export):
        command.add_argument("--course", default=".", metavar="FOLDER", help="by default this one")
    collect.add_argument(
        "--roster", metavar="FILE", help="students of the course, by which all are told from now on"
    )
    export.add_argument("--into", required=True, metavar="FILE", help="as the platform exports it")
    export.add_argument("--column", required=True, metavar="NAME", help="heading of its column")
    overview.add_argument("--page", metavar="FILE", help="also write it as a page with bars")
    overview.add_argument("--names", action="store_true", help="say whose answers they are")
    release.add_argument(
        "--lock", action="store_true", help="python -m cnnlab solution refuses this lab then"
    )
    grade.add_argument(
        "--unconfined", action="store_true", help="run students' code with all your own rights"
    )
    for name, text in {
        "memory": "GB for each process",
        "cell-seconds": "seconds for one cell",
        "seconds": "seconds for one notebook",
        "workers": "notebooks at the same time",
    }.items():
        grade.add_argument(f"--{name}", type=int, metavar="N", help=text)
    grade.add_argument("--only", nargs="+", metavar="STUDENT", help="grade these alone")
    grade.add_argument(
        "--new", action="store_true", help="grade what was not graded, or has changed since"
    )
    grade.add_argument("--failed", action="store_true", help="grade what has no score")


class _Parser(argparse.ArgumentParser):
    """A parser that says which command was meant, where one is near."""

    def error(self, message: str) -> NoReturn:
        given = re.match(r"argument COMMAND: invalid choice: '(.*?)' \(choose from (.*)\)", message)
        if given:
            known = [name.strip("' ") for name in given[2].split(",")]
            message = unknown("COMMAND", given[1], known)
        super().error(message)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m cnnlab", description="A course on CNNs.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(
        name: str, run: Callable[[argparse.Namespace], int], text: str
    ) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        return command

    summary = add(
        "summary", _summary, "print the parameter table of networks, all if none is named"
    )
    summary.add_argument("names", nargs="*", metavar="NETWORK", help=", ".join(zoo.names()))
    table = add("zoo", _zoo, "list all networks with their counts")
    table.add_argument(
        "--write", type=Path, metavar="FILE", help="also put them between the markers of this file"
    )
    add("doctor", _doctor, "say what is installed, missing or too old")
    refresh = add("refresh", _refresh, "run notebooks again and store their outputs")
    refresh.add_argument("paths", nargs="*", metavar="NOTEBOOK", help="all if none is named")
    bounds = add("bounds", _bounds, "run notebooks with ten seeds and keep what each measures")
    bounds.add_argument("paths", nargs="+", type=Path, metavar="NOTEBOOK")
    bounds.add_argument("--runs", type=int, default=10, metavar="N", help="by default 10")
    labs = add("labs", _later("labs", "labs"), "make the students' labs from their sources")
    glossary = add("glossary", _glossary, "make the glossary from the lectures' definitions")
    for command in (refresh, labs, glossary):
        command.add_argument(
            "--check", action="store_true", help="change nothing, say what would change"
        )
    numbers = add(
        "numbers", _numbers, "list the numbers in the prose and the cells that prove them"
    )
    numbers.add_argument(
        "paths", nargs="*", type=Path, metavar="NOTEBOOK", help="all if none is named"
    )
    add("badges", _badges, "write the README's badges, where the repository has an address")
    pages = add("pages", _pages, "write the course as web pages that need no network")
    pages.add_argument("folder", type=Path, metavar="FOLDER", help="where to")
    slides = add("slides", _slides, "write the lectures as slides that need no network")
    slides.add_argument("folder", type=Path, metavar="FOLDER", help="where to")
    slides.add_argument(
        "paths", nargs="*", type=Path, metavar="NOTEBOOK", help="all lectures if none is named"
    )
    _add_learner(add)
    _add_instructor(add)
    return parser


def _write_every_character() -> None:
    """Make output hold ×, − and ─, which the code page that Windows gives a pipe or file lacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="replace")  # a terminal decides its encoding itself
            else:
                stream.reconfigure(encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Examples
    --------
    >>> main(["summary", "no-such-network"])
    Traceback (most recent call last):
        ...
    SystemExit: name must be one of ...
    """
    _write_every_character()
    arguments = _parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
        sys.stdout.flush()
    except (KeyError, FileNotFoundError, PermissionError, ModuleNotFoundError) as error:
        raise SystemExit(error.args[0]) from None
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


if __name__ == "__main__":
    sys.exit(main())
