"""The small networks that the lecture decks define themselves."""

from cnnlab.spec import Chain, Conv, Dropout, Flatten, Linear, MaxPool, ReLU, Sigmoid, Sign
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
    init={"": "he-truncated", "fc2": "glorot-uniform"},  # the deck's he_normal is cut off
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

DS_4400_MLP = Network(
    "ds-4400-mlp",
    Chain(
        flatten=Flatten(),
        fc1=Linear(500),
        dropout1=Dropout(p=0.3),
        relu1=ReLU(),
        fc2=Linear(300),
        dropout2=Dropout(p=0.3),
        relu2=ReLU(),
        fc3=Linear(10),
    ),
    (1, 28, 28),
    Published(
        source="DS 4400, Machine Learning and Data Mining I, Northeastern University, 2021",
        year=2021,
        note=(
            "784-500-300-10 with dropout 0.3 as in the deck, which does not count it. Dropout "
            "before ReLU, as here, is the same as after it, because both keep 0; before a sigmoid "
            "it is not. The table ends with logits."
        ),
    ),
)

_AI_CIVIL = "AI Civil W8, Deep Learning: FFNN, back-propagation, CNN, training ConvNets"


def _ai_civil_w8(name: str, outputs: int, published: Published) -> Network:
    spec = Chain(
        conv1=Conv(8, 5, padding="same"),
        relu1=ReLU(),
        pool1=MaxPool(2),
        dropout1=Dropout(p=0.25),
        conv2=Conv(16, 3, padding="same"),
        relu2=ReLU(),
        pool2=MaxPool(2),
        dropout2=Dropout(p=0.25),
        flatten=Flatten(),
        fc1=Linear(256),
        relu3=ReLU(),
        dropout3=Dropout(p=0.5),
        fc2=Linear(outputs),
    )
    return Network(name, spec, (1, 28, 28), published)


AI_CIVIL_W8 = _ai_civil_w8(
    "ai-civil-w8",
    100,
    Published(
        source=_AI_CIVIL,
        params=228_036,
        rows={"conv1": 208, "conv2": 1_168, "fc1": 200_960, "fc2": 25_700},
        note="As printed, with 100 outputs for 10 digits; it bends the output to 10×10.",
    ),
)

AI_CIVIL_W8_MENDED = _ai_civil_w8(
    "ai-civil-w8-mended",
    10,
    Published(
        source=_AI_CIVIL,
        rows={"conv1": 208, "conv2": 1_168, "fc1": 200_960},
        note=(
            "With one output a digit in place of the deck's 100, which come of labels that "
            "are one-hot encoded twice, by a cell that ran twice; the rows before it are the deck's."
        ),
    ),
)

TEN_FILTERS = Network(
    "ten-filters",
    Chain(conv=Conv(10, 3, padding=1), pool=MaxPool(2)),
    (3, 32, 32),
    Published(
        source=_AI_CIVIL,
        note="Ten 3×3 filters with stride 1 and pad 1, then 2×2 pooling; no classifier follows.",
    ),
)

XOR = Network(
    "xor",
    Chain(hidden=Linear(2), relu=ReLU(), output=Linear(1)),
    (2,),
    Published(
        source=_AI_CIVIL,
        note="f(x; W, c, w, b) = wᵀ max(0, Wᵀx + c) + b, so 4 + 2 + 2 + 1 parameters.",
    ),
)

_PISA = "Data Mining 2: Neural Networks, University of Pisa"

MAZUR = Network(
    "mazur",
    Chain(hidden=Linear(2), sigmoid1=Sigmoid(), output=Linear(2), sigmoid2=Sigmoid()),
    (2,),
    Published(
        source=_PISA + ", after M. Mazur, A Step by Step Backpropagation Example, 2015",
        note=(
            "The example has eight weights and one bias a layer (b1, b2), which its units share "
            "and which stays as it is; here each unit has its own. The outputs are sigmoids, "
            "not logits, as in the source."
        ),
    ),
)

SIGN_NETWORK = Network(
    "sign-network",
    Chain(hidden=Linear(3), sign1=Sign(), output=Linear(1), sign2=Sign()),
    (2,),
    Published(
        source=_PISA,
        note=(
            "The exercise has nine weights and f(S) = sign(S − 0.2): here each unit has a bias, "
            "to be set to −0.2, or to 0 for the variant with sign(S)."
        ),
    ),
)

NETWORKS = (
    XOR,
    SIGN_NETWORK,
    MAZUR,
    DS_4400_MLP,
    TEN_FILTERS,
    DATASCI_207,
    DS_4400,
    AI_CIVIL_W8,
    AI_CIVIL_W8_MENDED,
)
