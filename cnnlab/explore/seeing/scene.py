"""A map over a picture, the five best classes, and what is said of them."""

from dataclasses import dataclass, replace

from cnnlab.explore.images import SIGNED
from cnnlab.explore.scene import Fix, Scene
from cnnlab.explore.seeing import model, overlay, words
from cnnlab.explore.seeing.maps import Answer, Question

STOP, GO_ON = "stop", "go on"


@dataclass(frozen=True, kw_only=True)
class SeeingScene(Scene):
    """What is asked, and what is known so far.

    Attributes
    ----------
    question : Question
    answer : Answer or None
        None before the network has said anything.
    place : (row, column) or None
        Of the map, which is pointed at; else the strongest.
    state : str
        "computing" or "stopped" where the answer is not complete, else "".
    """

    question: Question
    answer: Answer | None
    place: tuple[int, int] | None
    state: str

    @property
    def chosen(self) -> tuple[int, int] | None:
        """The place whose patch is drawn."""
        if self.answer is None or not self.answer.under:
            return None
        rows, columns = self.answer.values.shape
        if self.place and self.place[0] < rows and self.place[1] < columns:
            return self.place
        return words.strongest(self.answer)


def seeing_scene(
    question: Question,
    answer: Answer | None,
    *,
    place: tuple[int, int] | None = None,
    state: str = "",
    problem: str = "",
) -> SeeingScene:
    """Say what was found.

    Parameters
    ----------
    question : Question
    answer : Answer or None
    place : (row, column), optional
        Of the map, which is pointed at.
    state : str
        "computing" or "stopped" where the answer is not complete.
    problem : str
        Why there is no answer.

    Examples
    --------
    >>> from cnnlab.explore.seeing.maps import answers
    >>> asked = Question(model.Picture("digit 3"))
    >>> *_, found = answers(asked)
    >>> seeing_scene(asked, found).text
    'digit 3: digit network sees 3; Grad-CAM of 3, relu2, 14×14, most at row ..., column ...'
    """
    scene = SeeingScene(
        question=question,
        answer=answer,
        place=place,
        state=state,
        text=words.text(question, answer, state or "no answer"),
        note=words.MEANING[question.method],
        code=words.code(question),
        hint="Point at the map, or walk in the picture with the arrow keys, to read its values.",
    )
    if problem:
        other = Fix("a digit", {"picture": model.DIGITS[3]})
        return replace(scene, problem=problem, fixes=[other], code=[f"# {problem}"])
    if answer is None:
        return replace(scene, fixes=[Fix(STOP, {})] if state == "computing" else [])
    way = {"computing": [Fix(STOP, {})], "stopped": [Fix(GO_ON, {})]}.get(state, [])
    return replace(
        scene,
        fixes=way,
        formulas=words.lines(question, answer),
    )


def legend(scene: SeeingScene) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Colours of the map, and the words under them."""
    if scene.answer is not None and overlay.is_signed(scene.question.method, scene.answer.values):
        return SIGNED, ("lowers", "0", "raises it")
    return overlay.RISING, ("0", "strongest")
