"""NumPy and PyTorch through one gate: the same sentence for the same mistake, and the same numbers."""

import functools
import math
import re

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from cnnlab import pytorch, scratch, train
from cnnlab.scratch import batch_metrics as measures
from cnnlab.scratch import gate, losses
from cnnlab.spec import (
    BatchNorm,
    Chain,
    Conv,
    Embedding,
    Flatten,
    GlobalMaxPool,
    Linear,
    ReLU,
    Softmax,
)

IMAGES = Chain(conv=Conv(4, 3), relu=ReLU(), flatten=Flatten(), fc=Linear(3))
TEXT = Chain(
    embedding=Embedding(9, 4),
    conv=Conv(5, 3),
    pool=GlobalMaxPool(),
    flatten=Flatten(),
    fc=Linear(2),
)


def both(spec, in_shape, *arguments, **options):
    """A NumPy and a PyTorch stepper with the same weights."""
    return (
        scratch.Stepper(scratch.build(spec, in_shape), *arguments, **options),
        pytorch.Stepper(pytorch.build(spec, in_shape), *arguments, **options),
    )


def refusals(steppers, use):
    found = []
    for stepper in steppers:
        with pytest.raises((TypeError, ValueError)) as caught:
            use(stepper)
        found.append(str(caught.value))
    return found


x = np.random.default_rng(0).random((6, 1, 5, 5), dtype=np.float32)
y = np.arange(6) % 3


# Inputs


@pytest.mark.parametrize("part", ["step", "evaluate", "predict"])
@pytest.mark.parametrize(
    ("given_x", "message"),
    [
        (x[:, 0], r"\(N, 1, 5, 5\).*\(6, 5, 5\): its channel axis is missing. Use x\[:, None\]"),
        (x.transpose(0, 2, 3, 1), r"channels come last\. Use x\.transpose\(0, 3, 1, 2\)"),
        (x.reshape(6, 25), r"Use x\.reshape\(-1, 1, 5, 5\)"),
        (x[0], r"one example without its batch\. Use x\[None\]"),
        (x[:, :, :2], "as the training set was prepared"),
        ((x * 255).astype(np.uint8), r"not uint8\. Scale it first.*/ 255"),
        (x > 0.5, r"not bool\. Convert it with x\.astype\(np\.float32\)"),
        (x.astype(str), "must be floating point, not <U.* numbers of one shape"),
        (x.astype(object), "not object. Turn every example into numbers"),
        (x + 1j, "not complex64. Turn every example into numbers"),
        ([[1.0], [1.0, 2.0]], "array of numbers, not list"),
        (
            torch.ones(6, 1, 5, 5, dtype=torch.bfloat16),
            r"not Tensor\..*convert it with \.float\(\)",
        ),
    ],
)
def test_both_worlds_say_what_is_wrong_with_the_inputs(part, given_x, message):
    def use(stepper):
        return stepper.predict(given_x) if part == "predict" else getattr(stepper, part)(given_x, y)

    ours, theirs = refusals(both(IMAGES, (1, 5, 5)), use)
    assert ours == theirs
    assert re.search(message, ours)


def test_the_advice_about_layouts_works():
    last = x.transpose(0, 2, 3, 1)
    for stepper in both(IMAGES, (1, 5, 5)):
        expected = stepper.predict(x)
        for mended in (
            last.transpose(0, 3, 1, 2),
            x[:, 0][:, None],
            x.reshape(6, 25).reshape(-1, 1, 5, 5),
        ):
            np.testing.assert_array_equal(stepper.predict(mended), expected)
        assert stepper.predict(x.tolist()).shape == stepper.predict(torch.from_numpy(x)).shape


@given(st.lists(st.integers(1, 4), min_size=2, max_size=4), st.integers(0, 9))
def test_a_sentence_about_a_layout_never_fails_itself(shape, seed):
    in_shape = tuple(np.random.default_rng(seed).permutation(shape)[1:].tolist())
    said = gate.misfit(tuple(shape), in_shape)
    assert (said == "") == (tuple(shape[1:]) == in_shape)


def test_a_module_of_ones_own_is_told_the_order_of_axes():
    stepper = pytorch.Stepper(nn.Conv2d(3, 2, 3))
    with pytest.raises(ValueError, match=r"\(2, 8, 8, 3\).*channels first"):
        stepper.predict(np.zeros((2, 8, 8, 3), np.float32))


