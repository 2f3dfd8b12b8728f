"""Steps of optimisers, dropout and the gradient of a diamond, in many styles."""

import numpy as np
import torch

from tests.styles.base import Row


def momentum(weight, gradient, velocity, rate, momentum):
    velocity = momentum * velocity + gradient
    return weight - rate * velocity, velocity


def momentum_by_numbers(weight, gradient, velocity, rate, momentum):
    pairs = [(w, momentum * v + g) for w, g, v in zip(weight, gradient, velocity, strict=True)]
    return [[w - rate * v for w, v in pairs], [v for _, v in pairs]]


def momentum_of_pytorch(weight, gradient, velocity, rate, momentum):
    parameter = torch.nn.Parameter(torch.tensor(np.asarray(weight)))
    optimizer = torch.optim.SGD([parameter], lr=rate, momentum=momentum)
    parameter.grad = torch.tensor(np.asarray(gradient))
    optimizer.state[parameter]["momentum_buffer"] = torch.tensor(np.asarray(velocity))
    optimizer.step()
    return torch.stack([parameter.detach(), optimizer.state[parameter]["momentum_buffer"]])


def adam(weight, gradient, mean, square, step, rate):
    mean = 0.9 * mean + 0.1 * gradient
    square = 0.999 * square + 0.001 * gradient**2
    corrected, size = mean / (1 - 0.9**step), square / (1 - 0.999**step)
    return weight - rate * corrected / (size**0.5 + 1e-8), mean, square


def adam_with_epsilon_under_the_root(weight, gradient, mean, square, step, rate):
    mean = mean + 0.1 * (gradient - mean)
    square = square + 0.001 * (gradient * gradient - square)
    scale = rate * (1 - 0.999**step) ** 0.5 / (1 - 0.9**step)
    return np.stack([weight - scale * mean / np.sqrt(square + 1e-12), mean, square])


def adam_by_numbers(weight, gradient, mean, square, step, rate):
    every = zip(weight, gradient, mean, square, strict=True)
    return np.transpose([adam(*numbers, step, rate) for numbers in every])


def adam_of_pytorch(weight, gradient, mean, square, step, rate):
    parameter = torch.nn.Parameter(torch.tensor(np.asarray(weight)))
    optimizer = torch.optim.Adam([parameter], lr=rate)
    parameter.grad = torch.tensor(np.asarray(gradient))
    state = {
        "step": torch.tensor(float(step - 1)),
        "exp_avg": torch.tensor(np.asarray(mean)),
        "exp_avg_sq": torch.tensor(np.asarray(square)),
    }
    optimizer.state[parameter] = state
    optimizer.step()
    return torch.stack([parameter.detach(), state["exp_avg"], state["exp_avg_sq"]])


def dropped(x, mask, rate, training=True):
    return x * mask / (1 - rate) if training else x * 1


def dropped_where(x, mask, rate, training=True):
    if not training:
        return np.array(x)
    return np.where(mask == 1, x / np.asarray(1 - rate, x.dtype), np.zeros_like(x))


def dropped_with_a_cache(x, mask, rate, training=True):
    scale = (mask / (1 - rate) if training else np.ones(x.shape)).astype(x.dtype)
    return x * scale, scale


def dropped_by_indices(x, mask, rate, training=True):
    y = x.copy()
    if training:
        y[mask == 0] = 0
        y /= 1 - rate
    return y


def dropped_by_numbers(x, mask, rate, training=True):
    y = np.zeros_like(x)
    for i, j in np.ndindex(x.shape):
        y[i, j] = x[i, j] * mask[i, j] / (1 - rate) if training else x[i, j]
    return y


def dropped_by_einsum(x, mask, rate, training=True):
    return np.einsum("nk,nk->nk", x, mask) / (1 - rate) if training else +x


def dropped_by_pytorch(x, mask, rate, training=True):
    x = torch.as_tensor(x)
    return x * torch.as_tensor(mask) / (1 - rate) if training else x.clone()


def dropped_as_masked_array(x, mask, rate, training=True):
    return np.ma.masked_array(x, mask == 0).filled(0) / (1 - rate) if training else x.copy()


def diamond_of_pytorch(p, q, r):
    x = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    y = p * x
    (q * y + r * y).backward()
    return x.grad


def diamond_node_by_node(p, q, r):
    dc = 1.0
    da = db = dc
    dy = 0.0
    dy += da * q
    dy += db * r
    return dy * p


STEPS = {
    "momentum_step": Row(
        {
            "NumPy": momentum,
            "number by number": momentum_by_numbers,
            "pytorch": momentum_of_pytorch,
            "array": lambda w, g, v, rate, m: np.array([w - rate * (m * v + g), m * v + g]),
            "vstack": lambda w, g, v, rate, m: np.vstack([w - rate * m * v - rate * g, m * v + g]),
            "list": lambda w, g, v, rate, m: [w - rate * (g + v * m), g + v * m],
            "einsum": lambda w, g, v, rate, m: np.einsum(
                "ij,jd->id", [[1, -rate * m, -rate], [0, m, 1]], [w, v, g]
            ),
            "matrix": lambda w, g, v, rate, m: (
                np.array([[1, -rate * m, -rate], [0, m, 1]]) @ np.stack([w, v, g])
            ),
        }
    ),
    "adam_step": Row(
        {
            "NumPy": adam,
            "ε under the root": adam_with_epsilon_under_the_root,
            "pytorch": adam_of_pytorch,
            "number by number": adam_by_numbers,
            "stacked": lambda *a: np.stack(adam(*a)),
            "vstack": lambda *a: np.vstack(adam(*a)),
            "list": lambda *a: list(adam(*a)),
            "tensors": lambda *a: torch.stack(adam(*map(torch.as_tensor, a))),
        }
    ),
    "dropout": Row(
        {
            "NumPy": dropped,
            "where": dropped_where,
            "with a cache": dropped_with_a_cache,
            "indices": dropped_by_indices,
            "number by number": dropped_by_numbers,
            "einsum": dropped_by_einsum,
            "pytorch": dropped_by_pytorch,
            "masked array": dropped_as_masked_array,
        },
        bare=frozenset({"gives tuples"}),  # a tuple is y and a cache
    ),
    "diamond": Row(
        {
            "path by path": lambda p, q, r: p * q + p * r,
            "factored": lambda p, q, r: (q + r) * p,
            "sum over paths": lambda p, q, r: sum(np.prod(path) for path in ((p, q), (p, r))),
            "a matrix product": lambda p, q, r: (np.array([[1, 1]]) @ [[q], [r]] * p).item(),
            "a dot product": lambda p, q, r: np.dot([q, r], [p, p]),
            "pytorch": diamond_of_pytorch,
            "node by node": diamond_node_by_node,
            "a derivative": lambda p, q, r: (lambda x: q * (p * x) + r * (p * x))(1.0),
        }
    ),
}
