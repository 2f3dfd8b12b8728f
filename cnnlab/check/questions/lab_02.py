"""Questions of lab 02: back-propagation."""

from cnnlab.check.questions.base import GivenQuestion, NumberQuestion, Question, told, vary


def _diamond(y: int = 2, a: int = 3, b: int = 4) -> NumberQuestion:
    return NumberQuestion(
        "02-diamond",
        f"y = {y}x, a = {a}y, b = {b}y, c = a + b. What is the slope of c in x?",
        value=lambda: y * (a + b),
        tolerance=0,
        hint="Send the messages backward from c, and add up what reaches y.",
        wrong=told(
            (
                y * b,
                "Only the message of b has arrived at y: it must be added to that of a, not put "
                "in its place.",
            ),
            (y * a, "Only the message of a has arrived at y; b sends one, too."),
            (
                y * a * b,
                "All slopes are multiplied, as in a chain. But a and b are side by side: along "
                "a path slopes multiply, and paths add up.",
            ),
            (
                2 * y * (a + b),
                "This is twice the slope: the messages have been sent twice, and x has kept its "
                "old sum.",
            ),
            (
                y * (a + b) * 4,
                "The messages have been sent twice, and every node has kept its old sum.",
            ),
            (a + b, f"This is the slope in y. One step is left: y is {y} times x."),
            (y * (a + b) / 2, "The two paths are averaged; they must be added."),
        ),
    )


QUESTIONS: tuple[Question, ...] = (
    GivenQuestion("02-one-unit", "x, w, b and t of one unit.", ([[3.0, 2.0, -6.0, 0.0]],)),
    vary(_diamond, y=range(3, 8), a=range(2, 8), b=range(2, 8)),
)
