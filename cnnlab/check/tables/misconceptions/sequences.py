"""What students believe about the parameters of rows that read a sequence."""

from collections.abc import Iterator
from math import prod

from cnnlab.check.tables.misconceptions.base import About, Count, of, of_weights
from cnnlab.check.tables.misconceptions.cells import Cell
from cnnlab.spec import GRU, LSTM, RNN

# Sets of weights that a student may count, by kind of row, and what to say of it.
_SETS: tuple[tuple[str, type[RNN], int, str], ...] = (
    (
        "LSTM as a plain RNN",
        LSTM,
        1,
        "You counted one set of weights, as a plain recurrent layer has, but each gate has its "
        "own, and so has what is written into the cell.",
    ),
    (
        "LSTM without its candidate",
        LSTM,
        3,
        "You counted a set of weights for each of the three gates, but what is written into the "
        "cell has a set as well.",
    ),
    (
        "GRU as a plain RNN",
        GRU,
        1,
        "You counted one set of weights, as a plain recurrent layer has, but each gate has its "
        "own, and so has the new state.",
    ),
    (
        "GRU without its candidate",
        GRU,
        2,
        "You counted a set of weights for each of the two gates, but the new state has a set as "
        "well.",
    ),
    (
        "GRU as an LSTM",
        GRU,
        4,
        "You counted four sets of weights, as an LSTM has, but a GRU has one gate less.",
    ),
)


def _sets(kind: type[RNN], sets: int, biases: int) -> Count:
    """So many sets of weights, with so many biases for each unit of them."""

    def model(c: Cell) -> int | None:
        if c.kind is not kind or (biases and not c.biases):
            return None
        return sets * (c.weights // kind.gates + biases * c.out[0])

    return model


def recurrent() -> Iterator[About]:
    """Misconceptions about the weights of a recurrent row, its gates and its biases."""
    for name, kind, sets, sentence in _SETS:
        one_too = f"{sentence} PyTorch also has two biases for each unit, not one."
        none_too = f"{sentence} The biases are missing too."
        yield from of(
            ("recurrent",),
            (name, _sets(kind, sets, 2), sentence),
            (f"{name}, with one bias", _sets(kind, sets, 1), one_too),
            (f"{name}, and the bias", _sets(kind, sets, 0), none_too),
        )
    yield from of_weights(
        ("recurrent",),
        (
            "state weights forgotten",
            lambda c: c.of_kind("weight_ih"),
            "You counted the weights of the input, but each unit reads the state as well.",
        ),
        (
            "input weights forgotten",
            lambda c: c.of_kind("weight_hh"),
            "You counted the weights of the state, but each unit reads the input as well.",
        ),
        (
            "weights for each step",
            lambda c: c.weights * c.into[1],
            "You gave each step weights of its own, but all steps share them.",
        ),
    )
    yield from of(
        ("recurrent",),
        (
            "one bias instead of two",
            lambda c: c.weights + c.biases // 2 if c.biases else None,
            "You gave each unit one bias; PyTorch has two, one for the input and one for the "
            "state{c.keras_biases}.",
        ),
        (
            "recurrent bias that is not there",
            lambda c: c.answer if c.answer in _imagined_biases(c) else None,
            "You counted biases, but this row {c.no_bias}.",
        ),
    )


def _imagined_biases(c: Cell) -> tuple[int, ...]:
    units = c.of_kind("weight_hh") // c.out[0]
    return () if c.biases else (c.weights + units, c.weights + 2 * units)


def embeddings() -> Iterator[About]:
    """Misconceptions about the vectors of an embedding."""
    yield from of(
        ("embedding",),
        (
            "a vector for each position",
            lambda c: prod(c.out),
            "You counted a vector for each position, but there is one for each token of the "
            "vocabulary.",
        ),
        (
            "one vector",
            lambda c: c.out[0],
            "This is one vector, but each token of the vocabulary has its own.",
        ),
        (
            "embedding with a bias",
            lambda c: c.answer if c.answer in _with_a_bias(c) else None,
            "You counted biases, but an embedding only looks its vectors up: nothing is added.",
        ),
        (
            "vectors for each position",
            lambda c: c.weights * c.into[0],
            "You gave each position vectors of its own, but a token has the same vector wherever "
            "it stands.",
        ),
        (
            "vocabulary times length",
            lambda c: _tokens(c) * c.into[0],
            "You multiplied the vocabulary by the length of the sequence, but each token has a "
            "vector, however long the sequence is.",
        ),
        (
            "only the vocabulary",
            _tokens,
            "This is the number of tokens; each of them has a vector.",
        ),
        (
            "vocabulary and vector added",
            lambda c: _tokens(c) + c.out[0],
            "You added tokens and numbers of a vector, but each token has a whole vector: "
            "multiply.",
        ),
    )


def _with_a_bias(c: Cell) -> tuple[int, ...]:
    return c.weights + c.out[0], c.weights + _tokens(c), c.weights + 1


def _tokens(c: Cell) -> int:
    return c.weights // c.out[0]
