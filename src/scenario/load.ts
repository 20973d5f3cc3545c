/**
 * Text -> Scenario: parse, apply `--set`, spell out contenders, check every key of every contender, read the files they
 * name. All mistakes are told at once, each where it was written; nothing is half loaded.
 */
import type { z } from 'zod';
import { ScenarioError } from '../core/scenario-error.ts';
import { formatDuration, gotButAllowed } from '../core/units.ts';
import {
  changeable,
  contendersOf,
  whyForbidden,
  withoutContenders,
  type WrittenContender,
} from './contenders.ts';
import { check } from './explain.ts';
import { Findings } from './findings.ts';
import { InputFiles, type ReadFile } from './input-files.ts';
import { Manifests } from './kubernetes/expand.ts';
import type { ManifestFile } from './kubernetes/resources.ts';
import { override } from './override.ts';
import type { Contender, Inputs, Scenario } from './scenario.ts';
import { HEAD, SCENARIO_SHAPE, type HeadKey } from './schema.ts';
import { parseSeeds, QUICK_SEEDS } from './seeds.ts';
import { SetupReader } from './setup.ts';
import { SERVERS_KEYS } from './servers-schema.ts';
import { parseArgument, parseSource } from './source.ts';
import { unknownKey, unknownName } from './suggest.ts';
import { TRAFFIC_KEYS } from './traffic-schema.ts';
import { toPlain, type Branch } from './tree.ts';

export interface LoadOptions {
  /** Path of the scenario: for messages, for its name, and as the folder that other files are relative to. */
  readonly file: string;
  readonly text: string;
  /** Reads a file the scenario names; the path is resolved against the scenario's folder. Throws on failure. */
  readonly readFile: ReadFile;
  /** `path=value`, as given to `--set`. */
  readonly set?: readonly string[];
  /** As given to `--seeds`: `20` or `1,2,5`. */
  readonly seeds?: string;
  /** Names of the contenders to keep; the first of them becomes the baseline. */
  readonly only?: readonly string[];
  /** At most 5 seeds, unless `seeds` says how many. */
  readonly quick?: boolean;
  /** Manifests that describe the servers, in the place of what the scenario says. */
  readonly kubernetes?: readonly ManifestFile[];
  /** Which workload of the manifests the servers are, in the place of what the scenario says. */
  readonly workload?: string;
}

export interface Loaded {
  readonly scenario: Scenario;
  readonly inputs: Inputs;
  /** Oddities that are not errors. */
  readonly warnings: readonly string[];
}

/** Throws ScenarioError with all mistakes found. */
export const loadScenario = (options: LoadOptions): Loaded => {
  const findings = new Findings();
  const source = findings.attempt(() => parseMap(options));
  if (source === undefined) throw findings.error;
  const files = new InputFiles(options.file, options.readFile);
  const manifests = manifestsOf(options, files, findings);
  const root = manifests.base(withArguments(source.root, options.set ?? [], findings));
  const field = contendersOf(root, findings, (tree, name) => manifests.expand(tree, name));
  const base = withoutContenders(root);
  const head = readHead(root, findings);
  findUnknownKeys(root, findings);
  for (const { tree } of field.contenders) findUnknownChanges(tree, root, findings);
  const reader = new SetupReader(head.duration, files, findings);
  const baseSetup = reader.read(base, null);
  const contenders = field.contenders.flatMap(({ tree, ...contender }): Contender[] => {
    const setup = reader.read(tree, contender.name);
    return setup === null ? [] : [{ ...contender, setup }];
  });
  const seeds = findings.attempt(() => seedsOf(options, head.seeds)) ?? [];
  const kept = findings.attempt(() => keep(contenders, options.only, field.contenders)) ?? [];
  if (baseSetup === null || !findings.none) throw findings.error;
  const name = nameOf(options.file);
  return {
    scenario: {
      name,
      question: head.question ?? name,
      duration: head.duration,
      warmup: head.warmup ?? head.duration / 10,
      seeds,
      judge: head.judge,
      margin: head.margin,
      base: baseSetup,
      contenders: kept,
      matrix: field.axes,
      ...(manifests.readings.length > 0 && { manifests: manifests.readings }),
    },
    inputs: files.inputs,
    warnings: [...source.warnings, ...files.warnings],
  };
};

const manifestsOf = (options: LoadOptions, files: InputFiles, findings: Findings): Manifests => {
  const read = files.text.bind(files);
  const { kubernetes: given = [], workload = null } = options;
  return new Manifests({ read, given, workload }, findings);
};

