"""Wrong answers as students give them, written out by hand, and the misconception each deserves."""

from typing import Any, NamedTuple

from cnnlab.check.tables.misconceptions.cells import Table
from cnnlab.spec import (
    GRU,
    LRN,
    LSTM,
    RNN,
    Add,
    BatchNorm,
    Chain,
    Concat,
    Conv,
    Crop,
    DepthwiseConv,
    Dropout,
    Embedding,
    Flatten,
    GroupNorm,
    Identity,
    LayerNorm,
    Linear,
    MaxPool,
    Pad,
    PReLU,
    ReLU,
    Reshape,
    Subsample,
    TransposedConv,
    Upsample,
)

MIXED = Chain(
    conv1=Conv(8, 3, padding="same", bias=False),
    bn=BatchNorm(),
    conv2=Conv(16, 3, padding=1, groups=4),
    dw=DepthwiseConv(3, padding=1),
    pool=MaxPool(3, stride=2),
    sub=Subsample(2),
    paths=Concat(Conv(3, 1), Conv(5, 1)),
    flatten=Flatten(),
    drop=Dropout(0.5),
    fc=Linear(10, bias=False),
)
MIXED_INPUT = (4, 12, 10)
STRIDED = Chain(conv1=Conv(16, 5, stride=2), conv2=Conv(24, 3, stride=2, padding=1))
STRIDED_INPUT = (3, 32, 32)
RESIDUAL = Add(Conv(8, 3, padding=1), Identity())
RESIDUAL_INPUT = (8, 6, 6)
UPSAMPLED = Chain(up=TransposedConv(6, (4, 3), stride=2, padding=1, output_padding=1))
UPSAMPLED_INPUT = (4, 7, 5)
SEQUENCE = Chain(embed=Embedding(50, 8), states=RNN(7, return_sequences=True), rnn=RNN(4))
SEQUENCE_INPUT = (9,)
UNLEARNED = Chain(
    norm=LRN(), relu=ReLU(), same=Identity(), paths=Add(ReLU(), Identity()), edge=Crop(1)
)
UNLEARNED_INPUT = (3, 8, 6)
GATED = Chain(
    embed=Embedding(50, 8),
    lstm=LSTM(7, return_sequences=True),
    gru=GRU(5, return_sequences=True),
    bare=LSTM(3, bias=False),
)
GATED_INPUT = (12,)
NORMED = Chain(
    layer=LayerNorm(),
    group=GroupNorm(2),
    shared=PReLU(),
    slopes=PReLU(shared=False),
    up=TransposedConv(5, 3, stride=2, padding="same"),
    pad=Pad(2),
    crop=Crop(1),
    grow=Upsample(3),
    lines=Reshape((5, 1620)),
)
NORMED_INPUT = (6, 8, 4)
PATHS = Chain(
    three=Conv(96, 3, padding=1),
    five=Conv(64, 5, padding=2),
    last=Conv(16, 1),
    halves=Conv(40, 3, groups=2),
)
PATHS_INPUT = (192, 9, 9)
AS_WIDE = Chain(conv1=Conv(8, 5), conv2=Conv(8, 3))
AS_WIDE_INPUT = (1, 12, 12)
INPUTS = (
    (AS_WIDE, AS_WIDE_INPUT),
    (PATHS, PATHS_INPUT),
    (MIXED, MIXED_INPUT),
    (STRIDED, STRIDED_INPUT),
    (RESIDUAL, RESIDUAL_INPUT),
    (UPSAMPLED, UPSAMPLED_INPUT),
    (SEQUENCE, SEQUENCE_INPUT),
    (UNLEARNED, UNLEARNED_INPUT),
    (GATED, GATED_INPUT),
    (NORMED, NORMED_INPUT),
)
A, B, C = "datasci-207", "ds-4400", "ai-civil-w8"


class CellCase(NamedTuple):
    """A wrong answer in one cell of a table; ``misconception`` is None where nothing explains it."""

    network: Any
    path: str
    column: str
    answer: Any
    misconception: str | None

    @property
    def question(self):
        shapes = {id(network): shape for network, shape in INPUTS}
        return {"network": self.network, "input_shape": shapes.get(id(self.network))}

    @property
    def table(self):
        from cnnlab import zoo

        if isinstance(self.network, str):
            network = zoo.get(self.network)
            return Table(network.spec, network.input_shape)
        return Table(self.network, self.question["input_shape"])


