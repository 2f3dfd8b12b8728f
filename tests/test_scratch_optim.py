"""Optimisers, schedules and clipping walk in step with torch.optim."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from torch.optim import lr_scheduler

from cnnlab.scratch import regularization
from cnnlab.scratch.optim import SGD, Adagrad, Adam, AdamW, RMSprop
from cnnlab.scratch.schedules import CosineAnnealingLR, ReduceLROnPlateau, StepLR

OPTIMIZERS = [
    (SGD, torch.optim.SGD, {"lr": 0.1}),
    (SGD, torch.optim.SGD, {"lr": 0.1, "weight_decay": 0.2}),
    (SGD, torch.optim.SGD, {"lr": 0.1, "momentum": 0.9}),
    (SGD, torch.optim.SGD, {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    (Adagrad, torch.optim.Adagrad, {}),
    (Adagrad, torch.optim.Adagrad, {"lr": 0.1, "lr_decay": 0.1, "weight_decay": 0.1}),
    (RMSprop, torch.optim.RMSprop, {}),
    (RMSprop, torch.optim.RMSprop, {"lr": 0.05, "alpha": 0.9, "momentum": 0.8}),
    (Adam, torch.optim.Adam, {}),
    (Adam, torch.optim.Adam, {"lr": 0.1, "betas": (0.8, 0.9), "weight_decay": 0.1}),
    (AdamW, torch.optim.AdamW, {}),
    (AdamW, torch.optim.AdamW, {"lr": 0.1, "weight_decay": 0.3}),
]
SHAPES = {"weight": (4, 3), "bias": (4,)}


def draw(rng: np.random.Generator, dtype: type) -> dict[str, np.ndarray]:
    return {name: rng.standard_normal(shape).astype(dtype) for name, shape in SHAPES.items()}


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 1e-5)])
@pytest.mark.parametrize(
    ("ours", "theirs", "settings"), OPTIMIZERS, ids=lambda v: getattr(v, "__name__", str(v))
)
def test_optimizer_equals_pytorch_step_for_step(ours, theirs, settings, dtype, tolerance) -> None:
    rng = np.random.default_rng(0)
    params = draw(rng, dtype)
    tensors = {name: torch.from_numpy(a.copy()).requires_grad_() for name, a in params.items()}
    optimizer, reference = ours(**settings), theirs(tensors.values(), **settings)
    arrays = dict(params)
    for _ in range(10):
        grads = draw(rng, dtype)
        held = {name: g.copy() for name, g in grads.items()}
        for name, tensor in tensors.items():
            tensor.grad = torch.from_numpy(grads[name].copy())
        optimizer.step(params, grads)
        reference.step()
        for name, tensor in tensors.items():
            assert params[name] is arrays[name]  # changed in place
            assert params[name].dtype == dtype
            assert_allclose(params[name], tensor.detach().numpy(), rtol=tolerance, atol=tolerance)
            assert_array_equal(grads[name], held[name])


@pytest.mark.parametrize("optimizer", [SGD(momentum=0.9), Adagrad(), RMSprop(), Adam(), AdamW()])
def test_optimizer_state_can_be_put_back(optimizer) -> None:
    rng = np.random.default_rng(0)
    params, first, second = (draw(rng, np.float64) for _ in range(3))
    optimizer.step(params, first)
    state, held = optimizer.state_dict(), {name: a.copy() for name, a in params.items()}
    optimizer.step(params, second)
    expected = {name: a.copy() for name, a in params.items()}
    for _ in range(2):  # a state may be put back more than once
        for name, array in held.items():
            params[name][...] = array
        optimizer.load_state_dict(state)
        optimizer.step(params, second)
        for name, array in expected.items():
            assert_array_equal(params[name], array)


def test_a_parameter_without_gradient_is_frozen() -> None:
    params = {"codes": np.ones(2), "weight": np.ones(2)}
    Adam().step(params, {"weight": np.ones(2)})
    assert_array_equal(params["codes"], np.ones(2))
    with pytest.raises(KeyError, match="Adam: every gradient needs its parameter"):
        Adam().step(params, {"bias": np.ones(2)})


def test_settings_are_checked() -> None:
    with pytest.raises(ValueError, match="Adam: lr must be at least 0, not -1"):
        Adam(lr=-1)
    with pytest.raises(ValueError, match="SGD: nesterov needs momentum above 0"):
        SGD(nesterov=True)


class Holder:
    def __init__(self, lr: float) -> None:
        self.lr = lr


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (lambda o: StepLR(o, 3, 0.5), lambda o: lr_scheduler.StepLR(o, 3, 0.5)),
        (
            lambda o: CosineAnnealingLR(o, 8, 0.01),
            lambda o: lr_scheduler.CosineAnnealingLR(o, 8, 0.01),
        ),
    ],
    ids=["step", "cosine"],
)
def test_schedule_equals_pytorch(ours, theirs) -> None:
    holder = Holder(0.4)
    reference = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.4)
    schedule, scheduler = ours(holder), theirs(reference)
    for _ in range(12):
        assert_allclose(holder.lr, reference.param_groups[0]["lr"], rtol=1e-12)
        schedule.step()
        reference.step()
        scheduler.step()


def test_plateau_equals_pytorch() -> None:
    holder = Holder(0.4)
    reference = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.4)
    settings = {"factor": 0.3, "patience": 2, "threshold": 0.01, "min_lr": 0.02}
    schedule = ReduceLROnPlateau(holder, **settings)
    scheduler = lr_scheduler.ReduceLROnPlateau(reference, **settings)
    noise = np.random.default_rng(0).uniform(0, 0.2, 40)
    for epoch in range(40):
        loss = float(1 / (1 + epoch) + noise[epoch])
        schedule.step(loss)
        scheduler.step(loss)
        assert_allclose(holder.lr, reference.param_groups[0]["lr"], rtol=1e-12)
    assert holder.lr == 0.02


@pytest.mark.parametrize("max_norm", [0.5, 1000.0])
def test_clipping_equals_pytorch(max_norm: float) -> None:
    grads = draw(np.random.default_rng(0), np.float64)
    tensors = [torch.zeros(shape, requires_grad=True) for shape in SHAPES.values()]
    for tensor, gradient in zip(tensors, grads.values(), strict=True):
        tensor.data = tensor.data.double()
        tensor.grad = torch.from_numpy(gradient.copy())
    norm = regularization.clip_grad_norm(grads, max_norm)
    assert_allclose(norm, torch.nn.utils.clip_grad_norm_(tensors, max_norm).item())
    for tensor, gradient in zip(tensors, grads.values(), strict=True):
        assert_allclose(gradient, tensor.grad.numpy(), rtol=1e-12)
    regularization.clip_grad_value(grads, 0.1)
    torch.nn.utils.clip_grad_value_(tensors, 0.1)
    for tensor, gradient in zip(tensors, grads.values(), strict=True):
        assert_allclose(gradient, tensor.grad.numpy(), rtol=1e-12)


def test_penalty_gradient_is_its_slope_and_biases_go_free() -> None:
    params = draw(np.random.default_rng(0), np.float64)
    weight = torch.from_numpy(params["weight"].copy()).requires_grad_()
    expected = 0.3 * weight.abs().sum() + 0.2 * (weight**2).sum()
    expected.backward()
    value, grads = regularization.elastic_net_penalty(params, l1=0.3, l2=0.2)
    assert_allclose(value, expected.item())
    assert grads.keys() == {"weight"}
    assert_allclose(grads["weight"], weight.grad.numpy())


def test_weight_decay_is_twice_the_l2_strength() -> None:
    rng = np.random.default_rng(0)
    params, grads = draw(rng, np.float64), draw(rng, np.float64)
    decayed = {name: array.copy() for name, array in params.items()}
    del decayed["bias"], grads["bias"]
    _, pulls = regularization.l2_penalty(params, 0.05)
    SGD(lr=0.1).step(params, {"weight": grads["weight"] + pulls["weight"]})
    SGD(lr=0.1, weight_decay=0.1).step(decayed, grads)
    assert_allclose(params["weight"], decayed["weight"])
