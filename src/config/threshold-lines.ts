import { isCollection, isNode, LineCounter, parseDocument } from 'yaml';

import type { Workspace } from '../foundation/workspace.ts';
import { readConfigText } from './config-document.ts';
import { parseYaml } from './parse-yaml.ts';
import { isMapping } from './place.ts';
import { nameOf } from './read-config.ts';

/**
 * The line, counted from 1, on which each gate of a config file says its threshold, or else begins.
 *
 * @param path relative to the workspace's base
 * @returns by the name of the gate
 * @throws ConfigurationError where the file cannot be read as a config
 */
export async function thresholdLines(path: string, workspace: Workspace): Promise<Map<string, number>> {
  const text = await readConfigText(path, workspace);
  // Read twice: the first reading bounds what parsing a stranger's text may cost.
  const values = parseYaml(text, path);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, stringKeys: true, uniqueKeys: false });
  const gates = isMapping(values) && Array.isArray(values.gates) ? (values.gates as unknown[]) : [];
  const list = document.get('gates', true);
  const nodes = isCollection(list) ? list.items : [];
  return new Map(
    gates.map((gate, i) => {
      const place = [document.getIn(['gates', i, 'threshold'], true), nodes[i]].find(isNode);
      return [nameOf(gate), lines.linePos(place?.range?.[0] ?? 0).line];
    }),
  );
}
