"""The way from raw images to a verdict, in many styles."""

from collections import Counter

import numpy as np
import pandas as pd
import scipy.sparse
import scipy.stats
import sklearn.metrics
import sklearn.preprocessing
import torch

from tests.styles.base import TYPELESS, Row


def image_by_image(pixels):
    images = [row.reshape(1, 28, 28) / 255 for row in pixels]
    return np.stack(images).astype(np.float32)


def pixel_by_pixel(pixels):
    images = np.zeros((len(pixels), 1, 28, 28), dtype=np.float32)
    for n, row in enumerate(pixels.tolist()):
        for place, byte in enumerate(row):
            images[n, 0, place // 28, place % 28] = byte / 255
    return images


def all_again(pixels):
    """By calling itself on one row at a time."""
    if len(pixels) > 1:
        return np.concatenate([all_again(pixels[:1]), all_again(pixels[1:])])
    return np.float32(pixels).reshape(-1, 1, 28, 28) / np.float32(255)


PREPARE = {
    "reshape, divide, cast": lambda pixels: (pixels.reshape(-1, 1, 28, 28) / 255).astype("float32"),
    "cast first": lambda pixels: pixels.astype(np.float32).reshape(-1, 1, 28, 28) / 255,
    "in place": lambda pixels: np.divide(
        pixels.reshape(len(pixels), 1, 28, 28), 255, dtype=np.float32
    ),
    "new axis": lambda pixels: np.float32(pixels / 255).reshape(-1, 28, 28)[:, None],
    "image by image": image_by_image,
    "pixel by pixel": pixel_by_pixel,
    "recursion": all_again,
    "PyTorch": lambda pixels: torch.as_tensor(pixels).float().div(255).view(-1, 1, 28, 28),
    "interp": lambda pixels: (
        np.interp(pixels, (0, 255), (0, 1)).astype(np.float32).reshape(-1, 1, 28, 28)
    ),
    "times the inverse": lambda pixels: np.multiply(
        pixels.reshape(-1, 1, 28, 28), 1 / 255, dtype=np.float32
    ),
    "a table of bytes": lambda pixels: (np.arange(256, dtype=np.float32) / 255)[
        pixels.reshape(-1, 1, 28, 28)
    ],
    "scikit-learn": lambda pixels: sklearn.preprocessing.FunctionTransformer(
        lambda x: (x / 255.0).reshape(-1, 1, 28, 28).astype(np.float32)
    ).transform(pixels),
    "pandas": lambda pixels: (
        (pd.DataFrame(pixels) / 255).to_numpy(np.float32).reshape(-1, 1, 28, 28)
    ),
}


def at_each_label(labels, classes):
    rows = np.zeros((len(labels), classes))
    for row, label in zip(rows, labels, strict=True):
        row[label] = 1
    return rows


def one_label_at_a_time(labels, classes):
    if not len(labels):
        return np.zeros((0, classes))
    first = [[float(k == labels[0]) for k in range(classes)]]
    return np.concatenate([first, one_label_at_a_time(labels[1:], classes)])


def put(labels, classes):
    rows = np.zeros((len(labels), classes), dtype=int)
    np.put_along_axis(rows, np.asarray(labels)[:, None], 1, axis=1)
    return rows


ONE_HOT = {
    "rows of eye": lambda labels, classes: np.eye(classes)[labels],
    "whole numbers": lambda labels, classes: np.eye(classes, dtype=np.int64)[labels],
    "compared": lambda labels, classes: labels[:, None] == np.arange(classes),
    "outer": lambda labels, classes: np.equal.outer(labels, np.arange(classes)).astype(np.float32),
    "a loop": at_each_label,
    "recursion": one_label_at_a_time,
    "lists": lambda labels, classes: [[int(k == t) for k in range(classes)] for t in labels],
    "put": put,
    "take": lambda labels, classes: np.take(np.identity(classes), labels, axis=0),
    "PyTorch": lambda labels, classes: torch.nn.functional.one_hot(
        torch.as_tensor(labels), classes
    ),
    "scatter": lambda labels, classes: torch.zeros(len(labels), classes).scatter(
        1, torch.as_tensor(labels)[:, None], 1.0
    ),
    "sparse": lambda labels, classes: scipy.sparse.coo_array(
        (np.ones(len(labels)), (np.arange(len(labels)), labels)), (len(labels), classes)
    ).toarray(),
    "scikit-learn": lambda labels, classes: sklearn.preprocessing.OneHotEncoder(
        categories=[range(classes)], sparse_output=False
    ).fit_transform(labels[:, None]),
}


def in_a_loop(true, predicted, classes):
    table = np.zeros((classes, classes), dtype=int)
    for t, p in zip(true, predicted, strict=True):
        table[t, p] += 1
    return table


def in_a_float_table(true, predicted, classes):
    table = np.zeros((classes, classes))
    for n in range(len(true)):
        table[true[n]][predicted[n]] += 1
    return table


def from_a_counter(true, predicted, classes):
    pairs = Counter(zip(true.tolist(), predicted.tolist(), strict=True))
    return [[pairs[t, p] for p in range(classes)] for t in range(classes)]


def halves(true, predicted, classes):
    if len(true) <= 1:
        return in_a_loop(true, predicted, classes)
    middle = len(true) // 2
    return halves(true[:middle], predicted[:middle], classes) + halves(
        true[middle:], predicted[middle:], classes
    )


def added_at(true, predicted, classes):
    table = np.zeros((classes, classes), int)
    np.add.at(table, (true, predicted), 1)
    return table


CONFUSION = {
    "a loop": in_a_loop,
    "floats": in_a_float_table,
    "add.at": added_at,
    "bincount": lambda true, predicted, classes: np.bincount(
        true * classes + predicted, minlength=classes**2
    ).reshape(classes, classes),
    "counter": from_a_counter,
    "recursion": halves,
    "one-hot product": lambda true, predicted, classes: (
        np.eye(classes)[true].T @ np.eye(classes)[predicted]
    ),
    "einsum": lambda true, predicted, classes: np.einsum(
        "nt,np->tp", np.eye(classes, dtype=int)[true], np.eye(classes, dtype=int)[predicted]
    ),
    "scikit-learn": lambda true, predicted, classes: sklearn.metrics.confusion_matrix(
        true, predicted, labels=range(classes)
    ),
    "comprehension": lambda true, predicted, classes: [
        [((true == t) & (predicted == p)).sum() for p in range(classes)] for t in range(classes)
    ],
    "sparse": lambda true, predicted, classes: scipy.sparse.coo_array(
        (np.ones(len(true), int), (true, predicted)), (classes, classes)
    ).toarray(),
    "histogram": lambda true, predicted, classes: np.histogram2d(
        true, predicted, bins=[np.arange(classes + 1)] * 2
    )[0],
    "PyTorch": lambda true, predicted, classes: torch.bincount(
        torch.as_tensor(true * classes + predicted), minlength=classes**2
    ).reshape(classes, classes),
    "pandas": lambda true, predicted, classes: pd.crosstab(true, predicted).reindex(
        index=range(classes), columns=range(classes), fill_value=0
    ),
}


def by_hand(train, new):
    values = train.ravel().tolist()
    mean = sum(values) / len(values)
    deviation = (sum((value - mean) ** 2 for value in values) / len(values)) ** 0.5
    return np.array([(value - mean) / deviation for value in new.ravel()]).reshape(new.shape)


def one_image_at_a_time(train, new):
    if len(new) > 1:
        return np.concatenate([one_image_at_a_time(train, part) for part in (new[:1], new[1:])])
    return (new - np.mean(train)) / np.std(train)


NORMALIZE = {
    "mean and std": lambda train, new: (new - train.mean()) / train.std(),
    "one less": lambda train, new: (new - train.mean()) / train.std(ddof=1),
    "a little more": lambda train, new: (new - train.mean()) / (train.std() + 1e-5),
    "a little more in the root": lambda train, new: (
        (new - train.mean()) / np.sqrt(train.var() + 1e-5)
    ),
    "PyTorch": lambda train, new: (
        (torch.as_tensor(new) - torch.as_tensor(train).mean()) / torch.as_tensor(train).std()
    ),
    "float32": lambda train, new: (
        (new.astype(np.float32) - np.float32(train.mean())) / np.float32(train.std())
    ),
    "by hand": by_hand,
    "recursion": one_image_at_a_time,
    "scikit-learn": lambda train, new: (
        sklearn.preprocessing.StandardScaler()
        .fit(train.reshape(-1, 1))
        .transform(new.reshape(-1, 1))
        .reshape(new.shape)
    ),
    "scipy": lambda train, new: scipy.stats.zmap(new, train, axis=None),
    "mean over all axes": lambda train, new: (
        (new - train.mean(axis=(0, 1, 2, 3))) / train.std(axis=(0, 1, 2, 3))
    ),
    "mean of the channel": lambda train, new: (
        (new - train.mean((0, 2, 3), keepdims=True)) / train.std((0, 2, 3), keepdims=True)
    ),
    "root of the variance": lambda train, new: (new - train.mean()) * train.var() ** -0.5,
    "expanded": lambda train, new: new / train.std() - train.mean() / train.std(),
}


DIGITS = {
    "prepare_images": Row(PREPARE, None, TYPELESS),
    "one_hot": Row(ONE_HOT),
    "confusion_matrix": Row(CONFUSION),
    "normalize": Row(NORMALIZE),
}
