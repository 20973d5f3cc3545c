/**
 * From a tree to a Setup: each key by its own schema, then what only shows when keys are seen together (fault targets
 * against servers, instants against the duration) and what is in files. Contenders share most subtrees, so what a subtree
 * means is worked out once.
 */
import type { z } from 'zod';
import type { Distribution } from '../core/distributions.ts';
import { formatDuration, type Millis } from '../core/units.ts';
import type { WrittenArrivals } from './arrivals-schema.ts';
import type { WrittenDistribution } from './distribution-schema.ts';
import { check, type Checked } from './explain.ts';
import { faultLabel, targetsOf } from './fault-targets.ts';
import { changesOf } from './faults.ts';
import type { WrittenFault } from './faults-schema.ts';
import type { Findings } from './findings.ts';
import type { InputFiles } from './input-files.ts';
import type { Arrivals, Fault, Servers, Sessions, Setup, Traffic } from './scenario.ts';
import { SETUP, type SetupKey } from './schema.ts';
import type { WrittenServers } from './servers-schema.ts';
import { NO_RETRIES, type WrittenTraffic } from './traffic-schema.ts';
import { at, placeOf, toPlain, type Branch, type Path } from './tree.ts';

/** A flap of a microsecond over an hour would be more events than requests. */
const MOST_FAULT_CHANGES = 100_000;

type Value<Key extends SetupKey> = z.output<(typeof SETUP)[Key]>;

export class SetupReader {
  readonly #duration: Millis;
  readonly #files: InputFiles;
  readonly #findings: Findings;
  /** By key, then by subtree; undefined where the key is absent. */
  readonly #checked = new Map<SetupKey, Map<unknown, Checked<unknown>>>();

  constructor(duration: Millis, files: InputFiles, findings: Findings) {
    this.#duration = duration;
    this.#files = files;
    this.#findings = findings;
  }

  /** The setup of a tree; null if anything is wrong with it, which is then among the findings. */
  read(tree: Branch, contender: string | null): Setup | null {
    const read = <Key extends SetupKey>(key: Key): Value<Key> | undefined => this.#key(tree, key);
    const [traffic, servers, network, faults] = [
      read('traffic'),
      read('servers'),
      read('network'),
      read('faults'),
    ];
    const [balancer, affinity, health, breaker, autoscaler] = [
      read('balancer'),
      read('affinity'),
      read('health'),
      read('breaker'),
      read('autoscaler'),
    ];
    const [ejection, panic, slowStart, limit] = [
      read('ejection'),
      read('panic'),
      read('slowStart'),
      read('limit'),
    ];
    const [backlog, rebalance, victims] = [read('backlog'), read('rebalance'), read('victims')];
    const [drain, slo] = [read('drain'), read('slo')];
    const fleet = servers && this.#fleet(tree, servers);
    const trouble = faults && fleet && this.#faults(tree, faults, fleet, contender);
    const demand = traffic && this.#traffic(tree, traffic);
    const delay = network && this.#distribution(tree, network, ['network']);
    const stations = fleet && this.#servers(tree, fleet);
    const complete =
      demand && stations && delay && trouble && balancer && affinity && health && breaker;
    const guarded = ejection && limit && victims;
    const known = [panic, slowStart, backlog, rebalance, drain].every((one) => one !== undefined);
    if (!complete || !autoscaler || !guarded || !known || !slo) return null;
    return {
      traffic: demand,
      servers: stations,
      network: delay,
      faults: trouble,
      balancer,
      affinity,
      rebalance: rebalance ?? null,
      health,
      ejection,
      panic: panic ?? 0,
      breaker,
      slowStart: slowStart ?? null,
      limit,
      backlog: backlog ?? null,
      autoscaler,
      victims,
      drain: drain ?? 0,
      slo,
    };
  }

