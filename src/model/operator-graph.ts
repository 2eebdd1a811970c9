/** One operation of a model, whatever engine runs it. */
export interface Operator {
  /** As the engine calls it, without a domain: `Softmax`, `MatMul`. */
  readonly type: string;
  /** Tensors, those that branches and loop bodies take from outside included. What no operator writes and is no input is a constant. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

/** What a model is made of: enough to find the tensors that are worth a gate. */
export interface OperatorGraph {
  /** Each after those whose results it reads. */
  readonly operators: readonly Operator[];
  /** The tensors inside at which the model can be cut, where this is the fused output. */
  cuttable(output: string): ReadonlySet<string>;
  /** Whether it can be cut at all of these, some of which may be inputs, at once. */
  canCut(scores: readonly string[], output: string): boolean;
}
