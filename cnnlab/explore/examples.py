"""Worked examples of an explorer: a sentence and a question each, one click away."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, NamedTuple, TypeVar

from cnnlab.explore.base import Explorer
from cnnlab.explore.controls import Control, select
from cnnlab.explore.scene import Scene

S = TypeVar("S", bound=Scene)


class Example(NamedTuple):
    """Settings worth looking at.

    Attributes
    ----------
    group, label : str
        Heading and words of the choice.
    settings : dict
        What differs from the usual ones.
    sentence, question : str
        What is to be seen, and what to try.
    """

    group: str
    label: str
    settings: dict[str, Any]
    sentence: str
    question: str

    @property
    def note(self) -> str:
        """Both, as they stand under the picture."""
        return f"{self.sentence} {self.question}"


def example_control(
    worked: Mapping[str, Example], name: str = "example", none: str = "own settings"
) -> Control:
    """Make the control that chooses one of them, or none.

    Examples
    --------
    >>> example_control({"a": Example("short", "one step", {}, "It walks.", "How far?")}).options
    (('', 'own settings', ''), ('a', 'one step', 'short'))
    """
    choices: dict[Any, str | tuple[str, str]] = {"": none}
    choices |= {each: (example.group, example.label) for each, example in worked.items()}
    return select(name, "worked example", choices)


class ExampleExplorer(Explorer[S]):
    """An explorer with a setting ``example``, which is left as soon as another one differs.

    A subclass declares ``worked`` and ``usual``, the settings that its examples start from, and
    the trait ``example``; ``chosen``, if that has another name.
    """

    worked: ClassVar[Mapping[str, Example]] = {}
    usual: ClassVar[Mapping[str, Any]] = {}
    chosen: ClassVar[str] = "example"

    def __init__(self, **settings: Any) -> None:
        name = settings.get(self.chosen, "")
        if name in self.worked:
            settings = self.worked[name].settings | settings
        super().__init__(**settings)

    @classmethod
    def examples(cls) -> dict[str, str]:
        """Return the name and title of every worked example.

        Returns
        -------
        dict of str to str
        """
        return {name: each.label for name, each in cls.worked.items()}

    def of_example(self, name: str) -> dict[str, Any]:
        """Return all settings of a worked example.

        Returns
        -------
        dict
        """
        return {**self.usual, **self.worked[name].settings}

    def bare(self) -> dict[str, Any]:
        """Return all settings but the name of the worked example."""
        return {name: value for name, value in self.settings().items() if name != self.chosen}

    def with_note(self, scene: S) -> S:
        """Put the sentence and the question of the worked example before a scene's own note."""
        example = self.worked.get(getattr(self, self.chosen, ""))
        return replace(scene, note=f"{example.note} {scene.note}".strip()) if example else scene

    def _differing(self) -> dict[str, Any]:
        found = super()._differing()
        if name := found.get(self.chosen):
            known = self.of_example(name)
            return {k: v for k, v in found.items() if k not in known}
        return found

    def _refresh(self, change: Any = None) -> None:
        name = getattr(self, self.chosen, "")
        wanted = self.of_example(name) if name else {}
        if all(getattr(self, each) == value for each, value in wanted.items()):
            super()._refresh(change)
        elif self._drawn.get(self.chosen, name) == name:  # another setting has left it
            self.set_trait(self.chosen, "")
        else:
            self._restore(wanted)
