"""ScalingExplorer: the formula's network is counted exactly, and B0 to B7 are the published ones."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab import zoo
from cnnlab.count import summarize
from cnnlab.explore import ScalingExplorer
from cnnlab.explore.scaling.model import counted, exponents, formula, published, stages
from cnnlab.zoo.efficientnet import COEFFICIENTS, scaled


@pytest.mark.parametrize(("i", "name"), [*enumerate(COEFFICIENTS)])
def test_published_stops_are_counted_to_the_last_parameter_and_mac(i, name):
    network = zoo.get(f"efficientnet-{name}")
    stop = published()[i]
    assert stop.params == network.published.params == network.summary().params
    assert stop.macs == network.summary().macs


@settings(max_examples=10)
@given(st.floats(1, 2), st.floats(1, 2.5), st.integers(32, 320))
def test_counting_equal_blocks_once_counts_what_the_whole_table_counts(width, depth, resolution):
    found = counted(width, depth, resolution)
    summary = summarize(scaled(width, depth), (3, resolution, resolution))
    assert (found.params, found.macs) == (summary.params, summary.macs)


@given(st.floats(1, 6), st.floats(1, 12))
def test_channels_are_multiples_of_8_never_below_90_percent_and_layers_rounded_up(width, depth):
    for n, stage in enumerate(stages(width, depth)):
        assert stage.channels % 8 == 0
        assert stage.channels >= 0.9 * width * stage.base
        assert stage.channels <= width * stage.base + 8
        if 0 < n < 8:
            assert stage.repeats - 1 < depth * stage.layers <= stage.repeats
        else:
            assert stage.repeats == 1


def test_stages_are_those_of_the_table_that_is_counted():
    rows = scaled(1.4, 1.8)
    for stage in stages(1.4, 1.8)[1:-1]:
        assert len(rows[stage.name]) == stage.repeats
    paths = {row.path: row for row in summarize(rows, (3, 64, 64)).rows}
    assert paths["stage9.conv"].output_shape[0] == stages(1.4, 1.8)[-1].channels


def test_b1_is_not_the_formula_s_first_step():
    first, b1, b2 = formula(1, 1.2, 1.1, 1.15), published()[1], published()[2]
    assert (b1.width, b1.resolution) == (1.0, 240)
    assert (first.width, first.resolution) == (1.1, 258)
    assert first.params == b2.params != b1.params
    spread = exponents(b1, 1.2, 1.1, 1.15).values()
    assert max(spread) - min(spread) > 0.4  # no single φ


def test_a_stop_says_both_tables_and_why_they_differ():
    explorer = ScalingExplorer()
    said = explorer.scene.links["stop:1"]["text"]
    assert "depth 1.1 (formula for φ = 1: 1.2), width 1 (1.1), input 240×240 (258)" in said
    assert "7,794,184 parameters" in said
    assert "no single φ gives all three" in said
    assert "no single φ" not in explorer.scene.links["stop:0"]["text"]
    explorer.alpha = 1.0  # the formula cannot reach another depth at all
    assert "no single φ" not in explorer.scene.links["stop:1"]["text"]
    explorer.alpha = 1.5  # other bases: the released numbers were not rounded from them
    said = explorer.scene.links["stop:1"]["text"]
    assert "rounded by hand" not in said


def test_a_rounded_channel_says_why():
    explorer = ScalingExplorer(phi=0, beta=1.1)
    rows = {row["key"]: row["text"] for row in explorer.scene.tables[0]["rows"]}
    assert rows["row:stage2"].startswith("stage2: 16 channels become 16, the nearest multiple of 8")
    explorer = ScalingExplorer(phi=1, alpha=1, beta=1.15, gamma=1)
    said = explorer.scene.tables[0]["rows"][1]["text"]
    assert "18.4 channels become 24, as the nearest multiple of 8, 16, is less than 90 %" in said


def test_its_code_runs_and_counts_the_same(capsys):
    explorer = ScalingExplorer(phi=2)
    exec(explorer.code(), {})
    assert f"{explorer.sizes.params:,}" in capsys.readouterr().out


def test_hollow_marks_say_what_the_formula_gives_where_the_published_number_differs():
    explorer = ScalingExplorer()
    svg = explorer.draw(explorer.stage())
    b0, b1 = (re.search(rf'data-key="stop:{i}">(.*?)</g>', svg)[1] for i in (0, 1))
    assert b0.count("<path") == 0
    assert b1.count("<path") == 3  # depth, width and resolution
    assert "rounded by hand" in explorer.scene.note
    explorer.alpha = 1.5
    assert "rounded by hand" not in explorer.scene.note
