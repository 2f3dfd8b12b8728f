"""Named data sets and photographs as checked arrays, with source and licence.

The default set, ``mnist-5k``, the ``faces`` and the photographs come with installed
packages, the ``syllables`` with the course, and four sets are computed; none needs a network.
Larger sets are downloaded once, into the folder that the environment variable ``CNNLAB_DATA``
names, else into the project's ``data`` folder.

Examples
--------
>>> from cnnlab import data
>>> digits = data.load("mnist-5k")
>>> digits
mnist-5k: 5,000 images 1x28x28, 10 classes
>>> train, test = digits.split(0.8, seed=0)
>>> len(train), len(test)
(4000, 1000)
"""

from cnnlab.data.dataset import Dataset, batches
from cnnlab.data.files import data_root
from cnnlab.data.loaders import Photo, load, names, photo, photo_names
from cnnlab.data.pictures import read_image
from cnnlab.data.tables import read_digits
from cnnlab.data.texts import Texts

__all__ = [
    "Dataset",
    "Photo",
    "Texts",
    "batches",
    "data_root",
    "load",
    "names",
    "photo",
    "photo_names",
    "read_digits",
    "read_image",
]
