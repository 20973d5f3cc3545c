/**
 * How servers are written: a count of equal ones, groups, or (for the gateway) a list of URLs. What is said of all
 * servers (`slots`, `queue`, ...) is the default of each group.
 */
import { z } from 'zod';
import { butAllowed, orNone, zCount, zDuration, zNumber } from '../core/units.ts';
import { either } from './choice.ts';
import { zDurations } from './distribution-schema.ts';
import { MAIN_KEY, refuse } from './explain.ts';
import { zKubernetes } from './kubernetes/wish.ts';

const MOST_SERVERS = 100_000;

const kind = {
  speed: zNumber({ exclusiveMin: 0, max: 1e6 }).describe('work done per unit of time'),
  weight: zNumber({ exclusiveMin: 0, max: 1e6 }).describe('for weighted balancers'),
  slots: zCount({ min: 1, max: 1e6 }).describe('requests served at once'),
  queue: orNone(zCount()).describe('waiting places; beyond them 503 at once'),
  patience: orNone(zDurations).describe("longest wait in a server's queue"),
};

const group = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z](?:[\w .-]*[\w.-])?$/, {
      error: butAllowed(
        'a name that begins with a letter, of letters, digits, `-`, `_`, `.` and spaces within',
      ),
    })
    .refine((name) => name !== 'all', {
      error: butAllowed('any other name: `all` means all servers'),
    })
    .optional(),
  count: zCount({ max: MOST_SERVERS }),
  ...z.strictObject(kind).partial().shape,
});

/** A group with its defaults filled. */
export interface WrittenGroup {
  readonly name: string;
  readonly count: number;
  readonly speed: number;
  readonly weight: number;
  readonly slots: number;
  readonly queue: number | null;
  readonly patience: z.output<typeof kind.patience>;
}

const fleetMap = z
  .strictObject({
    kubernetes: zKubernetes
      .optional()
      .describe('manifests that say count, startup, health, drain and autoscaler'),
    count: zCount({ min: 1, max: MOST_SERVERS }).optional(),
    groups: z.array(group).min(1).optional().describe('servers that differ; in order'),
    speed: kind.speed.prefault(1),
    weight: kind.weight.prefault(1),
    slots: kind.slots.prefault(8),
    queue: kind.queue.prefault('none'),
    patience: kind.patience.prefault('none'),
    startup: zDuration().prefault(0).describe('from the wish for a server to its first check'),
    discipline: z
      .enum(['fifo', 'processor-sharing'])
      .prefault('fifo')
      .describe('fifo: slots and a queue; processor-sharing: all at once, each slower'),
    overload: z
      .enum(['reject', 'defer'])
      .prefault('reject')
      .describe('a full server answers 503, or (modern calls) sends the client to come again'),
  })
  .register(MAIN_KEY, { mainKey: 'count' });

const fleet = fleetMap.transform(
  ({ count, groups, startup, discipline, overload, kubernetes, ...defaults }, context) => {
    const written = groups ?? [{ name: 'servers', count: count ?? 0 }];
    const filled = written.map((of, index): WrittenGroup => ({
      ...defaults,
      ...(of as Partial<WrittenGroup>),
      count: of.count,
      name: of.name ?? `group ${index + 1}`,
    }));
    const sum = filled.reduce((total, { count }) => total + count, 0);
    const isElsewhere = kubernetes !== undefined && groups === undefined && count === undefined;
    if (isElsewhere) {
      // Only a manifest that could not be read is still here, and that was told.
    } else if (groups === undefined && count === undefined) {
      refuse(context, 'got nothing; allowed: a whole number from 1, or groups', ['count']);
    } else if (count !== undefined && count !== sum) {
      refuse(
        context,
        `got \`${count}\`, but the groups' counts add up to ${sum}; allowed: ${sum}, or no count`,
        ['count'],
      );
    } else if (sum === 0 || sum > MOST_SERVERS) {
      refuse(context, `got ${sum} servers; allowed: 1 to ${MOST_SERVERS}`, ['groups']);
    }
    filled.forEach(({ name }, index) => {
      if (filled.findIndex((other) => other.name === name) < index) {
        refuse(context, `got a second group \`${name}\`; allowed: another name`, [
          'groups',
          index,
          'name',
        ]);
      }
    });
    return { count: sum, groups: filled, startup, discipline, overload };
  },
);

const url = z.string().regex(/^https?:\/\//, {
  error: butAllowed('a URL such as http://127.0.0.1:8001/mcp'),
});

const urls = z.array(
  z
    .union([url, z.strictObject({ url, weight: kind.weight.prefault(1) })])
    .transform((server) => (typeof server === 'string' ? { url: server, weight: 1 } : server)),
);

export const SERVERS_KEYS = Object.keys(fleetMap.shape);
export type WrittenServers = z.output<typeof fleet>;
export type ServerUrl = z.output<typeof urls>[number];

/** A fleet to simulate or start, or the list of URLs that a gateway serves. */
export const zServers = either<readonly ServerUrl[], WrittenServers>(urls.min(1), fleet);
