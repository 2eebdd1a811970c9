import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folder whose files a run may read: the repository around the working directory, so that a gate in a subfolder can
 * name a model beside it; without a repository, the working directory.
 */
export function repositoryAround(folder: string): string {
  for (let candidate = folder; ; candidate = dirname(candidate)) {
    if (existsSync(join(candidate, '.git'))) return candidate;
    if (dirname(candidate) === candidate) return folder;
  }
}
