import type { ServerUrl } from '../../config/server-url.ts';
import { ConfigurationError } from '../../foundation/errors.ts';
import type { Logger } from '../../foundation/logger.ts';
import type { Workspace } from '../../foundation/workspace.ts';
import { type LocalServer, startServer } from './start-server.ts';

/** What Ctrl-C and a cancelled job send. */
const INTERRUPTIONS = ['SIGINT', 'SIGTERM'] as const;

/** The servers of one run: each is started by the first gate that needs it, and shared by the others. */
export interface LocalServers {
  /**
   * The server of this command.
   *
   * @throws ConfigurationError when something else listens at its addresses
   */
  serve(command: string, urls: readonly ServerUrl[]): Promise<LocalServer>;
  /**
   * Ends them all.
   *
   * @throws ConfigurationError when the run was interrupted meanwhile: it must not end as if it had not been
   */
  stop(): Promise<void>;
}

/** While servers run, an interruption is an error, with which the run ends in good order. Else it is none of ours. */
export function localServers(options: {
  readonly workspace: Workspace;
  readonly logger: Logger;
}): LocalServers {
  const { workspace, logger } = options;
  const running = new Map<string, { readonly server: LocalServer; readonly urls: readonly ServerUrl[] }>();
  const interruptions = listenForInterruptions();
  return {
    serve: async (command, urls) => {
      const there = running.get(command);
      if (there !== undefined) return there.server;
      await stopOthersAt(urls, running);
      interruptions.listen();
      const interrupted = interruptions.signal;
      const server = await startServer({ command, cwd: workspace.base, urls, interrupted, logger });
      running.set(command, { server, urls });
      return server;
    },
    stop: async () => {
      await Promise.all([...running.values()].map(({ server }) => server.stop()));
      interruptions.ignore();
      interruptions.signal.throwIfAborted();
    },
  };
}

/** One port, two commands: the gates run one after the other, and so can their servers. */
async function stopOthersAt(
  urls: readonly ServerUrl[],
  running: Map<string, { readonly server: LocalServer; readonly urls: readonly ServerUrl[] }>,
): Promise<void> {
  const ports = urls.map(portOf);
  for (const [command, { server, urls: others }] of running) {
    if (!others.some((other) => ports.includes(portOf(other)))) continue;
    running.delete(command);
    await server.stop();
  }
}

/** All addresses are on this machine, where a port is served once. */
function portOf({ hostWithPort }: ServerUrl): string {
  return hostWithPort.slice(hostWithPort.lastIndexOf(':'));
}

function listenForInterruptions() {
  const controller = new AbortController();
  const ignore = (): void => {
    for (const name of INTERRUPTIONS) process.off(name, interrupt);
  };
  const interrupt = (name: string): void => {
    // Whoever asks a second time shall not have to wait: then the default holds, and watchers end the servers.
    ignore();
    controller.abort(new ConfigurationError(`The run was stopped by ${name}, so nothing was judged.`));
  };
  return {
    signal: controller.signal,
    ignore,
    listen: (): void => {
      ignore();
      for (const name of INTERRUPTIONS) process.on(name, interrupt);
    },
  };
}
