import { readerOf, type Workspace } from '../foundation/workspace.ts';

/** A workspace that keeps a list of what was located in it, under the names that were used. */
export interface WatchedWorkspace {
  readonly workspace: Workspace;
  readonly located: ReadonlySet<string>;
}

export function watchWorkspace(workspace: Workspace): WatchedWorkspace {
  const located = new Set<string>();
  const locate: Workspace['locate'] = (path, role, kind) => {
    located.add(path);
    return workspace.locate(path, role, kind);
  };
  return { workspace: { ...workspace, locate, read: readerOf(locate) }, located };
}
