"""What people type for a number, a shape, an array or a choice."""

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import torch

# Ways to write one whole number.
WHOLE = {
    "int": int,
    "float": float,
    "ceil": lambda n: np.ceil(n - 1.5) + 1,
    "divided": lambda n: 3 * n / 3,
    "np.int64": np.int64,
    "np.uint8": lambda n: np.uint8(n) if n < 256 else np.uint32(n),
    "np.float32": np.float32,
    "fraction": lambda n: Fraction(2 * n, 2),
    "decimal": Decimal,
    "decimal with zeros": lambda n: Decimal(f"{n}.00"),
    "0-d array": np.array,
    "0-d array of floats": lambda n: np.array(float(n)),
    "one-element array": lambda n: np.array([n]),
    "one-element array of floats": lambda n: np.array([[float(n)]]),
    "object array": lambda n: np.array(Fraction(n), dtype=object),
    "one-element object array": lambda n: np.array([Decimal(n)], dtype=object),
    "tensor": torch.tensor,
    "one-element tensor": lambda n: torch.tensor([float(n)]),
    "tensor that wants a gradient": lambda n: torch.tensor(float(n), requires_grad=True),
    "tuple of one": lambda n: (n,),
    "list of one": lambda n: [n],
    "math.floor": lambda n: math.floor(n + 0.5),
    "round": lambda n: round(n + 0.1),
    "np.round": lambda n: np.round(n + 0.1),
}
# Ways to write one number that need not be whole.
REAL = {
    "float": float,
    "np.float64": np.float64,
    "np.float32": np.float32,
    "decimal": lambda x: Decimal(repr(float(x))),
    "fraction": lambda x: Fraction(float(x)),
    "0-d array": np.array,
    "one-element array": lambda x: np.array([x]),
    "object array": lambda x: np.array([Fraction(float(x))], dtype=object),
    "tensor": torch.tensor,
    "one-element tensor": lambda x: torch.tensor([x]),
    "tuple of one": lambda x: (x,),
    "list of one": lambda x: [x],
}
# Ways to write a tuple of whole numbers.
SHAPES = {
    "tuple": tuple,
    "list": list,
    "floats": lambda shape: tuple(map(float, shape)),
    "halves": lambda shape: tuple(2 * n / 2 for n in shape),
    "array": np.array,
    "array of floats": lambda shape: np.array(shape, float),
    "object array": lambda shape: np.array([Fraction(n) for n in shape], dtype=object),
    "torch.Size": torch.Size,
    "tensor": torch.tensor,
    "numpy integers": lambda shape: tuple(map(np.int64, shape)),
    "decimals": lambda shape: [*map(Decimal, shape)],
    "one-element arrays": lambda shape: tuple(np.array([n]) for n in shape),
}
# Ways to write an array of numbers.
ARRAYS = {
    "rows": lambda rows: [list(row) for row in rows],
    "tuples": lambda rows: tuple(map(tuple, rows)),
    "floats": lambda rows: np.array(rows, float),
    "whole numbers": np.array,
    "float32": np.float32,
    "tensor": torch.tensor,
    "tensor of floats": lambda rows: torch.tensor(rows).double(),
    "fractions": lambda rows: [[*map(Fraction, row)] for row in rows],
    "decimals": lambda rows: [[*map(Decimal, row)] for row in rows],
    "objects": lambda rows: np.array(rows, dtype=object),
    "rows of arrays": lambda rows: [np.array(row) for row in rows],
    "rows of tensors": lambda rows: [torch.tensor(row) for row in rows],
    "in Fortran's order": lambda rows: np.array(rows, order="F"),
    "matrix": lambda rows: np.array(rows).reshape(len(rows), -1)[:, :],
}
# Ways to write letters; a function of the letters in their order.
CHOICES = {
    "together": "".join,
    "capitals": lambda letters: "".join(letters).upper(),
    "and": " and ".join,
    "AND": lambda letters: " and ".join(letters).upper(),
    "ampersand": " & ".join,
    "ampersand without space": "&".join,
    "slash": "/".join,
    "comma": ", ".join,
    "comma and and": lambda letters: ", ".join(letters[:-1]) + " and " + letters[-1],
    "semicolon": ";".join,
    "plus": " + ".join,
    "space": " ".join,
    "brackets in the text": lambda letters: f"[{', '.join(letters)}]",
    "parentheses in the text": lambda letters: " ".join(f"({letter})" for letter in letters),
    "closing parentheses": lambda letters: " ".join(f"{letter})" for letter in letters),
    "full stop": lambda letters: "".join(letters) + ".",
    "quotes in the text": lambda letters: " ".join(f"'{letter}'" for letter in letters),
    "answer": lambda letters: "Answer: " + " and ".join(letters),
    "options": lambda letters: "options " + ", ".join(letters),
    "a sentence": lambda letters: "The right answer is " + " and ".join(letters) + ".",
    "it's": lambda letters: "It's " + ", ".join(letters),
    "only": lambda letters: "only " + " and ".join(letters),
    "plus in words": " plus ".join,
    "both": lambda letters: "both " + " and ".join(letters),
    "line breaks": "\n".join,
    "hyphen": "-".join,
    "reversed": lambda letters: "".join(letters[::-1]),
    "twice": lambda letters: "".join(letters * 2),
    "list": list,
    "tuple": tuple,
    "set": set,
    "frozenset": frozenset,
    "capital list": lambda letters: [letter.upper() for letter in letters],
    "list of one text": lambda letters: [" and ".join(letters)],
    "array": np.array,
    "0-d array": lambda letters: np.array("".join(letters)),
    "np.str_": lambda letters: np.str_("".join(letters)),
    "dict keys": lambda letters: list(dict.fromkeys(letters)),
}
