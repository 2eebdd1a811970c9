import type { GatePlaces } from '../report/gate-places.ts';
import type { RunReport } from '../report/gate-report.ts';
import { answer } from '../report/sections/headline.ts';
import { ask } from './ask.ts';
import { type Annotation, annotationsOf } from './check-annotations.ts';
import { checkErrand } from './errands.ts';
import { addressOfRun, linkedMarkdown } from './linked-markdown.ts';
import { connect, type Connection } from './octokit.ts';

/** GitHub refuses a longer summary with a 422. */
const MAX_SUMMARY = 65_535;
/** Of one request; later ones add to them. */
const MAX_ANNOTATIONS = 50;

/** A check's words for how a run ended. Only what could not be judged is a failure where failures are but warnings. */
const CONCLUSIONS = {
  success: 'success',
  inconclusive: 'neutral',
  failure: 'failure',
  error: 'failure',
} as const satisfies Record<RunReport['conclusion'], string>;

/** How a check is to be shown. */
export interface CheckWishes {
  /** By the name of the gate; undefined: no annotations. */
  readonly places: ReadonlyMap<string, GatePlaces> | undefined;
  readonly warnOnly: boolean;
}

/** A check on the commit that a run judges: in progress while gates are judged, then completed. */
export interface CheckRun {
  /** Shows the check as in progress. Returns at once; what goes wrong is told by `complete`. */
  readonly begin: (name: string) => void;
  /** @throws Refused */
  readonly complete: (name: string, report: RunReport, wishes: CheckWishes) => Promise<void>;
}

interface Begun {
  readonly connection: Connection;
  readonly id: number;
}

/** @param token needs the permission `checks: write` */
export function openCheckRun(token: string): CheckRun {
  let begun: Promise<Begun> | undefined;
  const begin = (name: string): Promise<Begun> => {
    begun ??= create(token, name);
    // Until it is awaited in `complete`, a refusal must not end the process.
    begun.catch(() => undefined);
    return begun;
  };
  return {
    begin: (name) => void begin(name),
    complete: async (name, report, wishes) => {
      const { connection, id } = await begin(name);
      await complete(connection, id, report, wishes);
    },
  };
}

async function create(token: string, name: string): Promise<Begun> {
  const connection = await connect(token);
  const { octokit, repository, occasion } = connection;
  const address = addressOfRun();
  const created = await ask(checkErrand(repository), () =>
    octokit.rest.checks.create({
      ...repository,
      name: checkName(name),
      head_sha: occasion.head,
      status: 'in_progress',
      ...(address !== undefined && { details_url: address }),
    }),
  );
  return { connection, id: created.data.id };
}

/** Two gates of different names are two checks. */
export function checkName(name: string): string {
  return `fusion-gate (${name})`;
}

/** Annotations beyond those of one request go before it: the check is completed once all are there. */
async function complete(
  { octokit, repository }: Connection,
  id: number,
  report: RunReport,
  { places, warnOnly }: CheckWishes,
): Promise<void> {
  const all = places === undefined ? [] : annotationsOf(report, places, warnOnly);
  const output = { title: answer(report), summary: linkedMarkdown(report, MAX_SUMMARY) };
  const conclusion = warnOnly && report.conclusion === 'failure' ? 'neutral' : CONCLUSIONS[report.conclusion];
  const batches = batched(all);
  for (const [i, annotations] of batches.entries()) {
    const isLast = i === batches.length - 1;
    await ask(checkErrand(repository), () =>
      octokit.rest.checks.update({
        ...repository,
        check_run_id: id,
        ...(isLast && { status: 'completed', conclusion }),
        output: { ...output, annotations: [...annotations] },
      }),
    );
  }
}

/** At least one batch: without annotations there is still something to say. */
function batched(annotations: readonly Annotation[]): readonly (readonly Annotation[])[] {
  const count = Math.max(1, Math.ceil(annotations.length / MAX_ANNOTATIONS));
  return Array.from({ length: count }, (_, i) =>
    annotations.slice(i * MAX_ANNOTATIONS, (i + 1) * MAX_ANNOTATIONS),
  );
}
