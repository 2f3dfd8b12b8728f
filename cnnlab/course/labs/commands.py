"""The labs from the command line: ``labs``, ``solution``, ``start`` and ``reset``."""

from pathlib import Path

from cnnlab.course.labs import copies, files


def labs(check: bool) -> int:
    """Make the students' notebooks and say what came of each; 1 if anything is amiss."""
    states = files.make(check=check)
    for path, state in states.items():
        print(f"{path.name}: {state}")
    good = {"same"} if check else {"same", "changed"}
    return int(not set(states.values()) <= good)


def solution(lab: str, step: str | None) -> int:
    """Print the solution of a step."""
    print(files.solution(Path(lab), step))
    return 0


def start(lab: str) -> int:
    """Copy a lab into the learner's own folder."""
    print(copies.start(lab))
    return 0


def reset(lab: str) -> int:
    """Put a fresh copy of a lab beside the learner's others."""
    print(copies.reset(lab))
    return 0
