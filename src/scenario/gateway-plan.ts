/**
 * Text -> what a gateway serves: the same file as a scenario, read for other things. `servers` is a list of URLs, `listen`
 * says where, `health.probe` what a check asks. Policies, timeout, retries, hedging and drain are those of the scenario or of one
 * of its contenders; demand and faults are somebody else's here and are not even looked at. Affinity is `session` unless
 * the file says else: real legacy clients lose their sessions without it.
 */
import { gotButAllowed } from '../core/units.ts';
import { ScenarioError, type Place } from '../core/scenario-error.ts';
import { contendersOf, withoutContenders } from './contenders.ts';
import { check } from './explain.ts';
import { Findings } from './findings.ts';
import { InputFiles, type ReadFile } from './input-files.ts';
import { findUnknownKeys, nameOf, parseMap, withArguments } from './load.ts';
import type { Inputs, Setup, Traffic } from './scenario.ts';
import { REST, SETUP } from './schema.ts';
import type { ServerUrl } from './servers-schema.ts';
import { SetupReader } from './setup.ts';
import { unknownName } from './suggest.ts';
import { toPlain, withEntry, type Branch, type Tree } from './tree.ts';

export interface GatewayPlan {
  /** The file's name without folder and extension. */
  readonly name: string;
  /** Whose policies they are; null for the scenario's own. */
  readonly contender: string | null;
  /** One group a server, in the order of the URLs. */
  readonly setup: Setup;
  readonly inputs: Inputs;
  /** By server id. */
  readonly urls: readonly string[];
  readonly listen: ListenAddress;
  /** What a health check asks: a path, `tcp` or `discover`. */
  readonly probe: string;
  readonly warnings: readonly string[];
}

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

export interface GatewayLoadOptions {
  /** Path of the file: for messages, for its name, and as the folder that other files are relative to. */
  readonly file: string;
  readonly text: string;
  readonly readFile: ReadFile;
  /** `path=value`, as given to `--set`. */
  readonly set?: readonly string[];
  /** Whose policies to serve with. */
  readonly contender?: string;
  /** As given to `--listen`; goes before the file's. */
  readonly listen?: string;
}

const DEFAULT_LISTEN = '127.0.0.1:8080';
const DEFAULT_PROBE = '/health';
/** What is read of `traffic`; the rest is demand. */
const OF_CLIENTS = ['timeout', 'retries', 'hedging'];
const LONGEST_DURATION = 3_600_000;

/** Throws ScenarioError with all mistakes found. */
export const loadGateway = (options: GatewayLoadOptions): GatewayPlan => {
  const findings = new Findings();
  const source = findings.attempt(() => parseMap(options));
  if (source === undefined) throw findings.error;
  const root = withArguments(source.root, options.set ?? [], findings);
  findUnknownKeys(root, findings);
  const chosen = findings.attempt(() => treeOf(root, options.contender, findings)) ?? root;
  const servers = readServers(chosen, findings);
  const listen = findings.attempt(() => readListen(root, options.listen));
  const files = new InputFiles(options.file, options.readFile);
  const served = serverTree(chosen, servers);
  const setup = new SetupReader(LONGEST_DURATION, files, findings).read(served, null);
  if (setup === null || listen === undefined || !findings.none) throw findings.error;
  const { probe } = setup.health.options;
  return {
    name: nameOf(options.file),
    contender: options.contender ?? null,
    setup: { ...setup, traffic: trafficOfOthers(setup.traffic) },
    inputs: files.inputs,
    urls: servers.map(({ url }) => url),
    listen,
    probe: typeof probe === 'string' ? probe : DEFAULT_PROBE,
    warnings: [...source.warnings, ...files.warnings, ...oddities(setup)],
  };
};

/** The scenario with the changes of one contender, or as it is. */
const treeOf = (root: Branch, name: string | undefined, findings: Findings): Branch => {
  if (name === undefined) return withoutContenders(root);
  const { contenders } = contendersOf(root, findings);
  const chosen = contenders.find((contender) => contender.name === name);
  if (chosen !== undefined) return chosen.tree;
  const names = contenders.map((contender) => contender.name);
  throw new ScenarioError(unknownName('contender', name, names), { file: `--contender ${name}` });
};

