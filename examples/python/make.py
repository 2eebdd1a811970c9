"""Makes model.pt and evaluation.npz. Neither has to be made again to use them.

Two instruments look at each cell sample: one measures its shape, one its texture. Each measurement has noise of its own,
whose level differs from sample to sample, and the instrument reports that level: the reliability score.
"""

import numpy as np
import torch
from sklearn.datasets import load_breast_cancer

from model import MODALITIES, Fusion

SEED = 2606
COLUMNS = {
    "shape": ["mean radius", "mean compactness", "mean concavity", "mean symmetry", "mean fractal dimension"],
    "texture": ["mean texture", "mean smoothness", "worst texture", "worst smoothness", "texture error"],
}
# Standard deviation of the noise, in units of a feature's own: from invisible to hopeless.
NOISE = (0.1, 5.0)
TRAINED = 200


def measure(rng, features):
    """What an instrument makes of [N, 5] standardised features, and how reliable it says that is, in (0, 1)."""
    noise = np.exp(rng.uniform(*np.log(NOISE), len(features)))
    seen = features + noise[:, None] * rng.standard_normal(features.shape)
    return seen.astype(np.float32), (1 / (1 + noise**2)).astype(np.float32)


def train(evidence, reliability, labels):
    torch.manual_seed(SEED)
    model = Fusion()
    optimiser = torch.optim.LBFGS(model.parameters(), max_iter=200)

    def loss():
        optimiser.zero_grad()
        _, logits = model(evidence, reliability)
        # Each expert learns on its own, most from what it saw well.
        losses = [
            (reliability[m] * torch.nn.functional.cross_entropy(logits[m], labels, reduction="none")).mean()
            for m in MODALITIES
        ]
        total = sum(losses) + 1e-3 * sum((p**2).sum() for p in model.parameters())
        total.backward()
        return total

    optimiser.step(loss)
    return model


def main():
    rng = np.random.default_rng(SEED)
    cells = load_breast_cancer()
    order = rng.permutation(len(cells.target))
    names = list(cells.feature_names)
    columns = {"ids": np.array([f"cell-{i:03d}" for i in order]), "y": cells.target[order]}
    for m in MODALITIES:
        features = cells.data[order][:, [names.index(name) for name in COLUMNS[m]]]
        features = (features - features[:TRAINED].mean(axis=0)) / features[:TRAINED].std(axis=0)
        columns[f"E_{m}"], columns[f"Q_{m}"] = measure(rng, features)
    first = {name: torch.from_numpy(values[:TRAINED]) for name, values in columns.items() if name != "ids"}
    model = train(*({m: first[f"{key}_{m}"] for m in MODALITIES} for key in "EQ"), first["y"])
    torch.save(model.state_dict(), "model.pt")
    np.savez_compressed("evaluation.npz", **{name: values[TRAINED:] for name, values in columns.items()})


main()
