"""Questions of lab 11: transfer learning."""

from cnnlab.check.questions.base import ChoiceQuestion, NumberQuestion, Option, Question, told, vary

_FEATURES, _CLASSES, _OLD = 96, 8, 1_000  # of the body, and of the new and the old head
_KINDS, _OF_EACH, _ROUNDS, _BATCH = 6, 20, 25, 15

_PHOTOS = _KINDS * _OF_EACH

_NO_BATCHES = "The batch size says how many go through at once, not how often each of them does."
_LEFT_ALONE = "This is about the people whom the test leaves alone. Look at those whom it flags."


def _rare(
    people: int = 2_000, affected: int = 40, found: int = 75, spared: int = 95
) -> NumberQuestion:
    recall, alone, others = found / 100, spared / 100, people - affected
    rightly, wrongly = recall * affected, (1 - alone) * others
    return NumberQuestion(
        "11-rare",
        f"A test finds {found} % of those who are affected, and leaves "
        f"{spared} % of the others alone. Among {people:,} people, {affected} are "
        "affected. Of the people whom the test flags, what share is affected?",
        lambda: rightly / (rightly + wrongly),
        "",
        0.003,
        told(
            (
                recall,
                "This is the recall: of those affected, the share that is found. The question is "
                "the other way round: of those found, the share that is affected.",
            ),
            (alone, "This is the share of the others that is left alone."),
            (1 - alone, "This is the share of the others whom the test flags."),
            (
                affected / people,
                "This is the share of people who are affected, before anybody is tested.",
            ),
            (
                recall / (recall + 1 - alone),
                "This would be right if half of the people were affected. Count people: how many "
                "others are there?",
            ),
            (
                affected / (affected + wrongly),
                "You let the test find all who are affected. It misses some.",
            ),
            (
                rightly / (rightly + (1 - alone) * people),
                "You took the false alarms from all people. Those affected cannot be false alarms.",
            ),
            (
                rightly / wrongly,
                "You divided those flagged correctly by those flagged wrongly. Divide by both "
                "together.",
            ),
            (wrongly / (rightly + wrongly), "This is the share of those flagged wrongly."),
            (rightly, "This is how many are flagged correctly. Divide by all who are flagged."),
            (rightly + wrongly, "This is how many are flagged. What share of them is affected?"),
            (rightly / people, "You divided by all people. Divide by those who are flagged."),
            (
                (rightly + alone * others) / people,
                "This is the accuracy, and most of it comes from people whom the test leaves "
                "alone.",
            ),
            (100 * rightly / (rightly + wrongly), "This is in percent. Give a share of 1."),
            (wrongly, "This is how many are flagged wrongly."),
            (1 - recall, "This is the share of those affected whom the test misses."),
            (others / people, "This is the share of people who are not affected."),
            (alone * others / (people - rightly - wrongly), _LEFT_ALONE),
            ((1 - recall) * affected / (people - rightly - wrongly), _LEFT_ALONE),
        ),
        hint="Count people: how many are flagged correctly, and how many wrongly?",
    )


