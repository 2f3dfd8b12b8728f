"""Networks by name, each a table one can hold against its source.

Examples
--------
>>> from cnnlab import zoo
>>> "lenet-5" in zoo.names()
True
>>> zoo.get("datasci-207").summary()["fc1"].params
1605760
"""

from cnnlab.zoo.augmentation import Augmentation
from cnnlab.zoo.history import HUMAN, WINNERS, Milestone, Winner, milestones
from cnnlab.zoo.network import Network, Published
from cnnlab.zoo.pretrained import imagenet_classes, preprocess, pretrained
from cnnlab.zoo.registry import get, names
from cnnlab.zoo.table import Table, TableRow, table, weight_layers

__all__ = [
    "HUMAN",
    "WINNERS",
    "Augmentation",
    "Milestone",
    "Network",
    "Published",
    "Table",
    "TableRow",
    "Winner",
    "get",
    "imagenet_classes",
    "milestones",
    "names",
    "preprocess",
    "pretrained",
    "table",
    "weight_layers",
]
