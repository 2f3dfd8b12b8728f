#!/usr/bin/env bash
# OpenCV 5.0.0.93: the dnn module reads SAME_UPPER of an ONNX file with a stride as padding on the
# other side, without a word.
#
# ONNX defines SAME_UPPER so that an odd zero goes behind the numbers. With kernel 3 and stride 2 on
# four numbers one zero is needed. ONNX Runtime 1.32.0 and ONNX's own reference put it behind; OpenCV
# computes what padding in front gives, which is SAME_LOWER. The sizes agree, the numbers do not.
#
# Seen, numbers 1, 2, 3, 4 and a kernel of ones: SAME_UPPER in the runtime 6, 7 and in OpenCV 3, 9;
# SAME_LOWER 3, 9 in both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check \
  opencv-python-headless==5.0.0.93 onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
"$folder/env/bin/python" - <<'PYTHON'
import sys

import cv2
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator


def convolution(padding: str) -> bytes:
    kernel = numpy_helper.from_array(np.ones((1, 1, 1, 3), np.float32), "w")
    node = helper.make_node("Conv", ["x", "w"], ["y"], strides=[1, 2], auto_pad=padding)
    entry = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 1, 1, 4])
    exit_ = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 1, 1, 2])
    graph = helper.make_graph([node], "convolution", [entry], [exit_], [kernel])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    return model.SerializeToString()


x = np.array([[[[1, 2, 3, 4]]]], np.float32)


def answers(padding: str) -> dict[str, list[float]]:
    model = convolution(padding)
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    network = cv2.dnn.readNetFromONNX(np.frombuffer(model, np.uint8))
    network.setInput(x)
    outputs = {
        "reference": ReferenceEvaluator(onnx.load_from_string(model)).run(None, {"x": x})[0],
        "ONNX Runtime": session.run(None, {"x": x})[0],
        "OpenCV": network.forward(),
    }
    return {name: output.ravel().tolist() for name, output in outputs.items()}


print("OpenCV", cv2.__version__, "· ONNX Runtime", onnxruntime.__version__)
found = {padding: answers(padding) for padding in ("SAME_UPPER", "SAME_LOWER")}
for padding, outputs in found.items():
    print(padding, outputs)
upper, lower = found["SAME_UPPER"], found["SAME_LOWER"]
expected = upper["ONNX Runtime"] == upper["reference"] == [6, 7] and upper["OpenCV"] == [3, 9]
sys.exit(0 if expected and lower["OpenCV"] == [3, 9] else "This has changed.")
PYTHON
