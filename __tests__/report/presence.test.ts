import { expect, it } from 'vitest';

import { code } from '../../src/report/escape.ts';
import { shownPresence } from '../../src/report/presence.ts';

it('names modalities and patterns as each form of the report writes names', () => {
  const presence = {
    modalities: { audio: 90, video: 60 },
    patterns: [
      { present: ['audio', 'video'], rows: 50 },
      { present: ['audio'], rows: 40 },
    ],
  };
  expect(shownPresence(presence, code)).toEqual({
    modalities: '<code>audio</code> on 90 rows, <code>video</code> on 60',
    patterns: 'all on 50, only <code>audio</code> on 40',
  });
});