QUESTIONS: tuple[Question, ...] = (
    NumberQuestion(
        "11-new-head",
        f"A network ends with {_FEATURES} features and a dense layer of {_OLD:,} classes. You cut "
        f"this layer off and put a new one, with biases, in its place, for {_CLASSES} classes. The "
        "body is frozen. How many parameters are trained?",
        lambda: (_FEATURES + 1) * _CLASSES,
        "",
        0,
        told(
            (_FEATURES * _CLASSES, "The weights are right. Where are the biases?"),
            (_FEATURES * _CLASSES + 1, "You counted a single bias. Each class has one."),
            (
                _FEATURES * (_CLASSES + 1),
                "You counted a bias for each feature. A bias belongs to a class.",
            ),
            ((_FEATURES + 1) * _OLD, "This is the old head, which has been cut off."),
            (
                (_OLD + 1) * _CLASSES,
                "Your new layer reads the old classes. It takes the place of the old head, so it "
                "reads the features.",
            ),
            (
                (_FEATURES + 1) * (_OLD + _CLASSES),
                "You counted the old head too. It has been cut off.",
            ),
            (
                _CLASSES,
                "This is how many numbers come out. Count the weights that make them, and the "
                "biases.",
            ),
            (
                _FEATURES,
                "This is how many numbers go in. Each class has a weight for each of them, and a "
                "bias.",
            ),
            (_FEATURES + _CLASSES, "You added. Each class has a weight for *each* feature."),
            (2 * _FEATURES * _CLASSES, "You counted a bias for each weight. Each class has one."),
            (
                (_FEATURES + 1) * _CLASSES + _FEATURES,
                "You counted biases for the features too. A bias belongs to a class.",
            ),
            (0, "The body is frozen. The new layer is not: it learns."),
            (_OLD * _CLASSES, "The old classes have been cut off. The new layer reads features."),
            (_FEATURES * _OLD, "This is the old head, which has been cut off."),
            (_OLD, "These are the old classes, which have been cut off."),
            (
                _FEATURES + 1,
                "This is how many parameters one class has. How many classes are there?",
            ),
            (_CLASSES + 1, "A class has a weight for each feature, besides its bias."),
            (
                (_FEATURES + 1) * (_OLD - _CLASSES),
                "This is how many fewer there are than before. How many does the new head have?",
            ),
        ),
        hint="Each class weighs every feature, and adds a number of its own.",
    ),
    ChoiceQuestion(
        "11-whispers",
        "A network learned with red, green and blue from −1 to 1. For one photograph of a rocket "
        "against a blue sky it should say “missile” with 0.24. Three people get other answers: Ann "
        "“missile” with 0.25, Ben “candle” with 0.15, and Kim “drilling platform” with 0.42. For a "
        "grey photograph Kim's answer is right to the last digit, and Ann's is not. One gave the "
        "network numbers from 0 to 1, one numbers from 0 to 255, and one the colours in the order "
        "blue, green, red. Who did what?",
        (
            Option(
                "Ann gave blue, green, red, Ben 0 … 255 and Kim 0 … 1.",
                "Can the order of the channels change anything in a grey photograph?",
            ),
            Option(
                "Ann gave 0 … 255, Ben 0 … 1 and Kim blue, green, red.",
                "Which of the two ranges is further away from −1 … 1, and which of the two answers "
                "is further away from the right one?",
            ),
            Option(
                "Ann gave 0 … 255, Ben blue, green, red and Kim 0 … 1.",
                "Numbers from 0 to 1 change the answer for grey photographs too, so this is not "
                "Kim.",
            ),
            Option("Ann gave 0 … 1, Ben 0 … 255 and Kim blue, green, red."),
        ),
    ),
    NumberQuestion(
        "11-passes",
        f"There are {_KINDS} classes with {_OF_EACH} photographs each. You train for {_ROUNDS} epochs in "
        f"batches of {_BATCH}, without augmentation. Only the head learns, and the features that the "
        "body computes for a photograph are stored. How many photographs go through the body in "
        "all?",
        lambda: _PHOTOS,
        "",
        0,
        told(
            (
                _PHOTOS * _ROUNDS,
                "This sends each photograph through the body in every epoch. Does the body change "
                "from one epoch to the next?",
            ),
            (
                2 * _PHOTOS,
                "You counted a way back as well. Does anything have to go back through a body that "
                "does not learn?",
            ),
            (
                3 * _PHOTOS * _ROUNDS,
                "This is what training costs if everything learns. Here the body does not change.",
            ),
            (_PHOTOS // _BATCH, "This is how many batches an epoch has. Count photographs."),
            (
                _PHOTOS // _BATCH * _ROUNDS,
                "This is how many steps are taken. Count photographs that go through the body.",
            ),
            (
                _ROUNDS,
                "This is how many epochs there are. Count photographs that go through the body.",
            ),
            (0, "The head reads what the body computes, so each photograph has to go through it."),
            (_KINDS, "These are the classes. Each has several photographs."),
            (_OF_EACH, "These are the photographs of one class."),
            (_BATCH, "This is a batch. How many photographs are there in all?"),
            (1, "Each photograph goes through once, yes. How many photographs are there?"),
            (_PHOTOS * _BATCH, _NO_BATCHES),
            (_PHOTOS * _BATCH * _ROUNDS, _NO_BATCHES),
            (_PHOTOS * (_ROUNDS - 1), "Does the body change from one epoch to the next?"),
        ),
        hint="Does the body compute other features for the same photograph in the next epoch?",
    ),
    ChoiceQuestion(
        "11-still",
        "A body with batch normalisation is to stay exactly as it is while a new head learns, and "
        "`net` is the body with the head behind it. What must come at the beginning of each "
        "epoch?",
        (
            Option(
                "`body.requires_grad_(False)` and `net.train()`",
                "This stops the optimiser, but batch norm's running mean is no parameter, and "
                "training mode moves it.",
            ),
            Option("`body.requires_grad_(False)`, `net.train()`, and then `body.eval()`"),
            Option(
                "`body.requires_grad_(False)`, `body.eval()`, and then `net.train()`",
                "The order matters: `net.train()` reaches into all parts of `net`.",
            ),
            Option(
                "`net.train()` inside `torch.no_grad()`",
                "`no_grad` does not undo training mode, so the running mean moves; and if the "
                "epochs are inside it too, nothing learns at all.",
            ),
        ),
    ),
    ChoiceQuestion(
        "11-split",
        "300 photographs show the faces of 30 children, ten of each. A head should say "
        "whether a child is smiling, and it should do so for children that it has never seen. How "
        "do you divide the photographs for an honest test?",
        (
            Option(
                "Shuffle all photographs, and take every fifth for the test.",
                "Then nearly every child of the test has been seen in training.",
            ),
            Option(
                "Of each child, eight photographs for training and two for the test.",
                "Now every single child of the test has been seen in training.",
            ),
            Option("Draw 24 children; all their photographs are for training."),
            Option(
                "Shuffle, and take away from the test what is equal to a training photograph.",
                "Two photographs of one child are not equal, and yet the child has been seen in "
                "training.",
            ),
        ),
    ),
    ChoiceQuestion(
        "11-how-fast",
        "You have a body that was trained on ImageNet, a head with random weights, and 60 "
        "photographs of "
        "your own. You let everything learn at the rate that suits the head, and in the end the "
        "network does no better than guessing. The body's weights have moved by 7 % of their "
        "length. What do you try first?",
        (
            Option("The same again with the body frozen, or at a much smaller rate."),
            Option(
                "A larger rate: 7 % is too little to learn anything.",
                "It has not learned too little: it has forgotten what it knew.",
            ),
            Option(
                "More epochs: the network has not converged.",
                "What is lost after a few steps does not come back from 60 photographs.",
            ),
            Option(
                "Random weights for the body too, so that both parts begin alike.",
                "Then 60 photographs have to teach what ImageNet taught with more than a million.",
            ),
        ),
    ),
    vary(
        _rare,
        people=range(1_000, 5_001, 1_000),
        affected=(20, 40, 60, 80),
        found=(70, 75, 80, 90),
        spared=(90, 95),
    ),
)
