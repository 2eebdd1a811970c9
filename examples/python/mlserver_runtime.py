"""The same model in MLServer: its runtime, for model-settings.json."""

from pathlib import Path

import torch
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceRequest, InferenceResponse

from model import MODALITIES, Fusion


class Cells(MLModel):
    async def load(self) -> bool:
        self.fusion = Fusion()
        self.fusion.load_state_dict(torch.load(Path(__file__).with_name("model.pt"), weights_only=True))
        return True

    async def predict(self, request: InferenceRequest) -> InferenceResponse:
        feeds = {i.name: torch.from_numpy(NumpyCodec.decode_input(i).copy()) for i in request.inputs}
        reliability = {m: feeds[f"Q_{m}"].reshape(-1) for m in MODALITIES}
        with torch.inference_mode():
            fused, experts = self.fusion({m: feeds[f"E_{m}"] for m in MODALITIES}, reliability)
        results = {"fused": fused} | {f"expert_{m}": experts[m] for m in MODALITIES}
        outputs = [NumpyCodec.encode_output(name, it.numpy()) for name, it in results.items()]
        return InferenceResponse(model_name=self.name, outputs=outputs)
