"""Messages over a socket: their length, and then their bytes."""

import socket
import struct

MOST = 150_000_000  # bytes of a message
_LENGTH = struct.Struct("<Q")


def local() -> socket.socket:
    """Make a socket that goes by a file's name, which Windows lacks.

    Raises
    ------
    OSError
        On Windows.

    Examples
    --------
    >>> local().close()
    """
    family = getattr(socket, "AF_UNIX", None)
    if family is None:
        raise OSError("A socket must go by a file's name, which this system lacks. Use another.")
    return socket.socket(family)


def send(connection: socket.socket, message: bytes) -> None:
    """Send one message.

    Examples
    --------
    >>> ours, theirs = socket.socketpair()
    >>> with ours, theirs:
    ...     send(ours, b"size")
    ...     print(receive(theirs))
    b'size'
    """
    connection.sendall(_LENGTH.pack(len(message)))
    connection.sendall(message)


def receive(connection: socket.socket) -> bytes:
    """Receive one message.

    Raises
    ------
    EOFError
        If the other side has closed, or sends more than is read.
    """
    (length,) = _LENGTH.unpack(_exactly(connection, _LENGTH.size))
    if length > MOST:
        raise EOFError(f"A message must have at most {MOST} bytes, not {length}. Send less.")
    return _exactly(connection, length)


def _exactly(connection: socket.socket, length: int) -> bytes:
    parts, missing = [], length
    while missing:
        part = connection.recv(min(missing, 1 << 20))
        if not part:
            raise EOFError("The other side must send a whole message, but it has closed.")
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
