"""Questions of lab 12: sequences."""

from cnnlab.check.questions.base import ChoiceQuestion, NumberQuestion, Option, Question, told, vary

_TOKENS, _WINDOW = 20, 4
_VOCABULARY, _NUMBERS, _WINDOWS, _FILTERS, _CLASSES = 50, 4, (3, 4, 5), 5, 3
_SPOTTED = _FILTERS * len(_WINDOWS)
_WEIGHT, _INPUTS = 0.5, (8.0, 3.0, 2.0)


def _states(weight: float, *inputs: float) -> list[float]:
    """States h = w h + x from 0, with that of the start."""
    states = [0.0]
    for value in inputs:
        states.append(weight * states[-1] + value)
    return states


def _reader(
    rows: int = _VOCABULARY,
    numbers: int = _NUMBERS,
    windows: tuple[int, ...] = _WINDOWS,
    filter_biases: int = 1,
    spotted: int = _SPOTTED,
    class_bias: int = 1,
) -> int:
    """Parameters of an embedding, filters of several windows, and a dense layer."""
    filters = sum(_FILTERS * (size * numbers + filter_biases) for size in windows)
    return rows * _NUMBERS + filters + _CLASSES * (spotted + class_bias)


def _slope(w: int = 2, x1: int = 1, x2: int = 3, x3: int = -1) -> NumberQuestion:
    _, h1, h2, h3 = _states(w, x1, x2, x3)
    return NumberQuestion(
        "12-slope-by-hand",
        f"Another such network: h_t = w · h_(t−1) + x_t with w = {w:g}, from h_0 = 0. It reads {x1}, then "
        f"{x2}, then −{-x3}. What is the slope of h_3 with respect to w?",
        lambda: h2 + w * h1,
        tolerance=0,
        wrong=told(
            (
                h2,
                "This is the share of the last step alone. The w of the step before has a share, "
                "too, which reaches h_3 through one more w.",
            ),
            (
                h2 + h1,
                "The share of the step before must still go through the last step: multiply it by "
                "w there.",
            ),
            (
                w * h1,
                "This is the share of the second step alone. The last step has one as well.",
            ),
            (
                h3 + w * h2 + w**2 * h1,
                "At each step w is multiplied by the state before, not by the state that the step "
                "makes.",
            ),
            (h3, "This is h_3 itself. How much does it change, for a small change of w?"),
            (h2 + w * h2, "At the second step, w meets the state after the first."),
            (h1, "This is the slope of h_2. One more step follows."),
            (w * h2, "This is what w makes of h_2. How much does it change with w?"),
            (
                w**2,
                "This is how much h_3 changes with the first input. The question is how much it "
                "changes with w.",
            ),
            (h2 + w * x2, "At the second step, w meets the state before, and not the input."),
            (0, "w is used in every step, so a larger w changes h_3."),
            (x1 + x2 + x3, "These are the inputs, added up."),
        ),
        hint="Write down h_1 and h_2 first. Then the share of each step that used w, the last one "
        "first.",
    )