const readServers = (tree: Branch, findings: Findings): readonly ServerUrl[] => {
  const entry = tree.entries.get('servers');
  const allowed = 'a list of URLs such as http://127.0.0.1:8001/mcp, or { url, weight }';
  if (entry === undefined) {
    findings.addMistake({ message: `servers: missing; allowed: ${allowed}`, place: tree.place });
    return [];
  }
  const checked = check(SETUP.servers, toPlain(entry.value));
  if (!checked.ok) {
    for (const finding of checked.findings)
      findings.add(tree, { ...finding, path: ['servers', ...finding.path] });
    return [];
  }
  if ('groups' in checked.value) {
    const message = `servers: a gateway fronts servers that are there already; allowed: ${allowed}`;
    findings.addMistake({ message, place: entry.value.place });
    return [];
  }
  checked.value.forEach(({ url }, index) => {
    if (URL.canParse(url)) return;
    const message = gotButAllowed(url, 'a URL such as http://127.0.0.1:8001/mcp');
    findings.add(tree, { path: ['servers', index], what: 'value', message });
  });
  return checked.value;
};

const readListen = (root: Branch, given: string | undefined): ListenAddress => {
  const written = root.entries.get('listen')?.value;
  const place: Place =
    given === undefined ? (written?.place ?? root.place) : { file: `--listen ${given}` };
  const text = given ?? (written === undefined ? undefined : toPlain(written)) ?? DEFAULT_LISTEN;
  const checked = check(REST.listen, text);
  if (!checked.ok) throw new ScenarioError(`listen: ${checked.findings[0]!.message}`, place);
  const [, host = '', digits = ''] = /^(.*):(\d+)$/.exec(checked.value ?? DEFAULT_LISTEN) ?? [];
  const port = Number(digits);
  if (port <= 65_535) return { host, port };
  throw new ScenarioError(`listen: ${gotButAllowed(text, 'a port from 0 to 65535')}`, place);
};

/** The tree as a scenario of as many servers as there are URLs, without demand and faults. */
const serverTree = (tree: Branch, servers: readonly ServerUrl[]): Branch => {
  const { place } = tree;
  const leaf = (value: string | number): Tree => ({ kind: 'leaf', value, place });
  const map = (entries: Readonly<Record<string, Tree>>): Branch => ({
    kind: 'map',
    place,
    entries: new Map(
      Object.entries(entries).map(([key, value]) => [key, { keyPlace: place, value }]),
    ),
  });
  const groups = servers.map(({ weight }, index) =>
    map({ name: leaf(`s${index + 1}`), count: leaf(1), weight: leaf(weight) }),
  );
  const fleet =
    servers.length === 0
      ? map({ count: leaf(1) })
      : map({ groups: { kind: 'list', items: groups, place } });
  const traffic = tree.entries.get('traffic')?.value;
  const clients = new Map(
    [...(traffic?.kind === 'map' ? traffic.entries : [])].filter(([key]) =>
      OF_CLIENTS.includes(key),
    ),
  );
  const arrivals = map({ poisson: map({ rate: leaf('1/s') }) });
  clients.set('arrivals', { keyPlace: place, value: arrivals });
  const kept = new Map([...tree.entries].filter(([key]) => key !== 'faults'));
  const served = withEntry(
    withEntry({ ...tree, entries: kept }, 'servers', { keyPlace: place, value: fleet }),
    'traffic',
    { keyPlace: place, value: { kind: 'map', entries: clients, place } },
  );
  return served.entries.has('affinity')
    ? served
    : withEntry(served, 'affinity', { keyPlace: place, value: leaf('session') });
};

/** The tools are those of the servers, which will say them; and nobody knows what they have done before a 503. */
const trafficOfOthers = (traffic: Traffic): Traffic => ({
  ...traffic,
  calls: [],
  retries: { ...traffic.retries, trustsRefusals: false },
});

const oddities = ({ autoscaler, affinity }: Setup): readonly string[] => [
  ...(autoscaler.name === 'none'
    ? []
    : [
        `autoscaler ${autoscaler.name}: a gateway can start no servers; it can only stop sending to some of the URLs, and begin again`,
      ]),
  ...(affinity === 'session'
    ? []
    : ['affinity none: calls of a legacy session will land on servers that do not know it']),
];
