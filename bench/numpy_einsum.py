"""The permutation test of a weighted mean, as one would write it in NumPy.

    python numpy_einsum.py ROWS MODALITIES CLASSES SHUFFLES

Prints {"seconds": ..., "numpy": version}: the time of the loop alone, without starting Python or making the data.
"""

import json
import sys
import time

import numpy as np


def main() -> None:
    rows, modalities, classes, shuffles = map(int, sys.argv[1:])
    rng = np.random.default_rng(0)
    posteriors = rng.dirichlet(np.ones(classes), size=(rows, modalities))
    reliability = rng.uniform(0.05, 1, size=(rows, modalities))
    labels = rng.integers(classes, size=rows)

    accuracy(posteriors, reliability, labels)
    start = time.perf_counter()
    broken = np.empty_like(reliability)
    accuracies = np.empty(shuffles)
    for k in range(shuffles):
        for m in range(modalities):
            broken[:, m] = reliability[rng.permutation(rows), m]
        accuracies[k] = accuracy(posteriors, broken, labels)
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "numpy": np.__version__}))


def accuracy(posteriors: np.ndarray, reliability: np.ndarray, labels: np.ndarray) -> float:
    fused = np.einsum("nm,nmc->nc", reliability, posteriors)
    return float(np.mean(fused.argmax(axis=1) == labels))


if __name__ == "__main__":
    main()
