"""What was trained is kept, however training ends."""

import contextlib
from collections.abc import Iterator, Sequence

from cnnlab.train.callbacks import Callback
from cnnlab.train.history import History
from cnnlab.train.stepper import Stepper


@contextlib.contextmanager
def keeping(history: History, callbacks: Sequence[Callback], stepper: Stepper) -> Iterator[None]:
    """Start the callbacks, and let them finish after the last epoch and after an error.

    An interrupt is no error: training ends there, and the weights stay as they are. Any error
    leaves with the history attached.
    """
    try:
        for callback in callbacks:
            callback.start(stepper)
        with contextlib.ExitStack() as finishing:  # one that fails does not keep the others from it
            for callback in reversed(callbacks):
                finishing.callback(callback.finish, history, stepper)
            try:
                yield
            except KeyboardInterrupt:
                history.stopped = "interrupted"
                finishing.pop_all()
            except BaseException:  # sys.exit in a callback does not end a notebook
                history.stopped = "failed"
                raise
    except BaseException as error:
        error.history = history  # type: ignore[attr-defined]
        if history.epochs:
            error.add_note(_what_is_kept(history))
        raise


def _what_is_kept(history: History) -> str:
    epochs = "the epoch" if history.epochs == 1 else f"the {history.epochs} epochs"
    put_back = (
        f", and the weights of epoch {history.restored_epoch} were put back"
        if history.restored_epoch
        else ""
    )
    return (
        f"fit: {epochs} before this error are kept in its .history{put_back}. "
        "In a notebook: sys.last_value.history."
    )
