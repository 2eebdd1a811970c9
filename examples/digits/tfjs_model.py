"""The same experts and rule as a TensorFlow.js GraphModel: `model.json` beside one file of weights.

Written by hand, because TensorFlow is a large thing to install for ten lines of arithmetic. The format is the one
that tensorflowjs_converter writes: a GraphDef as JSON, a signature, and a manifest of the weights.
"""

import json
from pathlib import Path

import numpy as np

from cameras import PIXELS
from experts import CLASSES, Expert

WEIGHTS_FILE = "group1-shard1of1.bin"
FLOAT = {"type": "DT_FLOAT"}
INT = {"type": "DT_INT32"}


def write_tfjs(folder: Path, experts: dict[str, Expert]) -> None:
    """Inputs E_<camera> [N, 4, 8] and Q_<camera> [N]; outputs `fused` [N, 10] and p_<camera> [N, 10]."""
    names = list(experts)
    weights = weights_of(experts)
    inputs = {f"E_{name}": [4, 8] for name in names} | {f"Q_{name}": [] for name in names}
    outputs = {"fused": [CLASSES]} | {f"p_{name}": [CLASSES] for name in names}
    nodes = [node(name, "Placeholder", [], dtype=FLOAT, shape=shape_of(shape)) for name, shape in inputs.items()]
    nodes += [node(name, "Const", [], dtype=type_of(values)) for name, values in weights.items()]
    nodes += [step for name in names for step in expert_nodes(name)] + fusion_nodes(names)
    model = {
        "format": "graph-model",
        "generatedBy": "examples/digits/make.py",
        "convertedBy": None,
        "signature": {"inputs": signature(inputs), "outputs": signature(outputs)},
        "modelTopology": {"node": nodes, "library": {}, "versions": {"producer": 1882}},
        "weightsManifest": [{"paths": [WEIGHTS_FILE], "weights": [spec(*item) for item in weights.items()]}],
    }
    folder.mkdir(exist_ok=True)
    (folder / "model.json").write_text(json.dumps(model, separators=(",", ":")) + "\n")
    (folder / WEIGHTS_FILE).write_bytes(b"".join(values.tobytes() for values in weights.values()))


def expert_nodes(name: str) -> list[dict]:
    return [
        node(f"pixels_{name}", "Reshape", [f"E_{name}", "pixels_shape"], T=FLOAT, Tshape=INT),
        node(f"products_{name}", "MatMul", [f"pixels_{name}", f"W_{name}"], T=FLOAT),
        node(f"logits_{name}", "AddV2", [f"products_{name}", f"b_{name}"], T=FLOAT),
        node(f"p_{name}", "Softmax", [f"logits_{name}"], T=FLOAT),
    ]


def fusion_nodes(names: list[str]) -> list[dict]:
    stack = {"T": FLOAT, "N": {"i": str(len(names))}, "axis": {"i": "1"}}
    add = {"T": FLOAT, "Tidx": INT}
    return [
        node("scores", "Pack", [f"Q_{name}" for name in names], **stack),
        node("total", "Sum", ["scores", "axis_cameras"], **add, keep_dims={"b": True}),
        node("weights", "RealDiv", ["scores", "total"], T=FLOAT),
        node("weights_per_class", "ExpandDims", ["weights", "axis_classes"], T=FLOAT, Tdim=INT),
        node("experts", "Pack", [f"p_{name}" for name in names], **stack),
        node("weighted", "Mul", ["weights_per_class", "experts"], T=FLOAT),
        node("fused", "Sum", ["weighted", "axis_cameras"], **add, keep_dims={"b": False}),
    ]


def weights_of(experts: dict[str, Expert]) -> dict[str, np.ndarray]:
    weights = {
        "pixels_shape": np.array([-1, PIXELS], np.int32),
        "axis_cameras": np.array(1, np.int32),
        "axis_classes": np.array(2, np.int32),
    }
    for name, expert in experts.items():
        weights |= {f"W_{name}": expert.weights, f"b_{name}": expert.bias}
    return weights


def node(name: str, op: str, inputs: list[str], **attr: dict) -> dict:
    return {"name": name, "op": op, "input": inputs, "attr": attr}


def signature(tensors: dict[str, list[int]]) -> dict:
    return {
        name: {"name": f"{name}:0", "dtype": "DT_FLOAT", "tensorShape": shape_of(shape)["shape"]}
        for name, shape in tensors.items()
    }


def shape_of(shape: list[int]) -> dict:
    return {"shape": {"dim": [{"size": str(size)} for size in [-1, *shape]]}}


def type_of(values: np.ndarray) -> dict:
    return INT if values.dtype == np.int32 else FLOAT


def spec(name: str, values: np.ndarray) -> dict:
    return {"name": name, "shape": list(values.shape), "dtype": str(values.dtype)}
