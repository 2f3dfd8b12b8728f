"""Counting: the decks' tables to the last number, and totals that add up."""

from html.parser import HTMLParser
from math import prod

import pytest
import torch
from hypothesis import given

from cnnlab import count, pytorch, spec, zoo
from cnnlab.geometry import ReceptiveField
from cnnlab.spec import BatchNorm, Chain, Conv, Flatten, Linear, MaxPool
from tests.specs import networks


@pytest.mark.parametrize("name", ["datasci-207", "ds-4400", "ai-civil-w8"])
def test_the_decks_tables_are_recounted_row_by_row(name):
    network = zoo.get(name)
    summary = network.summary()
    assert summary.params == network.published.params
    assert {path: summary[path].params for path in network.published.rows} == network.published.rows
    assert sum(network.published.rows.values()) == network.published.params


def test_datasci_207_takes_six_megabytes():
    summary = zoo.get("datasci-207").summary()
    assert f"{summary.param_bytes / count.MEGABYTE:.2f} MB" == "6.20 MB"
    assert "1,625,866 (6.20 MB as float32)" in str(summary)
    assert summary["flatten"].output_shape == (12_544,)


def test_ds_4400_maps_are_26_13_11_5():
    summary = zoo.get("ds-4400").summary()
    maps = [summary[path].output_shape[1] for path in ("conv1", "pool1", "conv2", "pool2")]
    assert maps == [26, 13, 11, 5]


def test_ds_4400_never_reads_the_last_two_rows():
    """Two windows that do not fit leave rows 26 and 27 of 28 unseen, as the gradient confirms."""
    network = zoo.get("ds-4400")
    assert network.summary()["fc1"].receptive_field == (ReceptiveField(26, 0, 0),) * 2
    x = torch.rand(1, 1, 28, 28, requires_grad=True)
    (gradient,) = torch.autograd.grad(network.torch()(x).sum(), x)
    assert not gradient[..., 26:, :].any()
    assert not gradient[..., :, 26:].any()
    assert gradient[..., 25, :].any()


def test_decks_examples():
    """Six 5×5×3 filters on 32×32×3; two 3×3×3 filters, stride 2, on a 7×7×3 input.

    The second is 3×3×2 when the 7×7 already holds the padding of a 5×5 image; padding a
    7×7 image by 1 gives 4×4×2.
    """
    assert count.summarize(Conv(6, 5), (3, 32, 32)).output_shape == (6, 28, 28)
    two = Conv(2, 3, stride=2, padding=1)
    assert count.summarize(two, (3, 5, 5)).output_shape == (2, 3, 3)
    assert count.summarize(two, (3, 7, 7)).output_shape == (2, 4, 4)
    ten = Chain(Conv(10, 3, padding=1), MaxPool(2))
    assert count.summarize(ten, (3, 32, 32)).output_shape == (10, 16, 16)


def test_macs_by_hand():
    assert count.summarize(Conv(8, 3, padding=1), (3, 10, 12)).macs == 8 * 3 * 9 * 120
    assert count.summarize(Conv(8, 3, groups=4, padding=1), (4, 10, 12)).macs == 8 * 9 * 120
    assert count.summarize(spec.DepthwiseConv(3, padding=1), (4, 10, 12)).macs == 4 * 9 * 120
    assert count.summarize(Linear(7), (5,)).macs == 35
    assert count.summarize(spec.RNN(4), (3, 6)).macs == 6 * 4 * (3 + 4)
    assert count.summarize(spec.TransposedConv(2, 3), (5, 4, 4)).macs == 5 * 2 * 9 * 16
    assert count.summarize(spec.TableConv(((0, 1), (1,)), 3), (2, 5, 5)).macs == 3 * 9 * 9
    assert count.summarize(spec.Subsample(2), (6, 28, 28)).macs == 6 * 14 * 14


def test_lenet_1_as_published():
    """LeNet-1 has 2,578 parameters with its trainable sub-sampling and partial connections."""
    table = ((0,), (0, 1), (0, 1), (1,), (0, 1), (0, 1), (2,), (2, 3), (2, 3), (3,), (2, 3), (2, 3))
    assert sum(map(len, table)) == 20
    lenet = Chain(
        h1=Conv(4, 5),
        h2=spec.Subsample(2),
        h3=spec.TableConv(table, 5),
        h4=spec.Subsample(2),
        flatten=Flatten(),
        output=Linear(10),
    )
    summary = count.summarize(lenet, (1, 28, 28))
    by_row = [row.params for row in summary.rows if row.params]
    assert by_row == [4 * 26, 4 * 2, 4 * 26 + 8 * 51, 12 * 2, 10 * 193]
    assert summary.params == 2_578


def test_frozen_parameters_and_buffers_are_counted_apart():
    net = Chain(fc=Linear(84), norm=spec.BatchNorm(), codes=spec.RBF(10))
    summary = count.summarize(net, (120,))
    assert summary.params == 121 * 84 + 2 * 84 + 840
    assert summary.trainable_params == summary.params - 840
    assert summary.buffers == 2 * 84
    assert summary.non_trainable_params == 840 + 2 * 84
    for line in ("trainable", "frozen", "Buffers"):
        assert line in str(summary)


@pytest.mark.parametrize(
    ("name", "total", "non_trainable"),
    [("xception", 22_910_480, 54_528), ("datasci-207", 1_625_866, 0)],
)
def test_keras_counts_running_statistics_as_parameters(name, total, non_trainable):
    summary = zoo.get(name).summary()
    assert summary.non_trainable_params == non_trainable
    assert summary.trainable_params + summary.non_trainable_params == total
    assert (f"{total:,} parameters, {non_trainable:,} non-trainable" in str(summary)) == (
        non_trainable > 0
    )


