"""Optimisers, schedules and clipping walk in step with torch.optim."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from torch.optim import lr_scheduler

from cnnlab import pytorch, scratch
from cnnlab.scratch import optim, regularization
from cnnlab.scratch.optim import KERAS, SGD, Adagrad, Adam, AdamW, NAdam, RMSprop, by_name
from cnnlab.scratch.schedules import CosineAnnealingLR, ReduceLROnPlateau, StepLR
from cnnlab.spec import Chain, Linear
from tests import keras_facts

OPTIMIZER_NAMES = ("adagrad", "adam", "adamw", "nadam", "rmsprop", "sgd")
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
    (Adagrad, torch.optim.Adagrad, {"lr": 0.1, "initial_accumulator_value": 0.3, "eps": 1e-3}),
    (NAdam, torch.optim.NAdam, {}),
    (NAdam, torch.optim.NAdam, {"lr": 0.1, "betas": (0.8, 0.9), "weight_decay": 0.1}),
    (NAdam, torch.optim.NAdam, {"momentum_decay": 1.0, "eps": 1e-3}),
]


@pytest.fixture
def double():
    """torch.optim.NAdam keeps the product of its shares in PyTorch's default dtype."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


SHAPES = {"weight": (4, 3), "bias": (4,)}


def draw(rng: np.random.Generator, dtype: type) -> dict[str, np.ndarray]:
    return {name: rng.standard_normal(shape).astype(dtype) for name, shape in SHAPES.items()}


@pytest.mark.usefixtures("double")
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


@pytest.mark.parametrize(
    "rule",
    [
        lambda: SGD(momentum=0.9, nesterov=True),
        lambda: RMSprop(momentum=0.5, weight_decay=0.1),
        Adagrad,
        Adam,
        AdamW,
        NAdam,
    ],
)
@pytest.mark.parametrize("layout", ["C", "F"])
def test_a_large_parameter_goes_part_by_part_to_where_it_goes_as_a_whole(
    rule, layout, monkeypatch
) -> None:
    rng = np.random.default_rng(0)
    start, *grads = (np.array(rng.normal(size=(7, 5)), order=layout) for _ in range(4))
    ends = []
    for block in (1 << 16, 4):
        monkeypatch.setattr(optim.base, "BLOCK", block)
        params, optimizer = {"w": start.copy(layout)}, rule()
        for gradient in grads:
            optimizer.step(params, {"w": gradient})
        ends.append((params["w"], optimizer.state_dict()["memory"]["w"]))
    (whole, kept), (parts, kept_in_parts) = ends
    assert np.array_equal(whole, parts)
    assert all(np.array_equal(kept[name], kept_in_parts[name]) for name in kept)


def test_a_rule_of_ones_own_sees_each_parameter_whole() -> None:
    class Counting(optim.Optimizer):
        def update(self, param, gradient, memory) -> None:
            memory["steps"] = memory.get("steps", 0) + 1
            param -= self.lr * gradient / memory["steps"]

    optimizer, params = Counting(lr=1.0), {"w": np.zeros(optim.base.BLOCK + 1)}
    for _ in range(2):
        optimizer.step(params, {"w": np.ones_like(params["w"])})
    assert (params["w"] == -1.5).all()
    assert optimizer.memory["w"]["steps"] == 2


@pytest.mark.parametrize(
    "optimizer", [SGD(momentum=0.9), Adagrad(), RMSprop(), Adam(), AdamW(), NAdam()]
)
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


@pytest.mark.usefixtures("double")
@pytest.mark.parametrize("name", [*OPTIMIZER_NAMES, *(f"keras-{rule}" for rule in KERAS)])
def test_a_name_means_the_same_in_both_worlds(name) -> None:
    network, rng = Linear(2), np.random.default_rng(0)
    net = scratch.build(network, (3,), 1, dtype=np.float64)
    module = pytorch.build(network, (3,), 1).double()
    ours = scratch.Stepper(net, optimizer=name)
    theirs = pytorch.Stepper(module, optimizer=name)
    assert ours.learning_rate == theirs.learning_rate
    for _ in range(5):
        x, y = rng.standard_normal((4, 3)), rng.integers(0, 2, 4)
        assert_allclose(ours.step(x, y)["loss"], theirs.step(x, y)["loss"], rtol=1e-9)
    assert_allclose(net.params["weight"], module.state_dict()["weight"].numpy(), rtol=1e-9)


def test_keras_defaults_are_those_of_its_documentation() -> None:
    rates = {rule: by_name(f"keras-{rule}")[1]["lr"] for rule in KERAS}
    assert rates.pop("sgd") == 0.01
    assert set(rates.values()) == {0.001}
    assert by_name("keras-rmsprop", lr=0.1)[1] == {"lr": 0.1, "alpha": 0.9, "eps": 1e-7}


@pytest.mark.parametrize("name", keras_facts.MOVED)
def test_keras_defaults_take_the_steps_that_keras_took(name) -> None:
    rule, settings = by_name(f"keras-{name.lower()}")
    start, gradients = keras_facts.gradients()
    weights = {"w": start.copy()}
    optimizer = optim.OPTIMIZERS[rule](**settings)
    for gradient in gradients:
        optimizer.step(weights, {"w": gradient})
    assert_allclose(keras_facts.ends(weights["w"]), keras_facts.MOVED[name], atol=1e-5)
    assert {n.lower() for n in keras_facts.MOVED} == set(KERAS)


@pytest.mark.parametrize("stepper", [scratch.Stepper, pytorch.Stepper])
@pytest.mark.parametrize(
    ("name", "meant"),
    [("Adam", "adam"), ("Nadam", "nadam"), ("RMSProp", "rmsprop"), ("keras adam", "keras-adam")],
)
def test_an_optimiser_by_another_spelling_is_answered_with_ours(stepper, name, meant) -> None:
    build = scratch.build if stepper is scratch.Stepper else pytorch.build
    with pytest.raises(ValueError, match=f"not '{name}'. Did you mean '{meant}'"):
        stepper(build(Linear(2), (3,)), optimizer=name)


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


@pytest.mark.parametrize(
    "penalise",
    [
        lambda net, module: regularization.l2_penalty(net.params, {"fcc": 0.1}),
        lambda net, module: regularization.l1_penalty(net.params, {"": 0.1, "f": 0.1}),
        lambda net, module: pytorch.decay_groups(module, {"fcc": 0.1}),
    ],
)
def test_a_penalty_for_nothing_is_refused(penalise) -> None:
    network = Chain(fc=Linear(2), head=Chain(last=Linear(2)))
    net, module = scratch.build(network, (3,)), pytorch.build(network, (3,))
    with pytest.raises(ValueError, match=r"must name rows of the network, such as fc, head\.last"):
        penalise(net, module)
    assert regularization.l2_penalty(net.params, {"head": 0.1})[0] > 0


@pytest.mark.parametrize(("l1", "l2"), [(0.3, 0.0), (0.0, 0.2), (0.3, 0.2)])
def test_a_penalty_on_activations_equals_pytorchs_gradient(l1, l2) -> None:
    y = np.random.default_rng(0).standard_normal((5, 3, 4))
    tensor = torch.from_numpy(y).requires_grad_()
    expected = (l1 * tensor.abs().sum() + l2 * tensor.square().sum()) / 5
    expected.backward()
    value, dy = regularization.activity_penalty(y, l1, l2)
    assert_allclose(value, expected.item())
    assert_allclose(dy, tensor.grad.numpy())
    with pytest.raises(ValueError, match="l1 must be at least 0, not -1"):
        regularization.activity_penalty(y, l1=-1)
