/**
 * Whatever happens within the contract of the door, a fleet keeps its promises. Random fleets, random lives; a failure
 * prints the seed and the shrunken life. What may never be wanted is asserted by the world and by the watched policies.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fleet } from '../../src/fleet/fleet.ts';
import { CapriciousWorld, IntentionLog, isRequest, type ToldFact } from './capricious-world.ts';
import { happen, pass, settleAll, steps, type Step } from './steps.ts';
import {
  MAX_SERVERS,
  MIN_SERVERS,
  recipes,
  WatchedPolicies,
  type Recipe,
} from './watched-fleet.ts';

const RUNS = { seed: 20_260_728, numRuns: 400 };

interface Life {
  readonly fleet: Fleet;
  readonly world: CapriciousWorld;
  readonly policies: WatchedPolicies;
}

const born = (recipe: Recipe): Life => {
  const policies = new WatchedPolicies(recipe);
  const world = new CapriciousWorld(policies);
  const fleet = new Fleet(policies.options, world);
  world.facts = fleet;
  return { fleet, world, policies };
};

/** Lives through the steps; `after` is called after each of them. */
const live = (
  recipe: Recipe,
  life: readonly Step[],
  punctual: boolean,
  after: (life: Life) => void = () => {},
): Life => {
  const being = born(recipe);
  being.world.tell('opened');
  life.forEach((step, arrival) => {
    pass(being.world, step.gap, punctual);
    happen(being.world, step, arrival);
    after(being);
  });
  return being;
};

const holds = (claim: (recipe: Recipe, life: Step[], punctual: boolean) => void): void =>
  fc.assert(fc.property(recipes, steps, fc.boolean(), claim), RUNS);

describe('a fleet, whatever happens', () => {
  it('wants nothing it may not want, and its candidates are who they should be after every fact', () => {
    holds((recipe, life, punctual) => {
      live(recipe, life, punctual, ({ fleet, world }) => fleet.audit(world.now));
    });
  });

  it('keeps books that agree with those of the world: in flight, permits and calls', () => {
    holds((recipe, life, punctual) => {
      live(recipe, life, punctual, ({ fleet, world, policies }) => {
        expect(fleet.inFlight).toBe(world.open.size);
        for (const [server, breaker] of policies.breakers.entries()) {
          const calls = world.calls.filter((call) => call.server === server).length;
          // In a panic calls go through open circuits without a permit.
          if (recipe.panic === 0) expect([server, breaker.out]).toEqual([server, calls]);
          else expect(breaker.out).toBeLessThanOrEqual(calls);
          expect([server, policies.balancer.inFlight[server] ?? 0]).toEqual([server, calls]);
        }
      });
    });
  });

  it('asks to be woken no later than anything is due', () => {
    holds((recipe, life, punctual) => {
      live(recipe, life, punctual, ({ world }) => {
        expect(world.alarm).toBeLessThanOrEqual(world.earliestDue());
      });
    });
  });

  it('stays between its bounds', () => {
    holds((recipe, life, punctual) => {
      live(recipe, life, punctual, ({ fleet }) => {
        expect(fleet.wanted).toBeGreaterThanOrEqual(MIN_SERVERS);
        expect(fleet.wanted).toBeLessThanOrEqual(MAX_SERVERS);
      });
    });
  });

  it('replies to every request exactly once, and then holds nothing', () => {
    let replies = 0;
    holds((recipe, life, punctual) => {
      const { fleet, world, policies } = live(recipe, life, punctual);
      settleAll(world);
      expect(fleet.inFlight).toBe(0);
      expect(world.calls).toEqual([]);
      expect(policies.breakers.map(({ out }) => out)).toEqual(policies.breakers.map(() => 0));
      const arrived = world.journal.filter(({ fact }) => fact === 'arrived').length;
      const replied = world.heard.lines.filter((line) => / reply /.test(line)).length;
      expect(replied).toBe(arrived);
      replies += replied;
    });
    expect(replies).toBeGreaterThan(1000);
  });

  it('meets on its way all that these laws are about', () => {
    const met = new Map(
      [
        'attempt 1',
        'abandon',
        'withhold',
        'opened',
        'half-open',
        'ejected',
        'healthy again',
        'drains',
        'is ready',
        'session-lost',
        'shed',
        'panic:',
        'the panic is over',
      ].map((what) => [what, 0]),
    );
    holds((recipe, life, punctual) => {
      for (const line of live(recipe, life, punctual).world.heard.lines)
        for (const [what, count] of met) if (line.includes(what)) met.set(what, count + 1);
    });
    for (const [what, count] of met) expect([what, count > 20]).toEqual([what, true]);
  });

  it('wants the same again when it is told the same facts again', () => {
    holds((recipe, life, punctual) => {
      const { world } = live(recipe, life, punctual);
      expect(replayed(recipe, world.journal)).toEqual(world.heard.lines);
    });
  });
});

/** The intentions of a fresh fleet that is told the facts of a journal, and answers to nobody. */
const replayed = (recipe: Recipe, journal: readonly ToldFact[]): readonly string[] => {
  const log = new IntentionLog();
  const fleet = new Fleet(new WatchedPolicies(recipe).options, log);
  const requests = new Map<number, object>();
  // The same request is the same object again, as `left` goes by identity.
  const sameObject = (about: unknown): unknown => {
    if (!isRequest(about)) return about;
    const known = requests.get(about.arrival) ?? { ...about };
    requests.set(about.arrival, known);
    return known;
  };
  for (const { now, fact, about } of journal)
    (fleet[fact] as (...told: unknown[]) => void).call(fleet, now, ...about.map(sameObject));
  return log.lines;
};
