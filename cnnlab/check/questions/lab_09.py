"""Questions of lab 09: smaller."""

from cnnlab.check.questions.base import (
    ChoiceQuestion,
    GivenQuestion,
    NumberQuestion,
    Option,
    Question,
    told,
    vary,
)
from cnnlab.zoo.efficientnet import B0, HEAD, STEM

_TAPS = 3 * 3


def _separable(maps: int, filters: int, depthwise: int, biases: int) -> int:
    """Weights of a depthwise part with so many kernels and of a 1×1 part, and biases."""
    return _TAPS * depthwise + maps * filters + biases


def _fire(reads: int, squeeze: int, ones: int, threes: int, bias: int = 1) -> int:
    """Parameters of a fire module, from its numbers of filters."""
    expand = ones * (squeeze + bias) + threes * (_TAPS * squeeze + bias)
    return squeeze * (reads + bias) + expand


_IN, _OUT = 32, 96  # of the ratio, which hangs on one of them alone
_READS, _EXPAND = 128, 256
_SR = _PCT = 0.25
_SQUEEZE, _THREES = round(_SR * _EXPAND), round(_PCT * _EXPAND)
_ONES = _EXPAND - _THREES
_STAGES = [[STEM, 1], *([stage.channels, stage.layers] for stage in B0), [HEAD, 1]]


def _separable_parameters(maps: int = 6, filters: int = 16) -> NumberQuestion:
    return NumberQuestion(
        "09-separable-parameters",
        f"{maps} maps go into a separable convolution of 3×3, and {filters} maps come out. Its "
        "depthwise part has no biases, its 1×1 part does. How many parameters are there in all?",
        lambda: _separable(maps, filters, maps, filters),
        "",
        0,
        told(
            (
                _TAPS * maps * filters,
                "These are the weights of an ordinary convolution, in which every filter has a "
                "kernel of 3×3 for every map. A separable one has a kernel for each map, and mixes "
                "the maps afterwards.",
            ),
            (
                _TAPS * maps * filters + filters,
                "This is an ordinary convolution, in which every filter has a kernel of 3×3 for "
                "every map. A separable one has a kernel for each map, and mixes the maps "
                "afterwards.",
            ),
            (
                _separable(maps, filters, filters, filters),
                f"You gave the depthwise part {filters} kernels, one for each map that comes out. "
                "It has one for each map that goes in.",
            ),
            (
                _separable(maps, filters, filters, 0),
                f"You gave the depthwise part {filters} kernels, one for each map that comes out; "
                "it has one for each map that goes in. The biases are missing too.",
            ),
            (
                _separable(maps, filters, maps, filters + maps),
                "You counted biases in both parts. Only the 1×1 part has them.",
            ),
            (
                _separable(maps, filters, maps, maps),
                "You counted the biases of the depthwise part, which has none, and not those of "
                "the 1×1 part.",
            ),
            (
                _separable(maps, filters, maps, 1),
                "You counted a single bias. Each filter of the 1×1 part has one.",
            ),
            (
                _separable(maps, filters, maps, 0),
                "The weights are right. Where are the biases of the 1×1 part?",
            ),
            (_TAPS * maps, "This is the depthwise part alone. The 1×1 part follows it."),
            (
                filters * (maps + 1),
                "This is the 1×1 part alone. The depthwise part comes before it.",
            ),
            (
                filters * maps,
                "This is the 1×1 part alone, and without its biases. The depthwise part comes "
                "before it.",
            ),
            (
                3 * maps + filters * (maps + 1),
                "You counted one side of the kernel. It has a height and a width.",
            ),
            (
                _separable(maps, filters, maps**2, filters),
                "You let each kernel of the depthwise part read all maps. It reads one.",
            ),
            (
                _separable(maps, filters, 1, filters),
                "You gave the depthwise part one kernel for all maps. Each map has its own.",
            ),
            (
                _TAPS * maps + maps + 1,
                "You counted one filter of the 1×1 part. There is one for each map that comes out.",
            ),
            (
                _TAPS * (maps + filters),
                "You took kernels of 3×3 in both parts. Those of the second part are a single "
                "pixel, but each of its filters reads all maps.",
            ),
        ),
        hint="First a kernel for each map that goes in. Then filters of a single pixel, which read "
        "all of these maps.",
    )


