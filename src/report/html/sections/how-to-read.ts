import { type Markup, markup } from '../markup.ts';
import { table } from '../table.ts';

/** Words of this page, for a reader who knows accuracy and p-values and has not read the paper. */
const WORDS: readonly (readonly [string, string])[] = [
  [
    'Reliability score, Q',
    'What the model believes about one of its inputs on one example, such as "this audio clip is noisy". The fusion rule weights the modalities by it.',
  ],
  [
    'Clean-Q, Broken-Q, uniform',
    'The metric with the scores as given; with the scores shuffled across examples; with one and the same score everywhere, which is what fusion gives without scores.',
  ],
  [
    'Gap',
    'How much better Clean-Q is than the mean of Broken-Q, in the unit of the metric: 0.01 of accuracy is one percentage point. The gate asks for a gap of at least the threshold.',
  ],
  ['Interval', 'How far another sample of examples like these might move the gap.'],
  [
    'Too small to matter',
    'Shown, never presumed: by an interval of the gap that lies within the threshold on both sides, and by examples enough that no gap of that size could hide in what they do not hold. Where it is not shown, the numbers say how many examples it would take.',
  ],
  [
    'p',
    'The share of shuffles that do at least as well as the real scores, the real scores counted as one of them. Small: luck is a poor explanation of the gap. Large does not mean that there is no gap; that is for the interval to say. Behind it, in brackets, stands where it would lie with unlimited shuffles.',
  ],
  [
    'Whole rows',
    'Shuffles that keep the scores of one example together. Scores that only agree with each other, and say nothing about the example, show a gap where shuffles break them apart, and none here. A pass needs both.',
  ],
  [
    'Flip rate',
    'The share of examples whose predicted class changes under a shuffle. It can be high with a gap of zero: as many changes for the better as for the worse.',
  ],
  [
    'Expert, oracle, headroom',
    'An expert is the prediction from one modality alone. The oracle picks, on each example, one that is right if any is. Its lead over Clean-Q is the headroom: what perfect scores could be worth at most. Several experts that guess are right by chance now and then, so the same number is given for experts whose being right was shuffled.',
  ],
  [
    'Positive control',
    'The same frozen rule, fed scores that are known to be true: of which experts are right (correctness), or of which rows had their input replaced by that of another row (corruption). A rule that does not profit from those cannot profit from any, and the rule is at fault rather than the scores.',
  ],
  [
    'AUROC of a score',
    'How well it tells examples on which its expert is right from those on which it is wrong: 0.5 is a coin, 1 is perfect.',
  ],
];

const VERDICTS: readonly (readonly [string, string, string])[] = [
  ['quality-aware', 'Shuffling the scores costs accuracy: they are used.', 'passes'],
  [
    'decorative',
    'The rule could use a truthful score, and it is shown that these change next to nothing.',
    'fails',
  ],
  ['misleading', 'The model does better when the scores are shuffled.', 'fails'],
  ['inert-rule', 'The rule does not profit even from truthful scores.', 'fails'],
  ['inconclusive', 'The evidence does not settle it.', 'fails, unless fail-on-inconclusive: false'],
  ['invalid', 'The question could not be put to this model and data.', 'error'],
];

/** The end of the page: the question, the words, the verdicts. */
export function howToRead(): Markup {
  return markup`<section class="reading" id="how-to-read"><h2>How to read this</h2><p>Many multimodal models rate how far each of their inputs can be trusted, example by example, and weight them by it. Do these scores matter to what the model predicts? The gate freezes the model and everything else it sees, shuffles only the scores across examples, many times over, and looks whether the metric notices. If it stays where it was, the scores decide nothing. The test is from Moon, Pillai and Campbell, <cite>When Does Quality-Aware Multimodal Fusion Matter?</cite> (<a href="https://arxiv.org/abs/2606.26473">arXiv:2606.26473</a>).</p><p>A pass says that these predictions are better for these scores. It does not say that the scores are good, or calibrated, or that another rule would not do more with them.</p><dl class="words">${WORDS.map(
    ([word, meaning]) => markup`<dt>${word}</dt><dd>${meaning}</dd>`,
  )}</dl><h3>Verdicts</h3>${table({ label: 'Verdicts', head: ['Verdict', 'Meaning', 'Gate'], rows: VERDICTS, textColumns: 3, sortable: false })}</section>`;
}
