"""What was found, in words."""

import re

import numpy as np

from cnnlab._text import by, counted
from cnnlab.explore.numbers import percent, short
from cnnlab.explore.seeing import maps, model
from cnnlab.explore.seeing.maps import METHODS, Answer, Five, Question
from cnnlab.geometry import output_size

MEANING = {
    "response": "How strongly one filter of this layer answers at each place. It does not say what "
    "the network makes of it.",
    "occlusion": "How far the score of the class falls when a patch hides the place: orange where "
    "the class needs what was there, blue where it does better without.",
    "saliency": "How strongly the score reacts to each pixel: the gradient's size, the largest of "
    "the channels.",
    "input-times-gradient": "Each pixel times the score's gradient with respect to it, added up "
    "over the channels. Where the pixel is 0, so is the map.",
    "guided-backprop": "The gradient, of which each ReLU lets only positive parts pass. Sharp "
    "pictures: but compare them with those of a network whose weights are shuffled.",
    "grad-cam": "The maps of a layer, each weighted by what it adds to the score of the class. As "
    "coarse as that layer's maps are.",
    "integrated-gradients": "The way from the baseline to the picture, times the mean gradient "
    "along it: the map adds up to the rise of the score.",
}


def text(question: Question, answer: Answer | None, state: str) -> str:
    """The result in one line.

    Parameters
    ----------
    question : Question
    answer : Answer or None
    state : str
        "computing" or "stopped" where the answer is not complete, else "".
    """
    method = METHODS[question.method]
    name = question.picture.name
    if answer is None:
        return f"{name}: {method}: {state}"
    network = question.picture.reader.name
    first = answer.now[0]
    share = "" if question.picture.is_digit else f", {percent(first.share)}"
    changed = f" with {counted(question.shuffled, 'layer')} shuffled" if question.shuffled else ""
    start = f"{name}: {network}{changed} sees {first.name}{share}; "
    what = method if question.method == "response" else f"{method} of {answer.target.name}"
    if not answer.is_complete:
        return f"{start}{what}: {state}, {answer.done} of {answer.total} steps"
    return f"{start}{what}{_result(question, answer)}"


def _result(question: Question, answer: Answer) -> str:
    size = by(answer.values.shape)
    if question.method == "response":
        return f", {answer.layer}, map {answer.channel}, {size}"
    if question.method == "occlusion":
        row, column = strongest(answer)
        return f", {size} places, falls most at row {row}, column {column}"
    if question.method == "grad-cam":
        if not answer.values.any():
            return f", {answer.layer}, {size}: nothing there adds to it"
        row, column = strongest(answer)
        return f", {answer.layer}, {size}, most at row {row}, column {column}"
    return f", {size}"


def strongest(answer: Answer) -> tuple[int, int]:
    """Where the map is largest, among what is known."""
    known = np.where(np.isfinite(answer.values), answer.values, -np.inf)
    row, column = divmod(int(known.argmax()), answer.values.shape[1])
    return row, column


def five(guesses: Five) -> str:
    """Classes and their shares in a line."""
    return ", ".join(f"“{guess.name}” {percent(guess.share)}" for guess in guesses)


def place(question: Question, answer: Answer, row: int, column: int) -> str:
    """What is to be said of a cell of the map."""
    value = float(answer.values[row, column])
    if not np.isfinite(value):
        return f"row {row}, column {column}: not computed yet"
    if question.method != "occlusion":
        return f"row {row}, column {column}: {short(value)}"
    patch, stride = maps.pixels(question)
    area = ", ".join(
        f"{axis} {at * stride} to {at * stride + patch - 1}"
        for axis, at in (("rows", row), ("columns", column))
    )
    change = "falls" if value >= 0 else "rises"
    under = answer.under[row * answer.values.shape[1] + column]
    return (
        f"patch over {area}: the score of {answer.target.name} {change} by {short(abs(value))}. "
        f"Under it: {five(under)}."
    )


def lines(question: Question, answer: Answer) -> list[str]:
    """Sizes and sums, written out."""
    score = f"score of {answer.target.name}, its logit: {answer.score:.2f}"
    if question.method == "occlusion":
        side = question.picture.reader.side
        patch, stride = maps.pixels(question)
        rows = output_size(side, patch, stride)
        return [
            score,
            f"places each way: ⌊({side} − {patch})/{stride}⌋ + 1 = {rows}",
            f"cost: {rows}·{rows} + 1 = {rows * rows + 1:,} forward passes",
        ]
    if question.method == "integrated-gradients" and answer.sums:
        total, rise = answer.sums
        return [
            score,
            f"the map adds up to {total:.2f}",
            f"score of the picture minus that of the baseline: {rise:.2f}",
        ]
    return [score]


