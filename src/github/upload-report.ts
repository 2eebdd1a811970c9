import type { RunReport } from '../report/gate-report.ts';
import { renderHtml } from '../report/html/page.ts';
import { renderPlots } from '../report/html/plot-files.ts';
import { renderJson } from '../report/json.ts';
import { uploadArtefact } from './artefact.ts';
import { artefactName } from './report-artefact.ts';

/**
 * Uploads the report as an artefact of this run: the page, the plots and the JSON.
 *
 * @param name of the comment; undefined where it could not be told
 * @returns the address of the artefact, where the service names it
 * @throws what the artefact client throws
 */
export async function uploadReport(report: RunReport, name: string | undefined): Promise<string | undefined> {
  const plots = Array.from(renderPlots(report), ([file, text]): [string, string] => [`plots/${file}`, text]);
  const files = new Map([['report.html', renderHtml(report)], ['report.json', renderJson(report)], ...plots]);
  return uploadArtefact(artefactName(name), files);
}
