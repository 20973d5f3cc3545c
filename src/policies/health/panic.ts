/**
 * Envoy's panic threshold and its priorities (docs intro/arch_overview/upstream/load_balancing, {panic_threshold,priority}.rst).
 * When too few servers are healthy, the few that are would be crushed under the whole traffic: better to believe that
 * the checks are wrong, or to share the trouble, and use all. Its pathology: flapping at the threshold, as the servers
 * that come in with a panic fail their share of calls.
 */

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
