"""Random specifications that fit a random input, for property tests."""

from hypothesis import strategies as st

from cnnlab import spec
from cnnlab.spec import ShapeError, trace
from tests.layer_cases import CASES

MAPS = (4, 9, 7)
ACTIVATIONS = tuple(
    kind()
    for kind in vars(spec).values()
    if isinstance(kind, type) and getattr(kind, "family", "") == "activation"
)
_KINDS = (
    (spec.Conv(6, (3, 2), stride=2, padding=1), MAPS),
    (spec.Conv(6, 3, groups=2), MAPS),
    (spec.DepthwiseConv(3, multiplier=2), MAPS),
    (spec.TransposedConv(6, (3, 2), stride=2, padding=1), MAPS),
    (spec.TableConv(((0, 1), (1, 2, 3), (3,)), 3), MAPS),
    (spec.MaxPool(2), MAPS),
    (spec.AvgPool(3, stride=2), MAPS),
    (spec.Subsample(2), MAPS),
    (spec.GlobalAvgPool(), MAPS),
    (spec.GlobalMaxPool(), MAPS),
    (spec.AdaptiveAvgPool(4), MAPS),
    (spec.AdaptiveMaxPool(3), MAPS),
    (spec.Linear(5), (12,)),
    (spec.DropConnect(5), (12,)),
    (spec.RBF(5), (12,)),
    (spec.RNN(5), (4, 9)),
    (spec.LSTM(5), (4, 9)),
    (spec.GRU(5), (4, 9)),
    (spec.Reshape((2, 126)), MAPS),
    (spec.Pad(1), MAPS),
    (spec.Crop(1), MAPS),
    (spec.Upsample(2), MAPS),
    (spec.LayerNorm(), MAPS),
    (spec.GroupNorm(2), MAPS),
    (spec.Embedding(30, 5), (9,)),
    (spec.Flatten(), MAPS),
    (spec.BatchNorm(), MAPS),
    (spec.LRN(), MAPS),
    (spec.Dropout(), MAPS),
    (spec.Identity(), MAPS),
    *((activation, MAPS) for activation in ACTIVATIONS),
    (spec.Chain(spec.ReLU()), MAPS),
    (spec.Add(spec.ReLU(), spec.Identity()), MAPS),
    (spec.Concat(spec.ReLU(), spec.Identity()), MAPS),
    (spec.Scale(spec.Sigmoid()), MAPS),
)
_OTHERS = {
    type(case.row): (case.row, case.in_shape)
    for case in reversed(CASES)
    if type(case.row) not in {type(row) for row, _ in _KINDS}
}
EVERY_KIND = (*_KINDS, *_OTHERS.values())
"""A row of every kind, and a shape that may enter it; kinds not listed here as in the layer cases."""

SIDES = st.one_of(st.integers(0, 2), st.tuples(st.integers(0, 2), st.integers(0, 2)))
POLICY = st.sampled_from(["floor", "ceil"])
POINTWISE = st.sampled_from(
    [
        spec.BatchNorm(),
        spec.BatchNorm(affine=False),
        spec.Dropout(),
        spec.LayerNorm(),
        spec.PReLU(shared=False),
        spec.Identity(),
        spec.LRN(),
        *ACTIVATIONS,
    ]
)


def paddings(ndim):
    return st.one_of(
        st.integers(0, 2), st.just("same"), st.tuples(*[st.one_of(SIDES, st.just("same"))] * ndim)
    )


def sizes(ndim, low, high):
    return st.one_of(st.integers(low, high), st.tuples(*[st.integers(low, high)] * ndim))


@st.composite
def windowed(draw, channels, ndim):
    """A row with a window, for an input with this many channels and axes."""
    kernel, stride = draw(sizes(ndim, 1, 4)), draw(sizes(ndim, 1, 3))
    padding, policy, bias = draw(paddings(ndim)), draw(POLICY), draw(st.booleans())
    dilation = draw(st.integers(1, 2))
    kind = draw(st.sampled_from(["conv", "depthwise", "table", "max", "avg", "subsample"]))
    if kind == "conv":
        groups = draw(st.sampled_from([g for g in (1, 2, 3, 4) if channels % g == 0]))
        out = groups * draw(st.integers(1, 3))
        return spec.Conv(out, kernel, stride, padding, dilation, groups, bias, policy)
    if kind == "depthwise":
        multiplier = draw(st.integers(1, 2))
        return spec.DepthwiseConv(kernel, stride, padding, dilation, multiplier, bias, policy)
    if kind == "table":
        maps = st.lists(st.integers(0, channels - 1), min_size=1, max_size=channels, unique=True)
        table = draw(st.lists(maps, min_size=1, max_size=4))
        return spec.TableConv(table, kernel, stride, padding, bias)
    if kind == "max":
        return spec.MaxPool(kernel, stride, padding, policy)
    if kind == "avg":
        return spec.AvgPool(kernel, stride, padding, policy, draw(st.booleans()))
    return spec.Subsample(draw(st.integers(1, 2)))


@st.composite
def branches(draw, channels, ndim):
    """A combinator whose branches fit together by construction."""
    conv = spec.Conv(channels, 3, padding="same")
    kind = draw(st.sampled_from(["add", "concat", "scale"]))
    if kind == "add":
        return spec.Add(spec.Chain(conv, draw(POINTWISE)), spec.Identity())
    if kind == "concat":
        return spec.Concat(spec.Conv(draw(st.integers(1, 3)), 1), pool=spec.MaxPool(3, 1, 1))
    return spec.Scale(spec.GlobalAvgPool(), spec.Conv(channels, 1), spec.Sigmoid())


@st.composite
def networks(draw):
    """A chain of up to five rows and an input shape that it fits, in one to three dimensions."""
    ndim = draw(st.integers(1, 3))
    high = {1: 24, 2: 14, 3: 9}[ndim]
    input_shape = tuple(
        draw(st.integers(1, 4)) if i == 0 else draw(st.integers(4, high)) for i in range(ndim + 1)
    )
    shape, rows = input_shape, []
    for _ in range(draw(st.integers(1, 4))):
        row = draw(st.one_of(windowed(shape[0], ndim), POINTWISE, branches(shape[0], ndim)))
        try:
            after = trace(row, shape)[-1].out_shape
        except ShapeError:
            continue  # a window that does not fit is left out, so that nothing is filtered away
        shape = after
        rows.append(row)
    if draw(st.booleans()):
        rows += [spec.Flatten(), spec.Linear(draw(st.integers(1, 5)), bias=draw(st.booleans()))]
    return spec.Chain(*rows), input_shape
