import type { Errand } from './errands.ts';
import { describeFailure, type Failure } from './failure.ts';
import { GaveUp, sleep, withRetries } from './retry.ts';

/** GitHub, or something before it, said no: a sentence that says what and what mends it. */
export class Refused extends Error {
  override readonly name = 'Refused';
  /** Undefined where GitHub was not asked. */
  readonly failure: Failure | undefined;

  constructor(sentence: string, failure?: Failure) {
    super(sentence);
    this.failure = failure;
  }
}

/**
 * Does an errand at GitHub, several times where a failure may pass.
 *
 * @param work is repeated as a whole: it must do no harm twice
 * @throws Refused
 */
export async function ask<T>(errand: Errand, work: () => Promise<T>, pause = sleep): Promise<T> {
  try {
    return await withRetries(work, pause);
  } catch (error) {
    if (!(error instanceof GaveUp)) throw error;
    throw new Refused(describeFailure(error.failure, errand, error.tries), error.failure);
  }
}

/** Whether the token lacks a permission: what a read-only token is told. */
export function isDenied(error: unknown): boolean {
  return error instanceof Refused && error.failure?.status === 403 && !error.failure.rateLimited;
}
