/** Time that passes as fast as the work allows: a pause ends when everything else waits too. */
export interface Clock {
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Lets time pass until `work` is done. */
  run<T>(work: Promise<T>): Promise<T>;
}

export function startClock(): Clock {
  let now = 0;
  let sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  return {
    pause: (milliseconds) =>
      new Promise((wake) => {
        sleepers.push({ at: now + milliseconds, wake });
      }),
    run: async (work) => {
      const state = { isOver: false };
      const end = (): void => {
        state.isOver = true;
      };
      work.then(end, end);
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve));
        if (state.isOver) return work;
        now = sleepers.reduce((earliest, { at }) => Math.min(earliest, at), Infinity);
        for (const { wake } of sleepers.filter(({ at }) => at === now)) wake();
        sleepers = sleepers.filter(({ at }) => at > now);
      }
    },
  };
}