def test_a_last_batch_of_one_with_batch_normalisation_is_named():
    spec = Chain(fc=Linear(4), bn=BatchNorm(), fc2=Linear(3))
    said = refusals(both(spec, (5,)), lambda s: s.step(np.ones((1, 5), np.float32), np.array([0])))
    assert said[0] == said[1]
    assert "more than one example in the last batch" in said[0]


def test_numbers_of_another_byte_order_are_read():
    for stepper in both(IMAGES, (1, 5, 5)):
        swapped = x.astype(x.dtype.newbyteorder())
        np.testing.assert_array_equal(stepper.predict(swapped), stepper.predict(x))


@pytest.mark.parametrize("batch_size", [0, 2.5, None, True])
def test_a_batch_size_of_prediction_is_a_whole_number(batch_size):
    said = refusals(both(IMAGES, (1, 5, 5)), lambda s: s.predict(x, batch_size))
    assert said[0] == said[1]
    assert re.match(r"Stepper: batch_size must be .* not .*\. .+\.$", said[0])


@pytest.mark.parametrize(
    ("lr", "message"),
    [
        (-1, "lr must be at least 0, not -1"),
        ("0.1", r"lr must be a number, not '0\.1'. Write it without quotation marks"),
        (True, "lr must be a number, not True"),
        (math.nan, "lr must be at least 0, not nan"),
        (math.inf, "lr must be finite, not inf"),
    ],
)
def test_a_learning_rate_is_a_number(lr, message):
    makers = (
        lambda: scratch.Stepper(scratch.build(IMAGES, (1, 5, 5)), lr=lr),
        lambda: pytorch.Stepper(pytorch.build(IMAGES, (1, 5, 5)), lr=lr),
    )
    for make in makers:
        with pytest.raises((TypeError, ValueError), match=message):
            make()


@pytest.mark.parametrize(
    ("loss", "meant"),
    [
        ("cross_entropy", "cross-entropy"),
        ("CrossEntropyLoss", "cross-entropy"),
        ("sparse_categorical_crossentropy", "cross-entropy"),
        ("binary_crossentropy", "binary-cross-entropy"),
        ("MSELoss", "mse"),
        ("mean_squared_error", "mse"),
    ],
)
def test_other_names_of_losses_are_answered_with_ours(loss, meant):
    makers = (
        lambda: scratch.Stepper(scratch.build(IMAGES, (1, 5, 5)), loss=loss),
        lambda: pytorch.Stepper(pytorch.build(IMAGES, (1, 5, 5)), loss=loss),
    )
    for make in makers:
        with pytest.raises(ValueError, match=rf"Did you mean '{meant}'\?$"):
            make()


@pytest.mark.parametrize(("name", "meant"), [("acuracy", "accuracy"), ("acc", "accuracy")])
def test_other_names_of_metrics_are_answered_with_ours(name, meant):
    with pytest.raises(ValueError, match=rf"Did you mean '{meant}'\?"):
        pytorch.Stepper(nn.Linear(2, 2), metrics=[name])


def test_a_network_that_ends_in_maps_is_told_what_is_missing():
    maps = Chain(conv=Conv(3, 3))
    said = refusals(both(maps, (1, 5, 5)), lambda s: s.step(x, y))
    assert said[0] == said[1]
    assert re.search(r"one integer for each position .* end the network with a Flatten", said[0])


def test_a_module_without_parameters_is_no_network_to_train():
    with pytest.raises(ValueError, match="must have parameters to train, but Flatten has none"):
        pytorch.Stepper(nn.Flatten())


def test_weights_in_channels_last_train_alike_and_keep_their_layout():
    """Over a step, a state that is put back, and whatever lies between two convolutions."""
    network = Chain(a=Conv(4, 3), relu=ReLU(), b=Conv(5, 3), flatten=Flatten(), fc=Linear(3))
    usual, last = (pytorch.build(network, (1, 9, 9)) for _ in range(2))
    last.to(memory_format=torch.channels_last)
    steppers = [pytorch.Stepper(module, lr=0.01) for module in (usual, last)]
    between = []
    last.b.register_forward_pre_hook(lambda module, inputs: between.extend(inputs))
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((8, 1, 9, 9), np.float32), rng.integers(0, 3, 8)
    for _ in range(3):
        first, second = (stepper.step(x, y) for stepper in steppers)
        assert first["loss"] == pytest.approx(second["loss"], rel=1e-5)
        steppers[1].restore(steppers[1].state())
    layouts = [maps.is_contiguous(memory_format=torch.channels_last) for maps in between]
    assert layouts == [True] * 3
    assert last.b.weight.is_contiguous(memory_format=torch.channels_last)
    assert not usual.b.weight.is_contiguous(memory_format=torch.channels_last)
    assert np.allclose(*(stepper.predict(x) for stepper in steppers), atol=1e-5)


