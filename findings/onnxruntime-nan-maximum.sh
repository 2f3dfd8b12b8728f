#!/usr/bin/env bash
# ONNX Runtime 1.32.0: whether a max pooling hands on "not a number" depends on where it stands.
#
# A window (nan, 1) gives 1. A window (1, nan) gives nan with stride 2 and 1 with stride 1. So a
# network that has gone wrong may look right for one picture and wrong for its mirror image. NumPy's
# maximum hands nan on from either place. The stride also decides what becomes of a window that
# holds minus infinity alone: the lowest float32 takes its place with stride 1.
#
# Seen on x86-64: (nan, 1) 1 with both strides; (1, nan) 1 with stride 1 and nan with stride 2;
# (−inf, −inf) −3.4028235e38 with stride 1 and −inf with stride 2.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check \
  onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
"$folder/env/bin/python" - <<'PYTHON'
import sys

import numpy as np
import onnxruntime
from onnx import TensorProto, helper



def maximum(stride: int, *window: float) -> float:
    node = helper.make_node("MaxPool", ["x"], ["y"], kernel_shape=[1, 2], strides=[1, stride])
    entry = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 1, 1, 2])
    exit_ = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 1, 1, 1])
    graph = helper.make_graph([node], "pooling", [entry], [exit_])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    providers = ["CPUExecutionProvider"]
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=providers)
    x = np.array(window, np.float32).reshape(1, 1, 1, 2)
    return session.run(None, {"x": x})[0].item()


print("ONNX Runtime", onnxruntime.__version__)
nan, inf, found = np.nan, np.inf, []
for stride in (1, 2):
    outputs = [maximum(stride, *window) for window in ((nan, 1), (1, nan), (-inf, -inf))]
    print(f"stride {stride}: (nan, 1), (1, nan), (−inf, −inf) give {outputs}")
    found += outputs
lowest = float(np.finfo(np.float32).min)
same = np.array_equal(found, [1, 1, lowest, 1, nan, -inf], equal_nan=True)
sys.exit(0 if same else "This has changed.")
PYTHON
