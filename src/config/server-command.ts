import { ConfigurationError } from '../foundation/errors.ts';
import type { Spell } from './apply-inputs.ts';
import { splitCommand } from './command-words.ts';
import { fileName } from './downloads.ts';
import { parseBoolean } from './parse-input.ts';
import { isMapping, type Mapping } from './place.ts';
import {
  isServer,
  namesServer,
  parseServerUrl,
  SERVER_KEYS,
  type Served,
  type ServerUrl,
} from './server-url.ts';

/** A gate as it stands in the file, and how errors call it. */
export interface FileGate {
  readonly gate: Mapping;
  readonly where: string;
}

/**
 * A command in a config file is run where the workflow says that it may be: whoever can open a pull request can change the
 * file. A command that the workflow itself gives takes the place of that in the file, and needs no allowance.
 *
 * @param allowance `allow-command` as the workflow gives it
 * @param privilegedEvent the event of the workflow, where it trusts a stranger's files with the repository's secrets: no
 * allowance holds there
 * @throws ConfigurationError for a command that is not allowed, and for an allowance that is neither true nor false
 */
export function refuseCommandsOfFile(
  gates: readonly FileGate[],
  allowance: string | undefined,
  spell: Spell,
  privilegedEvent?: string,
): void {
  const isAllowed = allowance !== undefined && parseBoolean(allowance, spell('allow-command'));
  const found = gates.find(({ gate }) => Object.hasOwn(gate, 'command'));
  if (found === undefined || (isAllowed && privilegedEvent === undefined)) return;
  if (privilegedEvent !== undefined) {
    throw new ConfigurationError(
      `${found.where}.command is not run on ${privilegedEvent}, whatever is allowed: there a program of a stranger's choice would run beside the secrets of this repository. Run the gate on pull_request, or give the command by ${spell('command')}.`,
    );
  }
  throw new ConfigurationError(
    `${found.where}.command would start a program of the choice of whoever can change this file, so it is not run. Give the command by ${spell('command')}; or, if you trust them, allow it by ${spell('allow-command')}.`,
  );
}

/**
 * The command that the workflow gives is for every gate that asks a server. A suite may hold others too: where it does, they
 * go without. (Where no gate could use it, it stays, to be complained of.)
 *
 * @param gates with the command in those that are `selected` to be run
 */
export function withoutIdleCommands(gates: readonly unknown[], selected: readonly number[]): unknown[] {
  if (!selected.some((i) => asksServer(gates[i]))) return [...gates];
  return gates.map((gate, i) =>
    selected.includes(i) && isMapping(gate) && !asksServer(gate) ? { ...gate, command: undefined } : gate,
  );
}

function asksServer(gate: unknown): boolean {
  return isMapping(gate) && SERVER_KEYS.some((key) => isServer(gate[key]));
}

/** The servers of a gate that are on this machine and speak plain HTTP: those that a command can start. */
export function serversHere(gate: Served): ServerUrl[] {
  return SERVER_KEYS.map((key) => gate[key])
    .filter(isServer)
    .map(parseServerUrl)
    .filter(({ isLoopback, origin }) => isLoopback && origin.startsWith('http:'));
}

/** What is wrong with the command of a gate, as the rest of a sentence that begins with its place. */
export function commandProblem(command: string, gate: Served): string | undefined {
  const split = splitCommand(command);
  if ('mistake' in split) return split.mistake;
  if (serversHere(gate).length > 0) return undefined;
  const found = namesServer(gate) ? 'is elsewhere' : 'is a file';
  return `starts a server on this machine, but the model "${fileName(gate.model ?? '')}" ${found}. Name the model by the address that the server gives it: http://127.0.0.1:8080/v2/models/NAME.`;
}
