import type { GateFile } from '../config/schema.ts';
import type { Logger } from '../foundation/logger.ts';
import type { Workspace } from '../foundation/workspace.ts';
import type { LoadedModel } from './loaded-model.ts';

export type EngineName = GateFile['engine'];

/** What an engine's folder is asked for. */
export interface LoadRequest {
  /** As the user wrote it: how errors call it. */
  readonly path: string;
  /** Absolute, located inside the workspace. */
  readonly file: string;
  readonly engine: EngineName;
  readonly workspace: Workspace;
  /** Threads to compute with. */
  readonly threads: number;
  /** Where packages of the user are looked up. */
  readonly packages: string;
  readonly logger: Logger;
}

/** A loaded model and the files it was made of, absolute, in a stable order: what its hash is taken of. */
export interface LoadedFiles {
  readonly loaded: LoadedModel;
  readonly files: readonly string[];
}
