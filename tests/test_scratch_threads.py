"""Work that threads share gives what one gives, and BLAS has its own threads back afterwards."""

import threading
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from threadpoolctl import threadpool_limits

from cnnlab import scratch, spec
from cnnlab.scratch import functional as F
from cnnlab.scratch import layers, nets, optim
from cnnlab.scratch.functional import threads
from cnnlab.scratch.functional.blas import matmul


def blas_threads():
    """What BLAS itself says; another library may have brought one of its own, held alike."""
    (count,) = {library.num_threads for library in threads.numpy_blas().lib_controllers}
    return count


@pytest.fixture
def two():
    """BLAS with two threads, on whatever machine."""
    with threadpool_limits(limits=2, user_api="blas"):
        yield


def hold_elsewhere():
    """Let another thread hold BLAS; return what makes it let go, and end."""
    inside, go = threading.Event(), threading.Event()

    def hold():
        with threads.own_threads():
            inside.set()
            go.wait()

    def let_go():
        go.set()
        thread.join()

    thread = threading.Thread(target=hold)
    thread.start()
    inside.wait()
    return let_go


class Together:
    """Let three threads share however little work, a few numbers at a time."""

    def __enter__(self):
        values = {"threads": mock.Mock(return_value=3), "THREAD": 0, "PIECE": 20}
        self.patch = mock.patch.multiple(threads, **values)
        self.patch.start()

    def __exit__(self, *error):
        self.patch.stop()


def test_blas_is_held_to_one_thread_and_given_back(two):
    with threads.own_threads():
        assert (blas_threads(), threads.threads()) == (1, 2)
        with threads.own_threads():
            assert (blas_threads(), threads.threads()) == (1, 2)
        assert blas_threads() == 1
    assert (blas_threads(), threads.threads()) == (2, 2)


def test_blas_is_given_back_after_an_error(two):
    with pytest.raises(ZeroDivisionError), threads.own_threads():
        raise ZeroDivisionError
    assert blas_threads() == 2


def test_the_last_of_several_gives_it_back(two):
    """Whoever came first may go first: a count that each read for itself would stay at one."""
    with threads.own_threads():
        let_go = hold_elsewhere()
    assert blas_threads() == 1
    let_go()
    assert blas_threads() == 2


@pytest.mark.parametrize("call", ["step", "evaluate", "predict"])
def test_a_stepper_holds_blas_while_it_computes(call, two):
    seen = []

    class Looks(layers.Activation):
        def forward(self, x, *, training=False):
            seen.append((blas_threads(), threads.threads()))
            return super().forward(x, training=training)

    net = nets.Chain(look=Looks(spec.ReLU(), (4,)), fc=layers.Linear(spec.Linear(2), (4,)))
    x, y = np.ones((3, 4), np.float32), np.array([0, 1, 1])
    getattr(scratch.Stepper(net), call)(*((x,) if call == "predict" else (x, y)))
    assert seen == [(1, 2)]
    assert blas_threads() == 2


def test_fewer_blocks_than_threads_are_left_to_blas(two):
    seen = []

    def work(blocks):
        seen.append((list(blocks), blas_threads()))

    with threads.own_threads():
        threads.share_out(work, ["one"], 2)
        assert blas_threads() == 1
        threads.share_out(work, ["one"], 1)
    assert seen == [(["one"], 2), (["one"], 1)]


def test_blas_is_not_left_held_by_a_thread_that_ends_meanwhile(two):
    """What is left to BLAS here begins while another thread holds it, and ends after that."""
    let_go = hold_elsewhere()
    threads.share_out(lambda blocks: let_go(), ["one"], 2)
    assert blas_threads() == 2


def test_an_error_in_another_thread_is_raised(two):
    def work(share):
        if 1 in share:
            raise ZeroDivisionError("the second share")
        return share

    with pytest.raises(ZeroDivisionError, match="second share"):
        threads.share_out(work, [0, 1], 2)
    assert blas_threads() == 2