  #key<Key extends SetupKey>(tree: Branch, key: Key): Value<Key> | undefined {
    const subtree = tree.entries.get(key)?.value;
    const known = this.#checked.get(key) ?? new Map<unknown, Checked<unknown>>();
    this.#checked.set(key, known);
    let checked = known.get(subtree);
    if (checked === undefined) {
      const plain = subtree === undefined ? undefined : toPlain(subtree);
      checked = check<unknown>(SETUP[key], plain);
      known.set(subtree, checked);
    }
    // What the schema of the key yields, by construction.
    if (checked.ok) return checked.value as Value<Key>;
    for (const finding of checked.findings) {
      this.#findings.add(tree, { ...finding, path: [key, ...finding.path] });
    }
    return undefined;
  }

  #fleet(tree: Branch, servers: Value<'servers'>): WrittenServers | null {
    if ('groups' in servers) return servers;
    const message = 'a list of URLs is for the gateway; allowed: count or groups';
    this.#findings.add(tree, { path: ['servers'], what: 'value', message });
    return null;
  }

  #servers(
    tree: Branch,
    { count, groups, startup, discipline, overload }: WrittenServers,
  ): Servers | null {
    const filled = groups.map(({ patience, ...group }, index) => {
      if (patience === null) return { ...group, patience };
      const own = at(tree, ['servers', 'groups', index, 'patience']);
      const path =
        own === undefined ? ['servers', 'patience'] : ['servers', 'groups', index, 'patience'];
      const drawn = this.#distribution(tree, patience, path);
      return drawn && { ...group, patience: drawn };
    });
    const complete = filled.filter((group) => group !== null);
    if (complete.length < filled.length) return null;
    return { count, groups: complete, startup, discipline, overload };
  }

  #traffic(tree: Branch, written: WrittenTraffic): Traffic | null {
    const { era, timeout, singles } = written;
    const arrivals = this.#arrivals(tree, written.arrivals);
    const calls = written.calls.map(({ work, ...tool }) => {
      const drawn = this.#distribution(tree, work, ['traffic', 'calls', tool.name, 'work']);
      return drawn && { ...tool, work: drawn };
    });
    const tools = calls.filter((tool) => tool !== null);
    const backoff =
      written.retries &&
      this.#distribution(tree, written.retries.backoff, ['traffic', 'retries', 'backoff']);
    const sessions = written.sessions && this.#sessions(tree, written.sessions, era);
    const lost =
      (written.retries !== null && backoff === null) ||
      (written.sessions !== null && sessions === null);
    if (arrivals === null || tools.length < calls.length || lost) return null;
    const retries =
      written.retries && backoff ? { attempts: written.retries.attempts, backoff } : NO_RETRIES;
    const budget = written.retries?.budget ?? null;
    return {
      arrivals,
      era: singles.era ?? era,
      timeout,
      retries,
      budget: budget?.name === 'none' ? null : budget,
      hedging: written.hedging,
      sessions,
      keys: written.keys,
      calls: tools,
    };
  }

  #sessions(
    tree: Branch,
    written: NonNullable<WrittenTraffic['sessions']>,
    era: Traffic['era'],
  ): Sessions | null {
    const { share, recover } = written;
    const path = ['traffic', 'sessions'];
    const calls = this.#distribution(tree, written.calls, [...path, 'calls'], 'counts');
    const think = this.#distribution(tree, written.think, [...path, 'think']);
    return calls && think && { era: written.era ?? era, calls, think, share, recover };
  }

  #arrivals(tree: Branch, written: WrittenArrivals): Arrivals | null {
    if (written.kind !== 'trace') return written;
    const { counts, scale, ...from } = written;
    const use = counts === null ? 'timestamps' : 'counts per interval';
    const wish = placeOf(tree, ['traffic', 'arrivals', 'trace', 'file']);
    const input = this.#findings.attempt(() => this.#files.read(from, use, wish));
    return input === undefined ? null : { kind: 'trace', ...input, counts, scale };
  }

  #distribution(
    tree: Branch,
    written: WrittenDistribution,
    path: Path,
    use: 'durations' | 'counts' = 'durations',
  ): Distribution | null {
    if (written.kind !== 'empirical') return written;
    const wish = placeOf(tree, [...path, 'empirical', 'file']);
    const input = this.#findings.attempt(() => this.#files.read(written, use, wish));
    return input === undefined ? null : { kind: 'empirical', ...input };
  }

  #faults(
    tree: Branch,
    written: readonly WrittenFault[],
    fleet: WrittenServers,
    contender: string | null,
  ): readonly Fault[] | null {
    const faults = written.map(({ servers, ...fault }, index): Fault | null => {
      const refuse = (key: string, message: string): null => {
        const finding = { path: ['faults', index, key], what: 'value', message } as const;
        this.#findings.add(tree, finding, contender);
        return null;
      };
      if (fault.at >= this.#duration) {
        const end = formatDuration(this.#duration);
        const got = formatDuration(fault.at);
        return refuse('at', `got \`${got}\`; allowed: below the duration, which is ${end}`);
      }
      const struck = targetsOf(servers, fleet);
      if ('mistake' in struck) return refuse('servers', struck.mistake);
      const label = faultLabel(fault.effect, servers, struck.targets);
      const resolved = { ...fault, servers: struck.targets, label };
      const changes = changesOf(resolved, this.#duration);
      return changes <= MOST_FAULT_CHANGES
        ? resolved
        : refuse(
            'at',
            `got a fault that begins and ends ${changes} times; allowed: at most ${MOST_FAULT_CHANGES}`,
          );
    });
    const complete = faults.filter((fault) => fault !== null);
    return complete.length < faults.length ? null : complete;
  }
}
