"""The labs from the command line: what ``python -m cnnlab labs`` and its sisters do."""

from pathlib import Path

from cnnlab.labs.files import make, solution


def labs(check: bool) -> int:
    """Make the students' notebooks and say what came of each; 1 if anything is amiss."""
    states = make(check=check)
    for path, state in states.items():
        print(f"{path.name}: {state}")
    good = {"same"} if check else {"same", "changed"}
    return int(not set(states.values()) <= good)


def show(lab: str, step: str | None) -> int:
    """Print the solution of a step."""
    print(solution(Path(lab), step))
    return 0
