"""BlockExplorer: every block is counted from its table, beside a plain 3×3 of the same maps."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab import zoo
from cnnlab.count import summarize
from cnnlab.explore import BlockExplorer
from cnnlab.explore.blocks.model import KINDS, Choice, built
from cnnlab.explore.scene import WIDTHS
from cnnlab.zoo.nin import bottleneck

MAPS = st.sampled_from([16, 32, 48, 96, 256, 512])
CHOICES = st.builds(
    Choice, st.sampled_from(list(KINDS)), MAPS, MAPS, MAPS, st.sampled_from([12.5, 50, 100]),
    st.sampled_from([12.5, 50, 100]), st.sampled_from([7, 28]), st.booleans(),
)  # fmt: skip


def test_the_ladder_is_that_of_the_lecture():
    for example, params in [("directly", 73_728), ("through-128", 69_632), ("through-64", 34_816)]:
        explorer = BlockExplorer(example=example)
        assert explorer.params == params
        assert explorer.plain_params == 73_728
        assert f"{params:,}" in BlockExplorer.worked[example].label
        narrow = None if example == "directly" else explorer.narrow
        assert summarize(bottleneck(narrow), (256, 28, 28)).params == params


def test_blocks_of_the_papers_have_the_counts_of_their_networks():
    module = zoo.get("googlenet").spec["inception3a"]
    assert BlockExplorer(example="inception").params == summarize(module, (192, 28, 28)).params
    fire2 = zoo.get("squeezenet-1.0").spec["fire2"]
    assert BlockExplorer(example="fire").params == summarize(fire2, (96, 56, 56)).params
    assert "16 " in BlockExplorer.worked["fire"].sentence
    basic = zoo.get("resnet-18").spec["layer1"][0]
    norms = 2 * 2 * 64
    assert BlockExplorer(example="residual").params == summarize(basic, (64, 56, 56)).params - norms


@given(CHOICES)
def test_what_is_shown_adds_up_to_what_the_table_counts(choice):
    found = built(choice)
    total = found.tree.summary
    assert total.output_shape == (choice.outputs, choice.size, choice.size)
    assert found.plain.output_shape == total.output_shape
    assert sum(layer.params for layer in found.layers) == total.params
    assert sum(layer.macs for layer in found.layers) == total.macs
    if not choice.biases:  # each weight is used once at every place
        assert total.macs == total.params * choice.size**2


def test_settings_of_a_fire_module_are_those_of_the_paper():
    explorer = BlockExplorer(kind="fire", outputs=128, squeeze=25, share=75)
    squeeze, small, large = (layer.out_shape[0] for layer in explorer.scene.built.layers)
    assert (squeeze / (small + large), large / (small + large)) == (0.25, 0.75)
    explorer.share = 100  # nothing is left for the 1×1
    assert [layer.title for layer in explorer.scene.built.layers] == [
        "conv 1×1, 32",
        "conv 3×3, 128",
    ]


@pytest.mark.parametrize(
    ("kind", "seen"),
    [
        ("plain", "a unit sees 3×3 pixels"),
        ("nin", "a unit sees 3×3 pixels"),
        ("inception", "its units see 1×1, 3×3 and 5×5 pixels"),
        ("residual", "a unit sees 5×5 pixels"),
        ("fire", "its units see 1×1 and 3×3 pixels"),
    ],
)
def test_it_says_what_a_unit_sees(kind, seen):
    assert BlockExplorer(kind=kind).text.endswith(seen)


def test_a_shortcut_costs_nothing_where_the_maps_fit():
    explorer = BlockExplorer(example="residual")
    assert explorer.params == 2 * explorer.plain_params
    assert "as it is" in explorer.draw(explorer.stage())
    explorer.outputs = 128
    assert explorer.params == 9 * 64 * 128 + 9 * 128 * 128 + 64 * 128
    assert "as it is" not in explorer.draw(explorer.stage())


@pytest.mark.parametrize("kind", KINDS)
def test_a_layer_says_its_sum_and_marks_its_share_of_the_bars(kind):
    explorer = BlockExplorer(kind=kind, biases=True)
    scene = explorer.scene
    for i, layer in enumerate(scene.built.layers):
        link = scene.links[f"layer:{i}"]
        assert layer.title in link["text"]
        assert link["marks"] == {"window": [f"params:{i}", f"macs:{i}"]}
        if layer.params:
            assert f" = {layer.params:,} parameters" in link["text"]
            term = re.search(r"; ([^;]*) = [\d,]+ parameters", link["text"])[1]
            assert eval(term.replace("·", "*").replace(",", "")) == layer.params
    for width in WIDTHS:
        svg = explorer.draw(explorer.stage(width))
        assert all(f'data-key="layer:{i}"' in svg for i in range(len(scene.built.layers)))
        sizes = map(float, re.findall(r'font-size="([\d.]+)"', svg))
        assert min(sizes) >= 12


def test_bars_are_as_long_as_their_numbers():
    explorer = BlockExplorer()
    svg = explorer.draw(explorer.stage())
    bars = re.findall(r'data-key="params:\d"><rect x="[\d.]+" y="[\d.]+" width="([\d.]+)"', svg)
    first, second = map(float, bars)
    assert first / second == pytest.approx(16_384 / 18_432, rel=1e-3)


def test_its_code_runs_and_counts_the_same(capsys):
    for kind in KINDS:
        explorer = BlockExplorer(kind=kind)
        exec(explorer.code(), {})
        assert f"{explorer.params:,}" in capsys.readouterr().out
