"""Serves the model by the Open Inference Protocol: python serve.py [PORT]. Nothing but PyTorch is needed."""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import torch

from model import FEATURES, MODALITIES, Fusion

model = Fusion()
model.load_state_dict(torch.load(Path(__file__).with_name("model.pt"), weights_only=True))


def tensor(name, *shape):
    return {"name": name, "datatype": "FP32", "shape": list(shape)}


INPUTS = [tensor(f"E_{m}", -1, FEATURES) for m in MODALITIES] + [tensor(f"Q_{m}", -1) for m in MODALITIES]
OUTPUTS = [tensor("fused", -1, 2)] + [tensor(f"expert_{m}", -1, 2) for m in MODALITIES]
ANSWERS = {
    "/v2": {"name": "serve.py", "version": "1.0", "extensions": []},
    "/v2/health/ready": {"ready": True},
    "/v2/models/cells": {"name": "cells", "platform": "pytorch", "inputs": INPUTS, "outputs": OUTPUTS},
    "/v2/models/cells/ready": {"ready": True},
}


@torch.inference_mode()
def infer(request):
    feeds = {i["name"]: torch.tensor(i["data"]).reshape(i["shape"]) for i in request["inputs"]}
    fused, experts = model({m: feeds[f"E_{m}"] for m in MODALITIES}, {m: feeds[f"Q_{m}"] for m in MODALITIES})
    results = {"fused": fused} | {f"expert_{m}": experts[m] for m in MODALITIES}
    wanted = {output["name"]: results[output["name"]] for output in request.get("outputs", OUTPUTS)}
    outputs = [tensor(name, *it.shape) | {"data": it.flatten().tolist()} for name, it in wanted.items()]
    return {"model_name": "cells", "outputs": outputs}


class Handler(BaseHTTPRequestHandler):
    protocol_version, disable_nagle_algorithm = "HTTP/1.1", True  # connections stay open, answers do not wait
    log_request = lambda *_: None  # a line for each request would drown an error

    def do_GET(self):
        self.reply(ANSWERS.get(self.path))

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.reply(infer(request) if self.path == "/v2/models/cells/infer" else None)

    def reply(self, answer):
        body = json.dumps(answer or {"error": f"{self.path} is not served here"}).encode()
        self.send_response(200 if answer else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


ThreadingHTTPServer(("127.0.0.1", int((sys.argv + ["8080"])[1])), Handler).serve_forever()
