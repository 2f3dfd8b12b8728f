"""The history: facts with sources, sizes counted from the tables, labels that stay apart."""

import itertools

import pytest

from cnnlab import plots, zoo
from cnnlab.zoo.history import MILESTONES

FIGURES = {
    "params": lambda: plots.networks_by_year("params"),
    "macs": lambda: plots.networks_by_year("macs"),
    "depth": lambda: plots.networks_by_year("depth"),
    "error": plots.parameters_against_error,
}


def test_winners_are_the_eight_contests_and_errors_only_fall():
    assert [one.year for one in zoo.WINNERS] == list(range(2010, 2018))
    errors = [one.top5_error for one in zoo.WINNERS]
    assert errors == sorted(errors, reverse=True)
    assert all(one.source for one in (*zoo.WINNERS, zoo.HUMAN))


@pytest.mark.parametrize("one", MILESTONES, ids=lambda one: one.name)
def test_milestones_have_a_source_and_type_no_number_that_the_zoo_counts(one):
    assert one.source
    assert bool(one.views) == (one.top5_error is not None)
    if one.network:
        assert (one.params, one.macs, one.depth) == (None, None, None)
    else:
        assert one.params
        assert one.macs


def test_sizes_are_those_of_the_table():
    for one in zoo.milestones():
        if one.network:
            row = zoo.table([one.network])[one.network]
            assert (one.params, one.macs, one.depth) == (row.params, row.macs, row.layers)
    years = [one.year for one in zoo.milestones()]
    assert years == sorted(years)


@pytest.mark.parametrize("name", FIGURES)
def test_every_point_is_labelled_and_labels_stay_apart(name):
    figure = FIGURES[name]()
    figure.draw_without_rendering()
    (axes,) = figure.axes
    labels = [text for text in axes.texts if text.get_text() and "years" not in text.get_text()]
    assert len(labels) == len(axes.lines[0].get_xdata()) > 0
    assert all(label.get_text().split(" (")[0] in figure.alt for label in labels)
    boxes = [label.get_window_extent() for label in labels]
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))


def test_an_unknown_quantity_is_refused():
    with pytest.raises(ValueError, match="must be params, macs or depth, not 'bytes'"):
        plots.networks_by_year("bytes")