QUESTIONS: tuple[Question, ...] = (
    vary(_separable_parameters, maps=range(4, 13), filters=range(14, 41, 2)),
    NumberQuestion(
        "09-fewer-products",
        f"{_IN} maps go in, and {_OUT} maps of the same size come out. Either a separable convolution "
        "of 3×3 can make them, or an ordinary one. How many times as many MACs does the ordinary "
        "one need?",
        lambda: _TAPS * _OUT / (_TAPS + _OUT),
        "",
        0.005,
        told(
            (
                _TAPS * _IN / (_TAPS + _IN),
                "You gave the depthwise part a kernel for each map that comes out. It has one for "
                "each map that goes in.",
            ),
            (
                (_TAPS * _IN + 1) * _OUT / _separable(_IN, _OUT, _IN, _OUT),
                "This is how many times as many parameters it has. A bias costs no MACs.",
            ),
            (
                1 - (_TAPS + _OUT) / (_TAPS * _OUT),
                "This is the share that is saved. Divide the MACs of the ordinary convolution by those "
                "of the separable one.",
            ),
            (_TAPS, "You compared with the 1×1 part alone. The depthwise part has MACs too."),
            (
                _OUT,
                "You compared with the depthwise part alone. The 1×1 part has MACs too, and more.",
            ),
            (
                3 * _OUT / (3 + _OUT),
                "You counted one side of the kernel. It has a height and a width.",
            ),
        ),
        hint="Count the products that one place of the output needs, for each of the two convolutions.",
    ),
    NumberQuestion(
        "09-fire",
        f"A fire module reads {_READS} maps and makes {_EXPAND}. Its squeeze ratio SR is "
        f"{100 * _SR:g} %, and {100 * _PCT:g} % of its expanding filters are of 3×3 (that is "
        "PCT3×3), the others of 1×1. Every filter has a bias. How many parameters does the module "
        "have?",
        lambda: _fire(_READS, _SQUEEZE, _ONES, _THREES),
        "",
        0.002,
        told(
            (
                _fire(_READS, _SQUEEZE, _THREES, _ONES),
                "You gave the 1×1 filters the share that belongs to the 3×3.",
            ),
            (
                _fire(_READS, round(_SR * _READS), _ONES, _THREES),
                "You took SR of the maps that go in. It is a share of those that the expanding "
                "filters make.",
            ),
            (
                _fire(_READS, round(_SR * _ONES), _ONES, _THREES),
                "You took SR of the expanding 1×1 filters. It is a share of all expanding filters.",
            ),
            (
                _fire(_READS, round(_SR * _THREES), _ONES, _THREES),
                "You took SR of the expanding 3×3 filters. It is a share of all expanding filters.",
            ),
            (
                _SQUEEZE * (_READS + 1) + _ONES * (_READS + 1) + _THREES * (_TAPS * _READS + 1),
                "The expanding filters read what the squeezing ones make, not what goes into the "
                "module.",
            ),
            (
                _SQUEEZE * (_READS + 1) + _ONES * (_SQUEEZE + 1) + _THREES * (_TAPS * _ONES + 1),
                "You let the 3×3 filters read what the expanding 1×1 filters make. The two kinds "
                "are side by side and read the same maps.",
            ),
            (
                _fire(_READS, _SQUEEZE, _EXPAND // 2, _EXPAND // 2),
                "You took as many filters of 3×3 as of 1×1.",
            ),
            (
                _fire(_READS, _SQUEEZE, 0, _EXPAND),
                "You took all expanding filters as 3×3. Most are 1×1.",
            ),
            (
                _fire(_READS, _SQUEEZE, _EXPAND, 0),
                "You counted one weight for each map in all expanding filters. Some of them are 3×3.",
            ),
            (
                _fire(_READS, _SQUEEZE, _ONES, _THREES, bias=0),
                "The weights are right. Where are the biases?",
            ),
            (
                _fire(-1, _SQUEEZE, _ONES, _THREES),
                "These are the expanding filters alone; the squeezing ones have parameters too.",
            ),
            (
                _fire(_READS, _SQUEEZE, _ONES, 0) + _THREES * (3 * _SQUEEZE + 1),
                "You counted one side of the 3×3 kernels. They have a height and a width.",
            ),
        ),
        hint="How many filters squeeze, how many expand with 1×1, how many with 3×3? What does each "
        "kind read?",
    ),
    GivenQuestion(
        "09-b-one",
        "B0, as published, and the scales of B1: a row for each stage with its channels and its "
        "layers, the stem first and the head last; then the width and the depth.",
        (_STAGES, 1.0, 1.1),
    ),
    GivenQuestion(
        "09-five-weights",
        "Five weights, and the number of bits.",
        ([-1.0, -0.264, 0.0, 0.337, 1.55], 8),
    ),
    ChoiceQuestion(
        "09-who-did-what",
        "Three people build B1, which has 7,794,184 parameters. Ann counts 5,288,548, Ben "
        "9,109,994 and Kim 6,671,544. One of them rounded the layers to the nearest whole number, "
        "one took the powers for φ = 1 as the scales, and one left squeeze-and-excite out. Who did "
        "what?",
        (
            Option(
                "Ann rounded, Ben left squeeze-and-excite out, Kim took φ = 1.",
                "Leaving a part out takes parameters away, and Ben counts too many.",
            ),
            Option(
                "Ann left squeeze-and-excite out, Ben took φ = 1, Kim rounded.",
                "Ben is right, but one of the other two has built B0 again: which count belongs to B0?",
            ),
            Option("Ann rounded, Ben took φ = 1, Kim left squeeze-and-excite out."),
            Option(
                "Ann took φ = 1, Ben rounded, Kim left squeeze-and-excite out.",
                "The powers for φ = 1 make B1 wider and no stage less deep: can it have fewer "
                "parameters?",
            ),
        ),
    ),
)
