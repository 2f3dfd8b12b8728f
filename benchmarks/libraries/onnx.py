"""ONNX Runtime, and OpenCV's dnn, on the same ONNX files."""

from typing import Any

import cv2
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from tests.conventions.asking import Question, refuses

NAN, INF = float("nan"), float("inf")


def file(kind: str, x: Any, weight: Any = None, **attributes: Any) -> bytes:
    """A network of one node."""
    inputs, kept = ["x"], []
    if weight is not None:
        array = np.asarray(weight, np.float32)
        inputs, kept = ["x", "w"], [numpy_helper.from_array(array, "w")]
    node = helper.make_node(kind, inputs, ["y"], **attributes)
    entry = helper.make_tensor_value_info("x", TensorProto.FLOAT, x.shape)
    end = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    graph = helper.make_graph([node], kind, [entry], [end], kept)
    opsets = [helper.make_opsetid("", 22)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    return onnx.shape_inference.infer_shapes(model).SerializeToString()


def runtime(kind: str, numbers: Any, weight: Any = None, **attributes: Any) -> Any:
    x = image(numbers)
    model = file(kind, x, weight, **attributes)
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    return session.run(None, {"x": x})[0]


def opencv(kind: str, numbers: Any, weight: Any = None, **attributes: Any) -> Any:
    x = image(numbers)
    model = np.frombuffer(file(kind, x, weight, **attributes), np.uint8)
    network = cv2.dnn.readNetFromONNX(model)
    network.setInput(x)
    return network.forward()


def image(numbers: Any) -> Any:
    x = np.asarray(numbers, np.float32)
    return x.reshape(1, 1, 1, -1) if x.ndim == 1 else x


def flat(*numbers: float) -> Any:
    return np.array(numbers, np.float32).reshape(1, 1, 1, -1)


def questions(run: Any) -> dict[str, Question]:
    short, edge = [1, 2, 3, 4], {"kernel_shape": [1, 3], "pads": [0, 1, 0, 1]}
    wide = {"kernel_shape": [1, 3], "strides": [1, 2], "ceil_mode": 1}
    return {
        "same-stride": lambda: run(
            "Conv", short, flat(1, 1, 1), strides=[1, 2], auto_pad="SAME_UPPER"
        ),
        "half-stride": lambda: run("Conv", short, flat(1, 1, 1), strides=[1, 2], pads=[0, 1, 0, 1]),
        "same-even": lambda: run("Conv", [1, 2, 3], flat(1, 1), auto_pad="SAME_UPPER"),
        "flip": lambda: run("Conv", [0, 0, 1, 0, 0], flat(1, 2, 3)),
        "average-edge": lambda: run("AveragePool", [4, 8], **edge),
        "average-same": lambda: run(
            "AveragePool", [1, 2, 3], kernel_shape=[1, 2], auto_pad="SAME_UPPER"
        ),
        "ceil-size": lambda: run("MaxPool", short, **wide),
        "ceil-beyond": lambda: run(
            "MaxPool", short, kernel_shape=[1, 2], strides=[1, 3], pads=[0, 1, 0, 1], ceil_mode=1
        ),
        "ceil-average": lambda: run("AveragePool", short, **wide),
        "transposed-size": lambda: run(
            "ConvTranspose", [1, 1], flat(1, 1, 1), strides=[1, 2], auto_pad="SAME_UPPER"
        ),
        "transposed-gap": lambda: run("ConvTranspose", [1, 1], flat(1, 1), strides=[1, 3]),
        "transposed-flip": lambda: run("ConvTranspose", [1, 0], flat(1, 2, 3)),
        "nan-pool": lambda: run("MaxPool", [NAN, 1, 1, NAN], kernel_shape=[1, 2], strides=[1, 2]),
        "infinity-pool": lambda: run("MaxPool", [-INF, -INF], kernel_shape=[1, 2], strides=[1, 2]),
        "lrn-alpha": lambda: run(
            "LRN", np.ones((1, 5, 1, 1)), size=5, alpha=1.0, beta=1.0, bias=1.0
        )[0, 2, 0, 0],
        "leaky-slope": lambda: run("LeakyRelu", [-1])[0, 0, 0, 0],
        "hard-sigmoid": lambda: run("HardSigmoid", [1])[0, 0, 0, 0],
        "gelu": lambda: run("Gelu", [1])[0, 0, 0, 0],
    }


RUNTIME = questions(runtime)
RUNTIME["dilated-padding"] = lambda: refuses(
    lambda: runtime("MaxPool", [1, 2, 3], kernel_shape=[1, 3], dilations=[1, 2], pads=[0, 2, 0, 2])
)
LIBRARIES = {"ONNX Runtime": RUNTIME, "OpenCV's dnn": questions(opencv)}
