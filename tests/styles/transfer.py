"""Transfer learning: input, heads on features, what moves, and precision at a fixed recall."""

import collections
import math

import numpy as np
import scipy.spatial.distance
import sklearn.metrics
import sklearn.metrics.pairwise
import sklearn.neighbors
import torch
import torchvision

from tests.styles.base import TYPELESS, Row, by_name


def one_line(pixels, mean, deviation):
    return ((pixels / 255 - mean) / deviation).transpose(0, 3, 1, 2).astype(np.float32)


def turned_first(pixels, mean, deviation):
    x = np.moveaxis(pixels, -1, 1) / 255
    return np.float32((x - mean[None, :, None, None]) / deviation[None, :, None, None])


def channel_by_channel(pixels, mean, deviation):
    planes = [
        (pixels[..., c] / 255 - m) / d for c, (m, d) in enumerate(zip(mean, deviation, strict=True))
    ]
    return np.stack(planes, axis=1, dtype=np.float32)


def photograph_by_photograph(pixels, mean, deviation):
    photos = []
    for photo in pixels:
        x = photo.astype(np.float64) / 255.0
        x -= mean
        x /= deviation
        photos.append(x.transpose(2, 0, 1))
    return np.array(photos, dtype=np.float32)


def written_in_place(pixels, mean, deviation):
    n, h, w, channels = pixels.shape
    y = np.empty((n, channels, h, w), np.float32)
    for c in range(channels):
        y[:, c] = (pixels[:, :, :, c] / 255 - mean[c]) / deviation[c]
    return y


def bytes_all_the_way(pixels, mean, deviation):
    normal = (pixels - 255 * mean) / (255 * deviation)
    return np.einsum("nhwc->nchw", normal).astype("float32")


def scale_and_shift(pixels, mean, deviation):
    normal = np.asarray(pixels * (1 / (255 * deviation)) - mean / deviation, np.single)
    return normal.swapaxes(1, 3).swapaxes(2, 3)


def permuted_in_torch(pixels, mean, deviation):
    x = torch.tensor(np.asarray(pixels)).permute(0, 3, 1, 2) / 255
    mean, deviation = (torch.tensor(np.asarray(one)).view(1, 3, 1, 1) for one in (mean, deviation))
    return ((x - mean) / deviation).float()


def torchvision_normalize(pixels, mean, deviation):
    x = torch.tensor(np.asarray(pixels)).permute(0, 3, 1, 2).double() / 255
    make = torchvision.transforms.Normalize(list(map(float, mean)), list(map(float, deviation)))
    return make(x).float().numpy()


