"""Questions of lab 02: back-propagation."""

from cnnlab.check.questions.base import GivenQuestion, NumberQuestion, Question, told

# y = 2x, a = 3y, b = 4y, c = a + b
_Y, _A, _B = 2, 3, 4

QUESTIONS: tuple[Question, ...] = (
    GivenQuestion("02-one-unit", "x, w, b and t of one unit.", ([[3.0, 2.0, -6.0, 0.0]],)),
    NumberQuestion(
        "02-diamond",
        "y = 2x, a = 3y, b = 4y, c = a + b. What is the slope of c in x?",
        value=lambda: _Y * (_A + _B),
        tolerance=0,
        hint="Send the messages backward from c, and add up what reaches y.",
        wrong=told(
            (
                _Y * _B,
                "Only the message of b has arrived at y: it must be added to that of a, not put "
                "in its place.",
            ),
            (_Y * _A, "Only the message of a has arrived at y; b sends one, too."),
            (
                _Y * _A * _B,
                "All slopes are multiplied, as in a chain. But a and b are side by side: along "
                "a path slopes multiply, and paths add up.",
            ),
            (
                2 * _Y * (_A + _B),
                "This is twice the slope: the messages have been sent twice, and x has kept its "
                "old sum.",
            ),
            (
                _Y * (_A + _B) * 4,
                "The messages have been sent twice, and every node has kept its old sum.",
            ),
            (_A + _B, "This is the slope in y. One step is left: y is twice x."),
            (_Y * (_A + _B) / 2, "The two paths are averaged; they must be added."),
        ),
    ),
)
