"""scikit-learn's permutation importance of the scores of an ONNX model, which it takes for any estimator.

    python permutation_importance.py FOLDER REPEATS

The columns of X are the scores; predicting runs the whole model through onnxruntime, as it must where nobody cuts it. Prints
{"forward": seconds of one forward pass, "seconds": of all, "forwards": how many it took, and versions}.
"""

import json
import os
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime
import sklearn
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.inspection import permutation_importance


class Fusion(ClassifierMixin, BaseEstimator):
    def __init__(self, session: onnxruntime.InferenceSession, evidence: dict) -> None:
        self.session, self.evidence, self.forwards = session, evidence, 0

    def fit(self, X: np.ndarray, y: np.ndarray) -> "Fusion":
        self.classes_ = np.unique(y)
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        self.forwards += 1
        (fused,) = self.session.run(["fused"], {**self.evidence, "Q": X})
        return fused.argmax(axis=1)


def main() -> None:
    folder, repeats = Path(sys.argv[1]), int(sys.argv[2])
    data = np.load(folder / "evaluation.npz")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = os.cpu_count() or 1
    session = onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])
    fusion = Fusion(session, {name: data[name] for name in ("E_audio", "E_video")}).fit(data["Q"], data["y"])
    fusion.predict(data["Q"])
    start = time.perf_counter()
    fusion.predict(data["Q"])
    forward = time.perf_counter() - start
    fusion.forwards = 0
    start = time.perf_counter()
    permutation_importance(fusion, data["Q"], data["y"], scoring="accuracy", n_repeats=repeats, random_state=0)
    seconds = time.perf_counter() - start
    versions = {"sklearn": sklearn.__version__, "onnxruntime": onnxruntime.__version__}
    print(json.dumps({"forward": forward, "seconds": seconds, "forwards": fusion.forwards, **versions}))


if __name__ == "__main__":
    main()
