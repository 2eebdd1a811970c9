import type { Logger } from '../../src/foundation/logger.ts';
import type { FrozenFusion } from '../../src/model/frozen-fusion.ts';
import { conclude } from '../../src/diagnostic/conclude.ts';
import type { Diagnosis } from '../../src/diagnostic/diagnosis.ts';
import {
  takeMeasurements,
  type DiagnosisPlan,
  type DrawOptions,
} from '../../src/diagnostic/take-measurements.ts';

/**
 * The whole diagnostic in one: measures a frozen fusion, and concludes.
 *
 * @param labels true classes [N], each in 0..fusion.classes-1
 */
export async function diagnose(
  fusion: FrozenFusion,
  labels: Int32Array,
  plan: DiagnosisPlan,
  logger: Logger,
  options?: Omit<DrawOptions, 'shard'>,
): Promise<Diagnosis> {
  return conclude(await takeMeasurements(fusion, { labels }, plan, logger, options), plan);
}
