"""The small networks that the lecture decks define themselves."""

from cnnlab.spec import Chain, Conv, Dropout, Flatten, Linear, MaxPool, ReLU
from cnnlab.zoo.network import Network, Published

DATASCI_207 = Network(
    "datasci-207",
    Chain(
        conv1=Conv(32, 3, padding="same"),
        relu1=ReLU(),
        conv2=Conv(64, 3, padding="same"),
        relu2=ReLU(),
        pool=MaxPool(2),
        flatten=Flatten(),
        dropout1=Dropout(p=0.25),
        fc1=Linear(128),
        relu3=ReLU(),
        dropout2=Dropout(p=0.5),
        fc2=Linear(10),
    ),
    (1, 28, 28),
    Published(
        source="DATASCI 207, Applied Machine Learning, week 10, UC Berkeley, 2025",
        year=2025,
        params=1_625_866,
        rows={
            "conv1": 320,
            "conv2": 18_496,
            "pool": 0,
            "flatten": 0,
            "fc1": 1_605_760,
            "fc2": 1_290,
        },
        note="The table ends with logits; the deck's last layer adds a softmax.",
    ),
)

DS_4400 = Network(
    "ds-4400",
    Chain(
        conv1=Conv(10, 3),
        relu1=ReLU(),
        pool1=MaxPool(2),
        conv2=Conv(5, 3),
        relu2=ReLU(),
        pool2=MaxPool(2),
        flatten=Flatten(),
        fc1=Linear(64),
        relu3=ReLU(),
        fc2=Linear(10),
    ),
    (1, 28, 28),
    Published(
        source="DS 4400, Machine Learning and Data Mining I, Northeastern University, 2021",
        year=2021,
        params=9_269,
        rows={"conv1": 100, "conv2": 455, "fc1": 8_064, "fc2": 650},
        note="The table ends with logits; the deck's last layer adds a softmax.",
    ),
)

AI_CIVIL_W8 = Network(
    "ai-civil-w8",
    Chain(
        conv1=Conv(8, 5, padding="same"),
        relu1=ReLU(),
        pool1=MaxPool(2),
        conv2=Conv(16, 3, padding="same"),
        relu2=ReLU(),
        pool2=MaxPool(2),
        flatten=Flatten(),
        fc1=Linear(256),
        relu3=ReLU(),
        fc2=Linear(100),
    ),
    (1, 28, 28),
    Published(
        source="AI Civil W8, Deep Learning: FFNN, back-propagation, CNN, training ConvNets",
        params=228_036,
        rows={"conv1": 208, "conv2": 1_168, "fc1": 200_960, "fc2": 25_700},
        note="As printed, with 100 outputs for 10 digits; it bends the output to 10×10.",
    ),
)

NETWORKS = (AI_CIVIL_W8, DATASCI_207, DS_4400)
