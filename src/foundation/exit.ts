/**
 * Ends the process once everything that was printed has been taken. Engines may leave workers behind that would keep it
 * alive, and `process.exit` alone cuts off what is still on its way to a pipe.
 */
export function exitWhenPrinted(status: number): void {
  process.exitCode = status;
  process.stdout.write('', () => {
    process.stderr.write('', () => {
      process.exit(status);
    });
  });
}

/** A reader that goes away, such as `head`, is no error of ours and changes no exit status. */
export function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

/**
 * What no `catch` of ours can see, such as an error in a callback of an engine, ends the process as well.
 *
 * @param say tells the user, and answers the exit status
 */
export function catchCrashes(say: (error: unknown) => number): void {
  process.on('uncaughtException', (error) => {
    exitWhenPrinted(say(error));
  });
}
