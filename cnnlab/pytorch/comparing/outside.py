"""Steps of networks that other libraries run: an ONNX file, a Keras model."""

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from cnnlab.pytorch.comparing.steps import Step


def library(name: str, extra: str) -> Any:
    """A module that the course does without, or one sentence on how to get it."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise ImportError(
            f"compare: theirs needs {name}, which is not installed here. "
            f"Install it with: python -m pip install {extra}"
        ) from None


def onnx(file: str | Path, x: Tensor) -> list[Step]:
    """Steps of the network in an ONNX file, as ONNX Runtime computes them."""
    tool = library("onnx", "onnx onnxruntime")
    runtime = library("onnxruntime", "onnx onnxruntime")
    model = tool.load(str(file))
    kept = {entry.name for entry in model.graph.initializer}
    entries = [entry for entry in model.graph.input if entry.name not in kept]
    if len(entries) != 1:
        raise ValueError(f"compare: theirs must take one input, but {file} takes {len(entries)}.")
    nodes = [node for node in model.graph.node if node.output and node.op_type != "Constant"]
    named = {out.name for out in model.graph.output}
    for node in nodes:
        if node.output[0] not in named:
            named.add(node.output[0])
            model.graph.output.append(tool.helper.make_empty_tensor_value_info(node.output[0]))
    options = runtime.SessionOptions()
    # Else layers are melted into one, and what they gave on the way is not to be had.
    options.graph_optimization_level = runtime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = runtime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    wanted = [node.output[0] for node in nodes]
    integers = x.dtype == torch.long
    given = x.numpy() if integers else x.float().numpy()
    values = session.run(wanted, {entries[0].name: given})
    known = {entries[0].name: x, **dict(zip(wanted, map(torch.as_tensor, values), strict=True))}
    steps = [
        Step(node.output[0], node.op_type, known.get(node.input[0], x), known[node.output[0]])
        for node in nodes
        if known[node.output[0]].is_floating_point()
    ]
    last = known[model.graph.output[0].name]
    return [*steps, Step("output", "output", last, last)]


def is_keras(network: Any) -> bool:
    """Whether a network is a Keras model, told without importing Keras."""
    return any(part.__module__.split(".")[0] == "keras" for part in type(network).__mro__)


def keras(network: Any, x: Tensor, training: bool) -> list[Step]:
    """Steps of a Keras model, their axes in our order."""
    tool = library("keras", "keras")
    layers = [layer for layer in network.layers if type(layer).__name__ != "InputLayer"]
    whole = tool.Model(network.inputs, [layer.output for layer in layers])
    given = _channels_last(x).numpy()
    given = given if x.dtype == torch.long else given.astype(np.float32)
    values = whole([given], training=training)
    values = values if isinstance(values, list | tuple) else [values]
    entered, steps = x, []
    for layer, value in zip(layers, values, strict=True):
        left = torch.as_tensor(np.array(tool.ops.convert_to_numpy(value)))
        left = left.movedim(-1, 1) if left.ndim > 2 else left  # (N, C, ...)
        steps.append(Step(layer.name, type(layer).__name__, entered, left))
        entered = left
    return [*steps, Step("output", "output", entered, entered)]


def _channels_last(x: Tensor) -> Tensor:
    return x.movedim(1, -1).contiguous() if x.ndim > 2 else x
