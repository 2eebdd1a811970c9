"""Writes a model of 17 million parameters, its evaluation set and its gate into a folder.

    python make_model.py FOLDER ROWS SHUFFLES

Two experts of four layers each (512 -> 2048 -> 3072 -> 384 -> 3 classes), fused by the softmax of two reliability scores
that enter late, as inputs. Prints {"parameters": ...}.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

MODALITIES = ("audio", "video")
LAYERS = (512, 2048, 3072, 384, 3)


def main() -> None:
    folder, rows, shuffles = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    rng = np.random.default_rng(0)
    model = fusion(rng)
    onnx.checker.check_model(model)
    onnx.save(model, folder / "model.onnx")
    evidence = {f"E_{m}": rng.normal(size=(rows, LAYERS[0])).astype(np.float32) for m in MODALITIES}
    scores = {"Q": rng.normal(size=(rows, len(MODALITIES))).astype(np.float32)}
    np.savez(folder / "evaluation.npz", y=rng.integers(LAYERS[-1], size=rows), **evidence, **scores)
    (folder / "fusion-gate.yml").write_text(gate(shuffles))
    print(json.dumps({"parameters": sum(int(np.prod(it.dims)) for it in model.graph.initializer)}))


def fusion(rng: np.random.Generator) -> onnx.ModelProto:
    nodes, weights = [], [numpy_helper.from_array(np.array([1]), "one"), numpy_helper.from_array(np.array([2]), "two")]
    for m in MODALITIES:
        expert(m, rng, nodes, weights)
    nodes += [
        helper.make_node("Softmax", ["Q"], ["weights"], axis=1),
        helper.make_node("Unsqueeze", ["weights", "two"], ["factors"]),
        *(helper.make_node("Unsqueeze", [f"logits_{m}", "one"], [f"row_{m}"]) for m in MODALITIES),
        helper.make_node("Concat", [f"row_{m}" for m in MODALITIES], ["rows"], axis=1),
        helper.make_node("Mul", ["factors", "rows"], ["weighted"]),
        helper.make_node("ReduceSum", ["weighted", "one"], ["fused"], keepdims=0),
    ]
    inputs = [tensor(f"E_{m}", LAYERS[0]) for m in MODALITIES] + [tensor("Q", len(MODALITIES))]
    outputs = [tensor("fused", LAYERS[-1])] + [tensor(f"logits_{m}", LAYERS[-1]) for m in MODALITIES]
    graph = helper.make_graph(nodes, "fusion", inputs, outputs, weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)


def expert(modality: str, rng: np.random.Generator, nodes: list, weights: list) -> None:
    values = f"E_{modality}"
    for layer, (wide, narrow) in enumerate(zip(LAYERS, LAYERS[1:])):
        name = f"{modality}{layer}"
        weight = (rng.normal(size=(wide, narrow)) / np.sqrt(wide)).astype(np.float32)
        weights.append(numpy_helper.from_array(weight, f"{name}_w"))
        weights.append(numpy_helper.from_array(np.zeros(narrow, np.float32), f"{name}_b"))
        is_last = layer == len(LAYERS) - 2
        output = f"logits_{modality}" if is_last else name
        nodes.append(helper.make_node("Gemm", [values, f"{name}_w", f"{name}_b"], [output]))
        if not is_last:
            nodes.append(helper.make_node("Relu", [name], [f"{name}_relu"]))
        values = f"{name}_relu"


def tensor(name: str, width: int) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", width])


def gate(shuffles: int) -> str:
    modalities = ", ".join(f"{m}: {{ inputs: [E_{m}], expert: logits_{m} }}" for m in MODALITIES)
    return f"""gates:
  - model: model.onnx
    evaluation-set: evaluation.npz
    columns: {{ label: y }}
    modalities: {{ {modalities} }}
    reliability: {{ tensor: Q, order: [{", ".join(MODALITIES)}] }}
    output: {{ tensor: fused }}
    permutations: {{ count: {shuffles}, secondary-count: {shuffles} }}
"""


if __name__ == "__main__":
    main()
