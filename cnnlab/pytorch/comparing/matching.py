"""Which step of one network is which step of the other."""

from collections.abc import Iterator

from torch import Tensor

from cnnlab.pytorch.comparing.steps import Step

LITTLE = 0.02  # of the numbers' size: another form of the same function, not another function


def difference(ours: Tensor, theirs: Tensor) -> float | None:
    """Largest difference, as a share of the number's size and the mean size; None if shapes part.

    Axes of length 1 at the end count as none, as global poolings keep or drop them.
    """
    a, b = _trimmed(ours), _trimmed(theirs)
    if a.shape != b.shape:
        return None
    if not a.numel():
        return 0.0
    alike = (a == b) | (a.isnan() & b.isnan())
    size = a.abs().nan_to_num(0, 0, 0)
    shares = (a - b).abs() / (size + size.mean()).clamp(min=1e-30)
    return float(shares.masked_fill(alike, 0).nan_to_num(float("inf"), float("inf")).max())


def same(ours: Tensor, theirs: Tensor, within: float = 0.0) -> bool:
    """Whether two outputs hold the same numbers in the same places."""
    a, b = _trimmed(ours), _trimmed(theirs)
    if a.shape != b.shape or not a.numel():
        return a.shape == b.shape
    some = slice(None, None, a.numel() // 64 + 1)  # a few tell most of them apart at once
    few = (a.flatten()[some] - b.flatten()[some]).abs().max()
    if float(few) > 2 * within * float(a.abs().max()):
        return False
    gap = difference(a, b)
    return gap is not None and gap <= within


def _trimmed(x: Tensor) -> Tensor:
    x = x.double()
    while x.ndim > 2 and x.shape[-1] == 1:
        x = x.squeeze(-1)
    return x


def pairs(ours: list[Step], theirs: list[Step], within: float) -> dict[int, int]:
    """Steps whose outputs agree: position in ours to position in theirs."""
    found: dict[int, int] = {}
    free = list(range(len(theirs)))
    for i, step in enumerate(ours):
        for j in sorted(free, key=lambda j: theirs[j].kind != step.kind):
            if same(step.y, theirs[j].y, within):
                found[i] = j
                free.remove(j)
                break
    return found


def carried(steps: list[Step], agreed: set[int]) -> set[int]:
    """Steps that differ, or change nothing, and whose followers agree all the same.

    A convolution whose activation is part of it elsewhere is one, and so is a padding.
    """
    idle = {i for i, step in enumerate(steps[:-1]) if same(step.x, step.y)}
    good = set(agreed)
    for i in reversed(range(len(steps) - 1)):
        follower = next(k for k in range(i + 1, len(steps)) if k in good or k not in idle)
        if follower in good and same(steps[i].y, steps[i + 1].x):
            good.add(i)
    return good | idle


def near_misses(
    ours: list[Step], theirs: list[Step], found: dict[int, int]
) -> Iterator[tuple[int, int]]:
    """Steps of one kind that differ a little, which the next layers average away."""
    taken = set(found.values())
    for i in sorted(carried(ours, set(found)) - set(found)):
        step = ours[i]
        for j, other in enumerate(theirs) if not same(step.x, step.y) else ():
            alike = j not in taken and other.kind == step.kind
            if alike and (difference(step.y, other.y) or 1) < LITTLE:
                yield i, j


def parting(ours: list[Step], theirs: list[Step], found: dict[int, int]) -> tuple[int, int] | None:
    """The first step of ours that differs, and the step of theirs that stands for it.

    ``found`` holds the pairs that agree. None if the networks agree in the end.
    Where theirs has no step of its kind nearby, it may do the same between its layers, in a
    function that leaves no trace; then the pair is the next one of a kind.
    """
    missed = next(near_misses(ours, theirs, found), None)
    if missed or len(ours) - 1 in found:
        return missed
    good = carried(ours, set(found))
    left_ours = [i for i in range(len(ours)) if i not in good]
    before = max((found[i] for i in found if i < left_ours[0]), default=-1)
    settled = carried(theirs, set(found.values()))
    left = [j for j in range(before + 1, len(theirs)) if j not in settled] or [len(theirs) - 1]
    for i, near in ((left_ours[0], left[:3]), *((i, left[:1]) for i in left_ours[1:6])):
        for j in near:
            if ours[i].kind == theirs[j].kind:
                return i, j
    return left_ours[0], left[0]
