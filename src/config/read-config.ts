import { ConfigurationError, didYouMean, enumerate } from '../foundation/errors.ts';
import type { Workspace } from '../foundation/workspace.ts';
import { parseAllowedHosts, refuseForeignDownloads, trustServers, type HostPolicy } from './allowed-hosts.ts';
import type { GivenInputs } from './apply-inputs.ts';
import { applyInputs } from './apply-inputs.ts';
import { readConfigDocument } from './config-document.ts';
import type { GateConfig } from './gate-config.ts';
import { gateFromFile } from './gate-from-file.ts';
import type { InputName } from './inputs.ts';
import { INPUTS } from './inputs.ts';
import { parseInput } from './parse-input.ts';
import type { Locate, Mapping, Path } from './place.ts';
import { isMapping, pathText } from './place.ts';
import { gateFile } from './schema.ts';
import { refuseCommandsOfFile, withoutIdleCommands } from './server-command.ts';
import { validateConfig } from './validate-config.ts';

/** The config file that is read when none is named. */
export const DEFAULT_CONFIG = 'fusion-gate.yml';

/** How a door's user writes things, for errors. */
export interface Speaker {
  /** All inputs together: `The command line`. */
  readonly document: string;
  /** One input: `--threshold`, `with: threshold`. */
  readonly spell: (input: string) => string;
}

/** What the user asked for, before anything of it is read. */
export interface Wishes {
  /** The config file, relative to the workspace's base. */
  readonly config?: string;
  /** Names of the gates to run. Default: all of the file. */
  readonly gates?: readonly string[];
  /** What was said without a file; it goes before what the file says. */
  readonly inputs?: Readonly<Partial<Record<InputName, string>>>;
  /** Hosts whose servers and files a config file may name, beside this machine: `host`, `host:port` or `*`, separated by commas. */
  readonly allowHosts?: string;
  /** `true` where commands in the config file may be run. */
  readonly allowCommand?: string;
  /** The event of the workflow, where it trusts a stranger's files with secrets: no command of the file is run then. */
  readonly privilegedEvent?: string;
  readonly speaker?: Speaker;
}

/** The gates of one run. */
export interface Suite {
  /** Identity of the comment. */
  readonly name: string;
  readonly gates: readonly GateConfig[];
}

const PLAIN_SPEAKER: Speaker = { document: 'The configuration', spell: (input) => `"${input}"` };

/**
 * From wishes to gates: inputs go before the file, the file before the schema's defaults.
 *
 * @throws ConfigurationError with a line for each mistake: in the file (with its place), in an input (as the user wrote
 * it), or between them
 */
export async function readConfig(wishes: Wishes, workspace: Workspace): Promise<Suite> {
  const speaker = wishes.speaker ?? PLAIN_SPEAKER;
  const given = parseInputs(wishes, speaker);
  const file = chooseFile(wishes, workspace, speaker);
  const document =
    file === undefined ? gateOfInputs(given, speaker) : await readConfigDocument(file, workspace);
  const gates = isMapping(document) && Array.isArray(document.gates) ? (document.gates as unknown[]) : [];
  const selected = selectGates(gates, wishes.gates ?? [], file, speaker);
  if (file !== undefined) checkScope(given, gates, selected, file, speaker);
  const ofFile = selected.filter((i) => !given.has('command') && isMapping(gates[i]));
  refuseCommandsOfFile(
    ofFile.map((i) => ({ gate: gates[i] as Mapping, where: `${file}: gates[${i}]` })),
    wishes.allowCommand,
    speaker.spell,
    wishes.privilegedEvent,
  );

  const applied = gates.map((gate, i) =>
    selected.includes(i) && isMapping(gate) ? applyInputs(gate, given, speaker.spell) : gate,
  );
  const fitting = given.has('command') ? withoutIdleCommands(applied, selected) : applied;
  const config = gates.length > 0 ? { ...(document as Mapping), gates: fitting } : document;
  const { name, gates: files } = validateConfig(config, locator(file, selected, given, speaker));
  const spelling = speaker.spell('allow-hosts');
  const allowed = parseAllowedHosts(wishes.allowHosts, spelling);
  const configs = selected.map((i) => {
    const gate = gateFromFile(files[i]);
    const at = (path: Path): string => `${file}: ${pathText(['gates', i, ...path])}`;
    const policy = { allowed, spelling, isOwnWord: (key: InputName) => given.has(key), at };
    const isInput = ([key]: Path): boolean => INPUTS.some(({ name }) => name === key && given.has(name));
    refuseForeignDownloads(gate.downloads ?? [], { ...policy, isOwnWord: isInput });
    return { ...gate, candidate: trustServers(gate.candidate, policy), ...trustedFolds(gate, policy) };
  });
  return { name: name ?? configs[0].name, gates: configs };
}

/** What a fold names itself stands in the file: no input speaks of it. */
function trustedFolds({ folds }: GateConfig, policy: HostPolicy): Pick<GateConfig, 'folds'> {
  if (folds?.from !== 'list') return folds ? { folds } : {};
  const list = folds.list.map(({ name, gate }, i) => {
    const ofFold = {
      ...policy,
      isOwnWord: () => false,
      at: (path: Path) => policy.at(['folds', i, ...path]),
    };
    return { name, gate: { ...gate, candidate: trustServers(gate.candidate, ofFold) } };
  });
  return { folds: { from: 'list', list } };
}

