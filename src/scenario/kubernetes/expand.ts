/**
 * `servers: { kubernetes: deploy/mcp.yaml }` in a tree -> the tree with what the manifest says filled in. What the
 * scenario says itself goes before the manifest; a manifest given on the command line goes before the file, as everything
 * there does, and only `--set` before it. Either way the loser is named. Values taken keep their place in the manifest,
 * which is also how they are known again when a contender brings a manifest of its own.
 */
import type { Place } from '../../core/scenario-error.ts';
import type { Findings } from '../findings.ts';
import { sha256 } from '../trace-file.ts';
import { at, withEntry, type Branch, type Tree } from '../tree.ts';
import { readManifests, type WantedManifests } from './manifest.ts';
import { merge } from './merge.ts';
import type { ManifestReading, Remark } from './reading.ts';
import type { ManifestFile } from './resources.ts';
import { wishOf, type NamedWorkload } from './wish.ts';

export interface ManifestSource {
  /** Text of a file that the scenario names; throws ScenarioError, at `wish` when it cannot be read. */
  read(file: string, wish: Place): string;
  /** Given on the command line; go before what the scenario says. */
  readonly given: readonly ManifestFile[];
  /** The same for which workload of them the servers are; null = as the scenario says. */
  readonly workload: string | null;
}

export class Manifests {
  readonly #source: ManifestSource;
  readonly #findings: Findings;
  readonly #readings: ManifestReading[] = [];
  readonly #files = new Set<string>();

  constructor(source: ManifestSource, findings: Findings) {
    this.#source = source;
    this.#findings = findings;
  }

  /** One for each manifest and whose servers it describes. */
  get readings(): readonly ManifestReading[] {
    return this.#readings;
  }

  /** The scenario itself: with the manifest it names, or the one that was given. */
  base(root: Branch): Branch {
    const { given } = this.#source;
    if (given.length === 0) {
      if (wishIn(root) === undefined) this.#refuseWorkload();
      return this.expand(root, null);
    }
    const place = { file: `--kubernetes ${given.map(({ file }) => file).join(' ')}` };
    return this.#attempt(root, () => {
      const wish = wishIn(root);
      const workload = this.#given ?? (wish === undefined ? null : wishOf(wish).workload);
      const bare = withoutKubernetes(root);
      return this.#fill(bare, null, { files: given, workload, place }, 'manifest');
    });
  }

  /** The tree of a contender (null: of the scenario); as it is when it names no manifest. */
  expand(tree: Branch, contender: string | null): Branch {
    const wish = wishIn(tree);
    if (wish === undefined) return tree;
    return this.#attempt(tree, () => {
      const wanted = wishOf(wish);
      const files = wanted.files.map((file) => ({
        file,
        text: this.#source.read(file, wish.place),
      }));
      const workload = (contender === null ? this.#given : null) ?? wanted.workload;
      const own = this.#withoutTaken(withoutKubernetes(tree)) as Branch;
      return this.#fill(own, contender, { files, workload, place: wish.place }, 'scenario');
    });
  }

  get #given(): NamedWorkload | null {
    const { workload } = this.#source;
    return workload === null ? null : { name: workload, place: { file: `--workload ${workload}` } };
  }

  #refuseWorkload(): void {
    if (this.#given === null) return;
    const message = 'there is no manifest; allowed: beside --kubernetes or servers.kubernetes';
    this.#findings.addMistake({ message, place: this.#given.place });
  }

  #attempt(otherwise: Branch, fill: () => Branch): Branch {
    return this.#findings.attempt(fill) ?? otherwise;
  }

  #fill(
    tree: Branch,
    contender: string | null,
    wanted: WantedManifests,
    first: 'scenario' | 'manifest',
  ): Branch {
    const { files } = wanted;
    for (const { file } of files) this.#files.add(file);
    const manifest = readManifests(wanted);
    const overruled: Remark[] = [];
    const filled = merge(tree, manifest.tree, { first, overruled });
    this.#readings.push({
      files: files.map(({ file, text }) => ({ file, sha256: sha256(text) })),
      contender,
      taken: manifest.taken,
      assumed: [...manifest.assumed, ...unsaid(filled)],
      overruled,
      skipped: manifest.skipped,
    });
    return filled;
  }

  /** Without what an earlier manifest said. */
  #withoutTaken(tree: Tree): Tree {
    if (tree.kind !== 'map') return tree;
    const kept = [...tree.entries].flatMap(([key, { keyPlace, value }]) =>
      this.#files.has(value.place.file) && value.kind !== 'map'
        ? []
        : [[key, { keyPlace, value: this.#withoutTaken(value) }] as const],
    );
    const whole = kept.filter(([, { value }]) => !this.#isEmptied(value));
    return { ...tree, entries: new Map(whole) };
  }

  #isEmptied(value: Tree): boolean {
    return value.kind === 'map' && value.entries.size === 0 && this.#files.has(value.place.file);
  }
}

/** What no manifest says and a scenario may: named when the scenario does not. */
const unsaid = (tree: Branch): readonly Remark[] => {
  const servers = tree.entries.get('servers')?.value;
  const says = (key: string): boolean => servers?.kind === 'map' && servers.entries.has(key);
  if (says('slots') || says('groups')) return [];
  return [{ text: 'a server does 8 calls at once (servers.slots): a manifest does not say' }];
};

const wishIn = (tree: Branch): Tree | undefined => at(tree, ['servers', 'kubernetes']);

const withoutKubernetes = (tree: Branch): Branch => {
  const entry = tree.entries.get('servers');
  if (entry?.value.kind !== 'map') return tree;
  const entries = new Map([...entry.value.entries].filter(([key]) => key !== 'kubernetes'));
  return withEntry(tree, 'servers', { ...entry, value: { ...entry.value, entries } });
};
