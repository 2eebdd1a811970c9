"""An MLServer runtime that serves an ONNX file: how a team would put its model behind MLServer."""

import onnxruntime
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceRequest, InferenceResponse


class OnnxModel(MLModel):
    async def load(self) -> bool:
        self.session = onnxruntime.InferenceSession(self.settings.parameters.uri, providers=["CPUExecutionProvider"])
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        # Not NumpyCodec.decode_input: it keeps the shape of what it is given, but gives a score [N] an axis on the way back.
        feeds = {tensor.name: NumpyCodec.decode_input(tensor).reshape(tensor.shape) for tensor in payload.inputs}
        names = [output.name for output in payload.outputs or self.settings.outputs]
        outputs = self.session.run(names, feeds)
        return InferenceResponse(
            model_name=self.name,
            model_version=self.version,
            outputs=[NumpyCodec.encode_output(name, values) for name, values in zip(names, outputs)],
        )