/**
 * The name that `readConfig` would give the suite, as far as it can be told of wishes that it refuses: the comment that
 * says so then takes the place of the one from the run before. Undefined where there is no telling.
 */
export async function guessName(wishes: Wishes, workspace: Workspace): Promise<string | undefined> {
  try {
    const speaker = wishes.speaker ?? PLAIN_SPEAKER;
    const file = chooseFile(wishes, workspace, speaker);
    const name = wishes.inputs?.name ?? nameOf({});
    if (file === undefined) return name;
    const document = await readConfigDocument(file, workspace);
    if (!isMapping(document)) return undefined;
    if (typeof document.name === 'string') return document.name;
    const first: unknown = Array.isArray(document.gates) ? document.gates[0] : undefined;
    return wishes.inputs?.name ?? wishes.gates?.[0] ?? (isMapping(first) ? nameOf(first) : undefined);
  } catch {
    return undefined;
  }
}

function parseInputs({ inputs = {} }: Wishes, { spell }: Speaker): GivenInputs {
  return new Map(
    INPUTS.flatMap((input) => {
      const text = inputs[input.name];
      return text === undefined ? [] : [[input.name, parseInput(input, text, spell(input.name))]];
    }),
  );
}

/**
 * The config file that is read, relative to the workspace's base; undefined where inputs say it all.
 *
 * @throws ConfigurationError when there is nothing to judge
 */
export function chooseFile(
  { config, gates = [], inputs = {} }: Wishes,
  workspace: Workspace,
  { spell }: Speaker,
): string | undefined {
  if (config !== undefined) return config;
  const fallback = workspace.has(DEFAULT_CONFIG) ? DEFAULT_CONFIG : undefined;
  // With a model named, the inputs are a gate of their own, unless one of the file's is asked for.
  if ((inputs.model ?? inputs.fusion) !== undefined) return gates.length > 0 ? fallback : undefined;
  if (fallback !== undefined) return fallback;
  throw new ConfigurationError(
    `There is nothing to judge: no ${DEFAULT_CONFIG} is here, and no model is named. Name a config file (${spell('config')}), or the model and its data (${['model', 'evaluation-set', 'label', 'reliability'].map(spell).join(', ')}).`,
  );
}

/** The document that stands for inputs alone: one gate, in which everything is still to be said. */
function gateOfInputs(given: GivenInputs, { spell }: Speaker): Mapping {
  if (!given.has('reliability')) {
    throw new ConfigurationError(
      `${spell('reliability')} is missing. Name the score of each modality, for example "Q_audio,Q_video".`,
    );
  }
  return { gates: [{ columns: {} }] };
}

function selectGates(
  gates: readonly unknown[],
  wanted: readonly string[],
  file: string | undefined,
  { spell }: Speaker,
): number[] {
  if (wanted.length > 0 && file === undefined) {
    throw new ConfigurationError(
      `${spell('gate')} chooses among the gates of a config file, and none is read here. Leave it out.`,
    );
  }
  const names = gates.map(nameOf);
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new ConfigurationError(
      `${spell('gate')} is "${unknown}", but ${file} has no such gate.${didYouMean(unknown, names)} It has: ${enumerate(names)}.`,
    );
  }
  return [...gates.keys()].filter((i) => wanted.length === 0 || wanted.includes(names[i]));
}

/** The name of a gate of a config file, the default where it gives none. */
export function nameOf(gate: unknown): string {
  return isMapping(gate) && typeof gate.name === 'string' ? gate.name : gateFile.shape.name.parse(undefined);
}

function checkScope(
  given: GivenInputs,
  gates: readonly unknown[],
  selected: readonly number[],
  file: string,
  { spell }: Speaker,
): void {
  const tooNarrow = INPUTS.find(({ name, scope }) => scope === 'one' && given.has(name));
  if (tooNarrow === undefined || selected.length < 2) return;
  const names = enumerate(selected.map((i) => nameOf(gates[i])));
  throw new ConfigurationError(
    `${spell(tooNarrow.name)} speaks of one gate, but ${file} has ${selected.length} to run (${names}). Say it in the file, or select one gate with ${spell('gate')}.`,
  );
}

/** Where things stand as the user wrote them: an input for what an input said, else a place in the file. */
function locator(
  file: string | undefined,
  selected: readonly number[],
  given: GivenInputs,
  { spell, document }: Speaker,
): Locate {
  return (path) => {
    const [list, index, ...inGate] = path;
    const input = list === 'gates' && selected.includes(Number(index)) ? inputFor(inGate) : undefined;
    if (input !== undefined && (file === undefined || given.has(input))) return spell(input);
    if (file !== undefined) return path.length === 0 ? file : `${file}: ${pathText(path)}`;
    return inGate.length === 0 ? document : `${pathText(inGate)} (which takes a config file)`;
  };
}

function inputFor(path: readonly PropertyKey[]): InputName | undefined {
  if (path[0] === 'reliability') return 'reliability';
  return INPUTS.find(
    (input) =>
      // An address and its hash are one input, and two keys of a file.
      (input.kind === 'file' || input.path.length === path.length) &&
      input.path.every((key, i) => key === '*' || key === path[i]),
  )?.name;
}
