"""Windows of several words over a text, and the one that wins."""

from typing import ClassVar

import traitlets

from cnnlab.explore.controls import Control, Whole, line, select, slider, toggle
from cnnlab.explore.examples import ExampleExplorer, example_control
from cnnlab.explore.text.drawing import draw
from cnnlab.explore.text.examples import EXAMPLES, USUAL
from cnnlab.explore.text.model import FILTERS, MOST_LETTERS, PADDINGS, POOLINGS, WIDTHS
from cnnlab.explore.text.scene import TextScene, text_scene


class TextExplorer(ExampleExplorer[TextScene]):
    """Explore a 1-D convolution over a text: windows of 2 to 5 words, and which of them wins.

    Each word has two numbers, a *feeling* (1 if it is good, −1 if it is bad) and a *no*. A small
    list of common words is known; any other word is 0 in both. One filter for each width slides
    along the words, a ReLU follows, and pooling over time leaves one number for each filter.

    Parameters
    ----------
    example : str
        Name of a worked example; other settings are then applied over it. See
        ``TextExplorer.examples()``.
    sentence : str
        One to twelve words in at most 60 characters; marks between words are left out.
    longest : int
        Words of the widest filter, 2 to 5; there is one filter for each width from 2 on.
    looks_for : {"negated praise", "bad words"}
        The no of all words of a window but the last plus the feeling of the last one; or minus
        the feeling of each word.
    pooling : {"maximum", "sum", "mean"}
        Of a filter's answers, over time.
    bias : float
        Of all filters, −2 to 1.
    padding : int
        Padding tokens behind the sentence, 0 to 4; their numbers are 0.
    masked : bool
        Whether windows of nothing but padding are left out.
    show : list of str, optional
        Names of at most five controls to see at first sight.

    References
    ----------
    Kim, "Convolutional neural networks for sentence classification", EMNLP 2014.

    Examples
    --------
    >>> explorer = TextExplorer(sentence="not a very good film", longest=4)
    >>> explorer
    negated praise, bias −1, maximum over time: "not a very good film" → 2 words: 0, 3 words: 0, \
4 words: 1 ("not a very good")
    >>> explorer.longest = 2
    >>> explorer
    negated praise, bias −1, maximum over time: "not a very good film" → 2 words: 0
    """

    purpose = "windows of words over a sentence: what a filter finds, and which window wins"
    drawing = staticmethod(draw)
    worked, usual = EXAMPLES, USUAL
    controls: ClassVar[tuple[Control, ...]] = (
        example_control(EXAMPLES),
        line("sentence", "sentence", MOST_LETTERS, hint="up to twelve words of your own"),
        slider(
            "longest", "longest window", WIDTHS[0], WIDTHS[-1], hint="words of the widest filter"
        ),
        select("pooling", "over time", {each: each for each in POOLINGS}),
        slider("padding", "padding", PADDINGS[0], PADDINGS[-1], hint="tokens behind the sentence"),
        toggle(
            "masked",
            "leave out padding",
            hint="windows of nothing but padding are not pooled",
            when={"padding": list(PADDINGS[1:])},
        ),
        select("looks_for", "filters look for", {each: each for each in FILTERS}),
        slider("bias", "bias", -2, 1, 0.5, hint="is added to each sum, before the ReLU"),
    )
    heights = (456, 440, 400)

    example = traitlets.Enum(["", *EXAMPLES], "").tag(sync=True)
    sentence = traitlets.Unicode(USUAL["sentence"]).tag(sync=True)
    longest = Whole(USUAL["longest"], min=WIDTHS[0], max=WIDTHS[-1]).tag(sync=True)
    looks_for = traitlets.Enum(FILTERS, USUAL["looks_for"]).tag(sync=True)
    pooling = traitlets.Enum(POOLINGS, USUAL["pooling"]).tag(sync=True)
    bias = traitlets.Float(USUAL["bias"], min=-2, max=1).tag(sync=True)
    padding = Whole(USUAL["padding"], min=0, max=PADDINGS[-1]).tag(sync=True)
    masked = traitlets.Bool(USUAL["masked"]).tag(sync=True)

    def make_scene(self) -> TextScene:
        return self.with_note(text_scene(**self.bare()))