# Tokens


def test_text_is_trained_alike_in_both_worlds():
    rng = np.random.default_rng(0)
    tokens = rng.integers(0, 9, (20, 7))
    labels = (tokens == 3).any(axis=1).astype(int)
    histories = [
        train.fit(stepper, (tokens, labels), (tokens, labels), epochs=3, batch_size=6)
        for stepper in both(TEXT, (7,), optimizer="sgd", lr=0.5)
    ]
    for name, values in histories[0].items():
        np.testing.assert_allclose(values, histories[1][name], rtol=1e-4)
    ours, theirs = (stepper.predict(tokens) for stepper in both(TEXT, (7,)))
    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-6)


def test_tokens_outside_the_vocabulary_are_named_and_images_are_no_tokens():
    ours, theirs = refusals(both(TEXT, (7,)), lambda s: s.predict(np.full((2, 7), 9)))
    assert ours == theirs
    assert "tokens must lie between 0 and 8, not 9 to 9" in ours
    whole = np.zeros((6, 1, 5, 5), int)
    for stepper in both(IMAGES, (1, 5, 5)):
        assert not stepper.takes_tokens
        with pytest.raises(TypeError, match="train x must be floating point, not int64"):
            train.fit(stepper, (whole, y), epochs=1)


# Targets

LABELS = {
    "one-hot": (np.eye(3, dtype=int)[y], r"not one-hot \(6, 3\)\. Use y\.argmax\(axis=1\)"),
    "column": (y[:, None], r"not \(6, 1\)\. Use y\.reshape\(6,\)"),
    "floats": (y.astype(float), r"integers, not float64\. Use y\.astype\(np\.int64\)"),
    "truth values": (y > 1, r"integers, not bool\. Use y\.astype\(np\.int64\)"),
    "text": (np.array(list("abcabc")), r"integers, not text\. Number the classes: .*np\.unique"),
    "from one": (y + 1, "between 0 and 2, not 1 to 3. Count classes from 0"),
    "too many": (np.arange(7) % 3, r"must have shape \(6,\).*not \(7,\)\. Pair every example"),
    "an expression": ([{0}] * 6, "not Python objects"),
}


@pytest.mark.parametrize("name", LABELS)
@pytest.mark.parametrize("part", ["step", "evaluate"])
def test_both_worlds_say_what_is_wrong_with_the_labels(name, part):
    labels, message = LABELS[name]
    ours, theirs = refusals(both(IMAGES, (1, 5, 5)), lambda s: getattr(s, part)(x, labels))
    assert ours == theirs
    assert re.search(message, ours)


def test_the_advice_about_labels_works():
    mended = (
        np.eye(3, dtype=int)[y].argmax(axis=1),
        y[:, None].reshape(
            6,
        ),
        y.astype(float).astype(np.int64),
        np.unique(np.array(list("abcabc")), return_inverse=True)[1],
    )
    for stepper in both(IMAGES, (1, 5, 5)):
        expected = stepper.evaluate(x, y)
        for labels in mended:
            assert stepper.evaluate(x, labels) == expected


def test_probabilities_as_targets_are_pytorchs():
    stepper = pytorch.Stepper(pytorch.build(IMAGES, (1, 5, 5)), metrics=())
    soft = np.eye(3)[y]
    assert stepper.evaluate(x, soft)["loss"] == pytest.approx(stepper.evaluate(x, y)["loss"])
    measuring = pytorch.Stepper(pytorch.build(IMAGES, (1, 5, 5)))
    with pytest.raises(ValueError, match=r"other targets, and y\.argmax\(axis=1\) for one-hot"):
        measuring.evaluate(x, soft)


