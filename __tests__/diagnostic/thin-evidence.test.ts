import { describe, expect, it } from 'vitest';

import { thinEvidence } from '../../src/diagnostic/thin-evidence.ts';
import { diagnosis } from './sample-diagnosis.ts';

const power = (known: { readonly hangsOn?: number; readonly smallestClass?: number }) => ({
  power: { ...diagnosis().power, ...known },
});

describe('too little for an interval to be as good as it says', () => {
  it.each([
    [{}, undefined],
    [{ hangsOn: 60, smallestClass: 30 }, undefined],
    [
      { hangsOn: 60, smallestClass: 29 },
      { of: 'the rarest class', count: 29, enough: 30 },
    ],
    [{ hangsOn: 12 }, undefined],
    [{ hangsOn: 11.5 }, { of: 'what the gap hangs on', count: 11.5, enough: 12 }],
    // No example has a share in the gap: then it is the unseen ones that matter.
    [{ hangsOn: 0 }, undefined],
  ])('%j: %j', (known, expected) => {
    expect(thinEvidence(power(known))).toEqual(expected);
  });
});
