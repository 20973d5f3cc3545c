/** Which servers a fault strikes: `2`, `[1, 4]`, `30%`, `all` or a group's name -> ids from 0, and how a legend says it. */
import { serverName } from '../core/request.ts';
import { formatDuration, formatShare, parseShare } from '../core/units.ts';
import type { WrittenTargets } from './faults-schema.ts';
import type { FaultEffect, FaultTargets } from './scenario.ts';
import type { WrittenServers } from './servers-schema.ts';
import { unknownName } from './suggest.ts';

type Fleet = Pick<WrittenServers, 'count' | 'groups'>;
export type Targets = { readonly targets: FaultTargets } | { readonly mistake: string };

/** The ids, or what is wrong with them for a fleet of these servers. */
export const targetsOf = (written: WrittenTargets, fleet: Fleet): Targets => {
  if (written === 'all') return { targets: 'all' };
  if (typeof written === 'number') return firstOf(written, fleet.count);
  if (typeof written !== 'string') return numbered(written, fleet.count);
  if (/^[\d.]+%$/.test(written)) {
    const share = parseShare(written);
    if (share === 0 || share > 1) {
      return { mistake: `got \`${written}\`; allowed: above 0%, at most 100%` };
    }
    // Rounding first: 30 % of 10 is 3 also where the product is a hair above.
    return firstOf(Math.ceil(Number((share * fleet.count).toFixed(6))), fleet.count);
  }
  return inGroup(written, fleet);
};

/** `errors 50% on s1, s2` */
export const faultLabel = (
  effect: FaultEffect,
  written: WrittenTargets,
  targets: FaultTargets,
): string => `${effectText(effect)} on ${targetText(written, targets)}`;

const range = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => from + index);

const firstOf = (count: number, of: number): Targets =>
  count <= of
    ? { targets: range(0, count) }
    : { mistake: `got the first ${count} of ${of} servers; allowed: at most ${of}` };

const numbered = (numbers: readonly number[], count: number): Targets => {
  const beyond = numbers.find((number) => number > count);
  if (beyond !== undefined) {
    return { mistake: `got server ${beyond} of ${count}; allowed: 1 to ${count}` };
  }
  const ids = [...new Set(numbers)].map((number) => number - 1);
  return { targets: ids.sort((a, b) => a - b) };
};

const inGroup = (name: string, { groups }: Fleet): Targets => {
  let from = 0;
  for (const group of groups) {
    if (group.name === name) return { targets: range(from, group.count) };
    from += group.count;
  }
  const names = ['2 (the first two)', '[1, 4]', '30%', 'all', ...groups.map((group) => group.name)];
  const [, number] = /^s(\d+)$/.exec(name) ?? [];
  return {
    mistake: unknownName('group', name, names, number === undefined ? null : `[${number}]`),
  };
};

const effectText = (effect: FaultEffect): string => {
  switch (effect.kind) {
    case 'errors':
      return `errors ${formatShare(effect.share)}`;
    case 'toolErrors':
      return `tool errors ${formatShare(effect.share)}`;
    case 'throttled':
      return `throttled ${formatShare(effect.share)}`;
    case 'metrics':
      return `metrics ${effect.shows}`;
    case 'slow':
      return `slow ${effect.factor}x`;
    case 'flap':
      return `flap ${formatDuration(effect.down)} down, ${formatDuration(effect.up)} up`;
    case 'leak':
      return `leak ${effect.slower}x over ${formatDuration(effect.over)}`;
    case 'crash':
    case 'hang':
    case 'refuse':
    case 'partition':
      return effect.kind;
  }
};

const targetText = (written: WrittenTargets, targets: FaultTargets): string => {
  if (targets === 'all') return 'all servers';
  if (typeof written === 'string' && !written.endsWith('%')) return written;
  if (targets.length <= 4) return targets.map(serverName).join(', ');
  const first = targets[0] ?? 0;
  const last = targets.at(-1) ?? first;
  const unbroken = last - first + 1 === targets.length;
  return unbroken ? `${serverName(first)} to ${serverName(last)}` : `${targets.length} servers`;
};
