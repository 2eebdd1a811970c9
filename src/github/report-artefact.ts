/** How the names of these artefacts begin. */
export const REPORT_NAME = 'fusion-gate-report';

const LONGEST_NAME = 80;
/** What the service refuses in names, and what looks bad in the name of a file. */
const UNFIT = /[^\p{L}\p{N}._-]+/gu;

/**
 * What the artefact with the report of a run is called. Jobs of a matrix have names of their own, and so have their artefacts.
 *
 * @param name of the comment
 */
export function artefactName(name = ''): string {
  const fit = Array.from(name.replace(UNFIT, '-')).slice(0, LONGEST_NAME).join('');
  return fit === '' ? REPORT_NAME : `${REPORT_NAME}-${fit}`;
}
