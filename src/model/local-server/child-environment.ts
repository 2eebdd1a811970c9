import { TOKEN_VARIABLE } from '../../config/server-url.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What a server started from a pull request's files has no business with: the tokens of the job, the inputs of this action
 * (one of them is a token), the token for servers elsewhere, and the files by which a step speaks to the runner (through which it could forge our outputs,
 * or change later steps).
 */
const WITHHELD = [
  /^INPUT_/,
  /^ACTIONS_/,
  /^(?:GITHUB|GH)_(?:ENTERPRISE_)?TOKEN$/,
  new RegExp(`^${TOKEN_VARIABLE}$`),
  /^GITHUB_(?:ENV|OUTPUT|PATH|STATE|STEP_SUMMARY)$/,
];

/** The environment that a server is started in: ours, without what is the job's own. */
export function childEnvironment(environment: Environment): Record<string, string | undefined> {
  const kept = Object.entries(environment).filter(
    ([name]) => !WITHHELD.some((pattern) => pattern.test(name.toUpperCase())),
  );
  return Object.fromEntries(kept);
}