@pytest.mark.parametrize("loss", ["mse", "mae", "binary-cross-entropy"])
def test_losses_by_name_are_alike_in_both_worlds(loss):
    spec, inputs = Chain(fc=Linear(2)), x.reshape(6, 25)
    targets = (inputs[:, :2] > 0.5).astype(float)
    results = [
        [stepper.step(inputs, given_y) for given_y in (targets, targets.astype(int), targets > 0)]
        for stepper in both(spec, (25,), loss, "sgd", 0.1)
    ]
    for ours, theirs in zip(*results, strict=True):
        assert ours.keys() == theirs.keys() == {"loss"}
        assert ours["loss"] == pytest.approx(theirs["loss"], rel=1e-5)
    said = refusals(both(spec, (25,), loss), lambda s: s.step(inputs, targets[:, 0]))
    assert said[0] == said[1]
    assert "must have the shape of the outputs, (6, 2), not (6,)" in said[0]


@pytest.mark.parametrize("loss", ["mse", "mae", "binary-cross-entropy"])
def test_one_output_and_flat_targets_are_refused_not_spread(loss):
    flat = y % 2
    said = refusals(
        both(Chain(fc=Linear(1)), (25,), loss), lambda s: s.step(x.reshape(6, 25), flat)
    )
    assert said[0] == said[1]
    assert said[0].endswith("not (6,). Use y.reshape(6, 1).")


def spread(outputs, targets):
    return ((outputs - targets) ** 2).mean()


@pytest.mark.parametrize(
    "loss",
    [
        nn.functional.mse_loss,
        nn.functional.l1_loss,
        nn.functional.huber_loss,
        nn.functional.binary_cross_entropy_with_logits,
        nn.MSELoss(),
        spread,
        functools.partial(spread),
        lambda outputs, targets: (outputs == targets).float().mean() + outputs.sum(),
    ],
)
@pytest.mark.parametrize("part", ["step", "evaluate"])
@pytest.mark.filterwarnings("ignore:Using a target size")
def test_a_loss_of_ones_own_that_spreads_is_refused(loss, part):
    stepper = pytorch.Stepper(nn.Linear(25, 1), loss, metrics=())
    with pytest.raises(ValueError, match=r"the loss .* cannot: .* Give .*y\.reshape\(6, 1\)"):
        getattr(stepper, part)(x.reshape(6, 25), y)


@pytest.mark.filterwarnings("ignore:Using a target size")
def test_images_with_and_without_a_channel_are_not_spread_either():
    stepper = pytorch.Stepper(nn.Conv2d(1, 1, 1), nn.functional.mse_loss, metrics=())
    with pytest.raises(ValueError, match=r"\(6, 1, 5, 5\) up with \(6, 5, 5\)"):
        stepper.step(x, x[:, 0])


def test_a_metric_that_spreads_is_refused():
    def exact(outputs, targets):
        return (outputs.round() == targets).float().mean()

    stepper = pytorch.Stepper(nn.Linear(25, 1), lambda o, t: o.mean(), metrics=[exact])
    with pytest.raises(ValueError, match=r"the metric exact .* every example with every other"):
        stepper.evaluate(x.reshape(6, 25), y)


def test_losses_that_line_their_axes_up_themselves_are_taken():
    binary = nn.functional.binary_cross_entropy_with_logits
    for loss in (
        lambda z, t: binary(z[:, 0], t.float()),
        lambda z, t: binary(z.squeeze(1), t.float()),
        lambda z, t: binary(z, t[:, None].float()),
        lambda z, t: binary(z, t.view_as(z).float()),
        lambda z, t: binary(z, t.float().reshape(z.shape)),
        lambda z, t: (z - z.T).abs().mean() + z[t].mean(),  # every pair, on purpose
    ):
        stepper = pytorch.Stepper(nn.Linear(25, 1), loss, metrics=())
        assert math.isfinite(stepper.step(x.reshape(6, 25), y % 2)["loss"])


def test_a_first_batch_of_one_does_not_hide_what_the_next_would_spread():
    stepper = pytorch.Stepper(nn.Linear(25, 1), spread, metrics=())
    stepper.step(x[:1].reshape(1, 25), y[:1])
    with pytest.raises(ValueError, match="every other"):
        stepper.step(x.reshape(6, 25), y)


def test_a_numpy_loss_that_spreads_is_refused():
    def loss(outputs, targets):
        error = outputs - targets
        return float(np.mean(error**2)), 2 * error / error.size

    stepper = scratch.Stepper(
        scratch.build(Chain(fc=Linear(1)), (25,)), (loss, lambda cache: cache)
    )
    with pytest.raises(ValueError, match=r"shape of the outputs, \(6, 1\), not \(6, 6\)"):
        stepper.step(x.reshape(6, 25), y)


