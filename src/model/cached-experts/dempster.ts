/**
 * Dempster's rule for experts that each commit a mass of 1 - u to classes and leave u to "any class" (the reduced rule of
 * Han et al. 2021, ICLR, equation 4), read out as b_k + u / C (the mean of the Dirichlet distribution).
 *
 * The uncertainty u is the score: shuffling it leaves what an expert believes, and changes how much of it counts (Shafer's
 * discounting). Experts that contradict each other totally, with no uncertainty left, give equal probabilities.
 *
 * @param beliefs per modality, posteriors [N * C]: how the committed mass is shared out
 * @param uncertainty per modality, u [N] in [0, 1]
 * @returns probabilities [N * C]
 */
export function combineBeliefs(
  beliefs: readonly Float64Array[],
  uncertainty: readonly Float64Array[],
  classes: number,
): Float64Array {
  const fused = new Float64Array(beliefs[0].length);
  const mass = new Float64Array(classes);
  for (let i = 0; i < uncertainty[0].length; i++) {
    const start = i * classes;
    let unknown = uncertainty[0][i];
    for (let c = 0; c < classes; c++) mass[c] = (1 - unknown) * beliefs[0][start + c];
    for (let m = 1; m < beliefs.length; m++) {
      const otherUnknown = uncertainty[m][i];
      const committed = 1 - otherUnknown;
      let agreed = unknown * otherUnknown;
      for (let c = 0; c < classes; c++) {
        const other = committed * beliefs[m][start + c];
        mass[c] = mass[c] * other + mass[c] * otherUnknown + other * unknown;
        agreed += mass[c];
      }
      unknown = agreed > 0 ? (unknown * otherUnknown) / agreed : 1;
      for (let c = 0; c < classes; c++) mass[c] = agreed > 0 ? mass[c] / agreed : 0;
    }
    for (let c = 0; c < classes; c++) fused[start + c] = mass[c] + unknown / classes;
  }
  return fused;
}