def _params(network, *rows):
    return [
        CellCase(network, path, "params", answer, misconception)
        for path, answer, misconception in rows
    ]


def _shapes(network, *rows):
    return [
        CellCase(network, path, "output_shape", value, misconception)
        for path, value, misconception in rows
    ]


def _macs(network, *rows):
    return [
        CellCase(network, path, "macs", answer, misconception)
        for path, answer, misconception in rows
    ]


CELLS = [
    *_params(
        A,
        ("conv2", 3 * 3 * 32 * 64, "bias forgotten"),
        ("conv2", 3 * 3 * 32 * 64 + 1, "one bias for the whole layer"),
        ("conv2", 2 * 3 * 3 * 32 * 64, "one bias per weight"),
        ("conv2", 3 * 3 * 32 * 64 + 32, "one bias per input"),
        ("conv2", (3 * 3 + 1) * 32 * 64, "one bias per kernel"),
        ("conv2", 3 * 3 * 32 * 64 + 28 * 28 * 64, "one bias per output value"),
        ("conv2", 64, "only the biases"),
        ("conv2", 3 * 3 * 64 + 64, "input channels forgotten"),
        ("conv2", 3 * 3 * 64, "input channels forgotten, and the bias"),
        ("conv2", 3 * 3 * 32, "output channels forgotten, and the bias"),
        ("conv2", 3 * 3 * 32 + 64, "output channels forgotten"),
        ("conv2", 3 * 3 * 32 + 1, "one filter and its bias"),
        ("conv2", (3 * 3 * 32 * 64 + 64) * 28 * 28, "parameters for every place"),
        ("conv2", 3 * 32 * 64 + 64, "kernel not squared"),
        ("conv2", 3 * 32 * 64, "kernel not squared, and the bias"),
        ("conv2", 3 * 3 * (32 + 64) + 64, "input channels and filters added"),
        ("conv2", 28 * 28 * (3 * 3 * 32 * 64) + 64, "weights for each position"),
        ("conv2", 28 * 28 * 32 * 64, "as a dense layer, and the bias"),
        ("conv2", 28 * 28 * 32 * 64 + 64, "as a dense layer"),
        ("conv2", 30 * 30 * 32 * 64 + 64, "weights for each padded pixel"),
        ("conv2", 320, "row shifted"),
        ("conv2", 320 + 18_496, "running total"),
        ("conv2", (32 * 9 + 1) * 100, "another number of filters"),
        ("conv2", 4 * 18_496, "bytes"),
        ("conv2", 28 * 28 * 64, "output values"),
        ("conv2", 28 * 28 * 32, "input values"),
        ("conv2", 0, "nothing learned"),
        ("conv2", 12_345, None),
        ("conv2", 18_500, "rounded"),
        ("pool", 2 * 2, "pooling has weights"),
        ("pool", 2 * 2 * 64 * 64 + 64, "pooling has weights"),
        ("pool", 7, "pooling has parameters"),
        ("flatten", 12_544, "flatten has parameters"),
        ("dropout1", 3_136, "dropout has parameters"),
        ("fc1", 12_544 * 128, "bias forgotten"),
        ("fc1", 12_544 * 128 + 12_544, "one bias per input"),
        ("fc1", 28 * 28 * 64 * 128 + 128, "dense after pooling forgotten"),
        ("fc1", 12 * 12 * 64 * 128 + 128, "dense after padding forgotten"),
        ("fc1", 14 * 14 * 128 + 128, "channels of the flattened map forgotten"),
        ("fc1", 64 * 128 + 128, "positions of the flattened map forgotten"),
        ("fc1", 64 * 14 * 128 + 128, "one side of the flattened map"),
        ("fc1", 28 * 28 * 128 + 128, "the image enters"),
        ("fc1", 12_544 + 128, "added instead of multiplied"),
        ("fc1", 12_544, "only the inputs"),
        ("fc2", (128 + 1) * 100, "another number of units"),
        ("total", 1_625_866 - 1_290, "last row missing in the total"),
        ("total", 1_625_866 - 320, "first row missing in the total"),
        ("total", 1_625_866 - 32 - 64 - 128 - 10, "biases missing in the total"),
        ("total", 1_625_866 * 4, "bytes of the total"),
    ),
    *_params(
        B,
        ("conv2", 3 * 3 * 1 * 5 + 5, "input channels forgotten"),
        ("fc1", 7 * 7 * 5 * 64 + 64, "dense after padding that is not there"),
        ("fc1", 6 * 6 * 5 * 64 + 64, "dense after rounding of the pooling"),
        ("fc1", 22 * 22 * 5 * 64, "dense after stride forgotten, and the bias"),
        ("fc1", 22 * 22 * 5 * 64 + 64, "dense after stride forgotten"),
        ("fc1", 99, None),
        ("fc2", 64 * 10, "bias forgotten"),
        ("fc2", 64 + 10, "added instead of multiplied"),
        ("fc2", 125 * 10 + 10, "the row before passed over"),
    ),
    *_params(
        AS_WIDE,
        ("conv2", 3 * 3 * 8, "one number of channels and the bias forgotten"),
        ("conv2", 3 * 3 * 8 + 8, "input channels forgotten"),
    ),
    *_params(
        C,
        ("conv2", 3 * 3 * 1 * 16 + 16, "input channels forgotten"),
        ("fc1", 28 * 28 * 16 * 256 + 256, "dense after pooling forgotten"),
        ("fc2", 256 * 100 + 1, "one bias for the whole layer"),
    ),
    *_params(
        MIXED,
        ("conv1", 3 * 3 * 4 * 8 + 8, "bias that is not there"),
        ("bn", 4 * 8, "running statistics counted"),
        ("bn", 8, "shift forgotten"),
        ("bn", 2, "one pair for all channels"),
        ("bn", 1, "one number for all channels"),
        ("bn", 2 * 8 * 12 * 10, "a pair for each position"),
        ("bn", 0, "normalisation without parameters"),
        ("conv2", 3 * 3 * 8 * 16 + 16, "groups ignored"),
        ("conv2", 3 * 3 * 2 * 4 + 4, "filters of one group"),
        ("conv2", 3 * 3 * 4 * 16 + 16, "channels of the image"),
        ("dw", 3 * 3 * 16 * 16 + 16, "groups ignored"),
        ("sub", 0, "sub-sampling as plain pooling"),
        ("sub", 16 * (2 * 2 + 1), "sub-sampling as a convolution"),
        ("sub", 16, "sub-sampling without its bias"),
        ("fc", 10, "only the units"),
        ("total", 288 + 16 + 304 + 160 + 32 + 136 + 320 + 2 * 8, "running statistics in the total"),
    ),
    *_params(
        STRIDED,
        ("total", 5 * 5 * 3 * 16 * 14 * 14 + 3 * 3 * 16 * 24 * 7 * 7, "MACs of the total"),
    ),
    *_shapes(
        A,
        ("conv1", (28, 28, 32), "channels last"),
        ("conv1", (1, 28, 28), "channels unchanged"),
        ("conv1", (32, 26, 26), "padding forgotten"),
        ("conv1", (28, 28), "channels left out"),
        ("conv1", (64, 32, 28, 28), "batch included"),
        ("conv2", (32 * 64, 28, 28), "channels multiplied"),
        ("conv2", (96, 28, 28), "channels added"),
        ("conv2", (64, 32, 3, 3), "shape of the weight"),
        ("pool", (32, 14, 14), "pooling changes depth"),
        ("pool", (64, 28, 28), "size unchanged"),
        ("pool", (64, 27, 27), "stride forgotten"),
        ("pool", (64, 7, 7), "pooled twice"),
        ("pool", (64, 1, 1), "pooled to one value"),
        ("pool", (64, 14, 28), "one axis pooled"),
        ("flatten", (64, 14, 14), "not flattened"),
        ("flatten", 14 * 14, "channels forgotten in the line"),
        ("flatten", 64, "channels alone in the line"),
        ("flatten", 64 * 14, "one side in the line"),
        ("flatten", 64 + 14 + 14, "sizes added"),
        ("flatten", 64 * 7 * 7, "pooled once more"),
        ("flatten", 28 * 28, "the image in one line"),
        ("flatten", 64 * 28 * 28, "line after pooling forgotten"),
        ("flatten", 64 * 12 * 12, "line after padding forgotten"),
        ("dropout1", 12_544 * 3 // 4, "dropout removes values"),
        ("fc1", 12_544, "inputs of the dense row"),
        ("fc1", (128, 12_544), "weight of the dense row"),
        ("fc1", (128, 14, 14), "dense row keeps positions"),
        ("relu1", (32, 14, 14), "a row that keeps its shape"),
        ("fc2", 11, None),
    ),
    *_shapes(
        B,
        ("conv1", (10, 28, 28), "padding that is not there"),
        ("conv1", (10, 25, 25), "the + 1 forgotten"),
        ("pool2", (5, 6, 6), "rounded the other way"),
        ("conv2", (5, 26, 26), None),
        ("flatten", 5 * 7 * 7, "line after padding that is not there"),
        ("flatten", 5 * 6 * 6, "line after rounding of the pooling"),
        ("flatten", 5 * 22 * 22, "line after stride forgotten"),
        ("conv2", (10, 13, 13), "shape that enters"),
        ("conv2", (10, 26, 26), "row shifted"),
    ),
    *_shapes(
        MIXED,
        ("conv1", (8, 10, 12), "height and width swapped"),
        ("paths", (5, 2, 2), "branches stacked"),
    ),
    *_shapes(RESIDUAL, ("add", (16, 6, 6), "branches added")),
    *_shapes(
        STRIDED,
        ("conv1", (16, 28, 28), "stride forgotten"),
        ("conv1", (16, 27, 27), "kernel subtracted whole"),
        ("conv1", (1, 14, 14), "one map"),
        ("conv2", (24, 16, 16), "padded size"),
    ),
    *_macs(
        STRIDED,
        ("conv1", 5 * 5 * 3 * 16, "positions forgotten"),
        ("conv1", 5 * 5 * 3 * 16 + 16, "positions forgotten, bias counted"),
        ("conv1", 5 * 5 * 3 * 16 * 32 * 32, "input positions"),
        ("conv2", 3 * 3 * 16 * 24 * 16 * 16, "padded positions"),
        ("conv1", 5 * 5 * 3 * 16 * 14, "one side of the output"),
        ("conv1", 5 * 5 * 16 * 14 * 14, "input channels forgotten in MACs"),
        ("conv1", 5 * 5 * 3 * 14 * 14, "one filter's MACs"),
        ("conv1", (5 * 5 * 3 + 1) * 16 * 14 * 14, "bias counted in MACs"),
        ("conv1", 2 * 5 * 5 * 3 * 16 * 14 * 14, "operations"),
        ("conv1", 16 * 14 * 14, "outputs instead of MACs"),
        ("conv2", 5 * 5 * 3 * 16 * 14 * 14, "row shifted"),
        ("conv2", 3 * 3 * 16 * 24 * 6 * 6, "padding forgotten in MACs"),
        ("conv1", 5 * 5 * 3 * 16 * 7 * 7, "a quarter of the positions"),
        ("conv1", 235_000, "rounded MACs"),
        ("total", 5 * 5 * 3 * 16 + 16 + 3 * 3 * 16 * 24 + 24, "parameters for MACs in total"),
        (
            "total",
            2 * (5 * 5 * 3 * 16 * 14 * 14 + 3 * 3 * 16 * 24 * 7 * 7),
            "operations in total",
        ),
    ),
    *_macs(
        MIXED,
        ("conv2", 3 * 3 * 8 * 16 * 12 * 10, "groups ignored in MACs"),
        ("pool", 3 * 3 * 16 * 5 * 4, "MACs in a row without weights"),
    ),
    *_params(
        PATHS,
        ("three", 5 * 5 * 192 * 96 + 96, "kernels of 5×5"),
        ("three", 192 * 96 + 96, "kernels of 1×1"),
        ("five", 3 * 3 * 96 * 64, "kernels of 3×3, and the bias"),
        ("five", 7 * 7 * 96 * 64 + 64, "kernels of 7×7"),
        ("five", 11 * 11 * 96 * 64 + 64, "kernels of 11×11"),
        ("five", 3 * 3 * 96 * 64 + 64, "kernels of 3×3"),
        ("five", 5 * 5 * 64 * 64 + 64, "as many channels as filters"),
        ("three", 3 * 3 * 96 * 96 + 96, "as many channels as filters"),
        ("five", 5 * 5 * 48 * 64 + 64, "half of the channels"),
        ("last", 32 * 16 + 16, "half of the channels"),
        ("last", 96 * 16 + 16, "channels of another row"),
        ("halves", 3 * 3 * 16 * 40, "groups ignored, and the bias"),
        ("halves", 3 * 3 * 8 * 20 + 20, "filters of one group"),
        ("halves", 3 * 3 * 4 * 40 + 40, "channels divided twice"),
        ("last", 40 * 16 + 16, "channels of another row"),
    ),
    *_params(
        "lenet-5",
        ("c3", 60 * 25, "bias forgotten"),
        ("c3", 6 * 16 * 25 + 16, "groups ignored"),
        ("c3", 16 * 25 + 16, "input channels forgotten"),
        ("c3", 59 * 25 + 16, "other kernels than the table names"),
        ("c3", (6 + 16) * 25 + 16, "other kernels than the table names"),
        ("c3", 60 * 5 + 16, "kernel not squared"),
        ("output", 84 * 10 + 10, "bias that is not there"),
    ),
    *_params(
        UPSAMPLED,
        ("up", 4 * 6 * 12, "bias forgotten"),
        ("up", 6 * 12 + 6, "input channels forgotten"),
        ("up", 4 * 12 + 1, "one filter and its bias"),
        ("up", 4 * 6 * 4 + 6, "kernel not squared"),
    ),
    *_shapes(
        UPSAMPLED,
        ("up", (6, 3, 3), "as a convolution"),
        ("up", (6, 19, 14), "padding added"),
        ("up", (6, 16, 11), "one side of the padding cut off"),
        ("up", (6, 17, 12), "padding forgotten"),
        ("up", (6, 14, 10), "stride times size"),
        ("up", (6, 14, 9), "output padding forgotten"),
        ("up", (24, 15, 10), "channels multiplied"),
        ("up", (4, 15, 10), "channels unchanged"),
    ),
    *_macs(
        UPSAMPLED,
        ("up", 4 * 6 * 12, "positions forgotten"),
        ("up", 4 * 6 * 12 * 15 * 10, "output positions"),
        ("up", 4 * 6 * 12 * 5, "one side of the output"),
        ("up", 6 * 12 * 35, "input channels forgotten in MACs"),
    ),
    *_params(
        SEQUENCE,
        ("embed", 8 * 9, "a vector for each position"),
        ("embed", 8, "one vector"),
        ("rnn", 7 * 4 + 4 * 4, "bias forgotten"),
        ("rnn", 7 * 4 + 8, "state weights forgotten"),
        ("rnn", 4 * 4 + 8, "input weights forgotten"),
        ("rnn", (7 * 4 + 4 * 4) * 9 + 8, "weights for each step"),
        ("rnn", 7 * 4 + 4 * 4 + 4, "one bias instead of two"),
    ),
    *_shapes(
        SEQUENCE,
        ("embed", (50, 8), "shape of the embedding's weight"),
        ("embed", (8,), "one vector of the sequence"),
        ("states", (7,), "last step only"),
        ("rnn", (4, 9), "every step kept"),
    ),
    *_macs(
        SEQUENCE,
        ("embed", 50 * 8, "MACs in a row that counts none"),
        ("rnn", 44, "steps forgotten"),
        ("rnn", 52, "steps forgotten, bias counted"),
        ("rnn", 44 * 9 + 8 * 9, "biases of all steps counted"),
    ),
    *_params(
        UNLEARNED,
        ("norm", 6, "normalization has parameters"),
        ("relu", 3, "activation has parameters"),
        ("same", 3, "pointwise has parameters"),
        ("paths", 3, "combinator has parameters"),
        ("edge", 3, "layout has parameters"),
    ),
    *_params(
        GATED,
        ("embed", 50 * 8 + 8, "embedding with a bias"),
        ("embed", 50 * 8 + 50, "embedding with a bias"),
        ("embed", 50 * 8 * 12, "vectors for each position"),
        ("embed", 50 * 12, "vocabulary times length"),
        ("embed", 50, "only the vocabulary"),
        ("embed", 50 + 8, "vocabulary and vector added"),
        ("lstm", 7 * (8 + 7) + 2 * 7, "LSTM as a plain RNN"),
        ("lstm", 7 * (8 + 7) + 7, "LSTM as a plain RNN, with one bias"),
        ("lstm", 7 * (8 + 7), "LSTM as a plain RNN, and the bias"),
        ("lstm", 3 * (7 * (8 + 7) + 2 * 7), "LSTM without its candidate"),
        ("lstm", 3 * (7 * (8 + 7) + 7), "LSTM without its candidate, with one bias"),
        ("lstm", 3 * 7 * (8 + 7), "LSTM without its candidate, and the bias"),
        ("lstm", 4 * (7 * (8 + 7) + 7), "one bias instead of two"),
        ("lstm", 4 * 7 * (8 + 7), "bias forgotten"),
        ("lstm", 4 * (7 * 8 + 2 * 7), "state weights forgotten"),
        ("lstm", 4 * (7 * 7 + 2 * 7), "input weights forgotten"),
        ("gru", 5 * (7 + 5) + 2 * 5, "GRU as a plain RNN"),
        ("gru", 5 * (7 + 5) + 5, "GRU as a plain RNN, with one bias"),
        ("gru", 2 * (5 * (7 + 5) + 2 * 5), "GRU without its candidate"),
        ("gru", 2 * (5 * (7 + 5) + 5), "GRU without its candidate, with one bias"),
        ("gru", 4 * (5 * (7 + 5) + 2 * 5), "GRU as an LSTM"),
        ("gru", 4 * (5 * (7 + 5) + 5), "GRU as an LSTM, with one bias"),
        ("gru", 3 * (5 * (7 + 5) + 5), "one bias instead of two"),
        ("bare", 4 * 3 * (5 + 3) + 4 * 3, "recurrent bias that is not there"),
        ("bare", 4 * 3 * (5 + 3) + 8 * 3, "recurrent bias that is not there"),
    ),
    *_shapes(
        GATED,
        ("embed", (12, 8), "channels last"),
        ("lstm", (28, 12), "all gates leave"),
        ("lstm", (14, 12), "the cell leaves too"),
        ("bare", (12,), "all gates leave"),
    ),
    *_macs(
        GATED,
        ("lstm", 7 * (8 + 7) * 12, "one gate's MACs"),
        ("gru", 3 * 5 * 7 * 12, "state forgotten in MACs"),
        ("gru", 3 * 5 * (7 + 5), "steps forgotten"),
    ),
    *_params(
        NORMED,
        ("layer", 2 * 6, "layer norm as batch norm"),
        ("layer", 4 * 6, "layer norm as batch norm, with its statistics"),
        ("layer", 4 * 6 * 8 * 4, "running statistics that are not kept"),
        ("layer", 2 * 8 * 4, "channels of the layer norm forgotten"),
        ("layer", 6 * 8 * 4, "shift of the layer norm forgotten"),
        ("layer", 2, "one pair for the whole layer"),
        ("layer", 0, "layer norm without parameters"),
        ("group", 2 * 2, "a pair for each group"),
        ("group", 2, "a number for each group"),
        ("group", 4 * 6, "running statistics that are not kept"),
        ("group", 6, "shift forgotten"),
        ("group", 2 * 6 * 8 * 4, "a pair for each position"),
        ("shared", 0, "no slope learned"),
        ("shared", 6, "a slope for each channel"),
        ("shared", 2, "slope and bias"),
        ("slopes", 1, "one slope for all channels"),
        ("slopes", 6 * 8 * 4, "a slope for each value"),
        ("slopes", 12, "slope and bias"),
        ("up", 3 * 3 * 6 * 5 + 6, "one bias per input"),
    ),
    *_shapes(
        NORMED,
        ("up", (5, 8, 4), "'same' keeps the size"),
        ("up", (5, 4, 2), "as a convolution"),
        ("up", (5, 17, 9), "padding forgotten"),
        ("up", (5, 6, 3, 3), "weight with its channels swapped"),
        ("up", (6, 16, 8), "channels unchanged"),
        ("pad", (5, 18, 10), "margin on one side"),
        ("pad", (5, 12, 4), "margin the wrong way"),
        ("crop", (5, 19, 11), "margin on one side"),
        ("crop", (5, 22, 14), "margin the wrong way"),
        ("grow", (15, 54, 30), "channels enlarged"),
        ("grow", (5, 162, 90), "enlarged in area"),
        ("grow", (5, 6, 3), "made smaller"),
        ("lines", (5, 54), "reshaped into other numbers"),
    ),
]
