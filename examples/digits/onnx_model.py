"""The experts and their fusion rule as an ONNX graph, built node by node so that its bytes are the same every time."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from experts import CLASSES, Expert

OPSET = 17
IR_VERSION = 8


def write_onnx(path: Path, experts: dict[str, Expert], scores: str) -> onnx.ModelProto:
    """Inputs E_<camera> [N, 4, 8] and <scores>_<camera> [N]; outputs `fused` [N, 10] and p_<camera> [N, 10]."""
    names = list(experts)
    nodes, initializers = [], [constant("axis_cameras", np.array([1])), constant("axis_classes", np.array([2]))]
    for name, expert in experts.items():
        initializers += [constant(f"W_{name}", expert.weights), constant(f"b_{name}", expert.bias)]
        nodes += [
            helper.make_node("Flatten", [f"E_{name}"], [f"pixels_{name}"], axis=1),
            helper.make_node("Gemm", [f"pixels_{name}", f"W_{name}", f"b_{name}"], [f"logits_{name}"]),
            helper.make_node("Softmax", [f"logits_{name}"], [f"p_{name}"], axis=1),
            helper.make_node("Unsqueeze", [f"p_{name}", "axis_cameras"], [f"row_{name}"]),
            helper.make_node("Unsqueeze", [f"{scores}_{name}", "axis_cameras"], [f"score_{name}"]),
        ]
    nodes += [
        helper.make_node("Concat", [f"score_{name}" for name in names], ["scores"], axis=1),
        helper.make_node("ReduceSum", ["scores", "axis_cameras"], ["total"], keepdims=1),
        helper.make_node("Div", ["scores", "total"], ["weights"]),
        helper.make_node("Unsqueeze", ["weights", "axis_classes"], ["weights_per_class"]),
        helper.make_node("Concat", [f"row_{name}" for name in names], ["experts"], axis=1),
        helper.make_node("Mul", ["weights_per_class", "experts"], ["weighted"]),
        helper.make_node("ReduceSum", ["weighted", "axis_cameras"], ["fused"], keepdims=0),
    ]
    graph = helper.make_graph(
        nodes,
        "digits",
        [tensor(f"E_{name}", [4, 8]) for name in names] + [tensor(f"{scores}_{name}", []) for name in names],
        [tensor("fused", [CLASSES])] + [tensor(f"p_{name}", [CLASSES]) for name in names],
        initializers,
    )
    model = helper.make_model(
        graph,
        producer_name="examples/digits/make.py",
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
    )
    onnx.checker.check_model(model, full_check=True)
    path.write_bytes(model.SerializeToString(deterministic=True))
    return model


def constant(name: str, values: np.ndarray) -> TensorProto:
    return numpy_helper.from_array(values, name)


def tensor(name: str, shape: list[int]) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", *shape])
