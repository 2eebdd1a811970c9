/** https://docs.github.com/en/graphql/reference/enums#reportedcontentclassifiers */
const CLASSIFIERS = ['ABUSE', 'DUPLICATE', 'OFF_TOPIC', 'OUTDATED', 'RESOLVED', 'SPAM'];

const MUTATION =
  /^mutation \(\$id: ID!\) \{ (minimizeComment|unminimizeComment)\(input: \{ subjectId: \$id(?:, classifier: (\w+))? \}\) \{ (minimizedComment|unminimizedComment) \{ isMinimized \} \} \}$/;

/** As GitHub's GraphQL has them: only hiding takes a reason. */
const PAYLOADS = { minimizeComment: 'minimizedComment', unminimizeComment: 'unminimizedComment' } as const;

/**
 * The two mutations that hide a comment and show it again. It holds what is asked against GitHub's GraphQL reference, and
 * remembers which comments are hidden.
 */
export class CommentHider {
  /** Node ids. */
  readonly hidden = new Set<string>();
  /** Every mutation is answered with an error. */
  isBroken = false;

  /** @returns undefined for what GitHub would not understand */
  answer(query: string, variables: unknown, mayWrite: boolean): object | undefined {
    const match = MUTATION.exec(query.replaceAll(/\s+/g, ' ').trim());
    const id = (variables as { id?: unknown } | undefined)?.id;
    if (match === null || typeof id !== 'string' || id === '') return undefined;
    const [, name, classifier, payload] = match as unknown as [
      string,
      keyof typeof PAYLOADS,
      string?,
      string?,
    ];
    const isHiding = name === 'minimizeComment';
    const isClassified = classifier !== undefined && CLASSIFIERS.includes(classifier);
    if (payload !== PAYLOADS[name] || isHiding !== isClassified) return undefined;
    if (!mayWrite || this.isBroken) {
      return {
        data: { [name]: null },
        errors: [{ type: 'FORBIDDEN', path: [name], message: 'Resource not accessible by integration' }],
      };
    }
    if (isHiding) this.hidden.add(id);
    else this.hidden.delete(id);
    return { data: { [name]: { [payload]: { isMinimized: isHiding } } } };
  }
}
