import { connect } from 'node:net';

import type { ServerUrl } from '../../config/server-url.ts';
import { ConfigurationError } from '../../foundation/errors.ts';

const LONGEST_ANSWER_MS = 2000;

/**
 * A server that is there already would be judged in place of the one to be started.
 *
 * @throws ConfigurationError when something listens at the address
 */
export async function refuseOccupied({ hostWithPort }: ServerUrl, command: string): Promise<void> {
  if (!(await listens(hostWithPort))) return;
  throw new ConfigurationError(
    `Something listens at ${hostWithPort} already, so "${command}" is not started: another server's model would be judged. Stop that server, or choose another port. To judge what it serves, leave the command out.`,
  );
}

function listens(hostWithPort: string): Promise<boolean> {
  const [, host, port] = /^\[?(.*?)\]?:(\d+)$/.exec(hostWithPort)!;
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port), timeout: LONGEST_ANSWER_MS });
    const answer = (isThere: boolean) => (): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', answer(true)).once('error', answer(false)).once('timeout', answer(false));
  });
}
