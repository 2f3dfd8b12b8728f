"""Where the blocks of a diagram lie: lines of boxes, and an unfolded block as a frame of its own."""

from cnnlab.explore.architecture.blocks import Block, Lane
from cnnlab.explore.architecture.levels import Level

GAP = 12  # pixels between boxes
WIDEST, NARROWEST, HIGHEST, LOWEST = 170, 80, 84, 24  # of a box; narrower ones lose their names
NAME, FOOT = 18, 4  # of a frame: its head, and what is left below its inside
BRANCH = 14  # where wires part and meet, to the left and to the right

Box = tuple[float, float, float, float]


class Plan:
    """Boxes, frames and wires of one level; so many boxes in a line that all lines fit.

    Attributes
    ----------
    places : list of (Block, Box)
        Each block and its box, the head of its frame if it is unfolded.
    frames : list of Box
    lines : list of str
        Wires, as path data.
    passing : list of (x, y)
        Where a branch begins that hands on what it gets.
    """

    def __init__(self, level: Level, box: Box) -> None:
        self.level = level
        self.places: list[tuple[Block, Box]] = []
        self.frames: list[Box] = []
        self.lines: list[str] = []
        self.passing: list[tuple[float, float]] = []
        x, y, width, height = box
        lanes = level.tree.top.lanes
        self.slot, self.step = self._fitted(lanes, width, height)
        self._branches(lanes, x, y, width)

    def _fitted(self, lanes: tuple[Lane, ...], width: float, height: float) -> tuple[float, float]:
        """Width and height of a box with its gap: wide boxes if all lines then have their words."""
        longest = max(map(len, self.level.rows()))
        least = max(int(width / (WIDEST + GAP)), 1)
        slots = [min(WIDEST + GAP, width / n) for n in range(min(least, longest), longest + 1)]
        sizes = [(slot, self._step(lanes, slot, width, height)) for slot in slots]
        for lowest, narrowest in ((LOWEST + 28, NARROWEST), (LOWEST, NARROWEST), (LOWEST, 0)):
            fits = (s for s in sizes if s[0] >= narrowest + GAP and s[1] >= lowest + GAP)
            if found := next(fits, None):
                return found
        return max(sizes, key=min)

    def _step(self, lanes: tuple[Lane, ...], slot: float, width: float, height: float) -> float:
        lines, frames = self._needs(lanes, slot, width)
        return min(HIGHEST + GAP, (height - frames * (NAME + FOOT + GAP)) / lines)

    def _needs(self, lanes: tuple[Lane, ...], slot: float, width: float) -> tuple[int, int]:
        """Lines of boxes, and frames."""
        across = _across(slot, _within(lanes, width))
        lines = frames = 0
        for lane in lanes:
            run = 0  # boxes since the last frame
            for block in lane:
                if self.level.unfolds(block):
                    more = self._needs(block.lanes, slot, _within(lanes, width) - GAP)
                    lines, frames = lines + -(-run // across) + more[0], frames + 1 + more[1]
                    run = 0
                else:
                    run += 1
            lines += max(-(-run // across), 0 if lane else 1)
        return lines, frames

    def _branches(self, lanes: tuple[Lane, ...], x: float, y: float, width: float) -> float:
        """Place branches under each other, with what leads into them and out; the end of all."""
        inner = _within(lanes, width)
        left, right = x + (width - inner) / 2, x + (width + inner) / 2
        starts, ends = [y], list[float]()
        for lane in lanes:
            first = len(self.places)
            bottom = self._lane(lane, left, y, inner)
            middle = y + self.step / 2
            if lane:
                _, (_, top, _, high) = self.places[first]
                middle = top + high / 2
            starts.append(middle)
            if len(lanes) > 1:
                ends.append(self._leave(lane, middle, left, right))
            y = bottom
        if len(lanes) > 1:
            for at, heights in ((left, starts), (right, ends)):
                self.lines.append(f"M{at:g} {min(heights):g}V{max(heights):g}")
        return y

    def _leave(self, lane: Lane, middle: float, left: float, right: float) -> float:
        """Lead out of a branch, which may hand on what it gets; the height where it ends."""
        if not lane:
            self.lines.append(f"M{left:g} {middle:g}H{right:g}")
            self.passing.append((left + GAP, middle))
            return middle
        x, y, width, high = next(box for block, box in reversed(self.places) if block is lane[-1])
        self.lines.append(f"M{x + width:g} {y + high / 2:g}H{right:g}")
        return y + high / 2

    def _lane(self, lane: Lane, x: float, y: float, width: float) -> float:
        """Place blocks one after another; the end of the last line."""
        across, column = _across(self.slot, width), 0
        slot = min(self.slot, width / across)
        for i, block in enumerate(lane):
            unfolds = self.level.unfolds(block)
            if column == across or (column and unfolds):
                y, column = y + self.step, 0
            if unfolds:
                y = self._frame(block, x, y, width, first=not i)
                continue
            box = (x + column * slot + GAP / 2, y + GAP / 2, slot - GAP, self.step - GAP)
            self._put(block, box, first=not i, below=bool(i) and not column)
            column += 1
        return y + self.step if column or not lane else y

    def _frame(self, block: Block, x: float, y: float, width: float, *, first: bool) -> float:
        """Place what is in a block, and a frame with its name around it."""
        left, top, wide = x + GAP / 2, y + GAP / 2, width - GAP
        self._put(block, (left, top, wide, NAME), first=first, below=not first)
        end = self._branches(block.lanes, left, top + NAME, wide) + FOOT
        self.frames.append((left, top, wide, end - top))
        return end + GAP / 2

    def _put(self, block: Block, box: Box, *, first: bool, below: bool) -> None:
        """Place a box, with the arrow that leads into it."""
        x, y, _, high = box
        start = x - GAP / (1 + first)
        wire = f"M{start:g} {y + high / 2:g}H{x - 1:g}m-4 -3l4 3l-4 3"
        if below:  # from the end of the line above
            wire = f"M{x + 8:g} {y - GAP:g}V{y - 1:g}m-3 -4l3 4l3 -4"
        self.lines.append(wire)
        self.places.append((block, box))


def _within(lanes: tuple[Lane, ...], width: float) -> float:
    """Width that is left beside the wires of branches."""
    return width - 2 * BRANCH * (len(lanes) > 1)


def _across(slot: float, width: float) -> int:
    return max(int(width / slot + 1e-9), 1)