export const parseMap = ({
  file,
  text,
}: Pick<LoadOptions, 'file' | 'text'>): { root: Branch; warnings: readonly string[] } => {
  const { tree, warnings } = parseSource(file, text);
  if (tree.kind === 'map') return { root: tree, warnings };
  const message = gotButAllowed(toPlain(tree), 'a map of keys such as traffic and servers');
  throw new ScenarioError(message, tree.place);
};

export const withArguments = (root: Branch, set: readonly string[], findings: Findings): Branch =>
  set.reduce((tree, argument) => {
    const place = { file: `--set ${argument}` };
    const changed = findings.attempt(() => {
      const [, path, text] = /^([^=]+)=(.*)$/s.exec(argument) ?? [];
      if (path === undefined || text === undefined) {
        throw new ScenarioError('allowed: path=value, e.g. servers.count=8', place);
      }
      return override(tree, path.trim(), parseArgument(place.file, text), place);
    });
    return changed?.kind === 'map' ? changed : tree;
  }, root);

type Head = { readonly [Key in HeadKey]: z.output<(typeof HEAD)[Key]> };

/** Where the head cannot be read, its defaults let the rest be checked all the same. */
const readHead = (root: Branch, findings: Findings): Head => {
  const read = <Key extends HeadKey>(key: Key): z.output<(typeof HEAD)[Key]> => {
    const subtree = root.entries.get(key)?.value;
    const schema: z.ZodType = HEAD[key];
    const checked = check(schema, subtree === undefined ? undefined : toPlain(subtree));
    if (!checked.ok) {
      for (const finding of checked.findings) {
        findings.add(root, { ...finding, path: [key, ...finding.path] });
      }
    }
    return (checked.ok ? checked.value : schema.parse(undefined)) as z.output<(typeof HEAD)[Key]>;
  };
  const [duration, warmup] = [read('duration'), read('warmup')];
  if (warmup !== undefined && warmup >= duration) {
    const [got, most] = [warmup, duration].map(formatDuration);
    const message = `got \`${got}\`, which leaves nothing of the duration; allowed: below ${most}`;
    findings.add(root, { path: ['warmup'], what: 'value', message });
  }
  const [question, seeds, judge, margin] = [
    read('question'),
    read('seeds'),
    read('judge'),
    read('margin'),
  ];
  return { question, duration, warmup, seeds, judge, margin };
};

const TOP_LEVEL = Object.keys(SCENARIO_SHAPE);

export const findUnknownKeys = (tree: Branch, findings: Findings): void => {
  for (const key of tree.entries.keys()) {
    if (TOP_LEVEL.includes(key)) continue;
    findings.add(tree, {
      path: [key],
      what: 'key',
      message: unknownKey(key, TOP_LEVEL, below(key)),
    });
  }
};

/** Keys that a contender brings along; those of the base are told already. */
const findUnknownChanges = (tree: Branch, base: Branch, findings: Findings): void => {
  for (const key of tree.entries.keys()) {
    if (TOP_LEVEL.includes(key) || base.entries.has(key)) continue;
    const elsewhere = below(key);
    const meant = elsewhere !== null && whyForbidden(elsewhere) === null ? elsewhere : null;
    findings.add(tree, {
      path: [key],
      what: 'key',
      message: unknownKey(key, changeable(TOP_LEVEL), meant),
    });
  }
};

/** `traffic.timeout` for `timeout`, which people write a level too high. */
const below = (key: string): string | null => {
  const [parent] =
    Object.entries({ traffic: TRAFFIC_KEYS, servers: SERVERS_KEYS }).find(([, keys]) =>
      keys.includes(key),
    ) ?? [];
  return parent === undefined ? null : `${parent}.${key}`;
};

const seedsOf = ({ seeds, quick }: LoadOptions, written: readonly number[]): readonly number[] => {
  if (seeds !== undefined) return parseSeeds(seeds);
  return quick === true ? written.slice(0, QUICK_SEEDS) : written;
};

const keep = (
  contenders: readonly Contender[],
  only: readonly string[] | undefined,
  all: readonly WrittenContender[],
): readonly Contender[] => {
  if (only === undefined || only.length === 0) return contenders;
  const names = all.map(({ name }) => name);
  for (const name of only) {
    if (names.includes(name)) continue;
    throw new ScenarioError(unknownName('contender', name, names), { file: `--only ${name}` });
  }
  return contenders.filter(({ name }) => only.includes(name));
};

/** `scenarios/flaky.yaml` -> `flaky` */
export const nameOf = (file: string): string =>
  file.replace(/^.*[/\\]/, '').replace(/(.)\.[^.]*$/, '$1');