def stacked_means(x, y, new):
    classes = np.unique(y)
    means = np.stack([x[y == one].mean(axis=0) for one in classes])
    return classes[((new[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)]


def a_linear_layer(x, y, new):
    classes = np.unique(y)
    means = np.array([np.mean(x[y == one], axis=0) for one in classes])
    return classes[np.argmax(new @ (2 * means).T - (means**2).sum(axis=1), axis=1)]


def half_the_square(x, y, new):
    classes, place = np.unique(y, return_inverse=True)
    member = np.eye(len(classes))[place]  # (N, K)
    means = member.T @ x / member.sum(axis=0)[:, None]
    return classes[(new @ means.T - (means * means).sum(axis=1) / 2).argmax(axis=1)]


def one_after_the_other(x, y, new):
    answers = []
    for one in new:
        best, smallest = None, math.inf
        for label in sorted(set(y.tolist())):
            distance = math.dist(one, x[y == label].mean(axis=0))
            if distance < smallest:
                best, smallest = label, distance
        answers.append(best)
    return answers


def a_dictionary(x, y, new):
    examples = collections.defaultdict(list)
    for row, label in zip(x, y.tolist(), strict=True):
        examples[label].append(row)
    means = {label: sum(rows) / len(rows) for label, rows in examples.items()}
    return np.array([min(means, key=lambda k: np.linalg.norm(row - means[k])) for row in new])


def scipy_distances(x, y, new):
    classes = np.unique(y)
    means = [x[y == one].mean(0) for one in classes]
    return classes[scipy.spatial.distance.cdist(new, means).argmin(1)]


def in_torch(x, y, new):
    x, y, new = (torch.tensor(np.asarray(one)) for one in (x, y, new))
    classes = y.unique()
    means = torch.stack([x[y == one].mean(0) for one in classes])
    return classes[torch.cdist(new, means).argmin(1)]


def nearest_centroid(x, y, new):
    return sklearn.neighbors.NearestCentroid().fit(x, y).predict(new)


def added_up_in_place(x, y, new):
    classes, place, counts = np.unique(y, return_inverse=True, return_counts=True)
    means = np.zeros((len(classes), x.shape[1]))
    np.add.at(means, place, x)
    means /= counts[:, None]
    return classes[np.linalg.norm(new[:, None] - means, axis=-1).argmin(axis=-1)]


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def unit_rows(asked, among, count):
    return np.argsort(-(unit(asked) @ unit(among).T), axis=1)[:, :count]


def turned_round(asked, among, count):
    return np.argsort(unit(asked) @ unit(among).T, axis=1)[:, ::-1][:, :count]


def from_the_end(asked, among, count):
    return np.flip(np.argsort(unit(asked) @ unit(among).T)[:, -count:], axis=1)


def divided_afterwards(asked, among, count):
    lengths = np.sqrt((asked**2).sum(1))[:, None] * np.sqrt((among**2).sum(1))
    return (-(asked @ among.T) / lengths).argsort()[:, :count]


def only_the_table_divided(asked, among, count):
    return np.argsort(-(asked @ unit(among).T))[:, :count]


def distance_of_unit_rows(asked, among, count):
    gaps = ((unit(asked)[:, None] - unit(among)) ** 2).sum(axis=-1)
    return gaps.argsort(axis=1)[:, :count]


def question_by_question(asked, among, count):
    rows = []
    for question in asked:
        similar = {
            place: float(question @ row) / math.hypot(*question) / math.hypot(*row)
            for place, row in enumerate(among)
        }
        rows.append(sorted(similar, key=similar.get, reverse=True)[:count])
    return rows


def scipy_cosine(asked, among, count):
    return scipy.spatial.distance.cdist(asked, among, "cosine").argsort(axis=1)[:, :count]


def scikit_learn(asked, among, count):
    similar = sklearn.metrics.pairwise.cosine_similarity(asked, among)
    return np.argsort(-similar, axis=1)[:, :count]


def torch_topk(asked, among, count):
    asked, among = (torch.tensor(np.asarray(one)) for one in (asked, among))
    similar = torch.nn.functional.cosine_similarity(asked[:, None], among[None], dim=2)
    return similar.topk(count, dim=1).indices


def batch_after_batch(start, batches, momentum):
    mean = start
    for batch in batches:
        mean = (1 - momentum) * mean + momentum * batch.mean(axis=(0, 2, 3))
    return mean


def towards_the_batch(start, batches, momentum):
    mean = np.array(start)
    for batch in batches:
        mean += momentum * (batch.mean(axis=(0, 2, 3)) - mean)
    return mean


def weights_of_the_batches(start, batches, momentum):
    means = batches.mean(axis=(1, 3, 4))  # (B, C)
    count = len(means)
    weights = momentum * (1 - momentum) ** np.arange(count - 1, -1, -1)
    return (1 - momentum) ** count * start + weights @ means


def flattened_channels(start, batches, momentum):
    mean = start.copy()
    for batch in batches:
        channels = np.moveaxis(batch, 1, 0).reshape(batch.shape[1], -1)
        mean = mean * (1 - momentum) + channels.mean(axis=1) * momentum
    return mean


def channels_one_by_one(start, batches, momentum):
    means = [float(one) for one in start]
    for batch in batches:
        for c in range(len(means)):
            means[c] = (1 - momentum) * means[c] + momentum * float(batch[:, c].mean())
    return means


def recursively(start, batches, momentum):
    if not len(batches):
        return start
    before = recursively(start, batches[:-1], momentum)
    return momentum * batches[-1].mean((0, 2, 3)) + (1 - momentum) * before


def torch_batch_norm(start, batches, momentum):
    norm = torch.nn.BatchNorm2d(len(start), momentum=momentum, dtype=torch.float64)
    norm.running_mean.copy_(torch.tensor(np.asarray(start)))
    for batch in np.asarray(batches):
        norm(torch.tensor(batch))
    return norm.running_mean


def means_of_means(start, batches, momentum):
    mean = start
    for batch in batches:
        mean = np.average(
            [mean, batch.mean(3).mean(2).mean(0)], axis=0, weights=[1 - momentum, momentum]
        )
    return mean


def torch_lerp(start, batches, momentum):
    mean = torch.tensor(np.asarray(start))
    for batch in torch.tensor(np.asarray(batches)):
        mean = torch.lerp(mean, batch.mean(dim=(0, 2, 3)), momentum)
    return mean


def norms(before, after):
    return np.linalg.norm(after - before) / np.linalg.norm(before)


def root_of_sums(before, after):
    return np.sqrt(((after - before) ** 2).sum() / (before**2).sum())


def root_mean_squares(before, after):
    return (np.mean((after - before) ** 2) / np.mean(before**2)) ** 0.5


def dot_products(before, after):
    gap = (before - after).ravel()
    return math.sqrt(gap @ gap) / math.sqrt(before.ravel() @ before.ravel())


def number_by_number(before, after):
    pairs = list(zip(before.ravel().tolist(), after.ravel().tolist(), strict=True))
    return math.sqrt(sum((b - a) ** 2 for a, b in pairs)) / math.sqrt(sum(a * a for a, _ in pairs))


def hypotenuses(before, after):
    return math.hypot(*(after - before).ravel()) / math.hypot(*before.ravel())


def distance_of_points(before, after):
    return math.dist(before.ravel(), after.ravel()) / math.dist(
        before.ravel(), np.zeros(before.size)
    )


def torch_norms(before, after):
    before, after = (torch.tensor(np.asarray(one)) for one in (before, after))
    return ((after - before).norm() / before.norm()).item()


def summed_by_einsum(before, after):
    gap = after - before
    axes = list(range(gap.ndim))
    return np.sqrt(np.einsum(gap, axes, gap, axes) / np.einsum(before, axes, before, axes))


def sorted_members(labels, scores, recall):
    members = np.sort(scores[labels == 1])[::-1]
    threshold = members[math.ceil(recall * len(members)) - 1]
    return labels[scores >= threshold].mean()


def tried_from_above(labels, scores, recall):
    for threshold in sorted(scores, reverse=True):
        said = scores >= threshold
        found = ((labels == 1) & said).sum()
        if found / (labels == 1).sum() >= recall:
            return found / said.sum()
    return 0.0


def cumulated(labels, scores, recall):
    order = np.argsort(-scores, kind="stable")
    found = np.cumsum(labels[order])
    threshold = scores[order][np.argmax(found >= recall * labels.sum())]
    return np.mean(labels[scores >= threshold] == 1)


def plain_lists(labels, scores, recall):
    pairs = list(zip(scores.tolist(), labels.tolist(), strict=True))
    members = sorted((score for score, label in pairs if label), reverse=True)
    threshold = members[math.ceil(recall * len(members)) - 1]
    said = [label for score, label in pairs if score >= threshold]
    return sum(said) / len(said)


def all_thresholds_at_once(labels, scores, recall):
    thresholds = np.unique(scores)
    said = scores >= thresholds[:, None]
    recalls = said[:, labels == 1].mean(axis=1)
    best = np.flatnonzero(recalls >= recall).max()
    return labels[said[best]].mean()


def scikit_learn_curve(labels, scores, recall):
    precisions, recalls, thresholds = sklearn.metrics.precision_recall_curve(labels, scores)
    return precisions[np.flatnonzero(recalls[: len(thresholds)] >= recall).max()]


def partitioned(labels, scores, recall):
    members = -scores[labels == 1]
    place = math.ceil(recall * len(members)) - 1
    threshold = -np.partition(members, place)[place]
    return sklearn.metrics.precision_score(labels, scores >= threshold)


def in_torch_sorted(labels, scores, recall):
    labels, scores = torch.tensor(np.asarray(labels)), torch.tensor(np.asarray(scores))
    members = scores[labels == 1].sort(descending=True).values
    threshold = members[math.ceil(recall * len(members)) - 1]
    return labels[scores >= threshold].double().mean()


TRANSFER: dict[str, Row] = {
    "photo_batch": Row(
        by_name(
            one_line,
            turned_first,
            channel_by_channel,
            photograph_by_photograph,
            written_in_place,
            bytes_all_the_way,
            scale_and_shift,
            permuted_in_torch,
            torchvision_normalize,
        ),
        bare=TYPELESS,
    ),
    "nearest_mean": Row(
        by_name(
            stacked_means,
            a_linear_layer,
            half_the_square,
            one_after_the_other,
            a_dictionary,
            scipy_distances,
            in_torch,
            nearest_centroid,
            added_up_in_place,
        )
    ),
    "nearest_by_cosine": Row(
        by_name(
            unit_rows,
            turned_round,
            from_the_end,
            divided_afterwards,
            only_the_table_divided,
            distance_of_unit_rows,
            question_by_question,
            scipy_cosine,
            scikit_learn,
            torch_topk,
        )
    ),
    "running_mean": Row(
        by_name(
            batch_after_batch,
            towards_the_batch,
            weights_of_the_batches,
            flattened_channels,
            channels_one_by_one,
            recursively,
            torch_batch_norm,
            means_of_means,
            torch_lerp,
        )
    ),
    "moved_share": Row(
        by_name(
            norms,
            root_of_sums,
            root_mean_squares,
            dot_products,
            number_by_number,
            hypotenuses,
            distance_of_points,
            torch_norms,
            summed_by_einsum,
        )
    ),
    "precision_at_recall": Row(
        by_name(
            sorted_members,
            tried_from_above,
            cumulated,
            plain_lists,
            all_thresholds_at_once,
            scikit_learn_curve,
            partitioned,
            in_torch_sorted,
        )
    ),
}
