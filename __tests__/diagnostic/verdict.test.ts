import { describe, expect, it } from 'vitest';

import type { Diagnosis } from '../../src/diagnostic/diagnosis.ts';
import { judge, verdictName } from '../../src/diagnostic/verdict.ts';
import { control, corruption, diagnosis, FAILED } from './sample-diagnosis.ts';

const CONTROL_THRESHOLD = 0.05;
const NONE = { correctness: null, corruption: null };
const NO_ROOM = control({ gap: 0.01, p: 0.5, passed: false, headroom: 0.049 });
/** Truthful scores help, but so do shuffled ones too often: few examples. */
const UNSURE = control({ gap: 0.25, p: 0.24, passed: false, headroom: 0.5 });

/** What a diagnosis is, and the verdict that DESIGN.md's table gives it. */
const TABLE: readonly (readonly [what: string, verdict: string, diagnosis: Diagnosis])[] = [
  ['gap above, p below', 'quality-aware', diagnosis({ gap: [0.02, 0.012, 0.03], p: { oneSided: 0.001 } })],
  ['gap exactly the threshold', 'quality-aware', diagnosis({ gap: [0.01, 0, 0.02], p: { oneSided: 0.001 } })],
  ['p exactly alpha', 'quality-aware', diagnosis({ gap: [0.02, 0, 0.04], p: { oneSided: 0.05 } })],
  [
    'gap above, interval below 0',
    'quality-aware',
    diagnosis({ gap: [0.02, -0.01, 0.04], p: { oneSided: 0.04 } }),
  ],
  [
    'gap above, controls failed',
    'quality-aware',
    diagnosis({
      gap: [0.02, 0, 0.04],
      p: { oneSided: 0.01 },
      controls: { correctness: FAILED, corruption: null },
    }),
  ],
  [
    'gap above, p just above alpha',
    'inconclusive',
    diagnosis({ gap: [0.02, 0, 0.04], p: { oneSided: 0.051 } }),
  ],
  [
    'gap above, but not where rows stay together',
    'inconclusive',
    diagnosis({ gap: [0.02, 0, 0.04], p: { oneSided: 0.01 }, joint: { gap: 0.001, p: 0.051 } }),
  ],
  [
    'gap above, nothing to keep together',
    'quality-aware',
    diagnosis({ gap: [0.02, 0, 0.04], p: { oneSided: 0.01 }, joint: null }),
  ],
  [
    'gap below, significant all the same',
    'decorative',
    diagnosis({ gap: [0.004, 0.001, 0.006], p: { oneSided: 0.001 } }),
  ],
  ['interval below, controls passed', 'decorative', diagnosis()],
  [
    'one control passed, the other failed',
    'decorative',
    diagnosis({ controls: { correctness: FAILED, corruption: corruption() } }),
  ],
  ['interval touches the threshold', 'inconclusive', diagnosis({ gap: [0.001, -0.004, 0.01] })],
  ['interval just below the threshold', 'decorative', diagnosis({ gap: [0.001, -0.004, 0.0099999] })],
  [
    'interval touches the threshold from the other side',
    'inconclusive',
    diagnosis({ gap: [-0.005, -0.01, 0.004] }),
  ],
  [
    'interval within, but too few examples to have seen all',
    'inconclusive',
    diagnosis({ equivalence: { ...diagnosis().equivalence, unseen: 0.02, shown: false } }),
  ],
  [
    'a large p alone',
    'inconclusive',
    diagnosis({ gap: [0.001, -0.03, 0.03], p: { oneSided: 0.9, otherSide: 0.9 } }),
  ],
  [
    'interval straddles, controls failed',
    'inconclusive',
    diagnosis({ gap: [0.001, 0, 0.02], controls: { correctness: FAILED, corruption: null } }),
  ],
  ['shuffling helps', 'misleading', diagnosis({ gap: [-0.02, -0.04, -0.01], p: { otherSide: 0.01 } })],
  [
    'shuffling helps by exactly the threshold',
    'misleading',
    diagnosis({ gap: [-0.01, -0.03, 0], p: { otherSide: 0.05 } }),
  ],
  [
    // It helps too little, surely; but two one-sided tests leave open whether it harms.
    'shuffling helps, perhaps by chance',
    'inconclusive',
    diagnosis({ gap: [-0.02, -0.05, 0.005], p: { otherSide: 0.06 } }),
  ],
  [
    'shuffling helps a little, surely',
    'decorative',
    diagnosis({ gap: [-0.009, -0.0095, -0.0085], p: { otherSide: 0.001 } }),
  ],
  [
    'controls failed with room',
    'inert-rule',
    diagnosis({ controls: { correctness: FAILED, corruption: null } }),
  ],
  [
    'one control failed with room, the other without',
    'inert-rule',
    diagnosis({ controls: { correctness: NO_ROOM, corruption: { ...FAILED, modality: 'audio' } } }),
  ],
  [
    'room exactly the control threshold',
    'inert-rule',
    diagnosis({ controls: { correctness: { ...NO_ROOM, headroom: 0.05 }, corruption: null } }),
  ],
  [
    'controls failed without room',
    'inconclusive',
    diagnosis({ controls: { correctness: NO_ROOM, corruption: null } }),
  ],
  ['no control', 'inconclusive', diagnosis({ controls: NONE })],
  [
    'a control helps, but not surely',
    'inconclusive',
    diagnosis({ controls: { correctness: UNSURE, corruption: null } }),
  ],
  [
    'invalid whatever the numbers',
    'invalid',
    diagnosis({ gap: [0.02, 0.01, 0.03], p: { oneSided: 0.001 }, invalid: 'it is so' }),
  ],
];

describe('the verdict', () => {
  it.each(TABLE)('%s: %s', (_, verdict, found) => {
    expect(verdictName(found, CONTROL_THRESHOLD)).toBe(verdict);
  });

  it.each([
    ['quality-aware', 'success', 'success'],
    ['decorative', 'failure', 'failure'],
    ['misleading', 'failure', 'failure'],
    ['inert-rule', 'failure', 'failure'],
    ['inconclusive', 'failure', 'inconclusive'],
    ['invalid', 'error', 'error'],
  ])('%s concludes with %s, or %s where inconclusive need not fail', (verdict, strict, lenient) => {
    const found = TABLE.find(([, name]) => name === verdict)![2];
    const conclude = (failOnInconclusive: boolean) =>
      judge(found, { controlThreshold: CONTROL_THRESHOLD, failOnInconclusive }).conclusion;
    expect([conclude(true), conclude(false)]).toEqual([strict, lenient]);
  });
});
