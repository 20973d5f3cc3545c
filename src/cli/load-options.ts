/**
 * What the options of `load` ask for, read and checked before the target hears of it: a mistake is told with the option it is
 * in. Header values are read here and live on in `Secrets` alone.
 */
import { parseSeeds } from '../scenario/seeds.ts';
import { check } from '../scenario/explain.ts';
import { zSlo } from '../scenario/slo-schema.ts';
import type { SloLimit } from '../scenario/scenario.ts';
import { ScenarioError } from '../core/scenario-error.ts';
import type { Era } from '../core/request.ts';
import { parseDuration, parseRate, type Millis } from '../core/units.ts';
import { bearerHeader, parseHeaderFile, Secrets } from '../live/load/secrets.ts';
import { isLoopback, parseUrl } from '../live/load/target.ts';
import type { Json } from '../live/load/synthesise.ts';
import { readText } from './files.ts';

/** As commander hands them over. */
export interface LoadOptions {
  readonly connections?: string;
  readonly rate?: string;
  readonly arrivals?: string;
  readonly duration?: string;
  readonly warmup?: string;
  readonly timeout?: string;
  readonly seeds?: string;
  readonly era?: string;
  readonly tool?: string;
  readonly arguments?: string;
  readonly headerFile?: string;
  readonly bearerEnv?: string;
  readonly insecure?: boolean;
  readonly yes?: boolean;
  readonly slo?: readonly string[];
  readonly out?: string;
  readonly strict?: boolean;
  readonly open?: boolean;
}

/** How load is made: N clients that wait for their answers, or arrivals that wait for nothing. */
export type LoopWish =
  | { readonly kind: 'closed'; readonly connections: number }
  | { readonly kind: 'rate'; readonly rate: number; readonly text: string }
  | { readonly kind: 'arrivals'; readonly file: string };

export interface Wish {
  readonly url: URL;
  readonly loop: LoopWish;
  /** Undefined: what the file of arrivals says, or 30 s. */
  readonly duration: Millis | undefined;
  readonly warmup: Millis | undefined;
  /** Undefined: what the file says, or 10 s; null = none. */
  readonly timeout: Millis | null | undefined;
  readonly seeds: readonly number[];
  readonly era: Era | 'auto';
  readonly tool: string | undefined;
  readonly arguments: Json | undefined;
  /** They came from a file, and are not to be shown. */
  readonly argumentsHidden: boolean;
  readonly secrets: Secrets;
  readonly insecure: boolean;
  readonly slo: readonly SloLimit[];
}

const DEFAULT_CONNECTIONS = 10;
const MOST_CONNECTIONS = 10_000;

/** Throws ScenarioError. */
export const readWish = (urlText: string, options: LoadOptions): Wish => {
  const url = parseUrl(urlText);
  if (!isLoopback(url) && options.yes !== true) throw notYours(url);
  const { insecure = false } = options;
  const given = option('--arguments', options.arguments, readArguments);
  return {
    url,
    insecure,
    loop: loopOf(options),
    duration: option('--duration', options.duration, positive),
    warmup: option('--warmup', options.warmup, parseDuration),
    timeout: option('--timeout', options.timeout, (text) =>
      text === 'none' ? null : positive(text),
    ),
    seeds: parseSeeds(options.seeds ?? '1'),
    era: option('--era', options.era, readEra) ?? 'auto',
    tool: options.tool,
    arguments: given,
    argumentsHidden: options.arguments?.startsWith('@') === true,
    secrets: secretsOf(options),
    slo: (options.slo ?? []).flatMap(readObjective),
  };
};

const notYours = ({ hostname }: URL): ScenarioError =>
  new ScenarioError(`${hostname} is not this machine; --yes says that you may put it under load`, {
    file: 'URL',
  });

/** Reads an option's text; mistakes are told at the option. */
const option = <T>(
  name: string,
  text: string | undefined,
  read: (text: string) => T,
): T | undefined => {
  if (text === undefined) return undefined;
  try {
    return read(text);
  } catch (error) {
    if (error instanceof ScenarioError && error.place === null)
      throw new ScenarioError(error.message, { file: `${name} ${text}` });
    throw error;
  }
};

const loopOf = ({ connections, rate, arrivals }: LoadOptions): LoopWish => {
  const given = [connections, rate, arrivals].filter((text) => text !== undefined);
  if (given.length > 1) {
    const message =
      'allowed: one of --connections (closed loop), --rate and --arrivals (open loop)';
    throw new ScenarioError(message);
  }
  if (arrivals !== undefined) return { kind: 'arrivals', file: arrivals };
  if (rate !== undefined) {
    const perSecond = option('--rate', rate, parseRate)!;
    if (perSecond === 0) throw new ScenarioError('allowed: above 0', { file: `--rate ${rate}` });
    return { kind: 'rate', rate: perSecond, text: rate };
  }
  const many = option('--connections', connections, readConnections) ?? DEFAULT_CONNECTIONS;
  return { kind: 'closed', connections: many };
};

const readConnections = (text: string): number => {
  const many = Number(text);
  if (/^\d+$/.test(text) && many >= 1 && many <= MOST_CONNECTIONS) return many;
  throw new ScenarioError(`allowed: a whole number from 1 to ${MOST_CONNECTIONS}`);
};

const positive = (text: string): Millis => {
  const ms = parseDuration(text);
  if (ms > 0) return ms;
  throw new ScenarioError('allowed: more than 0');
};

const readEra = (text: string): Era | 'auto' => {
  if (text === 'modern' || text === 'legacy' || text === 'auto') return text;
  throw new ScenarioError('allowed: auto, modern or legacy');
};

/** JSON, or `@file` with JSON in it. */
const readArguments = (text: string): Json => {
  const isFile = text.startsWith('@');
  const json = isFile ? readText(text.slice(1)) : text;
  const parsed = parseJson(json);
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  throw new ScenarioError(
    `${isFile ? 'the file is' : 'this is'} not a JSON object; allowed: such as {"query": "x"}`,
    isFile ? { file: text.slice(1) } : null,
  );
};

const parseJson = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
};

const secretsOf = ({ headerFile, bearerEnv }: LoadOptions): Secrets => {
  const fromFile =
    headerFile === undefined ? {} : parseHeaderFile(headerFile, readText(headerFile));
  const bearer = bearerEnv === undefined ? {} : bearerHeader(bearerEnv, process.env[bearerEnv]);
  if ('authorization' in fromFile && 'authorization' in bearer) {
    const message = '`authorization` is in --header-file, too; allowed: one of them';
    throw new ScenarioError(message, { file: `--bearer-env ${bearerEnv}` });
  }
  return new Secrets({ ...fromFile, ...bearer });
};

const LATENCIES = ['mean', 'p50', 'p90', 'p95', 'p99', 'p999', 'max'];

/** `p99=500ms`, `errors=1%`: the objectives of a scenario, flat. */
const readObjective = (text: string): readonly SloLimit[] => {
  const place = { file: `--slo ${text}` };
  const [, name = '', limit = ''] = /^\s*([\w.]+)\s*=\s*(.+?)\s*$/.exec(text) ?? [];
  if (name === '') throw new ScenarioError('allowed: such as p99=500ms or errors=1%', place);
  const value = /^\d+$/.test(limit) ? Number(limit) : limit;
  const written = LATENCIES.includes(name) ? { latency: { [name]: value } } : { [name]: value };
  const checked = check<readonly SloLimit[]>(zSlo, written);
  if (checked.ok) return checked.value;
  throw ScenarioError.of(checked.findings.map(({ message }) => ({ message, place })));
};
