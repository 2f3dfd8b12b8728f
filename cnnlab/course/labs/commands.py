"""The labs from the command line: what ``python -m cnnlab labs`` and ``solution`` do."""

from pathlib import Path

from cnnlab.course.labs import files


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
