"""Misconceptions about the columns of a table, as data: a new one is a row."""