@pytest.mark.parametrize(
    ("loss", "targets", "message"),
    [
        (
            nn.functional.binary_cross_entropy_with_logits,
            y[:, None] % 2,
            r"the loss binary_cross.* int64 \(6, 1\).*y\.astype\(np\.float32\)",
        ),
        (nn.MSELoss(reduction="none"), x[:, 0, 0, :1], r"returned shape \(6, 1\), not one number"),
        (lambda outputs, targets: outputs @ targets, x[:, 0, 0, :1], "function.outputs, targets."),
        (lambda outputs, targets: torch.tensor(1.0), y, "must depend on weights"),
        (nn.functional.mse_loss, np.array(list("abcabc")), "targets must be numbers, not text"),
    ],
)
def test_an_error_inside_a_loss_names_it_and_what_it_was_given(loss, targets, message):
    stepper = pytorch.Stepper(nn.Linear(25, 1), loss, metrics=())
    with pytest.raises((TypeError, ValueError), match=message):
        stepper.step(x.reshape(6, 25), targets)


def test_one_output_is_no_classifier():
    said = refusals(both(Chain(fc=Linear(1)), (25,)), lambda s: s.step(x.reshape(6, 25), y * 0))
    assert said[0] == said[1]
    assert "loss='binary-cross-entropy' for one output" in said[0]


# What a stepper is made of


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: pytorch.Stepper(scratch.build(IMAGES, (1, 5, 5))), "not Chain. Build one"),
        (lambda: pytorch.Stepper(IMAGES), "module must be a torch.nn.Module, not Chain"),
        (lambda: pytorch.Stepper(nn.Linear), "not the class Linear"),
        (lambda: scratch.Stepper(nn.Linear(2, 2)), "a PyTorch module has cnnlab.pytorch.Stepper"),
        (lambda: scratch.Stepper(IMAGES), "must be a network in NumPy.* not Chain"),
        (
            lambda: pytorch.Stepper(nn.Linear(2, 2), nn.CrossEntropyLoss),
            r"Put brackets after it: CrossEntropyLoss\(\)",
        ),
        (lambda: pytorch.Stepper(nn.Linear(2, 2), metrics="accuracy"), "Put it in brackets"),
    ],
)
def test_what_is_no_network_or_no_loss_is_refused(make, message):
    with pytest.raises(TypeError, match=message):
        make()


def accurate(outputs, targets):
    return 1.0


@pytest.mark.parametrize(
    ("metrics", "advice"),
    [
        (["accuracy", "accuracy"], "Leave it out the second time"),
        (["top_5_error", "top_5_error"], "Leave it out the second time"),
        ([accurate, accurate], "Leave it out the second time"),
        ([lambda o, t: 0.0, lambda o, t: 1.0], "Write it as a function with another name"),
        (
            [type("", (), {"__call__": lambda self, o, t: 0.0, "__name__": "loss"})()],
            "Write it as a function with another name",
        ),
    ],
)
def test_two_metrics_of_one_name_are_refused(metrics, advice):
    for make in (
        lambda: scratch.Stepper(scratch.build(IMAGES, (1, 5, 5)), metrics=metrics),
        lambda: pytorch.Stepper(pytorch.build(IMAGES, (1, 5, 5)), metrics=metrics),
    ):
        with pytest.raises(ValueError, match=rf"is taken\. {advice}"):
            make()


def test_a_metric_without_a_name_is_refused():
    with pytest.raises(ValueError, match="which has no __name__"):
        pytorch.Stepper(nn.Linear(2, 2), metrics=[functools.partial(accurate)])


# Metrics


def classified(draw_seed, classes, count=40):
    rng = np.random.default_rng(draw_seed)
    return rng.standard_normal((count, classes)), rng.integers(0, classes, count)


@given(st.integers(0, 99), st.integers(2, 6), st.integers(1, 6))
def test_metrics_count_by_hand_and_in_both_worlds(seed, classes, k):
    outputs, labels = classified(seed, classes)
    guesses = np.argsort(-outputs, axis=1)[:, :k]
    expected = {
        "accuracy": np.mean(outputs.argmax(1) == labels),
        f"top_{k}_error": np.mean(
            [label not in row for label, row in zip(labels, guesses, strict=True)]
        ),
    }
    for name, function in measures.named(list(expected)).items():
        for convert in (np.asarray, torch.from_numpy):
            found = function(convert(outputs), convert(labels))
            assert float(found) == pytest.approx(expected[name])