@given(
    st.integers(0, 40),
    st.integers(1, 60),
    st.integers(1, 4),
    st.sampled_from([1, 50, 500]),
    st.sampled_from([0, 1e9]),
)
def test_each_image_is_worked_on_once(images, size, count, piece, thread):
    seen = []
    values = {"threads": mock.Mock(return_value=count), "PIECE": piece, "THREAD": thread}
    with mock.patch.multiple(threads, **values):
        threads.over_images(lambda some: seen.append(np.arange(images)[some]), (images, size))
    assert sorted(np.concatenate(seen)) == list(range(images))
    assert all(
        (len(some) - 1) * size <= piece for some in seen
    )  # cut evenly, so one more may be in


@given(
    st.lists(st.integers(1, 5), min_size=1, max_size=3),
    st.integers(1, 9),
    st.integers(1, 9),
    st.sampled_from([np.float32, np.float64]),
)
def test_a_shared_product_is_the_product(leading, inner, columns, dtype):
    rng = np.random.default_rng(0)
    left = rng.integers(-9, 9, (*leading, inner)).astype(dtype)
    right = rng.integers(-9, 9, (inner, columns)).astype(np.float32)
    with Together():
        product = matmul(left, right)
    assert product.dtype == dtype
    assert_array_equal(product, left @ right)


@given(
    st.sampled_from([(1, 1), (2, 2), (3, 3), (3, 2), (2, 3)]),
    st.integers(0, 1),
    st.sampled_from(["first", "share"]),
    st.sampled_from(["floor", "ceil"]),
    st.booleans(),
    st.integers(4, 9),
)
def test_pooling_is_shared_rightly(window, padding, ties, policy, not_numbers, size):
    kernel, stride = window
    rng = np.random.default_rng(size)
    x = rng.integers(0, 3, (7, 2, size, 9)).astype(float)  # many ties
    if not_numbers:
        x[rng.random(x.shape) < 0.1] = np.nan
    padding = min(padding, kernel // 2)

    def both():
        y, cache = F.max_pool2d(x, kernel, stride, padding, ties=ties, policy=policy)
        dy = np.random.default_rng(1).integers(1, 9, y.shape).astype(float)
        return y, F.max_pool2d_backward(dy, cache)

    alone = both()
    with Together():
        together = both()
    for mine, theirs in zip(together, alone, strict=True):
        assert_array_equal(mine, theirs)


@pytest.mark.parametrize("shape", [(5,), (30, 4), (7, 2, 9, 9)])
def test_relu_is_shared_rightly(shape):
    x, dy = np.random.default_rng(0).standard_normal((2, *shape))
    y, cache = F.relu(x)
    with Together():
        shared, _ = F.relu(x)
        dx = F.relu_backward(dy, cache)
    assert_array_equal(shared, y)
    assert_array_equal(dx, F.relu_backward(dy, cache))


@pytest.mark.parametrize("rule", sorted(optim.OPTIMIZERS))
def test_optimisers_are_shared_rightly(rule):
    rng = np.random.default_rng(0)
    start, *gradients = rng.standard_normal((4, 3 * optim.base.BLOCK + 5))

    def trained():
        optimizer, params = optim.OPTIMIZERS[rule](lr=0.1), {"w": start.copy()}
        for gradient in gradients:
            optimizer.step(params, {"w": gradient})
        return params["w"]

    alone = trained()
    with Together():
        assert_array_equal(trained(), alone)


@pytest.mark.parametrize("layer", [F.rnn, F.lstm, F.gru])
def test_recurrent_layers_are_shared_rightly(layer):
    """Whole numbers would be squashed, so sums may be added in another order."""
    rng = np.random.default_rng(0)
    gates = {"rnn": 1, "lstm": 4, "gru": 3}[layer.__name__]
    x, dy = rng.standard_normal((5, 3, 7)), rng.standard_normal((5, 6))
    weights = [rng.standard_normal((gates * 6, size)) for size in (3, 6)]

    def both():
        y, cache = layer(x, *weights)
        return y, *getattr(F, f"{layer.__name__}_backward")(dy, cache)[:3]

    alone = both()
    with Together():
        together = both()
    for mine, theirs in zip(together, alone, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-10, atol=1e-12)
