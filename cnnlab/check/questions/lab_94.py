"""Questions of appendix 94: why the layers are fast."""

from cnnlab.check.questions.base import ChoiceQuestion, NumberQuestion, Option, Question, told

_D, _G = (2, 5, 1, 4), (3, 1, -1)
_MIDDLE = (_D[1] + _D[2]) * sum(_G) / 2
_OUT, _KERNEL = 3, 3  # a tile of outputs, along each axis
_READ = _OUT + _KERNEL - 1
_MAPS, _ROWS, _WIDTH = 32, 8, 100
_NUMBERS = _MAPS * _KERNEL**2 * _ROWS * _WIDTH
_KB = 4 / 1024
_CONVOLVING, _OTHERWISE, _FASTER = 20, 7, 4  # ms, and times as fast
_BEFORE, _AFTER = _CONVOLVING + _OTHERWISE, _CONVOLVING / _FASTER + _OTHERWISE

QUESTIONS: tuple[Question, ...] = (
    NumberQuestion(
        "94-middle-product",
        f"The pixels are {', '.join(map(str, _D))} and the kernel is {_G[0]}, {_G[1]}, −1. "
        "Winograd's way takes four products for two outputs. What is the second one, m₂?",
        lambda: _MIDDLE,
        "",
        0,
        told(
            (2 * _MIDDLE, "The factor of one half is missing."),
            (
                (_D[2] - _D[1]) * (_G[0] - _G[1] + _G[2]) / 2,
                "This is the third product, which takes the pixels' difference. The second takes "
                "their sum.",
            ),
            (_MIDDLE / 2, "You halved both factors. One half is enough."),
            (
                (_D[1] + _D[2]) * (_G[0] - _G[1] + _G[2]) / 2,
                "The pixels are added up rightly, but in this product all three weights are added, "
                "too.",
            ),
            (
                (_D[2] - _D[1]) * sum(_G) / 2,
                "The weights are added up rightly, but in this product the pixels are added, too.",
            ),
            (
                _D[0] * _G[0] + _D[1] * _G[1] + _D[2] * _G[2],
                "This is an output, not a product on the way to it.",
            ),
        ),
        hint="It multiplies the sum of the two middle pixels by the sum of the weights.",
    ),
    NumberQuestion(
        "94-products-of-a-tile",
        f"Winograd's way works in tiles of {_OUT}×{_OUT} outputs under a kernel of "
        f"{_KERNEL}×{_KERNEL}. How many products does a tile take for one channel and one filter?",
        lambda: _READ**2,
        "",
        0,
        told(
            (
                (_OUT * _KERNEL) ** 2,
                "This is the plain way, with nine products for each output. Winograd's way takes "
                "one for each pixel that the tile reads.",
            ),
            (_READ, "This is one axis. The tile has two."),
            (
                _READ * _OUT * _KERNEL,
                "You saved along one axis only. The other one saves as much.",
            ),
            (_OUT**2, "These are the outputs. A tile reads more pixels than it writes."),
            (_KERNEL**2, "These are the weights of the kernel."),
            (
                (_OUT + _KERNEL) ** 2,
                "Along each axis you counted one pixel too many: neighbouring windows share pixels.",
            ),
        ),
        hint="Along one axis two outputs under three weights take four products, as many as there "
        "are pixels to read.",
    ),
    NumberQuestion(
        "94-columns-of-a-block",
        f"{_MAPS} maps go into a convolution of {_KERNEL}×{_KERNEL}. A block covers {_ROWS} rows "
        f"of {_WIDTH} output pixels. How many KB, of 1,024 bytes, do its columns take in float32?",
        lambda: _NUMBERS * _KB,
        "KB",
        0.001,
        told(
            (_NUMBERS / 1024, "You gave each number one byte. A float32 has four."),
            (
                _MAPS * _ROWS * _WIDTH * _KB,
                "These are the pixels themselves. Each of them stands in a column once for each "
                "weight of the kernel.",
            ),
            (_NUMBERS / _MAPS * _KB, "This is a single map. A window reads all maps."),
            (
                _NUMBERS / _KERNEL * _KB,
                "You counted one side of the kernel. It has a height and a width.",
            ),
            (4 * _NUMBERS, "These are bytes. 1,024 of them make a KB."),
            (_NUMBERS, "These are numbers. Each of them takes four bytes."),
            (4 * _NUMBERS / 1000, "You divided by 1,000. A KB has 1,024 bytes here."),
            (2 * _NUMBERS * _KB, "You gave each number eight bytes. A float32 has four."),
        ),
        hint="A column holds a window of all maps, and there is one for each output pixel.",
    ),
    ChoiceQuestion(
        "94-which-layer",
        "conv2d chooses its algorithm by itself. The numbers are float32, and the weights are not whole "
        "numbers. For which of these layers does it take Winograd's way?",
        (
            Option(
                "256 filters of 1×1 over 256 maps of 56×56 pixels, with stride 1.",
                "A filter of 1×1 takes one multiplication for each map and output, so that there is "
                "nothing to save.",
            ),
            Option(
                "256 filters of 7×7 over 256 maps of 56×56 pixels, with stride 1.",
                "Winograd's tiles would have to be so large that they cost too many digits, so these "
                "filters are taken apart into waves.",
            ),
            Option("256 filters of 3×3 over 256 maps of 56×56 pixels, with stride 1."),
            Option(
                "8 filters of 3×3 over a single map of 56×56 pixels, with stride 1.",
                "The sums before and after would cost more than the few products that they save.",
            ),
        ),
    ),
    NumberQuestion(
        "94-rest-of-a-step",
        f"A training step takes {_BEFORE} ms: {_CONVOLVING} in convolutions and {_OTHERWISE} in all the "
        f"rest. Now the convolutions become {_FASTER} times as fast, and the rest stays as it is. How many "
        "times as fast does the step become?",
        lambda: _BEFORE / _AFTER,
        "",
        0.01,
        told(
            (
                _FASTER,
                f"Only the convolutions become {_FASTER} times as fast. The rest takes as long as "
                "before.",
            ),
            (
                (_FASTER * _CONVOLVING + _OTHERWISE) / _BEFORE,
                f"You took a mean of {_FASTER} and 1, weighted by the shares of the time. Work out how "
                "long both parts take together afterwards.",
            ),
            (
                (_FASTER + 1) / 2,
                f"You took the mean of {_FASTER} and 1. Work out how long both parts take together "
                "afterwards.",
            ),
            (
                _FASTER * _CONVOLVING / _BEFORE,
                "You multiplied the share of the convolutions by their gain. Work out how long both "
                "parts take together afterwards.",
            ),
            (
                _AFTER / _BEFORE,
                "This is the share of the time that is left. Divide the other way round: before by "
                "after.",
            ),
            (
                1 - _AFTER / _BEFORE,
                "This is the share of the time that is saved. Divide the time before by the time "
                "afterwards.",
            ),
            (
                2 - _AFTER / _BEFORE,
                "You added the share of the time that is saved to 1. Divide the time before by the time "
                "afterwards.",
            ),
            (
                _BEFORE / _AFTER - 1,
                "This is by how much the step became faster. The question asks how many times as fast.",
            ),
            (
                _CONVOLVING / _BEFORE,
                "This is the convolutions' share of the time before.",
            ),
            (
                _AFTER,
                "This is how many milliseconds the step takes now. Divide the time before by it.",
            ),
            (
                _BEFORE / _OTHERWISE,
                "That would be right if the convolutions took no time at all. They still take "
                f"{_CONVOLVING // _FASTER} ms.",
            ),
            (
                _BEFORE / (_CONVOLVING / _FASTER),
                f"You left out the rest, which still takes {_OTHERWISE} ms.",
            ),
            (
                _BEFORE / (_FASTER * _CONVOLVING + _OTHERWISE),
                f"Convolutions that are {_FASTER} times as fast take less time. You multiplied their time "
                f"by {_FASTER}.",
            ),
            (
                _BEFORE - _AFTER,
                "These are the milliseconds that are saved, not how many times as fast the step becomes.",
            ),
        ),
        hint="Work out how long the step takes afterwards. Then divide the time before by this.",
    ),
)
