"""Patches of gravel, grass and brick: the data of the course's finished project."""

import numpy as np
import numpy.typing as npt

from cnnlab import data
from cnnlab.data import Dataset

_BLOCK = 64


def surfaces(
    size: int = 24, per_block: int = 8, seed: int = 0
) -> tuple[Dataset, npt.NDArray[np.str_]]:
    """Cut patches of three photographs at random, and say which block each one was cut from.

    Only the lower half of the gravel is used, so that gravel is rare. Patches of one block may
    overlap.

    Parameters
    ----------
    size : int
        Height and width of a patch, in pixels: 1 to 64.
    per_block : int
        Patches from each block of 64 × 64 pixels.
    seed : int

    Returns
    -------
    patches : Dataset
        Images of (N, 1, size, size), label 1 for gravel.
    blocks : (N,) array of str
        Photograph, row and column of the block.

    Raises
    ------
    ValueError
        If a patch does not fit into a block.

    Examples
    --------
    >>> patches, blocks = surfaces()
    >>> patches.images.shape, str(blocks[0])
    ((1280, 1, 24, 24), 'brick 0-0')
    """
    if not 1 <= size <= _BLOCK:
        raise ValueError(
            f"surfaces: size must be from 1 to {_BLOCK} pixels, not {size}, so that a patch fits "
            "into its block."
        )
    rng, room, cut = np.random.default_rng(seed), _BLOCK - size + 1, []
    for label, name in ((0, "brick"), (0, "grass"), (1, "gravel")):
        photo = data.photo(name).image  # (1, 512, 512)
        for top in range(256 if name == "gravel" else 0, photo.shape[1], _BLOCK):
            for left in range(0, photo.shape[2], _BLOCK):
                block = f"{name} {top // _BLOCK}-{left // _BLOCK}"
                corners = (top, left), (top + room, left + room)
                for y, x in rng.integers(*corners, (per_block, 2)):
                    cut.append((photo[:, y : y + size, x : x + size], label, block))
    images, labels, blocks = (np.array(column) for column in zip(*cut, strict=True))
    source, licence = "brick, grass, gravel: scikit-image", data.photo("grass").licence
    patches = Dataset(images, labels, ("other", "gravel"), "surfaces", source, licence)
    return patches, blocks