QUESTIONS: tuple[Question, ...] = (
    NumberQuestion(
        "12-windows",
        f"A text has {_TOKENS} words. A filter reads {_WINDOW} words at a time and moves by one "
        "word, without padding. How many answers does it give?",
        lambda: _TOKENS - _WINDOW + 1,
        tolerance=0,
        wrong=told(
            (
                _TOKENS - _WINDOW,
                "You counted the moves. How many windows does a text have that is exactly as long "
                "as one window?",
            ),
            (
                _TOKENS - _WINDOW - 1,
                "Two windows are missing: the first one, and the one that ends with the last word.",
            ),
            (_TOKENS - _WINDOW + 2, "The last of your windows hangs over the end of the text."),
            (
                _TOKENS / _WINDOW,
                "You laid the windows end to end. They overlap: each begins one word after the one "
                "before.",
            ),
            (
                _TOKENS,
                "You let a window begin at each word. The last ones would hang over the end.",
            ),
            (_TOKENS + _WINDOW - 1, "Your windows hang over both ends. There is no padding."),
            (_TOKENS + _WINDOW, "You added. The longer the window, the fewer places it fits in."),
            (_TOKENS - 1, "This would be right for windows of two words."),
            (_TOKENS * _WINDOW, "You multiplied. A filter gives one answer for each window."),
            (_WINDOW, "This is the size of the window. In how many places can it lie?"),
            (1, "With the maximum over time it becomes one. How many are there before?"),
        ),
        hint="With which word does the first window begin, and with which one the last?",
    ),
    ChoiceQuestion(
        "12-vocabulary",
        "You split reviews into training and test. From which texts do you make the vocabulary, "
        "the list of words that get a number of their own?",
        (
            Option(
                "From all reviews, so that no word is unknown.",
                "Then the test is no longer new to the network: it has rows for words that it "
                "could not have known, and the score says less about reviews of tomorrow.",
            ),
            Option(
                "From the test reviews, since these are the words it will meet.",
                "The test must stay unseen until the network is finished; it must not help to "
                "build it.",
            ),
            Option(
                "From training and test, but only from words that occur in both.",
                "To know which words occur in both you have to look into the test.",
            ),
            Option("From the training reviews; any other word gets the number for unknown."),
        ),
    ),
    NumberQuestion(
        "12-parameters",
        f"A network reads texts. Its vocabulary has {_VOCABULARY:,} tokens, padding included, and "
        f"each has an embedding of {_NUMBERS} numbers. {_FILTERS} filters have windows of 3 words, "
        f"{_FILTERS} of 4 and {_FILTERS} of 5. The maximum over time of each filter goes into a "
        f"dense layer with {_CLASSES} outputs. Filters and outputs have biases. How many "
        "parameters are there?",
        lambda: _reader(),
        "",
        0,
        told(
            (
                _reader(rows=0),
                "The embeddings are missing. They are learned, too: a row of numbers for each "
                "token.",
            ),
            (
                _reader(numbers=1),
                "Your filters read one number of each word. A filter has weights for all numbers "
                "of an embedding.",
            ),
            (_reader(filter_biases=0), "The biases of the filters are missing."),
            (_reader(class_bias=0), "The biases of the outputs are missing."),
            (
                _reader(filter_biases=0, class_bias=0),
                "The weights are right. Where are the biases?",
            ),
            (
                _reader(windows=(3,), spotted=_FILTERS),
                "These are the filters with windows of 3 alone. There are three sizes.",
            ),
            (_reader(spotted=_FILTERS), "The dense layer reads the filters of all three sizes."),
            (_reader() - _CLASSES * (_SPOTTED + 1), "The dense layer is missing."),
            (
                _reader(rows=0) - _CLASSES * (_SPOTTED + 1),
                "These are the filters alone. The embeddings and the dense layer are learned, too.",
            ),
            (
                _VOCABULARY * _NUMBERS,
                "These are the embeddings alone. The filters and the dense layer are learned, too.",
            ),
            (_reader() + _VOCABULARY, "An embedding is a table. It has no biases."),
            (_reader() + _NUMBERS, "An embedding is a table. It has no biases."),
            (
                _reader() + 2 * _VOCABULARY * _NUMBERS,
                "You counted the embeddings for each size of windows. All of them read one table.",
            ),
            (
                _VOCABULARY * _NUMBERS
                + sum(size * _NUMBERS + 1 for size in _WINDOWS)
                + _CLASSES * (len(_WINDOWS) + 1),
                f"You counted one filter of each size. There are {_FILTERS}.",
            ),
            (
                _CLASSES * (_SPOTTED + 1),
                "This is the dense layer alone. Two more parts are learned.",
            ),
            (
                _reader() - _CLASSES + _SPOTTED,
                "The dense layer has a bias for each output, not for each filter.",
            ),
            (4 * _reader(), "These are bytes. Count the numbers."),
            (_reader() - 1, "Every filter and every output has a bias, and none has two."),
            (_reader() + 1, "Every filter and every output has a bias, and none has two."),
        ),
        hint="Three parts: a row for each token, then the filters of each size, then the outputs.",
    ),
    ChoiceQuestion(
        "12-whether",
        "A filter fires at each spelling mistake. You want to say whether a pupil's text has many "
        "of them for its length. What do you do with the filter's answers?",
        (
            Option(
                "Take the maximum.",
                "One mistake and a hundred have the same maximum: it says whether, not how many.",
            ),
            Option("Take the mean over the windows of the text."),
            Option(
                "Take the sum.",
                "A long text has a larger sum than a short one with just as many mistakes on each "
                "page.",
            ),
            Option(
                "Take the mean over all windows, padding included.",
                "A short text gets more padding, and so a smaller mean, than a long one.",
            ),
        ),
    ),
    NumberQuestion(
        "12-third-state",
        f"A recurrent network has a single unit and no tanh: h_t = {_WEIGHT:g} · h_(t−1) + "
        f"x_t, from h_0 = 0. It reads {_INPUTS[0]:g}, then {_INPUTS[1]:g}, then {_INPUTS[2]:g}. "
        "What is h_3?",
        lambda: _states(_WEIGHT, *_INPUTS)[-1],
        "",
        0,
        told(
            (_INPUTS[-1], "This is the last input alone. The state before it counts, too."),
            (
                sum(_INPUTS),
                "This is the sum of the inputs. At each step the state before is multiplied by w.",
            ),
            (_states(_WEIGHT, *_INPUTS[:2])[-1], "This is the state after two inputs."),
            (
                _WEIGHT * _states(_WEIGHT, *_INPUTS)[-1],
                "You multiplied the new input by w as well. Only the state before is multiplied.",
            ),
            (
                _WEIGHT * sum(_INPUTS),
                "You multiplied the inputs by w, and added the state as it was. It is the other "
                "way round.",
            ),
            (
                _INPUTS[2] + _WEIGHT * _INPUTS[1],
                "Only the last two inputs are in this. What is left of the first one after two "
                "steps?",
            ),
            (
                _INPUTS[2] + _WEIGHT * (_INPUTS[1] + _INPUTS[0]),
                "The first input has been multiplied by w twice by now, not once.",
            ),
            (_INPUTS[0], "This is h_1. Two more steps follow."),
            (_INPUTS[1], "This is the second input."),
            (_WEIGHT * _INPUTS[0], "This is what is left of the first input after one step."),
            (_INPUTS[0] + _INPUTS[1], "You added, without w. And the last input is missing."),
            (_INPUTS[1] + _INPUTS[2], "The first input is missing: a part of it is left."),
            (
                _WEIGHT * _INPUTS[0] + _INPUTS[1] + _INPUTS[2],
                "The state is multiplied by w in each step, in the last one as well.",
            ),
            (_WEIGHT * _states(_WEIGHT, *_INPUTS[:2])[-1], "The last input is missing."),
            (_WEIGHT, "This is w. What does it make of the state before?"),
            (
                _INPUTS[0] * _INPUTS[1] * _INPUTS[2],
                "You multiplied the inputs. Each is added to what is left.",
            ),
        ),
        hint="One step after the other: h_1, then h_2, then h_3.",
    ),
    vary(_slope, w=(2, 3), x1=range(1, 6), x2=range(2, 8), x3=range(-4, 0)),
    ChoiceQuestion(
        "12-stuck",
        "Three people train a network that reads the letters of “hell” and names the next letter "
        "each time, which spells “ello”. Ann's loss, added up over the four steps, ends at 0.01, "
        "Ben's at 1.39, and Kim's stays at 5.5. Who forgot to pass the state on to the next step?",
        (
            Option(
                "Ann: without a state there is less to learn.",
                "One l is followed by an l and the other by an o, and a network that remembers "
                "nothing cannot know which it will be.",
            ),
            Option("Ben: he has to toss a coin after each l."),
            Option(
                "Kim: without a state nothing can be learned.",
                "That e comes after h, and l after e, can be learned without any state, and Kim's "
                "network does not even know that.",
            ),
            Option(
                "Ben and Kim.",
                "Kim's loss is four times the logarithm of four: the network has learned nothing "
                "at all, and that has another reason.",
            ),
        ),
    ),
)
