"""What a Python program needs from its start to the first forward pass of a model.

    python start_up.py MODEL ROWS

Prints {"onnxruntime": version}; the caller takes the time, that of starting Python included.
"""

import json
import sys

import numpy as np
import onnxruntime


def main() -> None:
    session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
    rows = int(sys.argv[2])
    feeds = {it.name: np.zeros((rows, *it.shape[1:]), np.float32) for it in session.get_inputs()}
    session.run(None, feeds)
    print(json.dumps({"onnxruntime": onnxruntime.__version__}))


if __name__ == "__main__":
    main()
