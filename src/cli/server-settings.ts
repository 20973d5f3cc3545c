/**
 * The options of `windtunnel server` as the settings of a fake server. What a scenario can say as well is read by the
 * scenario's own loader, so that `--work` takes whatever `traffic.calls.*.work` does, and mistakes are told alike, but in
 * the name of the option.
 */
import { ScenarioError } from '../core/scenario-error.ts';
import {
  gotButAllowed,
  parseDuration,
  parseFactor,
  parseShare,
  type Millis,
} from '../core/units.ts';
import type { Eras, FakeServerSettings, ReplyForm } from '../live/fake/messages.ts';
import { loadScenario } from '../scenario/load.ts';
import type { FaultEffect } from '../scenario/scenario.ts';
import { readText } from './files.ts';

/** As typed. */
export interface ServerOptions {
  readonly work: string;
  readonly slots: string;
  readonly queue: string;
  readonly patience: string;
  readonly discipline: string;
  readonly errors?: string;
  readonly toolErrors?: string;
  readonly slow?: string;
  readonly hang?: boolean;
  readonly era: string;
  readonly reply: string;
  readonly port: string;
  readonly host: string;
  readonly startup: string;
  readonly seed: string;
  readonly sessionIdle?: string;
}

export interface ServerPlan {
  readonly settings: FakeServerSettings;
  readonly port: number;
  readonly startup: Millis;
  /** What is wrong with it from the beginning. */
  readonly faults: readonly FaultEffect[];
}

/** Option -> where a scenario says the same. */
const SCENARIO_PATHS = {
  work: 'traffic.calls.call.work',
  slots: 'servers.slots',
  queue: 'servers.queue',
  patience: 'servers.patience',
  discipline: 'servers.discipline',
} as const;

const ERAS: readonly Eras[] = ['legacy', 'modern', 'both'];
const FORMS: readonly ReplyForm[] = ['json', 'sse', 'auto'];
const LARGEST_PORT = 65_535;
const LARGEST_SEED = 2 ** 31 - 1;

/** Throws ScenarioError. */
export const serverPlan = (options: ServerOptions): ServerPlan => {
  const { traffic, servers, inputs } = fromScenario(options);
  const { slots, queue, patience, speed } = servers.groups[0]!;
  return {
    settings: {
      id: 0,
      speed,
      slots,
      queue,
      patience,
      discipline: servers.discipline,
      traffic,
      inputs,
      seed: wholeNumber('--seed', options.seed, LARGEST_SEED),
      reply: oneOf('--reply', options.reply, FORMS),
      eras: oneOf('--era', options.era, ERAS),
      ...(options.sessionIdle !== undefined && {
        sessionIdle: quantity('--session-idle', options.sessionIdle, parseDuration),
      }),
    },
    port: wholeNumber('--port', options.port, LARGEST_PORT),
    startup: quantity('--startup', options.startup, parseDuration),
    faults: faultsOf(options),
  };
};

/** A scenario around what is given here; nothing arrives by itself. */
const SCENARIO = `
question: one server
traffic: { arrivals: { constant: 1/s } }
servers: { count: 1 }
`;

const fromScenario = (options: ServerOptions) => {
  const flags = Object.entries(SCENARIO_PATHS).map(([flag, path]) => {
    const value = options[flag as keyof typeof SCENARIO_PATHS];
    return { path, set: `${path}=${value}`, typed: `--${flag} ${value}` };
  });
  const set = flags.map((flag) => flag.set);
  try {
    const loading = { file: 'server', text: SCENARIO, readFile: readText, set };
    const { scenario, inputs } = loadScenario(loading);
    return { ...scenario.base, inputs };
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    throw ScenarioError.of(
      error.mistakes.map((told) => {
        const flag = flags.find((one) => told.place?.file === `--set ${one.set}`);
        if (flag === undefined) return told;
        const message = told.message.replace(`${flag.path}: `, '').replace(`${flag.path}.`, '');
        return { message, place: { file: flag.typed } };
      }),
    );
  }
};

const faultsOf = ({ errors, toolErrors, slow, hang }: ServerOptions): FaultEffect[] => [
  ...(errors === undefined ? [] : [{ kind: 'errors', share: share('--errors', errors) } as const]),
  ...(toolErrors === undefined
    ? []
    : [{ kind: 'toolErrors', share: share('--tool-errors', toolErrors) } as const]),
  ...(slow === undefined
    ? []
    : [{ kind: 'slow', factor: positiveFactor('--slow', slow) } as const]),
  ...(hang === true ? [{ kind: 'hang' } as const] : []),
];

const share = (flag: string, text: string): number => {
  const value = quantity(flag, text, parseShare);
  if (value <= 1) return value;
  throw mistake(flag, text, 'a share up to 100%');
};

const positiveFactor = (flag: string, text: string): number => {
  const value = quantity(flag, text, parseFactor);
  if (value > 0) return value;
  throw mistake(flag, text, 'a factor above 0');
};

const quantity = (flag: string, text: string, parse: (text: string) => number): number => {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    throw new ScenarioError(error.message, { file: `${flag} ${text}` });
  }
};

const wholeNumber = (flag: string, text: string, largest: number): number => {
  if (/^\d+$/.test(text) && Number(text) <= largest) return Number(text);
  throw mistake(flag, text, `a whole number from 0 to ${largest}`);
};

const oneOf = <T extends string>(flag: string, text: string, allowed: readonly T[]): T => {
  const found = allowed.find((name) => name === text);
  if (found !== undefined) return found;
  throw mistake(flag, text, allowed.join(', '));
};

const mistake = (flag: string, text: string, allowed: string): ScenarioError =>
  new ScenarioError(gotButAllowed(text, allowed), { file: `${flag} ${text}` });
