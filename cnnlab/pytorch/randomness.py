"""State of PyTorch's generators, the CPU's and a GPU's."""

import torch
from torch import Tensor

GPUS = {"cuda", "mps"}  # each has a generator of its own


def seeded(device: torch.device, seed: int) -> tuple[Tensor, ...]:
    """The state after ``manual_seed``; no generator in use is touched."""
    states = [torch.Generator().manual_seed(seed).get_state()]
    if device.type in GPUS:
        states.append(torch.Generator(device).manual_seed(seed).get_state())
    return tuple(states)


def current(device: torch.device) -> tuple[Tensor, ...]:
    """The state now."""
    states = [torch.get_rng_state()]
    if device.type == "cuda":
        states.append(torch.cuda.get_rng_state(device))
    elif device.type == "mps":
        states.append(torch.mps.get_rng_state())
    return tuple(states)


def put(device: torch.device, states: tuple[Tensor, ...]) -> None:
    """Put a state back."""
    torch.set_rng_state(states[0])
    if device.type == "cuda":
        torch.cuda.set_rng_state(states[1], device)
    elif device.type == "mps":
        torch.mps.set_rng_state(states[1])
