#!/usr/bin/env bash
# onnx 1.23.2: before operator set 22, the declared size of a pooling with ceil_mode counts a
# window that no pixel enters, and the computed output leaves it out.
#
# Four pixels, kernel 2, stride 3, padding 1: windows start at -1, 2 and 5. The third reads
# padding alone. In operator set 22 shape inference counts two windows, and so does PyTorch. In
# operator set 19 it counts three, while ONNX's own reference evaluator and ONNX Runtime 1.32.0
# return two for the same file, so a program that trusts the declared size reserves one too many.
# ONNX Runtime 1.20.0 did return three, the last one -3.4e38, the lowest float32.
#
# Seen: operator set 19: declared 3, reference 2, ONNX Runtime 2; operator set 22: 2, 2, 2.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check \
  onnx==1.23.2 onnxruntime==1.32.0
"$folder/env/bin/python" - <<'PYTHON'
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator


def pooling(opset: int) -> onnx.ModelProto:
    node = helper.make_node(
        "MaxPool", ["x"], ["y"], kernel_shape=[2], strides=[3], pads=[1, 1], ceil_mode=1
    )
    entry = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 1, 4])
    exit_ = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    graph = helper.make_graph([node], "pooling", [entry], [exit_])
    version = helper.make_opsetid("", opset)
    model = helper.make_model(graph, opset_imports=[version], ir_version=9)
    with_sizes = onnx.shape_inference.infer_shapes(model)
    onnx.checker.check_model(with_sizes)
    return with_sizes


def widths(opset: int) -> tuple[int, int, int]:
    model = pooling(opset)
    declared = model.graph.output[0].type.tensor_type.shape
    x = {"x": np.array([[[1, 2, 3, 4]]], np.float32)}
    (reference,) = ReferenceEvaluator(model).run(None, x)
    providers = ["CPUExecutionProvider"]
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=providers)
    (runtime,) = session.run(None, x)
    return declared.dim[2].dim_value, reference.shape[2], runtime.shape[2]


print("onnx", onnx.__version__, "· ONNX Runtime", onnxruntime.__version__)
found = {opset: widths(opset) for opset in (19, 22)}
for opset, (declared, reference, runtime) in found.items():
    print(f"operator set {opset}: declared {declared}, reference {reference}, ONNX Runtime {runtime}")
sys.exit(0 if found == {19: (3, 2, 2), 22: (2, 2, 2)} else "This has changed.")
PYTHON
