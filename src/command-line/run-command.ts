import type { Speaker } from '../config/read-config.ts';
import { readConfig } from '../config/read-config.ts';
import { openOutputFile } from '../foundation/output-file.ts';
import { terminalLogger, wantsColour } from '../foundation/terminal-logger.ts';
import { openWorkspace } from '../foundation/workspace.ts';
import { runGates } from '../gate.ts';
import { exitStatus } from '../report/conclusion.ts';
import { renderJson } from '../report/json.ts';
import { renderMarkdown } from '../report/markdown.ts';
import { renderText } from '../report/text.ts';
import type { RunWishes } from './program.ts';
import { repositoryAround } from './repository-around.ts';

/** What a pull request comment may hold, so that the file can be posted as one. */
export const COMMENT_LENGTH = 65_536;

const SPEAKER: Speaker = { document: 'The command line', spell: (input) => `--${input}` };

/**
 * `fusion-gate run`
 *
 * @returns the exit status
 * @throws ConfigurationError when the user has something to mend
 */
export async function runCommand(wishes: RunWishes, version: string): Promise<number> {
  const folder = process.cwd();
  const workspace = openWorkspace(repositoryAround(folder), folder);
  const report = wishes.report === undefined ? undefined : openOutputFile(wishes.report, folder, '--report');
  const markdown =
    wishes.markdown === undefined ? undefined : openOutputFile(wishes.markdown, folder, '--markdown');
  const { gates } = await readConfig({ ...wishes, speaker: SPEAKER }, workspace);
  const logger = terminalLogger({ stream: process.stderr, quiet: wishes.quiet });

  const result = await runGates(gates, { workspace, threads: wishes.threads, logger, version });
  report?.write(renderJson(result));
  markdown?.write(renderMarkdown(result, { limit: COMMENT_LENGTH }));
  process.stdout.write(
    wishes.json ? renderJson(result) : renderText(result, { colour: wantsColour(process.stdout) }),
  );
  return exitStatus(result.conclusion);
}