@given(st.integers(0, 99), st.integers(2, 5), st.data())
def test_precision_and_recall_are_those_of_the_confusion_matrix(seed, classes, data):
    outputs, labels = classified(seed, classes)
    of = data.draw(st.integers(0, classes - 1))
    table = np.zeros((classes, classes), int)
    np.add.at(table, (labels, outputs.argmax(1)), 1)
    for function, whole in (
        (measures.precision(of), table[:, of]),
        (measures.recall(of), table[of]),
    ):
        for convert in (np.asarray, torch.from_numpy):
            found = measures.Share(*map(float, function(convert(outputs), convert(labels))))
            if whole.sum():
                assert found == pytest.approx(table[of, of] / whole.sum())
            else:
                assert math.isnan(found)


def test_an_epochs_precision_is_that_of_all_its_examples():
    rng = np.random.default_rng(2)
    inputs = rng.standard_normal((50, 4)).astype(np.float32)
    labels = (rng.random(50) < 0.2).astype(int)
    for stepper in both(Chain(fc=Linear(2)), (4,), metrics=["precision", "recall"], lr=0.0):
        whole = stepper.evaluate(inputs, labels)
        history = train.fit(stepper, (inputs, labels), (inputs, labels), epochs=1, batch_size=7)
        batches = [
            stepper.evaluate(inputs[i : i + 7], labels[i : i + 7])["precision"]
            for i in range(0, 50, 7)
        ]
        assert np.nanmean(batches) != pytest.approx(whole["precision"], abs=0.01)
        for name in ("precision", "recall"):
            for measured in (history[name], history[f"val_{name}"]):
                assert measured == [pytest.approx(whole[name], rel=1e-5)]


def test_one_logit_has_precision_and_recall_too():
    outputs, targets = np.array([[1.0], [2.0], [-1.0], [3.0]]), np.array([[1.0], [0], [1], [1]])
    for labels in (targets, targets[:, 0].astype(int)):
        assert measures.Share(*measures.precision()(outputs, labels)) == pytest.approx(2 / 3)
        assert measures.Share(*measures.recall()(outputs, labels)) == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("use", "message"),
    [
        (lambda: measures.precision()(*classified(0, 3)), r"Give precision\(of=\.\.\.\)"),
        (lambda: measures.top_k_error(0), "at least 1, not 0"),
        (lambda: measures.top_k_error(True), "not True"),
        (lambda: measures.accuracy(np.zeros((4, 2)), np.zeros((4, 2))), r"Use metrics=\(\)"),
        (lambda: measures.named(["top_0_error"]), "not 'top_0_error'"),
    ],
)
def test_metrics_that_mean_nothing_are_refused(use, message):
    with pytest.raises(ValueError, match=message):
        use()


def test_early_stopping_knows_which_way_metrics_improve():
    for monitor, sign in {
        "val_loss": 1,
        "top_5_error": 1,
        "val_accuracy": -1,
        "val_precision_3": -1,
        "recall": -1,
    }.items():
        history = train.History({monitor: [0.5]})
        assert train.EarlyStopping(monitor)._value(history) == sign * 0.5


def test_softmax_and_cross_entropy_are_noticed_before_the_first_step():
    for stepper in both(Chain(fc=Linear(3), softmax=Softmax()), (25,)):
        before = stepper.predict(x.reshape(6, 25))
        with pytest.raises(ValueError, match="outputs are already probabilities"):
            train.fit(stepper, (x.reshape(6, 25), y), (x.reshape(6, 25), y), epochs=1)
        np.testing.assert_array_equal(stepper.predict(x.reshape(6, 25)), before)


def test_a_pair_of_ones_own_is_the_loss_by_name():
    ours = scratch.Stepper(
        scratch.build(IMAGES, (1, 5, 5)), (losses.cross_entropy, losses.cross_entropy_backward)
    )
    named = scratch.Stepper(scratch.build(IMAGES, (1, 5, 5)))
    assert ours.step(x, y)["loss"] == named.step(x, y)["loss"]
