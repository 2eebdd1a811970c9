/** Where a gate stands in the repository; paths are relative to its root, with slashes. */
export interface GatePlaces {
  /** The line of the config file that sets the threshold, counted from 1; undefined without such a file. */
  readonly threshold?: { readonly path: string; readonly line: number };
  /** The model file; undefined where there is none. */
  readonly model?: string;
}
