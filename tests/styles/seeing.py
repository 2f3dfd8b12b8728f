"""Maps of what a network sees, and what mends broken ones."""

import itertools

import numpy as np
import torch

from tests.styles.base import Row, by_name

TENSORS = frozenset({"of tensors", "of tensors in other names"})  # one argument is a function

slide = np.lib.stride_tricks.sliding_window_view


def two_loops(score, x, patch, stride, fill):
    rows, columns = ((side - patch) // stride + 1 for side in x.shape)
    falls = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            covered = x.copy()
            covered[i * stride : i * stride + patch, j * stride : j * stride + patch] = fill
            falls[i, j] = score(x) - score(covered)
    return falls


def covered_and_mended(score, x, patch, stride, fill):
    picture, whole = x.copy(), score(x)
    tops = range(0, x.shape[0] - patch + 1, stride)
    lefts = range(0, x.shape[1] - patch + 1, stride)
    falls = np.empty((len(tops), len(lefts)))
    for place, (top, left) in zip(
        np.ndindex(falls.shape), itertools.product(tops, lefts), strict=True
    ):
        part = np.s_[top : top + patch, left : left + patch]
        kept = picture[part].copy()
        picture[part] = fill
        falls[place] = whole - score(picture)
        picture[part] = kept
    return falls


def in_the_students_own_array(score, x, patch, stride, fill):
    whole = score(x)
    found = []
    for top in range(0, len(x) - patch + 1, stride):
        row = []
        for left in range(0, len(x[0]) - patch + 1, stride):
            covered = np.array(x)
            covered[top : top + patch, left : left + patch] = fill
            row.append(whole - score(covered))
        found.append(row)
    return found


def with_masks(score, x, patch, stride, fill):
    down, right = np.indices(x.shape)
    rows, columns = (np.array(x.shape) - patch) // stride + 1

    def fall(i, j):
        inside = (down >= i * stride) & (down < i * stride + patch)
        inside &= (right >= j * stride) & (right < j * stride + patch)
        return score(x) - score(np.where(inside, fill, x))

    return np.array([[fall(i, j) for j in range(columns)] for i in range(rows)])


def by_windows(score, x, patch, stride, fill):
    places = slide(np.arange(x.size).reshape(x.shape), (patch, patch))[::stride, ::stride]
    falls = np.zeros(places.shape[:2])
    for place in np.ndindex(falls.shape):
        covered = x.ravel().copy()
        covered[places[place].ravel()] = fill
        falls[place] = score(x) - score(covered.reshape(x.shape))
    return falls


def while_loops(score, x, patch, stride, fill):
    falls, top = [], 0
    while top + patch <= x.shape[0]:
        left, row = 0, []
        while left + patch <= x.shape[1]:
            covered = x.copy()
            covered[top : top + patch, left : left + patch] = fill
            row.append(score(x) - score(covered))
            left += stride
        falls.append(row)
        top += stride
    return np.array(falls)


def put_with_slices(score, x, patch, stride, fill):
    cuts = [
        [slice(start, start + patch) for start in range(0, side - patch + 1, stride)]
        for side in x.shape
    ]
    falls = []
    for part in itertools.product(*cuts):
        covered = x.copy()
        covered[part] = np.full((patch, patch), fill)
        falls.append(score(x) - score(covered))
    return np.reshape(falls, [len(cut) for cut in cuts])


def minus_at_the_end(score, x, patch, stride, fill):
    rows, columns = ((side - patch) // stride + 1 for side in x.shape)
    under = np.zeros((rows, columns))
    for n in range(rows * columns):
        i, j = divmod(n, columns)
        covered = x.copy()
        covered[i * stride :, :][:patch, j * stride :][:, :patch] = fill
        under[i, j] = score(covered)
    return -(under - score(x))


def masked(x, w1, w2):
    return (w2 * (w1 @ x > 0)) @ w1


def transposed(x, w1, w2):
    return w1.T @ (w2 * (w1 @ x > 0))


def unit_by_unit(x, w1, w2):
    gradient = np.zeros(len(x))
    for weights, share in zip(w1, w2, strict=True):
        if weights @ x > 0:
            gradient += share * weights
    return gradient


def pixel_by_pixel(x, w1, w2):
    hidden = w1 @ x
    return np.array(
        [sum(w2[h] * w1[h, i] for h in range(len(w2)) if hidden[h] > 0) for i in range(len(x))]
    )


def a_diagonal(x, w1, w2):
    return w2 @ np.diag(np.heaviside(w1 @ x, 0)) @ w1


def einsum(x, w1, w2):
    return np.einsum("h,h,hn->n", w2, (np.einsum("hn,n->h", w1, x) > 0).astype(float), w1)


def by_autograd(x, w1, w2):
    leaf = torch.tensor(x, requires_grad=True)
    (torch.tensor(w2) @ torch.relu(torch.tensor(w1) @ leaf)).backward()
    return leaf.grad


def open_rows(x, w1, w2):
    through = np.flatnonzero(np.matmul(w1, x) > 0)
    return np.dot(w2[through], w1[through])


def weights_then_sum(maps, slopes):
    weights = slopes.mean(axis=(1, 2))
    return np.maximum((weights[:, None, None] * maps).sum(axis=0), 0)


def map_by_map(maps, slopes):
    total = np.zeros(maps.shape[1:])
    for one, slope in zip(maps, slopes, strict=True):
        total += slope.mean() * one
    return np.where(total > 0, total, 0)


def cam_einsum(maps, slopes):
    return np.einsum("k,khw->hw", slopes.mean((1, 2)), maps).clip(min=0)


def tensordot(maps, slopes):
    return np.tensordot(np.mean(slopes, axis=(-1, -2)), maps, axes=1).clip(0, None)


def flat(maps, slopes):
    count = maps.shape[0]
    found = slopes.reshape(count, -1).sum(1) / slopes[0].size @ maps.reshape(count, -1)
    return (found * (found > 0)).reshape(maps.shape[1:])


def average(maps, slopes):
    weights = np.average(np.average(slopes, axis=2), axis=1)
    return np.fmax(np.sum([w * m for w, m in zip(weights, maps, strict=True)], axis=0), 0.0)


def cam_torch(maps, slopes):
    maps, slopes = torch.as_tensor(maps), torch.as_tensor(slopes)
    return torch.relu((slopes.mean(dim=(1, 2), keepdim=True) * maps).sum(dim=0))


def place_by_place(maps, slopes):
    weights = [slope.mean() for slope in slopes]
    found = np.zeros(maps.shape[1:])
    for i, j in np.ndindex(found.shape):
        found[i, j] = max(0.0, sum(w * m[i, j] for w, m in zip(weights, maps, strict=True)))
    return found


def summed_in_a_loop(gradient, x, baseline, steps):
    total = np.zeros_like(x)
    for step in range(steps):
        total += gradient(baseline + (step + 0.5) / steps * (x - baseline))
    return (x - baseline) * total / steps


def mixed(gradient, x, baseline, steps):
    shares = (np.arange(steps) + 0.5) / steps
    slopes = [gradient((1 - share) * baseline + share * x) for share in shares]
    return np.mean(slopes, axis=0) * (x - baseline)


def halves_between_edges(gradient, x, baseline, steps):
    edges = np.linspace(0, 1, steps + 1)
    middles = (edges[1:] + edges[:-1]) / 2
    return (x - baseline) * sum(gradient(baseline + m * (x - baseline)) for m in middles) / steps


def step_by_step(gradient, x, baseline, steps):
    step = (x - baseline) / steps
    here, found = baseline + step / 2, np.zeros(x.shape)
    for _ in range(steps):
        found = found + step * gradient(here)
        here = here + step
    return found


def odd_over_twice(gradient, x, baseline, steps):
    way = x - baseline
    return way * np.mean(
        [gradient(baseline + way * odd / (2 * steps)) for odd in range(1, 2 * steps, 2)], axis=0
    )


def stacked(gradient, x, baseline, steps):
    shares = np.linspace(0.5 / steps, 1 - 0.5 / steps, steps)
    return (x - baseline) * np.stack(
        [gradient(baseline + s * (x - baseline)) for s in shares]
    ).mean(0)


def recursive(gradient, x, baseline, steps):
    def total(step):
        if step == 0:
            return 0 * x
        return total(step - 1) + gradient(baseline + (step - 0.5) / steps * (x - baseline))

    return total(steps) / steps * (x - baseline)


def backwards(gradient, x, baseline, steps):
    found = 0
    for step in reversed(range(steps)):
        found = found + gradient(x - (step + 0.5) / steps * (x - baseline))
    return (baseline - x) * -found / steps


def cut_then_divided(values):
    above = np.maximum(values, 0)
    return above / above.max() if above.max() > 0 else above


def early_return(values):
    if values.max() <= 0:
        return np.zeros_like(values)
    return np.maximum(values / values.max(), 0)


def with_where(values):
    largest = values.max()
    return np.where(values > 0, values / (largest if largest > 0 else 1), 0)


def or_one(values):
    return values.clip(min=0) / (max(values.max(), 0) or 1)


def divided_where(values):
    above = values * (values > 0)
    return np.divide(above, above.max(), out=np.zeros_like(above), where=above.max() > 0)


def number_by_number(values):
    largest = max(max(row) for row in values)
    return [[max(v, 0) / largest if largest > 0 else 0.0 for v in row] for row in values]


def scaled_by_torch(values):
    above = torch.as_tensor(values).relu()
    return above / above.max() if above.any() else above


def a_copy_changed(values):
    found = values.copy()
    found[found < 0] = 0
    if np.any(found):
        found /= np.amax(found)
    return found


def paired(logits, targets):
    return logits[np.arange(len(logits)), targets]


def row_by_row(logits, targets):
    return np.array([row[t] for row, t in zip(logits, targets, strict=True)])


def taken_along(logits, targets):
    return np.take_along_axis(logits, targets[:, None], axis=1)[:, 0]


def by_one_hot(logits, targets):
    return (logits * np.eye(logits.shape[1])[targets]).sum(axis=1)


def the_diagonal(logits, targets):
    return np.diag(logits[:, targets])


def gathered(logits, targets):
    return torch.as_tensor(logits).gather(1, torch.as_tensor(targets)[:, None]).squeeze(1)


def a_list(logits, targets):
    return [logits[n][targets[n]] for n in range(len(targets))]


def chosen(logits, targets):
    return np.einsum("nc,nc->n", logits, targets[:, None] == np.arange(logits.shape[1]))


def turned_scaled_moved(pixels):
    return (pixels[..., ::-1] / 127.5 - 1).transpose(2, 0, 1)


def moved_first(pixels):
    return np.moveaxis(pixels, -1, 0)[::-1] / 127.5 - 1


def stacked_channels(pixels):
    blue, green, red = (pixels[:, :, c].astype(float) for c in range(3))
    return (np.stack([red, green, blue]) / 255 - 0.5) / 0.5


def picked(pixels):
    return 2 * (pixels[:, :, [2, 1, 0]] / 255).transpose(2, 0, 1) - 1


def einsum_moved(pixels):
    return np.einsum("hwc->chw", np.flip(pixels, axis=2).astype(np.float64)) / 255 * 2 - 1


def permuted(pixels):
    return torch.as_tensor(pixels.copy()).flip(-1).permute(2, 0, 1).double() / 127.5 - 1


def interpolated(pixels):
    return np.interp(pixels[..., ::-1], [0, 255], [-1, 1]).transpose(2, 0, 1)


def filled(pixels):
    found = np.empty((3, *pixels.shape[:2]))
    for channel in range(3):
        found[channel] = (pixels[:, :, 2 - channel] - 127.5) / 127.5
    return found


SEEING: dict[str, Row] = {
    "occlusion": Row(
        by_name(
            two_loops, covered_and_mended, in_the_students_own_array, with_masks, by_windows,
            while_loops, put_with_slices, minus_at_the_end,
        ),
        bare=TENSORS,
    ),
    "score_gradient": Row(
        by_name(
            masked, transposed, unit_by_unit, pixel_by_pixel, a_diagonal, einsum, by_autograd,
            open_rows,
        )
    ),
    "grad_cam": Row(
        by_name(
            weights_then_sum, map_by_map, cam_einsum, tensordot, flat, average, cam_torch,
            place_by_place,
        )
    ),
    "integrated_gradients": Row(
        by_name(
            summed_in_a_loop, mixed, halves_between_edges, step_by_step, odd_over_twice, stacked,
            recursive, backwards,
        ),
        bare=TENSORS,
    ),
    "share_of_largest": Row(
        by_name(
            cut_then_divided, early_return, with_where, or_one, divided_where, number_by_number,
            scaled_by_torch, a_copy_changed,
        )
    ),
    "class_score": Row(
        by_name(
            paired, row_by_row, taken_along, by_one_hot, the_diagonal, gathered, a_list, chosen,
        )
    ),
    "as_trained": Row(
        by_name(
            turned_scaled_moved, moved_first, stacked_channels, picked, einsum_moved, permuted,
            interpolated, filled,
        )
    ),
}  # fmt: skip
