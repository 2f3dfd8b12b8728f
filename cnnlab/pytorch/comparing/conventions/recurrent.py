"""Recurrent layers: the order of the gates, where a GRU resets, how many biases, which way."""

from collections.abc import Iterator
from itertools import permutations
from typing import Any

import torch
from torch import Tensor, nn

from cnnlab.pytorch.comparing.steps import Step

GATES = {"LSTM": "ifgo", "GRU": "rzn"}
"""Letters of the gates in PyTorch's order: in, forget, new, out; reset, update, new."""


def recurrent(step: Step) -> Iterator[tuple[str, Tensor]]:
    """Conventions of a recurrent layer of one direction and one level."""
    module: Any = step.module
    if not isinstance(module, nn.RNNBase) or module.num_layers > 1 or module.bidirectional:
        return
    letters = GATES.get(module.mode, "")
    for order in permutations(range(len(letters))):
        if list(order) != sorted(order):
            name = ", ".join(letters[i] for i in order)
            said = f"has the gates in the order {name}, ours {', '.join(letters)}"
            yield said, _run(module, step.x, order=order)
    if module.bias:
        yield "has one bias instead of two", _run(module, step.x, one=True)
    if module.mode == "GRU":
        yield "resets the state before the product, ours after it", _reset_before(module, step.x)
    time = -1 if hasattr(module, "return_sequences") else (1 if module.batch_first else 0)
    if step.x.ndim == 3:
        backwards = _run(module, step.x.flip(time))
        yield "reads the sequence backwards", backwards
        if backwards.ndim == 3:
            yield "reads backwards and turns its states round", backwards.flip(time)
            yield "returns the last state alone", step.y.select(time, -1)
    if module.mode == "RNN_TANH":
        yield "uses ReLU where ours uses tanh", _run(module, step.x, relu=True)


def _run(
    module: Any, x: Tensor, order: tuple[int, ...] = (), one: bool = False, relu: bool = False
) -> Tensor:
    """The module on x with its gates exchanged, its second bias left out, or ReLU."""
    kept = {key: value.clone() for key, value in module.state_dict().items()}
    changed = dict(kept)
    if order:
        changed = {
            key: torch.cat([value.chunk(len(order))[i] for i in order])
            for key, value in kept.items()
        }
    if one:
        changed |= {key: 0 * value for key, value in kept.items() if key.startswith("bias_hh")}
    mode = module.mode
    module.load_state_dict(changed)
    if relu:
        module.mode = "RNN_RELU"
    try:
        y = module(x)
    finally:
        module.mode = mode
        module.load_state_dict(kept)
    result: Tensor = y[0] if isinstance(y, tuple) else y
    return result


def _reset_before(module: Any, x: Tensor) -> Tensor:
    """A GRU that multiplies the state by r before it is multiplied by the weights."""
    ours = hasattr(module, "return_sequences")
    steps = x.permute(2, 0, 1) if ours else (x.transpose(0, 1) if module.batch_first else x)
    into = [*module.weight_ih_l0.chunk(3)]
    back = [*module.weight_hh_l0.chunk(3)]
    none = [torch.zeros(())] * 3
    bias_in = module.bias_ih_l0.chunk(3) if module.bias else none
    bias_back = module.bias_hh_l0.chunk(3) if module.bias else none
    h = steps.new_zeros(steps.shape[1], module.hidden_size)
    states = []
    for token in steps:  # (N, D)
        r = torch.sigmoid(token @ into[0].T + bias_in[0] + h @ back[0].T + bias_back[0])
        z = torch.sigmoid(token @ into[1].T + bias_in[1] + h @ back[1].T + bias_back[1])
        n = torch.tanh(token @ into[2].T + bias_in[2] + (r * h) @ back[2].T + bias_back[2])
        h = (1 - z) * n + z * h
        states.append(h)
    every = torch.stack(states)  # (L, N, H)
    if ours:
        return every.permute(1, 2, 0) if module.return_sequences else h
    return every.transpose(0, 1) if module.batch_first else every
