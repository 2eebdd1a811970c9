/** Progress of one piece of long work. */
export interface Progress {
  /** `steps` (default 1) more of the work are done. */
  advance(steps?: number): void;
  /** The work is over, finished or not. */
  done(): void;
}

/** How the library speaks. The doors bring an implementation each; the library itself prints nothing. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warning(message: string): void;
  error(message: string): void;
  /** Announces `total` steps of `task`. */
  progress(task: string, total: number): Progress;
}

const ignore = (): void => undefined;

/** Says nothing: the default of the library. */
export const silentLogger: Logger = {
  debug: ignore,
  info: ignore,
  warning: ignore,
  error: ignore,
  progress: () => ({ advance: ignore, done: ignore }),
};
