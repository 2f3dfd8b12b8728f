"""Ask a network what its answer depends on."""

import threading
from dataclasses import replace
from typing import Any, ClassVar

import traitlets

from cnnlab.explore.controls import Control, Whole, select
from cnnlab.explore.examples import ExampleExplorer
from cnnlab.explore.image_explorer import on_paper
from cnnlab.explore.scene import Link
from cnnlab.explore.seeing import words
from cnnlab.explore.seeing.controls import BOUNDS, CONTROLS, PICTURES, SIDE
from cnnlab.explore.seeing.drawing import HEIGHTS, draw
from cnnlab.explore.seeing.examples import EXAMPLES, USUAL
from cnnlab.explore.seeing.job import Job
from cnnlab.explore.seeing.maps import METHODS, Map, Question
from cnnlab.explore.seeing.model import DIGITS, FILLS, MISSING, OWN, PHOTOS, Picture, own_picture
from cnnlab.explore.seeing.scene import GO_ON, STOP, SeeingScene, seeing_scene

_MISSING = (
    "there is no picture of your own yet. Choose a file, or pass one: SeeingExplorer(image=array)."
)

# Explorers share the networks, and with them the hooks that a method sets on their layers.
_TURN = threading.Lock()


class SeeingExplorer(ExampleExplorer[SeeingScene]):
    """Explore what a network's answer depends on, by seven methods.

    A photograph is shown to EfficientNet-Lite0 with its ImageNet weights, a digit to a small
    convolutional network that is trained in about a second. What takes time is computed beside
    the page, and can be stopped; reading a result from Python waits for it.

    Parameters
    ----------
    image : (H, W), (C, H, W) or (H, W, C) array, optional
        A picture of your own, instead of ``picture``; its middle is shown to the network.
    example : str
        Name of a worked example, see ``SeeingExplorer.examples()``; other settings are then
        applied over it.
    picture : str
        A photograph, a digit such as "digit 3", or "own" for the picture of your own.
    method : str
        "response", "occlusion", "saliency", "input-times-gradient", "guided-backprop", "grad-cam"
        or "integrated-gradients"; see :mod:`cnnlab.pytorch.attribution`.
    target : {1, 2, 3, 4, 5}
        Which of the five best classes is asked about.
    shuffled : int
        Layers whose weights are shuffled, counted from the top.
    patch, stride : int
        Of the patch that covers, in 28ths of the side: pixels of a digit, 8 pixels of a
        photograph.
    fill : {"grey", "black", "mean", "blurred"}
        What the patch shows, and the baseline of integrated gradients.
    layer, channel : int
        Whose maps are shown: stage 1 to 9 of EfficientNet-Lite0, or the digit network's two; and
        the number of the map, those that respond most on average first.
    steps : int
        Of integrated gradients.

    Examples
    --------
    >>> explorer = SeeingExplorer(picture="digit 3", method="occlusion", patch=6, stride=2)
    >>> explorer
    digit 3: digit network sees 3; occlusion of 3, 12×12 places, falls most at row ..., column ...
    >>> explorer.output.shape, explorer.best[0][0]
    ((12, 12), '3')
    """

    purpose = "what a network's answer depends on: seven kinds of maps over a picture"
    drawing = staticmethod(draw)
    worked, usual = EXAMPLES, USUAL
    controls: ClassVar[tuple[Control, ...]] = CONTROLS
    heights = HEIGHTS
    ahead = 20

    example = traitlets.Enum(("", *EXAMPLES), "").tag(sync=True)
    picture = traitlets.Enum((*PHOTOS, *DIGITS, OWN), "coffee").tag(sync=True)
    method = traitlets.Enum(tuple(METHODS), "grad-cam").tag(sync=True)
    target = Whole(1).tag(sync=True)
    shuffled = Whole(0).tag(sync=True)
    patch = Whole(7).tag(sync=True)
    stride = Whole(3).tag(sync=True)
    fill = traitlets.Enum(FILLS, "grey").tag(sync=True)
    layer = Whole(9).tag(sync=True)
    channel = Whole(1).tag(sync=True)
    steps = Whole(50).tag(sync=True)

    def __init__(self, image: Any = None, **settings: Any) -> None:
        self._lock = threading.RLock()  # gestures and news come in threads of their own
        self._job: Job | None = None
        self._place: tuple[int, int] | None = None
        self._heard = 0
        self._own: Picture | None = None
        if image is not None:
            self._own = own_picture(image)
            settings.setdefault("picture", OWN)
        with self._lock:
            super().__init__(**settings)
            self.observe(self._choose, "_asked")

    # ---- Settings

    def settings(self) -> dict[str, Any]:
        found = super().settings()
        if self.picture == OWN and self._own is not None:
            found["image"] = self._own.image
        return found

    def offered(self) -> tuple[Control, ...]:
        """Offer the five best classes by name, and a picture of one's own once there is one."""
        best = self._job.answer.best if self._job and self._job.answer else ()
        names = {i: guess.name for i, guess in enumerate(best, start=1)}
        options: dict[str, Any] = {"target": tuple((i, name, "") for i, name in names.items())}
        if self._own is None:
            options["picture"] = select("picture", "picture", PICTURES).options
        return tuple(
            replace(each, options=options[each.name]) if options.get(each.name) else each
            for each in self.controls
        )

    def _restore(self, settings: dict[str, Any]) -> None:
        traits = dict(settings)
        image = traits.pop("image", None)
        if image is not None and (self._own is None or image is not self._own.image):
            self._own = own_picture(image)
        super()._restore(traits)

    @traitlets.validate(*BOUNDS)
    def _within(self, proposal: Any) -> int:
        value: int = proposal["value"]
        name = proposal["trait"].name
        least, most = BOUNDS[name]
        if not least <= value <= most:
            raise traitlets.TraitError(
                f"{name} must be {least} to {most}, not {value}. Choose one of these."
            )
        return value

    # ---- Scene

    def make_scene(self) -> SeeingScene:
        question = self._question()
        if self._job is None or self._job.question != question:
            if self._job is not None:
                self._job.stop()
            self._job = None if question.picture.is_missing else Job(question, self._news, _TURN)
        job = self._job
        if job is None:
            return self.with_note(seeing_scene(question, None, problem=_MISSING))
        return self.with_note(
            seeing_scene(
                question, job.answer, place=self._place, state=job.state, problem=job.problem
            )
        )

    def tell(self, key: str) -> Link | None:
        answer, question = self.scene.answer, self.scene.question
        if answer is None or (place := words.cell(question, answer, key)) is None:
            return None
        return Link(
            text=words.place(question, answer, *place),
            marks={
                "window": [words.covered(question, len(answer.values), *place)],
                "output": [f"map:0,{place[0]},{place[1]}"],
            },
            near=words.near(answer, *place),
        )

    def _question(self) -> Question:
        settings = {name: getattr(self, name) for name in (*BOUNDS, "method", "fill")}
        own = self._own or Picture("your picture", mark=MISSING)
        return Question(own if self.picture == OWN else Picture(self.picture), **settings)

    def _extra(self) -> Any:
        return self._place if self.method == "occlusion" else None, self._heard

    # ---- Results

    def finish(self) -> None:
        """Wait until what takes time is done, or has been stopped."""
        job = self._job
        if job is not None:
            job.wait()
            if self.scene.answer is not job.answer:
                self._news(job)

    @property
    def text(self) -> str:
        self.finish()
        return super().text

    @property
    def output(self) -> Map | None:
        """The map, (rows, columns) float32; None where there is none."""
        self.finish()
        answer = self.scene.answer
        return None if answer is None else answer.values.copy()

    @property
    def best(self) -> list[tuple[str, float]]:
        """The five best classes, and the share of each."""
        self.finish()
        answer = self.scene.answer
        return [] if answer is None else [(guess.name, guess.share) for guess in answer.now]

    def __repr__(self) -> str:
        self.finish()
        return super().__repr__()

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        self.finish()  # so that what is stored is the same each time
        return super()._repr_mimebundle_(**options)

    # ---- Gestures and news

    def set_state(self, sync_data: dict[str, Any]) -> None:
        with self._lock:
            super().set_state(sync_data)

    def _hear(self, widget: Any, content: Any, buffers: Any) -> None:
        with self._lock:
            super()._hear(widget, content, buffers)

    def _refresh(self, change: Any = None) -> None:
        with self._lock:
            super()._refresh(change)

    def _news(self, job: Job) -> None:
        """Show how far it is; what a newer setting has made idle is passed over."""
        with self._lock:
            if job is self._job:
                self._heard += 1
                with self._page_speaking():
                    self._refresh()

    def _fix(self, label: Any) -> None:
        job = self._job
        if job is None or label not in (STOP, GO_ON):
            super()._fix(label)
            return
        if label == STOP:
            job.stop()
        else:
            job.go_on()
        self._news(job)

    def _choose(self, _change: Any) -> None:
        """Frame the patch that is pointed at."""
        answer = self.scene.answer
        if answer is not None and (place := words.cell(self.scene.question, answer, self._asked)):
            self._place = place
            self._refresh()

    def received(self, name: Any, width: int, height: int, rgba: bytes, label: str) -> None:
        if max(width, height) <= SIDE:
            self._own = own_picture(on_paper(width, height, rgba)[0], label or "your picture")
            if self.picture == OWN:
                self._refresh()
            else:
                self.picture = OWN

    def close(self) -> None:
        """Close the view, and stop what is computed."""
        if self._job is not None:
            self._job.stop()
        super().close()