def code(question: Question) -> list[str]:
    """Lines of code that compute the map."""
    place = question.target - 1
    found = [*_source(question), f"target = int(net(x)[0].topk({maps.BEST}).indices[{place}])"]
    if question.shuffled:
        layers = min(question.shuffled, question.picture.reader.depth)
        found.append(f"net = attribution.randomized(net, {layers})")
    return [*found, *_call(question)]


def _source(question: Question) -> list[str]:
    picture = question.picture
    if picture.is_digit:
        number = model.DIGITS.index(picture.name)
        return [
            "from cnnlab.explore.seeing.model import blurred, digit_network, digits",
            "from cnnlab.pytorch import attribution",
            "",
            f"net, x = digit_network().net, digits()[{number}]  # (1, 1, 28, 28)",
        ]
    image = "image" if picture.mark else f'data.photo("{picture.name}").image'
    own = ["# image: your own picture, (C, H, W), from 0 to 1"] if picture.mark else []
    return [
        "from cnnlab import data, zoo",
        "from cnnlab.explore.seeing.model import blurred",
        "from cnnlab.pytorch import attribution",
        "",
        *own,
        f'net = zoo.pretrained("{model.LITE}")',
        f"x = zoo.preprocess({image})  # (1, 3, 224, 224)",
    ]


def _call(question: Question) -> list[str]:
    known = question.picture.reader
    layer = f'"{maps.layer_of(question)}"'
    if question.method == "response":
        return [
            f"maps = attribution.responses(net, x, {layer})[0]  # (K, h, w)",
            "order = maps.mean(dim=(1, 2)).argsort(descending=True)",
            f"maps[order[min({question.channel}, len(order)) - 1]]",
        ]
    if question.method == "grad-cam":
        return [f"attribution.grad_cam(net, x, target, {layer})[0]"]
    grey = (known.low + known.high) / 2
    fill = {
        "black": f"{known.low:g}",
        "grey": f"{grey:g}",
        "mean": "x.mean((2, 3), keepdim=True)",
        "blurred": "blurred(x)",
    }[question.fill]
    if question.method == "occlusion":
        patch, stride = maps.pixels(question)
        return [f"attribution.occlusion(net, x, target, {patch}, {stride}, {fill})[0]"]
    if question.method == "integrated-gradients":
        call = f"attribution.integrated_gradients(net, x, target, {fill}, {question.steps})"
        return [f"{call}[0].sum(0)"]
    name = question.method.replace("-", "_")
    return [f"attribution.{name}(net, x, target)[0]" + (".sum(0)" if name != "saliency" else "")]


def covered(question: Question, rows: int, row: int, column: int) -> str:
    """Pattern of the picture's parts that a cell of the map is about."""
    if question.method == "occlusion":
        spans = [
            range(at * question.stride, at * question.stride + question.patch)
            for at in (row, column)
        ]
    else:
        wide = maps.PARTS / rows
        spans = [
            range(int(at * wide), max(int(np.ceil((at + 1) * wide)), int(at * wide) + 1))
            for at in (row, column)
        ]
    return "photo:0," + ",".join(" ".join(map(str, span)) for span in spans)


def cell(question: Question, answer: Answer, key: str) -> tuple[int, int] | None:
    """The cell of the map that a key is about: of the map, or of the picture under it."""
    found = re.fullmatch(r"(map|photo):0,(\d{1,4}),(\d{1,4})", key)
    if not found:
        return None
    row, column = int(found[2]), int(found[3])
    if found[1] == "photo":
        row, column = (_nearest(question, len(answer.values), at) for at in (row, column))
    rows, columns = answer.values.shape
    return (row, column) if row < rows and column < columns else None


def _nearest(question: Question, rows: int, part: int) -> int:
    """Which cell of the map lies over a part of the picture."""
    at = (part + 0.5) * rows / maps.PARTS
    if question.method == "occlusion":
        at = (part + 0.5 - question.patch / 2) / question.stride + 0.5
    return min(max(int(at), 0), rows - 1)


def near(answer: Answer, row: int, column: int) -> list[list[str]]:
    """The numbers around a cell, two to each side."""
    padded = np.pad(answer.values.astype(object), 2, constant_values="")
    around = padded[row : row + 5, column : column + 5]
    return [[short(v) if isinstance(v, float) else "" for v in line] for line in around]
