"""A part of Jupyter's server: answers to the page leave at once.

TCP may hold a small message back until the one before it is acknowledged, up to 40 ms, which a
slider shows. Tornado advises ``set_nodelay`` for such a connection; Jupyter's server leaves it out.
"""

from typing import Any


def send_at_once(handler: type[Any]) -> None:
    """Let the connections that a handler opens send every message at once.

    Parameters
    ----------
    handler : type
        A ``tornado.websocket.WebSocketHandler`` with an asynchronous ``open``.

    Examples
    --------
    >>> class Handler:
    ...     nodelay = False
    ...     def set_nodelay(self, value): self.nodelay = value
    ...     async def open(self, kernel_id): return kernel_id, self.nodelay
    >>> send_at_once(Handler)
    >>> import asyncio
    >>> asyncio.run(Handler().open("k"))
    ('k', True)
    """
    opened = handler.open

    async def open(self: Any, *args: Any, **options: Any) -> Any:  # noqa: A001 - tornado's name
        self.set_nodelay(True)
        return await opened(self, *args, **options)

    handler.open = open


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "cnnlab.server"}]


def _load_jupyter_server_extension(_app: Any) -> None:
    from jupyter_server.services.kernels.websocket import KernelWebsocketHandler

    send_at_once(KernelWebsocketHandler)
