"""Shares and memory as one reads them."""

from cnnlab.count import BYTES_PER_NUMBER, MEGABYTE


def share(part: int, whole: int) -> str:
    """Write a share in per cent.

    Examples
    --------
    >>> share(1, 3), share(1, 10**6), share(0, 3), share(3, 3)
    ('33.3 %', '< 0.1 %', '0 %', '100 %')
    """
    if not part:
        return "0 %"
    percent = 100 * part / whole
    return "< 0.1 %" if percent < 0.05 else f"{percent:.1f}".removesuffix(".0") + " %"


def memory(params: int) -> str:
    """Memory of parameters as float32.

    Examples
    --------
    >>> memory(9), memory(1_625_866), memory(10**12)
    ('36 bytes', '6.20 MB', '3,814,697 MB')
    """
    megabytes = params * BYTES_PER_NUMBER / MEGABYTE
    if megabytes < 0.01:
        return f"{params * BYTES_PER_NUMBER:,} bytes"
    return f"{megabytes:,.2f} MB" if megabytes < 1000 else f"{megabytes:,.0f} MB"
