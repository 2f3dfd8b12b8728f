"""Questions of lab 06: training a ConvNet."""

import math

from cnnlab.check.questions.base import ChoiceQuestion, NumberQuestion, Option, Question, told

_VAL_LOSSES = (0.60, 0.41, 0.35, 0.37, 0.33, 0.34, 0.36, 0.35, 0.31, 0.32)
_PATIENCE = 3
_OF_A_SCORE = "You took the logarithm of a score; take that of the probability."


def _epochs_trained() -> int:
    best, best_epoch = math.inf, 0
    for epoch, loss in enumerate(_VAL_LOSSES, start=1):
        if loss < best:
            best, best_epoch = loss, epoch
        if epoch - best_epoch >= _PATIENCE:
            return epoch
    return len(_VAL_LOSSES)


QUESTIONS: tuple[Question, ...] = (
    ChoiceQuestion(
        "06-softmax-twice",
        "A network ends with a softmax and is trained with PyTorch's cross_entropy. What follows?",
        (
            Option(
                "It raises an error, since the loss expects logits.",
                "Any numbers of the right shape are accepted; nothing tells them from logits.",
            ),
            Option("It learns slowly, because the loss takes another softmax of probabilities."),
            Option(
                "Nothing changes, since a softmax of a softmax is the same.",
                "Try (1, 0): the second softmax makes it far less certain.",
            ),
            Option(
                "The predicted classes are wrong.",
                "A softmax keeps the order, so the largest stays the largest.",
            ),
        ),
    ),
    ChoiceQuestion(
        "06-eval-mode",
        "The accuracy of a network with dropout differs each time it is measured on the same "
        "images. What was forgotten?",
        (
            Option(
                "To shuffle the images.",
                "Their order does not change which of them are right.",
            ),
            Option(
                "To set the seed before training.",
                "The weights are the same each time; something else is drawn again.",
            ),
            Option(
                "To switch gradients off.",
                "That saves memory and time; the outputs are the same.",
            ),
            Option("To switch the network to evaluation."),
        ),
    ),
    ChoiceQuestion(
        "06-test-statistics",
        "Which mean and deviation should the test images be normalised with?",
        (
            Option("Those of the training images."),
            Option(
                "Their own.",
                "The network would see other inputs than it was trained on, and one image's "
                "prediction would depend on the others.",
            ),
            Option(
                "Those of all images together.",
                "Then the test images would have had a say in training.",
            ),
        ),
    ),
    NumberQuestion(
        "06-first-loss",
        "Which cross-entropy should a network with ten classes start from, if it gives all of "
        "them the same probability?",
        lambda: math.log(10),
        "nats",
        0.005,
        told(
            (1.0, "You took the logarithm to base 10; the loss takes the natural one."),
            (math.log2(10), "You took the logarithm to base 2; the loss takes the natural one."),
            (0.1, "This is the probability; the loss is minus its logarithm."),
            (7, "This is the score of each class; the softmax makes a probability of it."),
            (
                math.exp(7),
                "This is the exponential of a score; divide it by the sum of all ten.",
            ),
            (math.log(7), _OF_A_SCORE),
            (-math.log(7), _OF_A_SCORE),
            (-7, "You took −log of exp(7); the softmax divides by the sum of all ten before."),
            (math.log(70), "You added the scores up; the softmax adds up their exponentials."),
            (
                7 + math.log(10),
                "This is the logarithm of the sum of exponentials. What is left of it without the score of the "
                "right class?",
            ),
            (0, "A loss of 0 is that of a network which is sure, and right."),
            (
                math.log(10) / 10,
                "This is a tenth of it: nothing is multiplied by the probability.",
            ),
        ),
        hint="What is the probability of the right class, and minus its logarithm?",
    ),
    ChoiceQuestion(
        "06-augmentation",
        "Which changes turn handwritten digits into new training images with the same labels? "
        "Choose all that apply.",
        (
            Option("Shift the image by a pixel."),
            Option("Turn it by a few degrees."),
            Option(
                "Turn it upside down.",
                "Think of a 6: what does it become?",
            ),
            Option(
                "Mirror it, left for right.",
                "That suits cats; a mirrored 3 is no digit, and no test image looks like it.",
            ),
        ),
    ),
    NumberQuestion(
        "06-early-stopping",
        "The validation losses of ten epochs would be "
        f"{', '.join(f'{loss:.2f}' for loss in _VAL_LOSSES)}. Early stopping watches them with "
        f"patience {_PATIENCE}. How many epochs does it train?",
        _epochs_trained,
        "epochs",
        0,
        told(
            (5, "This is the epoch whose weights are put back; the epochs of patience come after."),
            (7, "You counted all the worse epochs; the count starts again with each improvement."),
            (4, "You stopped at the first worse epoch; patience allows a few of them."),
            (6, "You went on counting from epoch 3. Did a later epoch set a new low?"),
            (9, "There the loss is lowest, but training never gets that far."),
            (len(_VAL_LOSSES), "These are all ten; after which of them has patience run out?"),
            (_PATIENCE, "That is the patience. Count it from the last new low."),
            (
                9 + _PATIENCE,
                "You counted on from the lowest loss of all; training ends before.",
            ),
        ),
        hint="Go from epoch to epoch: is it a new low? If not, count how many have passed since one.",
    ),
    ChoiceQuestion(
        "06-few-parameters",
        "Why does the convolutional network need so few parameters? Choose all that apply.",
        (
            Option(
                "Its pooling layers learn what dense layers would.",
                "Pooling only picks or averages: there is nothing to learn.",
            ),
            Option("Each unit of a convolution reads a small window only."),
            Option(
                "It is shown fewer images in an epoch.",
                "An epoch is one pass through all training images, for every network.",
            ),
            Option("One filter is used at all positions of the image."),
        ),
    ),
    ChoiceQuestion(
        "06-labels-twice",
        "The labels of N images have the shape (N, 10, 10). What has happened, and what would help?",
        (
            Option(
                "Ten classes need 10×10 labels; let the network put out 100 numbers.",
                "Then the loss fits, but compares with labels that mean nothing: an image has one.",
            ),
            Option(
                "The batch was counted twice; take the mean over the last axis.",
                "Every row of that axis sums to 1, so the mean would be the same for all labels.",
            ),
            Option("They were encoded as 0 and 1 twice; remove one of the two encodings."),
            Option(
                "They are still numbers from 0 to 9; encode them as 0 and 1.",
                "Then the shape would be (N,), with no further axis.",
            ),
        ),
    ),
    ChoiceQuestion(
        "06-loss-stays-high",
        "Most answers are right, but the loss, cross_entropy on the network's outputs, does not "
        "fall below 1.4. What is the cause?",
        (
            Option("The softmax at the end of the network."),
            Option(
                "The first convolution: it has too few filters.",
                "The same filters reach a loss near 0 once the cause is removed.",
            ),
            Option(
                "The ReLU before the last layer: it cuts the negative numbers off.",
                "That is what a ReLU is for; the last layer can still put out anything.",
            ),
            Option(
                "The optimiser: its steps are too small.",
                "Then few answers would be right; yet most of them are.",
            ),
        ),
    ),
    ChoiceQuestion(
        "06-alone-or-in-company",
        "The network gets different inputs, and may give a different answer, when an image is "
        "prepared alone than when it is prepared with others. Why?",
        (
            Option(
                "The network is still in training mode.",
                "The inputs differ already, before any network has seen them.",
            ),
            Option("The images it is prepared with decide the mean and the deviation."),
            Option(
                "The order of the images was shuffled.",
                "A mean does not depend on the order.",
            ),
            Option(
                "float32 rounds differently each time.",
                "It rounds in the same way each time, and the difference is far smaller.",
            ),
        ),
    ),
    ChoiceQuestion(
        "06-only-guesses",
        "From the first epoch to the last, the loss stays near log 10, on the training images as "
        "on the others. What is wrong?",
        (
            Option(
                "The network is too small for the task.",
                "The same network learned the same images before.",
            ),
            Option(
                "It has memorised the training images.",
                "Then the loss on the training images would be near 0.",
            ),
            Option(
                "The images are not scaled to the range from 0 to 1.",
                "Then the loss would start far above log 10: sure, and wrong.",
            ),
            Option("Images and labels were put into two different orders."),
        ),
    ),
)
