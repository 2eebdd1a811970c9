/** The words of a report for a reader who has never met them. */
const GLOSSARY = `A multimodal model can rate each of its inputs, example by example: "this audio clip is noisy". Such a rating is a **reliability score** (Q). The gate freezes the model and everything else it sees, shuffles only these scores across examples, and looks whether accuracy notices. The test is from Moon, Pillai and Campbell, *When Does Quality-Aware Multimodal Fusion Matter?* ([arXiv:2606.26473](https://arxiv.org/abs/2606.26473)).

- **Clean-Q, Broken-Q, uniform**: the metric with the scores as given, with the scores shuffled, and with one and the same score everywhere.
- **Gap**: Clean-Q minus the mean Broken-Q, in the unit of the metric; 0.01 is one percentage point. The interval says how far another sample of examples might move it.
- **Too small to matter** is shown, never presumed: by an interval of the gap that lies within the threshold on both sides, and by examples enough that no gap of that size could hide in what they do not hold. Where it is not shown, the table says how many examples it would take.
- **p**: how often a shuffle does as well as the real scores, counting the real scores as one of the shuffles. Small means that luck is a poor explanation. Behind it, where it would lie with unlimited shuffles (99 % interval); near the limit more shuffles are drawn.
- **Whole rows**: shuffles that keep the scores of one example together. A pass has to show here too, because scores that only agree with each other, and say nothing about the example, would pass shuffles that break them apart.
- **Flip rate**: the share of examples whose predicted class changes under a shuffle. It can be high with a gap of zero: as many changes for the better as for the worse.
- **Oracle headroom**: what could be gained by trusting, for each example, an expert (the prediction from one modality alone) that is right, beside what experts that are right by chance would seem to offer.
- **Positive control**: the same frozen rule with scores that are known to be truthful. If it does not profit from those either, the rule is at fault and not the scores.

| Verdict | Meaning | Gate |
| :- | :- | :- |
| quality-aware | Shuffling the scores costs accuracy: they are used. | passes |
| decorative | The rule could use a truthful score, and it is shown that these change next to nothing. | fails |
| misleading | The model does better when the scores are shuffled. | fails |
| inert-rule | The rule does not profit even from truthful scores. | fails |
| inconclusive | The evidence does not settle it. | fails, unless \`fail-on-inconclusive: false\` |
| invalid | The question could not be put to this model and data. | error |`;

export function glossary(): string {
  return `<details>\n<summary>How to read this</summary>\n\n${GLOSSARY}\n\n</details>`;
}
