"""Makes a model repository for MLServer of ONNX files: each of them whole, and cut in two.

    python repository.py FOLDER HTTP_PORT GRPC_PORT METRICS_PORT MODEL.onnx...

For truthful.onnx these are the models "truthful", "truthful-experts" (from the evidence to the experts) and
"truthful-head" (from experts and scores to the fused output), cut by ONNX's own extract_model.
"""

import json
import sys
from pathlib import Path

import onnx
from onnx.utils import extract_model

DATATYPES = {onnx.TensorProto.FLOAT: "FP32", onnx.TensorProto.DOUBLE: "FP64", onnx.TensorProto.INT64: "INT64"}
HERE = Path(__file__).resolve().parent


def main(folder: Path, ports: list[int], files: list[Path]) -> None:
    folder.mkdir(parents=True)
    names = ("http_port", "grpc_port", "metrics_port")
    settings = {"host": "127.0.0.1", "debug": False, "parallel_workers": 0, **dict(zip(names, ports))}
    (folder / "settings.json").write_text(json.dumps(settings))
    for file in files:
        graph = onnx.load(file).graph
        evidence = [tensor.name for tensor in graph.input if tensor.name.startswith("E_")]
        scores = [tensor.name for tensor in graph.input if not tensor.name.startswith("E_")]
        experts = [tensor.name for tensor in graph.output if tensor.name != "fused"]
        add(folder, file.stem, file.read_bytes())
        for name, inputs, outputs in (("experts", evidence, experts), ("head", experts + scores, ["fused"])):
            part = folder / "part.onnx"
            extract_model(file, part, inputs, outputs)
            add(folder, f"{file.stem}-{name}", part.read_bytes())
            part.unlink()


def add(folder: Path, name: str, model: bytes) -> None:
    home = folder / name
    home.mkdir()
    (home / "model.onnx").write_bytes(model)
    (home / "onnx_runtime.py").write_bytes((HERE / "onnx_runtime.py").read_bytes())
    graph = onnx.load_model_from_string(model).graph
    settings = {
        "name": name,
        "implementation": "onnx_runtime.OnnxModel",
        "parameters": {"uri": str(home / "model.onnx"), "version": "1"},
        "inputs": [metadata(tensor) for tensor in graph.input],
        "outputs": [metadata(tensor) for tensor in graph.output],
    }
    (home / "model-settings.json").write_text(json.dumps(settings))


def metadata(tensor: onnx.ValueInfoProto) -> dict[str, object]:
    kind = tensor.type.tensor_type
    shape = [axis.dim_value if axis.HasField("dim_value") else -1 for axis in kind.shape.dim]
    return {"name": tensor.name, "datatype": DATATYPES[kind.elem_type], "shape": shape}


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), [int(port) for port in sys.argv[2:5]], [Path(file) for file in sys.argv[5:]])
