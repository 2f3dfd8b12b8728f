"""One question to a network, answered step by step."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cnnlab.explore.seeing import model
from cnnlab.explore.seeing.model import Picture

if TYPE_CHECKING:
    from torch import Tensor, nn

Map = npt.NDArray[np.float32]

PARTS = 28  # of a side, in which patches are measured: a pixel of a digit
BEST = 5  # classes shown

METHODS = {
    "response": "response maps",
    "occlusion": "occlusion",
    "saliency": "gradient (saliency)",
    "input-times-gradient": "input × gradient",
    "guided-backprop": "guided back-propagation",
    "grad-cam": "Grad-CAM",
    "integrated-gradients": "integrated gradients",
}
SIGNED = ("occlusion", "input-times-gradient", "guided-backprop", "integrated-gradients")
COARSE = ("response", "occlusion", "grad-cam")  # a map of its own size


@dataclass(frozen=True)
class Question:
    """What is asked: a picture, one of its five best classes, and a method with its settings."""

    picture: Picture
    method: str = "grad-cam"
    target: int = 1
    patch: int = 7
    stride: int = 3
    fill: str = "grey"
    layer: int = 9
    channel: int = 1
    steps: int = 50
    shuffled: int = 0


class Guess(NamedTuple):
    """A class, and the share that softmax gives it."""

    number: int
    name: str
    share: float


Five = tuple[Guess, ...]


@dataclass(frozen=True, eq=False)
class Answer:
    """What is known so far.

    Attributes
    ----------
    best : tuple of Guess
        The five best classes of the network as it was trained, one of which is asked about.
    target : Guess
        The class asked about.
    now : tuple of Guess
        The five best classes of the network that is asked, whose weights may be shuffled.
    score : float
        Its logit of the class asked about.
    done, total : int
        Steps.
    values : (rows, columns) array
        The map; what is not computed yet is no number.
    under : tuple of tuple of Guess
        For each place that was covered, the five best classes then.
    layer, channel : str, int
        Whose maps are shown.
    sums : (float, float) or None
        What the map adds up to, and what it should.
    """

    best: Five
    target: Guess
    now: Five
    score: float
    done: int
    total: int
    values: Map
    under: tuple[Five, ...] = ()
    layer: str = ""
    channel: int = 0
    sums: tuple[float, float] | None = None

    @property
    def is_complete(self) -> bool:
        """Whether all steps are done."""
        return self.done == self.total


def answers(question: Question) -> Iterator[Answer]:
    """Answer a question, better with each step.

    Parameters
    ----------
    question : Question

    Yields
    ------
    Answer
        The last one is complete.

    Examples
    --------
    >>> *_, last = answers(Question(Picture("digit 3"), "occlusion", stride=7))
    >>> last.done, last.values.shape, last.target.name
    (16, (4, 4), '3')
    """
    import torch

    known, x = model.network_for(question.picture), model.batch(question.picture)
    net = model.shuffled(question.picture.is_digit, question.shuffled)
    with torch.no_grad():
        before, logits = known.net(x)[0], net(x)[0]
    best = guesses(before, known.classes)
    target = best[question.target - 1]
    blank = np.full((1, 1), np.nan, np.float32)
    score = float(logits[target.number])
    start = Answer(best, target, guesses(logits, known.classes), score, 0, 1, blank)
    yield start
    yield from _STEPS[question.method](question, net, x, start)


def guesses(logits: "Tensor", names: tuple[str, ...]) -> Five:
    """The five best classes of one image.

    Parameters
    ----------
    logits : (classes,) Tensor
    names : tuple of str
    """
    shares, order = logits.softmax(dim=0).topk(BEST)
    pairs = zip(order.tolist(), shares.tolist(), strict=True)
    return tuple(Guess(i, names[i], share) for i, share in pairs)


def layer_of(question: Question) -> str:
    """Path of the layer whose maps are looked at; the last one, if there are not so many."""
    layers = question.picture.reader.layers
    return layers[min(question.layer, len(layers)) - 1]


def pixels(question: Question) -> tuple[int, int]:
    """Patch and stride in pixels of the picture."""
    side = question.picture.reader.side
    return question.patch * side // PARTS, question.stride * side // PARTS


# ---- Methods: the network, the image and the first answer in; better answers out.


def _occlusion(question: Question, net: Any, x: "Tensor", start: Answer) -> Iterator[Answer]:
    from cnnlab.geometry import output_size
    from cnnlab.pytorch.attribution import covered_logits

    names = model.network_for(question.picture).classes
    patch, stride = pixels(question)
    rows = output_size(x.shape[-1], patch, stride)
    falls = np.full(rows * rows, np.nan, np.float32)
    fill = model.filling(question.picture, question.fill)
    under: list[Five] = []
    for place, logits in enumerate(covered_logits(net, x, patch, stride, fill)):
        falls[place] = start.score - float(logits[0, start.target.number])
        under.append(guesses(logits[0], names))
        values = falls.reshape(rows, rows).copy()
        yield replace(start, done=place + 1, total=falls.size, values=values, under=tuple(under))


def _pixelwise(name: str) -> "Callable[[Question, Any, Tensor, Answer], Iterator[Answer]]":
    def steps(question: Question, net: Any, x: "Tensor", start: Answer) -> Iterator[Answer]:
        from cnnlab.pytorch import attribution

        found = getattr(attribution, name)(net, x, start.target.number)[0]
        values = found if found.ndim == 2 else found.sum(dim=0)  # (H, W)
        yield replace(start, done=1, values=values.numpy())

    return steps


def _grad_cam(question: Question, net: Any, x: "Tensor", start: Answer) -> Iterator[Answer]:
    from cnnlab.pytorch.attribution import grad_cam

    layer = layer_of(question)
    values = grad_cam(net, x, start.target.number, layer)[0].numpy()
    yield replace(start, done=1, values=values, layer=layer)


def _response(question: Question, net: Any, x: "Tensor", start: Answer) -> Iterator[Answer]:
    from cnnlab.pytorch.attribution import responses

    layer = layer_of(question)
    maps = responses(net, x, layer)[0]  # (K, h, w)
    order = maps.mean(dim=(1, 2)).argsort(descending=True)
    channel = int(order[min(question.channel, len(order)) - 1])
    yield replace(start, done=1, values=maps[channel].numpy(), layer=layer, channel=channel)


def _integrated(question: Question, net: Any, x: "Tensor", start: Answer) -> Iterator[Answer]:
    import torch

    from cnnlab.pytorch.attribution import path_gradients

    baseline = model.filling(question.picture, question.fill)
    with torch.no_grad():
        low = float(net(baseline.expand_as(x))[0, start.target.number])
    total = torch.zeros_like(x)
    slopes = path_gradients(net, x, start.target.number, baseline, question.steps)
    for step, slope in enumerate(slopes, start=1):
        total += slope
        found = ((x - baseline) * total / step)[0].sum(dim=0)  # (H, W)
        sums = float(found.sum()), start.score - low
        yield replace(start, done=step, total=question.steps, values=found.numpy(), sums=sums)


_STEPS: "dict[str, Callable[[Question, nn.Module, Tensor, Answer], Iterator[Answer]]]" = {
    "response": _response,
    "occlusion": _occlusion,
    "saliency": _pixelwise("saliency"),
    "input-times-gradient": _pixelwise("input_times_gradient"),
    "guided-backprop": _pixelwise("guided_backprop"),
    "grad-cam": _grad_cam,
    "integrated-gradients": _integrated,
}


# ---- Answers that are complete are kept

KEPT = 64
_kept: OrderedDict[Question, Answer] = OrderedDict()


def kept(question: Question) -> Answer | None:
    """A complete answer given before."""
    return _kept.get(question)


def keep(question: Question, answer: Answer) -> None:
    """Keep a complete answer, and forget the oldest of many."""
    _kept[question] = answer
    while len(_kept) > KEPT:
        _kept.popitem(last=False)
