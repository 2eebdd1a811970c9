"""One small expert per camera, and the fusion rule. Plain NumPy: what every candidate of the example must compute."""

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from cameras import PIXELS, Camera, Frames

CLASSES = 10


@dataclass
class Expert:
    """Softmax regression on the pixels of one camera."""

    weights: np.ndarray  # [32, 10] float32
    bias: np.ndarray  # [10] float32

    def posteriors(self, camera: Camera) -> np.ndarray:
        """[N, 10] in float64."""
        pixels = camera.evidence.reshape(-1, PIXELS).astype(np.float64)
        logits = pixels @ self.weights.astype(np.float64) + self.bias
        exp = np.exp(logits - logits.max(axis=1, keepdims=True))
        return exp / exp.sum(axis=1, keepdims=True)


def train(frames: Frames) -> dict[str, Expert]:
    return {name: train_one(camera, frames.labels) for name, camera in frames.cameras.items()}


def train_one(camera: Camera, labels: np.ndarray) -> Expert:
    here = camera.presence.astype(bool)
    pixels = camera.evidence[here].reshape(-1, PIXELS)
    model = LogisticRegression(C=0.1, max_iter=2000).fit(pixels.astype(np.float64), labels[here])
    # Four decimals are plenty, and the last bits of another machine's solver then do not matter.
    return Expert(model.coef_.T.round(4).astype(np.float32), model.intercept_.round(4).astype(np.float32))


def weighted_mean(posteriors: np.ndarray, reliability: np.ndarray) -> np.ndarray:
    """The fusion rule: sum over m of Q_m p_m, divided by the sum of Q_m.

    posteriors [N, M, C], reliability [N, M] with a positive sum in each row -> [N, C]
    """
    weights = reliability / reliability.sum(axis=1, keepdims=True)
    return np.einsum("nm,nmc->nc", weights, posteriors)