@given(networks())
def test_columns_add_up_and_agree_with_pytorch(case):
    network, shape = case
    summary = count.summarize(network, shape)
    assert summary.params == sum(row.params for row in summary.rows)
    assert summary.macs == network.macs(shape)
    assert summary.params == sum(map(prod, network.param_shapes(shape).values()))
    module = pytorch.build(network, shape).eval()
    assert summary.params == sum(parameter.numel() for parameter in module.parameters())
    with torch.inference_mode():
        assert tuple(module(torch.zeros(2, *shape)).shape) == (2, *summary.output_shape)
    for row in summary.rows:
        assert row.activation_bytes == 4 * prod(row.output_shape)


def test_receptive_fields_are_where_the_gradient_flows():
    """All weights 1, so that the gradient of one unit is positive exactly on its field."""
    network = Chain(
        spec.AvgPool(3, stride=2, padding=1),
        spec.Pad(((2, 1), 0)),
        spec.Crop(((5, 0), (1, 2))),
        spec.Add(Conv(1, 3, padding=1), Conv(1, 5, padding="same"), Conv(1, 1)),
        spec.Concat(Conv(1, 3, stride=2, padding=1), Conv(1, 1, stride=2)),
        Conv(1, 2, dilation=3),
    )
    shape = (1, 96, 60)
    module = pytorch.build(network, shape)
    for parameter in module.parameters():
        torch.nn.init.ones_(parameter)
    fields = count.summarize(network, shape).rows[-1].receptive_field
    x = torch.zeros(1, *shape, requires_grad=True)
    y = module(x)
    unit = (3, 2)
    (gradient,) = torch.autograd.grad(y[0, 0, unit[0], unit[1]], x)
    for axis, field in enumerate(fields):
        seen = torch.nonzero(gradient[0, 0].sum(1 - axis)).flatten().tolist()
        first = field.start + unit[axis] * field.jump
        assert (seen[0], seen[-1]) == (first, first + field.size - 1)


def test_where_units_differ_no_field_is_claimed():
    assert count.summarize(spec.TransposedConv(2, 3), (1, 5, 5)).rows[0].receptive_field is None
    assert count.summarize(spec.AdaptiveAvgPool(3), (1, 7, 7)).rows[0].receptive_field is None
    even = count.summarize(spec.AdaptiveAvgPool(3), (1, 6, 6)).rows[0].receptive_field
    assert even == (ReceptiveField(2, 2, 0),) * 2
    states = spec.RNN(4, return_sequences=True)
    assert count.summarize(states, (3, 6)).rows[0].receptive_field is None
    text = Chain(spec.Embedding(9, 4), Conv(5, 3), spec.RNN(4))
    fields = [row.receptive_field for row in count.summarize(text, (12,)).rows]
    assert [field[0].size for field in fields] == [1, 3, 12]


def test_what_is_made_of_units_that_see_everything_sees_everything():
    up = spec.Upsample(2), Conv(4, 3, padding=1), spec.TransposedConv(1, 3)
    decoder = Chain(Flatten(), Linear(32), spec.Reshape((2, 4, 4)), *up)
    rows = count.summarize(decoder, (1, 6, 9)).rows
    assert {row.receptive_field for row in rows[1:]} == {
        (ReceptiveField(6, 0, 0), ReceptiveField(9, 0, 0))
    }
    line = Chain(Flatten(), Linear(32), spec.Reshape((2, 16)))  # no axes of the image are left
    assert count.summarize(line, (1, 6, 9)).rows[-1].receptive_field is None
    for row in (spec.Upsample(2), spec.Upsample(2, "bilinear"), spec.Reshape((9, 6))):
        assert count.summarize(row, (1, 6, 9)).rows[-1].receptive_field is None


class Table(HTMLParser):
    """Cells of a table, its caption, and the scopes of its headings."""

    def __init__(self):
        super().__init__()
        self.cells, self.scopes, self.open = [], [], []

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)
        if tag == "th":
            self.scopes.append(dict(attributes)["scope"])

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        self.cells.append(data)


def test_the_rich_table_says_what_the_text_says():
    summary = zoo.get("datasci-207").summary()
    table = Table()
    table.feed(summary._repr_html_())
    assert table.scopes.count("col") == 6
    assert table.scopes.count("row") == len(summary.rows)
    text = str(summary)
    for cell in table.cells[1:]:
        assert cell in text


def test_text_lines_up():
    lines = str(zoo.get("ds-4400").summary()).splitlines()
    ends = [line.rfind("×") for line in lines[4:8]]
    assert len(set(ends)) == 1


def test_rows_are_found_by_path():
    summary = zoo.get("ds-4400").summary()
    assert summary["conv2"].params == 455
    with pytest.raises(KeyError, match="path must be one of conv1"):
        summary["conv3"]


def test_a_row_met_again_counts_as_one_written_anew() -> None:
    def block() -> Chain:
        return Chain(conv=Conv(8, 3, padding=1), norm=BatchNorm(), pool=MaxPool(3, 1, padding=1))

    once = block()
    shared, anew = Chain(once, once, once), Chain(block(), block(), block())
    assert count.summarize(shared, (8, 9, 7)) == count.summarize(anew, (8, 9, 7))
    fields = [row.receptive_field[0].size for row in count.summarize(shared, (8, 9, 7)).rows]
    assert fields == [3, 3, 5, 7, 7, 9, 11, 11, 13]
