/** Operators of TensorFlow by the names that ONNX has for them, where these differ. */
const ONNX_NAMES = new Map([
  ...entries('Add', ['AddV2', 'BiasAdd']),
  ...entries('Div', ['RealDiv', 'DivNoNan']),
  ...entries('ReduceSum', ['Sum']),
  ...entries('ReduceMean', ['Mean']),
  ...entries('ReduceMax', ['Max']),
  ...entries('MatMul', ['BatchMatMul', 'BatchMatMulV2']),
  ...entries('Gemm', ['_FusedMatMul']),
  ...entries('Conv', [
    'Conv1D',
    'Conv2D',
    'Conv3D',
    '_FusedConv2D',
    'DepthwiseConv2dNative',
    'FusedDepthwiseConv2dNative',
  ]),
  ...entries('Unsqueeze', ['ExpandDims']),
  ...entries('Concat', ['ConcatV2', 'Pack']),
  ...entries('Slice', ['StridedSlice']),
  ...entries('Split', ['SplitV', 'Unpack']),
  ...entries('Gather', ['GatherV2', 'ResourceGather']),
  ...entries('Where', ['Select', 'SelectV2']),
]);

/** What a TensorFlow operator is called in ONNX. */
export function onnxName(type: string): string {
  return ONNX_NAMES.get(type) ?? type;
}

function entries(name: string, types: readonly string[]): [string, string][] {
  return types.map((type) => [type, name]);
}
