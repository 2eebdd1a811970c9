import type { Workspace } from '../../foundation/workspace.ts';
import { ConfigurationError } from '../../foundation/errors.ts';
import type { Logger } from '../../foundation/logger.ts';
import { type LocalServer, startServer } from './start-server.ts';

/** What Ctrl-C and a cancelled job send. A terminal that closes ends us by the default way, and the watcher the server. */
const INTERRUPTIONS = ['SIGINT', 'SIGTERM'] as const;

/** Who is to serve which model. */
export interface ServeRequest {
  readonly command: string;
  /** Address of the model. */
  readonly url: string;
  /** Seconds until it has to be ready. */
  readonly timeout: number;
}

/** The servers of one run, each started by the first gate that needs it and shared by the others. */
export interface LocalServers {
  /**
   * A server of this command at this address, with the model ready.
   *
   * @throws ConfigurationError when it cannot be had
   */
  serve(request: ServeRequest): Promise<LocalServer>;
  /**
   * Ends them all.
   *
   * @throws ConfigurationError when the run was interrupted meanwhile: it must not end as if it had not been
   */
  stop(): Promise<void>;
}

/** While servers run, an interruption is an error that ends the run in good order; before and after, it is none of ours. */
export function localServers(options: {
  readonly workspace: Workspace;
  readonly logger: Logger;
}): LocalServers {
  const { workspace, logger } = options;
  const running = new Map<string, { readonly command: string; readonly server: LocalServer }>();
  const interruption = new AbortController();
  const interrupt = (signal: string): void => {
    stopListening();
    interruption.abort(new ConfigurationError(`The run was stopped by ${signal}, so nothing was judged.`));
  };
  const listen = (): void => {
    stopListening();
    for (const signal of INTERRUPTIONS) process.on(signal, interrupt);
  };
  const stopListening = (): void => {
    for (const signal of INTERRUPTIONS) process.off(signal, interrupt);
  };
  return {
    serve: async ({ command, url, timeout }) => {
      const { origin } = new URL(url);
      const there = running.get(origin);
      if (there?.command === command) {
        await there.server.ready(url, timeout);
        return there.server;
      }
      await there?.server.stop();
      running.delete(origin);
      listen();
      const request = {
        command,
        cwd: workspace.base,
        url,
        timeout,
        interrupted: interruption.signal,
        logger,
      };
      const server = await startServer(request);
      running.set(origin, { command, server });
      return server;
    },
    stop: async () => {
      await Promise.all([...running.values()].map(({ server }) => server.stop()));
      stopListening();
      interruption.signal.throwIfAborted();
    },
  };
}
