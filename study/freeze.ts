import { decide } from '../src/model/decision.ts';
import type { ExpertOutput, FrozenFusion } from '../src/model/frozen-fusion.ts';
import { expertPosteriors, type CachedExpert } from '../src/model/cached-experts/expert-columns.ts';
import { fusionKernel } from '../src/model/cached-experts/kernel.ts';
import type { FusionRecipe } from '../src/model/cached-experts/recipe.ts';
import { takeOutputRows } from '../src/model/take-output-rows.ts';
import type { DataSet, Population } from './population.ts';

/** Differences of scores count this much under the rules that take an exponential of them. */
const SHARPNESS = 4;

/** A data set under its population's rule: cached experts, as a gate with `fusion:` freezes them. */
export function freeze({ rule }: Population, data: DataSet): FrozenFusion {
  const modalities = data.experts.length;
  const router = { W: routerWeights(modalities), b: new Float64Array(modalities) };
  return frozen(data, {
    rule: { rule, temperature: 1 / SHARPNESS, epsilon: 1e-6 },
    experts: data.experts,
    options: { temperature: 1 / SHARPNESS, router },
  });
}

/** A router [2M * M] that listens to each modality's own score. */
function routerWeights(modalities: number): Float64Array {
  const weights = new Float64Array(2 * modalities * modalities);
  for (let m = 0; m < modalities; m++) weights[(modalities + m) * modalities + m] = SHARPNESS;
  return weights;
}

function frozen(data: DataSet, recipe: FusionRecipe): FrozenFusion {
  const { reliability, labels } = data;
  const kernel = fusionKernel(recipe);
  return {
    rows: labels.length,
    classes: kernel.width,
    modalities: recipe.experts.map((_, m) => `m${m}`),
    decision: kernel.decision,
    reliability,
    experts: recipe.experts.map(outputOf),
    engine: 'simulated',
    original: kernel.fuse(reliability),
    tolerance: 0,
    replay: (scores) => Promise.resolve(kernel.fuse(scores)),
    predict: (scores) => Promise.resolve(kernel.predict(scores)),
    withEvidence: (modality, source) => {
      const experts = recipe.experts.map((expert, m) =>
        m === modality ? takeOutputRows(expert, source) : expert,
      );
      return Promise.resolve(frozen(data, { ...recipe, experts }));
    },
    close: () => Promise.resolve(),
  };
}

function outputOf(expert: CachedExpert): ExpertOutput {
  const posteriors = expertPosteriors(expert);
  const { width } = expert;
  return { posteriors, classes: decide(posteriors, width, { kind: 'probabilities', classes: width }) };
}
