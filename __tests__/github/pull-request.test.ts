import { describe, expect, it } from 'vitest';

import { ConfigurationError } from '../../src/foundation/errors.ts';
import { parsePullRequestNumber } from '../../src/github/pull-request.ts';

describe('parsePullRequestNumber', () => {
  it.each([
    ['42', 42],
    [' 7\n', 7],
    ['', undefined],
    ['  ', undefined],
  ])('reads %j as %j', (input, expected) => {
    expect(parsePullRequestNumber(input)).toBe(expected);
  });

  it.each(['seven', '0', '-3', '4.2', '1e3', '0x10', '#42', '99999999999999999'])('refuses %j', (input) => {
    expect(() => parsePullRequestNumber(input)).toThrow(
      new ConfigurationError(
        `The input "pr-number" is "${input}"; it must be the number of a pull request, such as 42, or be left out.`,
      ),
    );
  });
});
