/**
 * Envoy's panic threshold and its priorities (docs intro/arch_overview/upstream/load_balancing, {panic_threshold,priority}.rst).
 * When too few servers are healthy, the few that are would be crushed under the whole traffic: better to believe that
 * the checks are wrong, or to share the trouble, and use all. Its pathology: flapping at the threshold, as the servers
 * that come in with a panic fail their share of calls.
 *
 * A fleet here has one priority and asks `panics` alone. `priorityLoads` is the rest of the rule: Envoy's published cases
 * tell the threshold by what spills over between priorities, so the conformance suite needs it to hold ours to them.
 */
import type { Guard } from './guard.ts';

/** Shall all servers be used, healthy or not? `threshold` is a share; exactly so many are enough, and 0 is never. */
export const panics = (healthy: number, all: number, threshold: number): boolean =>
  all > 0 && healthy < threshold * all - 1e-9;

export interface PriorityLoad {
  /** Share of the traffic, 0..1; all together make 1. */
  readonly traffic: number;
  /** All its servers are used. */
  readonly panic: boolean;
}

export interface PriorityLoads {
  /** The capacity of the healthy servers of all priorities, over-provisioning reckoned in, at most 1. */
  readonly health: number;
  readonly priorities: readonly PriorityLoad[];
}

/**
 * How traffic falls from the first priority to the next ones. A priority takes its healthy share times `overprovisioning`
 * (1.4: fewer than 71 % healthy spill over), the next one what is left. Only when all of them together cannot take
 * all of it do those below `threshold` panic, and when all do, each takes its part as if all were healthy (they are
 * taken to be of equal size).
 */
export const priorityLoads = (
  healthyShares: readonly number[],
  overprovisioning: number,
  threshold: number,
): PriorityLoads => {
  // Whole percents, cut, as in Envoy: 71 % healthy are 99 % of the traffic.
  const healths = healthyShares.map((share) =>
    Math.min(100, Math.floor(share * overprovisioning * 100 + 1e-6)),
  );
  const health = Math.min(
    100,
    healths.reduce((sum, each) => sum + each, 0),
  );
  const panic = healthyShares.map((share) => health < 100 && panics(share, 1, threshold));
  const traffic = panic.every(Boolean)
    ? healths.map(() => 1 / healths.length)
    : spill(healths, health);
  return {
    health: health / 100,
    priorities: traffic.map((share, index) => ({ traffic: share, panic: panic[index]! })),
  };
};

const spill = (healths: readonly number[], health: number): number[] => {
  let left = 1;
  return healths.map((each, index) => {
    // With nobody healthy and no panic the first priority has to bear it.
    const share = health === 0 ? Number(index === 0) : Math.min(left, each / health);
    left -= share;
    return share;
  });
};

export const panic: Guard = {
  key: 'panic',
  summary: 'fewer fit servers than this share: all ready ones are used',
  facts: {
    rule: 'While fit servers (ready, healthy, not ejected, circuit not open) are fewer than this share of the ready ones, all ready ones are used; exactly so many are enough. Limits still hold.',
    follows:
      "Envoy's healthy_panic_threshold (@56af06f, common/load_balancer_impl.cc; its default 50%, here it is off unless asked for); circuits and ejections count too, as in Finagle's panic mode",
    good: 'guards that are wrong together: checks that fail everywhere, circuits that an overload opened, survivors that would be crushed next',
    bad: 'servers that are down in fact: they get their share of calls again; just at the threshold it flaps, as those who come in with a panic fail',
    cost: 'O(1); O(n) when a panic begins or ends',
  },
};
