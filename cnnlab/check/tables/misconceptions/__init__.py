"""Misconceptions about the columns of a table, as data: a new one is a row."""

from cnnlab.check.tables.misconceptions import counts, macs, shapes

__all__ = ["counts", "macs", "shapes"]
