import type { Logger } from '../foundation/logger.ts';
import { exitStatus } from '../report/conclusion.ts';
import type { RunReport } from '../report/gate-report.ts';
import { renderText } from '../report/text.ts';

/** GitHub shows ten errors of a step, and drops the rest. */
const MAX_ERRORS = 10;

/**
 * The numbers into the log; errors and warnings where GitHub shows them, beside the job.
 *
 * @param warnOnly gates that fail are told as warnings; what could not be judged stays an error
 */
export function announce(report: RunReport, logger: Logger, warnOnly = false): void {
  const tell = (message: string) => {
    if (warnOnly && report.conclusion !== 'error') logger.warning(message);
    else logger.error(message);
  };
  if (report.error !== undefined) logger.error(report.error);
  if (report.gates.length > 0) logger.info(renderText(report, { colour: false }));
  const failed = report.gates.filter(({ conclusion }) => exitStatus(conclusion) !== 0);
  const shown = failed.length > MAX_ERRORS ? failed.slice(0, MAX_ERRORS - 1) : failed;
  for (const { name, verdict, reason, advice } of shown) {
    tell(`${name} is ${verdict}. ${reason} ${advice}`);
  }
  if (shown.length < failed.length) {
    tell(`${failed.length - shown.length} more gates did not pass; the job summary has all of them.`);
  }
  for (const { name, conclusion, reason } of report.gates) {
    if (conclusion === 'inconclusive') logger.warning(`${name} is inconclusive. ${reason}`);
  }
}
