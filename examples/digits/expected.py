"""What NumPy says of the example: an oracle for the tests, computed from `evaluation.npz` alone, in float64.

It shares no code with fusion-gate, and draws other shuffles: means over shuffles agree within their standard errors,
everything else to the last digits.
"""

import json
from pathlib import Path

import numpy as np

from cameras import CAMERAS
from experts import weighted_mean

SHUFFLES = 20_000
SHUFFLES_PER_ANALYSIS = 5_000


def write_expected(evaluation_set: Path, path: Path) -> None:
    data = np.load(evaluation_set)
    here = np.all([data[f"M_{name}"] == 1 for name in CAMERAS], axis=0)
    labels = data["y"][here]
    posteriors = np.stack([data[f"p_{name}"][here] for name in CAMERAS], axis=1).astype(np.float64)
    expected = {"rows": len(here), "evaluated": int(here.sum()), **of_experts(posteriors, labels)}
    for scores in ("Q", "Q_stale"):
        reliability = np.stack([data[f"{scores}_{name}"][here] for name in CAMERAS], axis=1).astype(np.float64)
        expected[scores] = of_scores(posteriors, reliability, labels)
    path.write_text(json.dumps(expected, indent=2) + "\n")


def of_experts(posteriors: np.ndarray, labels: np.ndarray) -> dict:
    """All that does not depend on the scores. posteriors [N, M, C], labels [N]."""
    classes = posteriors.argmax(axis=2)
    right = classes == labels[:, None]
    of_label = np.sort(posteriors[np.arange(len(labels)), :, labels], axis=1)
    competitiveness = of_label[:, -1] - of_label[:, -2]
    uniform = posteriors.mean(axis=1).argmax(axis=1)
    # Correctness shuffled within a class makes the experts independent there: nobody is right with prob. prod(1 - accuracy).
    chance = [np.mean(labels == c) * (1 - np.prod(1 - right[labels == c].mean(axis=0))) for c in np.unique(labels)]
    return {
        "uniform": accuracies(uniform, labels),
        "experts": {name: accuracies(classes[:, m], labels) for m, name in enumerate(CAMERAS)},
        "oracle": right.any(axis=1).mean(),
        "chanceMatchedOracle": sum(chance),
        "competitiveness": {
            "median": np.median(competitiveness),
            "massBelow": np.mean(competitiveness < 0.05),
            "disagreement": np.mean((classes != classes[:, :1]).any(axis=1)),
        },
    }


def of_scores(posteriors: np.ndarray, reliability: np.ndarray, labels: np.ndarray) -> dict:
    """All that does. reliability [N, M]."""
    rng = np.random.default_rng(1)
    every = range(reliability.shape[1])
    clean = weighted_mean(posteriors, reliability).argmax(axis=1)
    right = posteriors.argmax(axis=2) == labels[:, None]
    low, high = np.quantile(reliability, [0.05, 0.95], axis=0)
    truthful = np.where(right, high, low)
    return {
        "clean": accuracies(clean, labels),
        "broken": broken(rng, SHUFFLES, posteriors, reliability, labels, every),
        "brokenModality": {
            name: broken(rng, SHUFFLES_PER_ANALYSIS, posteriors, reliability, labels, [m])
            for m, name in enumerate(CAMERAS)
        },
        "correctnessControl": {
            "truthful": accuracies(weighted_mean(posteriors, truthful).argmax(axis=1), labels),
            "broken": broken(rng, SHUFFLES_PER_ANALYSIS, posteriors, truthful, labels, every),
        },
        "auroc": {name: auroc(reliability[:, m], right[:, m]) for m, name in enumerate(CAMERAS)},
    }


def broken(rng, count, posteriors, reliability, labels, shuffled) -> dict:
    """Accuracy over `count` shuffles of the scores of the `shuffled` modalities: mean, and std over shuffles."""
    values = []
    for _ in range(count):
        scores = reliability.copy()
        for m in shuffled:
            scores[:, m] = rng.permutation(scores[:, m])
        predicted = np.einsum("nm,nmc->nc", scores, posteriors).argmax(axis=1)
        values.append(np.mean(predicted == labels))
    return {"count": count, "mean": np.mean(values), "std": np.std(values)}


def accuracies(predicted: np.ndarray, labels: np.ndarray) -> dict:
    recalls = [np.mean(predicted[labels == c] == c) for c in np.unique(labels)]
    return {"accuracy": np.mean(predicted == labels), "balancedAccuracy": np.mean(recalls)}


def auroc(scores: np.ndarray, right: np.ndarray) -> float:
    """By its definition: how often a right row's score beats a wrong row's, ties counting half."""
    pairs = scores[right][:, None] - scores[~right][None, :]
    return np.mean((pairs > 0) + 0.5 * (pairs == 0))
