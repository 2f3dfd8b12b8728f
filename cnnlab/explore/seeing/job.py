"""Long answers are computed beside the page, which shows how far they are and can stop them."""

import threading
import time
from collections.abc import Callable

from cnnlab.explore.seeing.maps import Answer, Question, answers, keep, kept

EVERY = 0.25  # seconds between news


class Job:
    """A question that is being answered.

    Parameters
    ----------
    question : Question
    tell : callable
        Called with the job, in the thread that computes, when there is news.
    turn : lock
        One job computes at a time; the others wait, and most are stopped meanwhile.

    Attributes
    ----------
    question : Question
    answer : Answer or None
        The newest.
    problem : str
        Why there is none.
    """

    def __init__(
        self, question: Question, tell: Callable[["Job"], None], turn: threading.Lock
    ) -> None:
        self.question, self._tell, self._turn = question, tell, turn
        self.answer: Answer | None = kept(question)
        self.problem = ""
        self._guard = threading.RLock()  # of the two that follow
        self._runs = self._stops = False
        self._thread: threading.Thread | None = None
        self._steps = answers(question)
        if self.answer is None:
            self._begin()

    @property
    def state(self) -> str:
        """What it does where the answer is not complete, "computing" or "stopped"; else ""."""
        if self.problem or (self.answer is not None and self.answer.is_complete):
            return ""
        return "stopped" if self._stops else "computing"

    def stop(self) -> None:
        """Let it end after the present step; what was computed stays."""
        self._stops = True

    def go_on(self) -> None:
        """Take it up again where it was stopped."""
        with self._guard:
            self._stops = False
            if not self._runs and self.state:
                self._begin()

    def wait(self) -> None:
        """Return when it is done, or has stopped."""
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def _begin(self) -> None:
        self._runs = True
        if self.question.picture.is_digit:  # done in the blink of an eye
            self._run()
            return
        import torchvision.transforms.v2  # noqa: F401 (two threads at once might import it in part)

        self._thread = threading.Thread(target=self._run_and_tell)
        self._thread.start()

    def _run_and_tell(self) -> None:
        with self._turn:
            if not self._must_end():
                self._run(self._tell)
        self._tell(self)

    def _run(self, tell: Callable[["Job"], None] = lambda _job: None) -> None:
        told = time.monotonic()
        try:
            for answer in self._steps:
                self.answer = answer
                if answer.is_complete:
                    keep(self.question, answer)
                if self._must_end():
                    return
                if time.monotonic() - told > EVERY:
                    tell(self)
                    told = time.monotonic()
        except (OSError, ImportError, ValueError) as error:
            self.problem = str(error)
        self._runs = False

    def _must_end(self) -> bool:
        """Whether it was stopped, or Python ends."""
        with self._guard:
            self._runs = not self._stops and threading.main_thread().is_alive()
            return not self._runs
