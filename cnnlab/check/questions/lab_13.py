"""Questions of lab 13: the project."""

from cnnlab.check.questions.base import ChoiceQuestion, NumberQuestion, Option, Question, told

_SEVERAL, _RARE = 400, 36  # patches, and those of gravel among them
_FOUND, _FALSE = 27, 52  # gravel that was found, and other patches that were called gravel

_NEW = "Nothing is wrong here."

QUESTIONS: tuple[Question, ...] = (
    ChoiceQuestion(
        "13-question",
        "Which of these can be answered by an experiment with the course's photographs?",
        (
            Option(
                "How can deep learning make gardens safer?",
                "This is a topic, not a question: no experiment could answer it with *no*.",
            ),
            Option(
                "Does a ConvNet tell gravel from grass in patches of 16×16 better than their mean "
                "does?"
            ),
            Option(
                "Is a ConvNet a good model for gravel?",
                "Good compared with what, and in which pictures?",
            ),
            Option(
                "Why do robots fail on gravel?",
                "An experiment with photographs does not show robots, nor that they fail.",
            ),
        ),
    ),
    NumberQuestion(
        "13-always-no",
        f"Of {_SEVERAL} patches, {_RARE} are gravel. What is the accuracy of a model that never says "
        "“gravel”?",
        lambda: 1 - _RARE / _SEVERAL,
        "",
        0.0005,
        told(
            (_RARE / _SEVERAL, "This is the share of gravel, on which it is wrong."),
            (0.5, "This is its balanced accuracy. Accuracy counts all patches alike."),
            (0, "This is its recall of gravel. It is right on all the other patches."),
            (
                _SEVERAL - _RARE,
                "This is how many patches it gets right. Divide by how many patches there are.",
            ),
            (
                1 - _RARE / (_SEVERAL - _RARE),
                "You divided by the other patches. Divide by all of them.",
            ),
        ),
        hint="It is right wherever there is no gravel.",
    ),
    NumberQuestion(
        "13-balanced",
        f"A network finds {_FOUND} of the {_RARE} patches of gravel, and calls {_FALSE} of the other "
        f"{_SEVERAL - _RARE} “gravel” as well. What is its balanced accuracy?",
        lambda: (_FOUND / _RARE + 1 - _FALSE / (_SEVERAL - _RARE)) / 2,
        "",
        0.001,
        told(
            (
                (_FOUND + _SEVERAL - _RARE - _FALSE) / _SEVERAL,
                "This is the accuracy. Take the recall of each of the two classes, then their "
                "mean.",
            ),
            (_FOUND / _RARE, "This is the recall of gravel. The other class has one too."),
            (
                1 - _FALSE / (_SEVERAL - _RARE),
                "This is the recall of the other patches. Gravel has one too.",
            ),
            (
                _FOUND / (_FOUND + _FALSE),
                "This is the precision for gravel: of what was called gravel, how much is.",
            ),
            (
                (_FOUND / _RARE + _FOUND / (_FOUND + _FALSE)) / 2,
                "You took the mean of recall and precision of one class. Take the recalls of both.",
            ),
            (
                (_FOUND / _RARE + _FALSE / (_SEVERAL - _RARE)) / 2,
                "The second share is that of the false alarms. Take the share that was right.",
            ),
            (
                _FOUND / _RARE + 1 - _FALSE / (_SEVERAL - _RARE),
                "You added up the two recalls. Take their mean.",
            ),
            (
                _FOUND / (_FOUND + _FALSE) / 2
                + (1 - (_RARE - _FOUND) / (_SEVERAL - _FOUND - _FALSE)) / 2,
                "These are shares of what was *called* gravel, and not gravel. Of what *is* gravel, "
                "which share was found?",
            ),
            (
                _FOUND / _RARE * (1 - _FALSE / (_SEVERAL - _RARE)),
                "You multiplied the two recalls. Take their mean.",
            ),
        ),
        hint="Which share of the gravel was found, and which share of the rest was left alone?",
    ),
    ChoiceQuestion(
        "13-poster-measure",
        "The poster's study, section Question: what is wrong with the measure?",
        (
            Option(_NEW, "How high would a model score that never says “gravel”?"),
            Option(
                "It is computed on the training set.",
                "It is computed on patches that were held out: what would a model score on them "
                "that never says “gravel”?",
            ),
            Option(
                "A model that never says “gravel” scores high, as most patches are something else."
            ),
            Option(
                "A share cannot be compared between two networks.",
                "Two networks on the same patches can be compared by a share.",
            ),
        ),
    ),
    ChoiceQuestion(
        "13-poster-split",
        "The poster's study, section Split: what is wrong?",
        (
            Option(
                "A quarter of the patches is too little to test on.",
                "A quarter may well be enough, but where do the training patches beside them lie?",
            ),
            Option(
                "Patches of one block, which may overlap, are in training and in what is tested."
            ),
            Option(
                "Every class should have as many patches as the others.",
                "A class may be rare, if the measure allows for it: look at where the patches "
                "were cut.",
            ),
            Option(_NEW, "Where in the photographs are a training patch and a test patch?"),
        ),
    ),
    ChoiceQuestion(
        "13-poster-network",
        "The poster's study, section Network: what decides when training ends?",
        (
            Option("The patches on which the result is reported."),
            Option(
                "The training loss.",
                "Look at what `study.data` was handed as its second and its third part.",
            ),
            Option(
                "A validation set that nothing is reported on.",
                "There is no such set: count the parts that the patches were divided into.",
            ),
            Option(
                "The number of epochs alone.",
                "It is only a limit, and a callback may end the training before.",
            ),
        ),
    ),
    ChoiceQuestion(
        "13-poster-missing",
        "Which section is missing from the poster's study, so that nobody can say whether its number "
        "is high?",
        (
            Option("Data", "There is one, with source and licence."),
            Option("Baselines"),
            Option("What this does not show", "There is one, and it is honest."),
            Option("Network", "There is one, with its code."),
        ),
    ),
    ChoiceQuestion(
        "13-poster-result",
        "The poster's study, section Result: which number is reported?",
        (
            Option("The mean over five seeds.", "Look at what `study.report` is handed."),
            Option("The score of the first seed.", "What does `max` take of the five scores?"),
            Option("The score of the luckiest of five seeds."),
            Option(
                "The validation score.",
                "It was measured after `open_test`, so it is no validation score: for how many "
                "seeds was it measured?",
            ),
        ),
    ),
    ChoiceQuestion(
        "13-poster-sentence",
        "The poster's study: which sentence says something that its cell does not show?",
        (
            Option("The one on how the patches were cut.", "The cell below it does just that."),
            Option(
                "The one on how often gravel is shown.",
                "The function repeats it as often as it says.",
            ),
            Option("The one below the result."),
            Option(
                "The one on what did not work.", "It names no number that a cell could contradict."
            ),
        ),
    ),
)
