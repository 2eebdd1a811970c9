"""The permutation test of a weighted mean as late-fusion code publishes it: a loop over examples, looked up by their ids.

    python published_loop.py ROWS MODALITIES CLASSES SHUFFLES

Prints {"seconds": ...}: the time of the loop alone. The shape is that of research code for decision-level fusion: scores and
predictions lie in a dict for each modality, keyed by the id of the example, and every shuffle walks through the test ids.
"""

import json
import sys
import time

import numpy as np


def main() -> None:
    rows, modalities, classes, shuffles = map(int, sys.argv[1:])
    rng = np.random.default_rng(0)
    ids = [f"subject{i // 10:04d}_task{i % 10}" for i in range(rows)]
    names = [f"modality{m}" for m in range(modalities)]
    posteriors = {m: dict(zip(ids, rng.dirichlet(np.ones(classes), size=rows))) for m in names}
    reliability = {m: dict(zip(ids, rng.uniform(0.05, 1, size=rows))) for m in names}
    labels = dict(zip(ids, rng.integers(classes, size=rows)))

    start = time.perf_counter()
    for _ in range(shuffles):
        broken = {m: shuffled(reliability[m], ids, rng) for m in names}
        accuracy(posteriors, broken, labels, ids, names)
    print(json.dumps({"seconds": time.perf_counter() - start}))


def shuffled(scores: dict, ids: list, rng: np.random.Generator) -> dict:
    order = rng.permutation(len(ids))
    return {example: scores[ids[j]] for example, j in zip(ids, order)}


def accuracy(posteriors: dict, reliability: dict, labels: dict, ids: list, names: list) -> float:
    right = 0
    for example in ids:
        weights = np.array([reliability[m][example] for m in names])
        weights = weights / weights.sum()
        fused = sum(weight * posteriors[m][example] for weight, m in zip(weights, names))
        right += int(np.argmax(fused) == labels[example])
    return right / len(ids)


if __name__ == "__main__":
    main()
