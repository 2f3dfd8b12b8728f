"""What each row of a specification is called in a diagram, and of which kind it is."""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple, TypeAlias

from cnnlab import spec
from cnnlab._text import by
from cnnlab.geometry import per_axis
from cnnlab.spec import Family, Row, Shape

Kind: TypeAlias = Literal["conv", "pool", "dense", "point", "shape", "join", "group", "end"]

_KINDS: dict[Family, Kind] = {
    "convolution": "conv",
    "transposed convolution": "conv",
    "pooling": "pool",
    "dense": "dense",
    "recurrent": "dense",
    "embedding": "dense",
    "flatten": "shape",
    "layout": "shape",
}


class Words(NamedTuple):
    """A row in words: what it is, then how it is set; fine print is left to the long text."""

    title: str
    settings: tuple[str, ...] = ()
    fine_print: tuple[str, ...] = ()


def kind(row: Row) -> Kind:
    """Kind of a row; what is of no other kind works on each number by itself."""
    return _KINDS.get(row.family, "point")


def words(row: Row, in_shape: Shape) -> Words:
    """Say a row in words.

    Examples
    --------
    >>> words(spec.Conv(64, 7, stride=2, padding=3, bias=False), (3, 224, 224))
    Words(title='conv 7×7, 64', settings=('stride 2', 'padding 3'), fine_print=('no bias',))
    """
    title = _TITLES.get(type(row), _plain_title)(row, in_shape)
    fine_print = ("no bias",) if getattr(row, "bias", True) is False else ()
    settings = () if kind(row) == "point" else tuple(_settings(row))
    return Words(title, settings, fine_print)


def _kernel(row: Any, in_shape: Shape) -> str:
    return by(per_axis("kernel_size", row.kernel_size, len(in_shape) - 1))


def _plain_title(row: Row, in_shape: Shape) -> str:
    number = next((getattr(row, n) for n in _ARGUMENTS if hasattr(row, n)), None)
    return type(row).__name__ + ("" if number is None else f" {number:g}")


_ARGUMENTS = ("p", "negative_slope")

_TITLES: dict[type[Row], Callable[[Any, Shape], str]] = {
    spec.Conv: lambda row, shape: f"conv {_kernel(row, shape)}, {row.out_channels}",
    spec.DepthwiseConv: lambda row, shape: f"depthwise {_kernel(row, shape)}",
    spec.TableConv: lambda row, shape: f"table conv {_kernel(row, shape)}, {len(row.table)}",
    spec.TransposedConv: (
        lambda row, shape: f"transposed conv {_kernel(row, shape)}, {row.out_channels}"
    ),
    spec.MaxPool: lambda row, shape: f"max pool {_kernel(row, shape)}",
    spec.AvgPool: lambda row, shape: f"average pool {_kernel(row, shape)}",
    spec.Subsample: lambda row, shape: f"subsample {_kernel(row, shape)}",
    spec.GlobalAvgPool: lambda row, shape: "global average pool",
    spec.GlobalMaxPool: lambda row, shape: "global max pool",
    spec.AdaptiveAvgPool: lambda row, shape: f"average pool to {by(row.output_size)}",
    spec.AdaptiveMaxPool: lambda row, shape: f"max pool to {by(row.output_size)}",
    spec.Linear: lambda row, shape: f"linear, {row.out_features}",
    spec.DropConnect: lambda row, shape: f"linear, {row.out_features}",
    spec.RBF: lambda row, shape: f"RBF, {row.out_features}",
    spec.RNN: lambda row, shape: f"RNN, {row.hidden_size}",
    spec.LSTM: lambda row, shape: f"LSTM, {row.hidden_size}",
    spec.GRU: lambda row, shape: f"GRU, {row.hidden_size}",
    spec.Reshape: lambda row, shape: f"reshape to {'×'.join(map(str, row.shape))}",
    spec.Pad: lambda row, shape: f"pad {_padding(row.padding)}",
    spec.Crop: lambda row, shape: f"crop {_padding(row.cropping)}",
    spec.Upsample: lambda row, shape: (
        f"upsample {by(row.scale_factor)}" + f", {row.mode}" * (row.mode != "nearest")
    ),
    spec.LayerNorm: lambda row, shape: "layer norm",
    spec.GroupNorm: lambda row, shape: f"group norm, {row.num_groups}",
    spec.PReLU: lambda row, shape: "PReLU" if row.shared else "PReLU, one a channel",
    spec.Embedding: lambda row, shape: f"embedding, {row.embedding_dim}",
    spec.Flatten: lambda row, shape: "flatten",
    spec.Identity: lambda row, shape: "identity",
}


def _settings(row: Any) -> list[str]:
    """Everything that is not as one would expect from the title."""
    said = []
    stride = getattr(row, "stride", None)
    if stride is not None and stride != (row.kernel_size if row.family == "pooling" else 1):
        said.append(f"stride {by(stride)}")
    if not isinstance(row, spec.Pad) and getattr(row, "padding", 0) not in (0, "valid"):
        said.append(f"padding {_padding(row.padding)}")
    if getattr(row, "output_padding", 0) != 0:
        said.append(f"output padding {by(row.output_padding)}")
    if getattr(row, "dilation", 1) != 1:
        said.append(f"dilation {by(row.dilation)}")
    if getattr(row, "groups", 1) != 1:
        said.append(f"{row.groups} groups")
    if getattr(row, "multiplier", 1) != 1:
        said.append(f"{row.multiplier} per channel")
    if getattr(row, "policy", "floor") == "ceil":
        said.append("round up")
    if isinstance(row, spec.TableConv):
        said.append(f"{sum(map(len, row.table))} connections")
    if isinstance(row, spec.DropConnect):
        said.append(f"DropConnect {row.p:g}")
    if isinstance(row, spec.Embedding):
        said.append(f"of {row.num_embeddings:,} tokens")
    if isinstance(row, spec.RNN):
        said.append("every step" if row.return_sequences else "last step")
    return [*said, *(() if row.trainable else ("not trained",))]


def _padding(padding: Any) -> str:
    """Write a padding: 1, same, 1×2, or 0–1×0–1 for pairs of before and after."""
    if not isinstance(padding, tuple):
        return str(padding)
    return "×".join("–".join(map(str, p)) if isinstance(p, tuple) else str(p) for p in padding)
