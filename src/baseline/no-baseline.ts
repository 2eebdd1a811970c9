import { ConfigurationError } from '../foundation/errors.ts';

/** There is nothing to compare with; the message is a sentence that says why, and what to do about it. */
export class NoBaseline extends ConfigurationError {}
