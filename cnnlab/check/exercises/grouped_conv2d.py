"""A convolution in groups: each part of the filters reads its part of the maps."""

from collections.abc import Sequence

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.draws import normal
from cnnlab.scratch import functional
from cnnlab.scratch.functional.checks import Array


def grouped_conv2d(x: Array, weight: Array, groups: int) -> Array:
    """Convolve in groups, stride 1, no padding, (N, C, H, W) -> (N, K, H', W').

    Examples
    --------
    >>> grouped_conv2d(np.ones((1, 4, 5, 5)), np.ones((6, 2, 3, 3)), 2).shape
    (1, 6, 3, 3)
    """
    return functional.conv2d(x, weight, groups=groups)[0]


def _reading(x: Array, weight: Array, groups: int, order: Sequence[int]) -> Array:
    """Filters group by group, each of them reading the group of maps that ``order`` names."""
    maps, filters = np.split(x, groups, axis=1), np.split(weight, groups)
    parts = [functional.conv2d(maps[g], f)[0] for g, f in zip(order, filters, strict=True)]
    return np.concatenate(parts, axis=1)  # (N, K, H', W')


def _interleaved_maps(x: Array, weight: Array, groups: int) -> Array:
    order = np.arange(x.shape[1]).reshape(-1, groups).T.ravel()
    return grouped_conv2d(x[:, order], weight, groups)


def _interleaved_filters(x: Array, weight: Array, groups: int) -> Array:
    order = np.arange(len(weight)).reshape(-1, groups).T.ravel()
    return grouped_conv2d(x, weight[order], groups)


def _shuffled(x: Array, weight: Array, groups: int) -> Array:
    order = np.arange(len(weight)).reshape(groups, -1).T.ravel()
    return grouped_conv2d(x, weight, groups)[:, order]


def _both_interleaved(x: Array, weight: Array, groups: int) -> Array:
    maps = np.arange(x.shape[1]).reshape(-1, groups).T.ravel()
    return _interleaved_filters(x[:, maps], weight, groups)


def _one_group(x: Array, weight: Array, groups: int, own_maps: bool) -> Array:
    """The filters of the first group for all groups, each with its own maps or the first ones."""
    first = np.split(weight, groups)[0]
    order = range(groups) if own_maps else [0] * groups
    return _reading(x, np.concatenate([first] * groups), groups, order)


def _shape(x: Array, weight: Array, maps: int, times: int = 1) -> tuple[int, ...]:
    """(N, K, H', W') with so many maps, and so many times as many images."""
    return (
        times * len(x),
        maps,
        *grouped_conv2d(x, weight, x.shape[1] // weight.shape[1]).shape[2:],
    )


def _case(words: str, groups: int, image: tuple[int, ...], filters: tuple[int, ...]) -> Case:
    """``filters`` are (K, kh, kw): each reads the maps of one group."""
    count, *kernel = filters
    weight = normal(count, image[1] // groups, *kernel)
    return Case(words, {"x": normal(*image), "weight": weight, "groups": groups})


EXERCISE = Exercise(
    grouped_conv2d,
    (
        _case("with two groups", 2, (1, 4, 5, 5), (6, 3, 3)),
        _case("with several images", 2, (3, 6, 5, 6), (4, 3, 3)),
        _case("with three groups", 3, (2, 6, 6, 5), (6, 3, 2)),
        _case("with as many groups as maps", 4, (2, 4, 5, 5), (4, 3, 3)),
        _case("with as many groups as maps, and two filters for each", 3, (2, 3, 5, 4), (6, 2, 2)),
        _case("with one group", 1, (2, 3, 5, 5), (4, 3, 3)),
    ),
    axes="(N, K, H', W')",
    values=(
        Misconception(
            "first group's maps",
            lambda x, w, groups: _reading(x, w, groups, [0] * groups),
            "All filters read the maps of the first group; each group of filters has maps of its "
            "own.",
        ),
        Misconception(
            "groups the other way round",
            lambda x, w, groups: _reading(x, w, groups, range(groups)[::-1]),
            "The first filters read the last maps. First filters read first maps.",
        ),
        Misconception(
            "last group's maps",
            lambda x, w, groups: _reading(x, w, groups, [groups - 1] * groups),
            "All filters read the maps of the last group; each group of filters has maps of its "
            "own.",
        ),
        Misconception(
            "every other map",
            _interleaved_maps,
            "A group reads maps that lie apart, every n-th one. A group's maps lie side by side: "
            "the first ones, then the next ones.",
        ),
        Misconception(
            "every other filter",
            _interleaved_filters,
            "A group has filters that lie apart, every n-th one. A group's filters lie side by "
            "side.",
        ),
        Misconception(
            "shuffled",
            _shuffled,
            "The maps come out shuffled: one of each group, then the next of each. First all of "
            "the first group, then all of the second.",
        ),
        Misconception(
            "groups reversed",
            lambda x, w, groups: np.concatenate(
                np.split(grouped_conv2d(x, w, groups), groups, axis=1)[::-1], axis=1
            ),
            "The groups come out in reverse order: the first one comes first.",
        ),
        Misconception(
            "both apart",
            _both_interleaved,
            "Maps and filters of a group lie apart, every n-th one. They should lie side by side.",
        ),
        Misconception(
            "first filters for all",
            lambda x, w, groups: _one_group(x, w, groups, True),
            "All groups have the filters of the first one; each has its own.",
        ),
        Misconception(
            "first group again and again",
            lambda x, w, groups: _one_group(x, w, groups, False),
            "The result of the first group is repeated; each group has maps and filters of its own.",
        ),
        Misconception(
            "weights repeated",
            lambda x, w, groups: grouped_conv2d(x, np.concatenate([w] * groups, axis=1), 1),
            "Each filter reads all maps, with its weights repeated. It should read those of its own group only.",
        ),
        Misconception(
            "flipped",
            lambda x, w, groups: grouped_conv2d(x, w[..., ::-1, ::-1], groups),
            "The kernels are flipped. What networks call convolution does not flip them.",
        ),
    ),
    shapes=(
        Misconception(
            "added up",
            lambda x, w, groups: _shape(x, w, len(w) // groups),
            "There are as many maps as one group has: the groups are added up, or all but one are "
            "lost. Put them side by side.",
        ),
        Misconception(
            "side by side along another axis",
            lambda x, w, groups: _shape(x, w, len(w) // groups, groups),
            "The groups are put together along the axis of the images; the maps lie along axis 1.",
        ),
        Misconception(
            "every filter for every group",
            lambda x, w, groups: _shape(x, w, groups * len(w)),
            "There are too many maps: every group has all filters. The filters are cut into parts, too.",
        ),
    ),
)
