import type { RunReport } from './gate-report.ts';
import { reportSchema } from './report-schema.ts';

/**
 * `report.json`: two spaces, a newline at the end, keys in the order of the schema, so that two reports can be compared
 * line by line.
 *
 * @throws Error (a bug of this program, not a mistake of the user) where the report is not what the schema promises,
 * NaN and infinities included
 */
export function renderJson(report: RunReport): string {
  // Parsing sorts the keys: a zod object hands them over in the order of its shape.
  const parsed = reportSchema.safeParse(report);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new Error(`The report does not fit its own schema: ${issues.join('; ')}`);
  }
  return `${JSON.stringify(parsed.data, null, 2)}\n`;
}
