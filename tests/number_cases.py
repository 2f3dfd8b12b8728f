"""Wrong answers of one number as students give them, and the misconception each deserves."""

STACK = [
    {"kernel_size": 3},
    {"kernel_size": 2, "stride": 2},
    {"kernel_size": 5},
    {"kernel_size": 3, "dilation": 2},
]  # fields 3, 4, 12, 20

_FIELDS = [
    (3 + 1 + 4 + 4, "strides forgotten"),
    (1 + 2 + 2 + 8 + 8, "stride too early"),
    (3 + 4 + 4, "pooling left out"),
    (12 + 4, "dilation forgotten"),
    (5, "last layer alone"),
    (3 + 2 + 5 + 5, "kernels added"),
    (3 * 2 * 5 * 5, "kernels multiplied"),
    (19, "forgot the first pixel"),
    (18, "first layer left out"),
    (1 + 4 + 4 + 1 + 4, "from the last layer to the first"),
    (2, "distance instead of size"),
    (400, "area"),
    (77, None),
]
FIELDS = [
    *((answer, STACK, misconception) for answer, misconception in _FIELDS),
    (
        7,
        [{"kernel_size": 5}, {"kernel_size": 3, "stride": 2}, {"kernel_size": 3}],
        "last layer left out",
    ),
]

PADDINGS = [
    (4, {"size": 32, "kernel_size": 5}, "both sides together"),
    (0, {"size": 32, "kernel_size": 5}, "no padding"),
    (5, {"size": 32, "kernel_size": 5}, "the kernel's size"),
    (3, {"size": 32, "kernel_size": 5}, "half of the kernel, rounded up"),
    (2, {"size": 32, "kernel_size": 5, "dilation": 3}, "dilation forgotten"),
    (13, {"size": 32, "kernel_size": 5, "dilation": 3}, "the span"),
    (2, {"size": 32, "kernel_size": 6}, "one side of an odd padding"),
    (3, {"size": 32, "kernel_size": 6}, "one side of an odd padding, rounded up"),
    (2, {"size": 32, "kernel_size": 5, "stride": 2}, "stride forgotten"),
    (3, {"size": 32, "kernel_size": 7, "stride": 3, "output_size": 13}, "stride forgotten"),
    (3, {"size": 64, "kernel_size": 11, "stride": 3, "output_size": 22}, "the stride"),
    (9, {"size": 32, "kernel_size": 5}, None),
]

NUMBERS = [
    (0.265, "05-unread-share", "fraction for percent"),
    (100 * 36 / 49, "05-unread-share", "the other part"),
    (100 / 7, "05-unread-share", "14.2857"),
    (100 * 14 / 49, "05-unread-share", "28.5714"),
    (64, "05-two-for-one", "64"),
    (38.9, "05-two-for-one", "38.8889"),
    (1_625_866 * 4 / 1e6, "05-parameter-memory", "thousands for 1024"),
    (1_625_866 * 4 / 1024, "05-parameter-memory", "in KB"),
    (1_625_866 * 4, "05-parameter-memory", "in bytes"),
    (1_625_866 / 1024**2, "05-parameter-memory", "numbers for bytes"),
    (12.4, "05-parameter-memory", "float64"),
    (1.0, "06-first-loss", "1"),
    (3.32, "06-first-loss", "3.32193"),
    (-2.303, "06-first-loss", "sign"),
    (42, "06-first-loss", None),
    (0.1, "06-first-loss", "0.1"),
    (7, "06-first-loss", "7"),
    (12, "06-early-stopping", "12"),
    (6, "06-early-stopping", "6"),
    (7, "06-early-stopping", "7"),
    (4, "06-early-stopping", "4"),
]

COMPUTED = [
    (25, 0.25, "fraction", "percent for fraction"),
    (4 * 1024 * 8, 4, "KB", "in bits"),
    (4, 4096, "KB", "in MB"),
    (2, 2048, "MB", "in GB"),
    (0.25, 4, "", "reciprocal"),
    (16, 4, "", "squared"),
    (2, 4, "", "root"),
]
