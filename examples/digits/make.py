"""Makes every file of this example. Nobody needs to run it to use them.

    python -m venv .venv && .venv/bin/pip install -r requirements.txt
    .venv/bin/python make.py              # models and evaluation set; the same bytes again on the same machine
    .venv/bin/python make.py --expected   # also NumPy's own answers, which the tests compare the gate's with

Made with Python 3.11 and the versions in requirements.txt.
"""

import argparse
from pathlib import Path

import numpy as np
from onnx import ModelProto
from onnx.reference import ReferenceEvaluator

from cameras import CAMERAS, Frames, film
from expected import write_expected
from experts import Expert, train, weighted_mean
from onnx_model import write_onnx
from tfjs_model import write_tfjs

HERE = Path(__file__).resolve().parent
EXPECTED = HERE.parents[1] / "__tests__" / "fixtures" / "digits-expected.json"


def main() -> None:
    parser = argparse.ArgumentParser(description="Makes the files of the digits example.")
    parser.add_argument("--expected", action="store_true", help=f"also write {EXPECTED.name}")
    wishes = parser.parse_args()

    training, evaluation = film()
    experts = train(training)
    columns = evaluation_columns(evaluation, experts)
    np.savez_compressed(HERE / "evaluation.npz", **columns)
    check(write_onnx(HERE / "truthful.onnx", experts, "Q"), columns, "Q")
    check(write_onnx(HERE / "noise.onnx", experts, "Q_stale"), columns, "Q_stale")
    write_tfjs(HERE / "tfjs", experts)
    if wishes.expected:
        write_expected(HERE / "evaluation.npz", EXPECTED)


def evaluation_columns(frames: Frames, experts: dict[str, Expert]) -> dict[str, np.ndarray]:
    """The evaluation set, column by column, a row per frame."""
    columns = {"ids": frames.ids, "y": frames.labels}
    for name, camera in frames.cameras.items():
        columns[f"E_{name}"] = camera.evidence
        columns[f"M_{name}"] = camera.presence
        columns[f"Q_{name}"] = camera.reliability
        columns[f"Q_stale_{name}"] = np.where(camera.presence, stale(camera.reliability), 0).astype(np.float32)
        columns[f"p_{name}"] = experts[name].posteriors(camera).astype(np.float32)
    columns["fused"] = fuse(columns, "Q").astype(np.float32)
    return columns


def stale(readings: np.ndarray) -> np.ndarray:
    """Each frame gets the reading of the frame before it (the first one, the last frame's): an off-by-one in a join.

    A camera that missed the frame before gives its lowest reading, as there is none to carry over.
    """
    late = np.roll(readings, 1)
    return np.where(late > 0, late, readings[readings > 0].min())


def fuse(columns: dict[str, np.ndarray], scores: str) -> np.ndarray:
    posteriors = np.stack([columns[f"p_{name}"] for name in CAMERAS], axis=1).astype(np.float64)
    reliability = np.stack([columns[f"{scores}_{name}"] for name in CAMERAS], axis=1).astype(np.float64)
    return weighted_mean(posteriors, reliability)


def check(model: ModelProto, columns: dict[str, np.ndarray], scores: str) -> None:
    """The graph says what NumPy says, and no frame is so close to a tie that an engine's last bit could decide it."""
    feeds = {name: columns[name] for name in (value.name for value in model.graph.input)}
    fused = ReferenceEvaluator(model).run(["fused"], feeds)[0]
    wanted = fuse(columns, scores)
    assert np.abs(fused - wanted).max() < 1e-6, "the ONNX graph and NumPy disagree"
    first_two = np.sort(wanted, axis=1)[:, -2:]
    assert np.min(first_two[:, 1] - first_two[:, 0]) > 1e-5, "a frame is too close to a tie: choose another seed"


if __name__ == "__main__":
    main()
