/** What is read of the event that started the workflow. */
export interface BaseEvent {
  readonly pull_request?: { readonly base?: { readonly sha?: string; readonly ref?: string } };
  readonly merge_group?: { readonly base_sha?: string; readonly base_ref?: string };
  /** Of a push: the commit that the branch was at; zeros where it is new. */
  readonly before?: string;
  readonly ref?: string;
}

/** The same of the event of this run; undefined too where the runner hands over none that can be read. */
export async function readBaseOfEvent(): Promise<ReturnType<typeof baseOfEvent>> {
  try {
    // Imported only here: it reads the environment and the event file as it loads, and throws on a broken one.
    const { context } = await import('@actions/github');
    return baseOfEvent(context.payload as BaseEvent);
  } catch {
    return undefined;
  }
}

const SHA = /^(?!0+$)([0-9a-f]{40}|[0-9a-f]{64})$/;

/** The commit that an event is measured against: the base branch of a pull request or a queue, what a push was pushed onto. */
export function baseOfEvent({
  pull_request: pull,
  merge_group: group,
  before,
  ref,
}: BaseEvent): { readonly rev: string; readonly name: string } | undefined {
  const base = {
    rev: pull?.base?.sha ?? group?.base_sha ?? before ?? '',
    name: (pull?.base?.ref ?? group?.base_ref ?? ref ?? '').replace(/^refs\/heads\//, ''),
  };
  return SHA.test(base.rev) ? base : undefined;
}
