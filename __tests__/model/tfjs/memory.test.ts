import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { freezeFile } from '../fusion-fixture.ts';

describe.each(['layers/model.json', 'graph/model.json', 'einsum/model.json', 'switch/model.json'])(
  'TensorFlow.js with %s',
  (path) => {
    it('keeps no tensor over a thousand replays, and none at all once closed', async () => {
      const before = tf.engine().state.numTensors;
      const fusion = await freezeFile(path, { output: { tensor: 'fused' }, batchSize: 4 });
      await fusion.replay(fusion.reliability);
      const open = tf.engine().state.numTensors;
      for (let k = 0; k < 1000; k++) await fusion.replay(fusion.reliability);
      expect(tf.engine().state.numTensors).toBe(open);
      await fusion.close();
      expect(tf.engine().state.numTensors).toBe(before);
    });
  },
);
