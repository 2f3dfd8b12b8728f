"""The course from the command line: ``python -m cnnlab COMMAND`` (also installed as ``cnnlab``)."""

import argparse
import io
import json
import os
import re
import sys
from collections.abc import Callable, Sequence
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

    print("Making the pages takes a minute or two.", flush=True)
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

    if not arguments.paths:
        print("Making all decks takes a minute or two.", flush=True)
    try:
        made = slides.write(arguments.folder, arguments.paths)
    except ValueError as error:
        raise SystemExit(str(error)) from None
    print(f"Open {made[0]} in a browser.")
    return 0


class _Parser(argparse.ArgumentParser):
    """A parser that says which command was meant, where one is near."""

    def error(self, message: str) -> NoReturn:
        given = re.match(r"argument COMMAND: invalid choice: '(.*?)' \(choose from (.*)\)", message)
        if given:
            known = [name.strip("' ") for name in given[2].split(",")]
            message = unknown("COMMAND", given[1], known)
        super().error(message)


def _parser() -> argparse.ArgumentParser:
    from cnnlab.course import arguments

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
        "--write",
        type=Path,
        metavar="FILE",
        help="also write the list into this file, between its markers",
    )
    add("doctor", _doctor, "say what is installed, missing or too old")
    refresh = add("refresh", _refresh, "run notebooks again and store their outputs")
    refresh.add_argument(
        "paths", nargs="*", metavar="NOTEBOOK", help="all of the course if none is named"
    )
    bounds = add("bounds", _bounds, "run notebooks with ten seeds and keep what each measures")
    bounds.add_argument("paths", nargs="+", type=Path, metavar="NOTEBOOK")
    bounds.add_argument(
        "--runs", type=int, default=10, metavar="N", help="how many seeds (by default 10)"
    )
    labs = add(
        "labs", arguments.later("labs", "labs"), "make the students' labs from their sources"
    )
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
    add("badges", _badges, "write the README's badges, if the repository has an address")
    pages = add("pages", _pages, "write the course as web pages that need no network")
    pages.add_argument("folder", type=Path, metavar="FOLDER", help="folder for the pages")
    slides = add("slides", _slides, "write the lectures as slides that need no network")
    slides.add_argument("folder", type=Path, metavar="FOLDER", help="folder for the slides")
    slides.add_argument(
        "paths", nargs="*", type=Path, metavar="NOTEBOOK", help="all lectures if none is named"
    )
    arguments.add_learner(add)
    arguments.add_instructor(add)
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
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


if __name__ == "__main__":
    sys.exit(main())
